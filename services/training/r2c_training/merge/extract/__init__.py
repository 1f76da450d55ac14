"""LoRA out: what a model learned, as an adapter on its base."""

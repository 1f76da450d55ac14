"""vLLM for R2C: servers started and watched, calls shared among them, an allow-list in front."""

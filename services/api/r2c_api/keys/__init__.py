"""API keys: who may ask what and how much, and a record of who did."""

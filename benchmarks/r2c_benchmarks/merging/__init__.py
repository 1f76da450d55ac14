"""Merges beside mergekit on the same checkpoints."""

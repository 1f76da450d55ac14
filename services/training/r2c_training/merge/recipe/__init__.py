"""Recipes of merges: mergekit's YAML, read unchanged, into what is merged with what and how."""

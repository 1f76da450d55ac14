"""Merges models that were tuned from one base: the operators, the recipes that name them."""

"""Measures the ways to write a rule against each other, over the size of the instance."""

"""Scoring: right or wrong, how sure that is, and how much of a model is as it should be."""

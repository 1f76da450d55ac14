"""Training data from the stories of RuleBench: other words, other combinations, other seeds."""

"""Answers found once more in plain Python, without any solver, where a problem is small enough."""

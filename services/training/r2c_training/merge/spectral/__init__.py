"""Operators on whole weight matrices, and what they do with everything else."""

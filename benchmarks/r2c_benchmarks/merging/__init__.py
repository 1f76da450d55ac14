"""Merges beside mergekit on the same checkpoints."""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as the commands do: the last bits hang on it

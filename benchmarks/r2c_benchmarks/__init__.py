"""Scores ways of turning words into optimization models; never imported by `r2c` itself."""

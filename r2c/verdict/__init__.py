"""Verdicts: how far an answer may be believed, the evidence for it, and `solve` on top."""

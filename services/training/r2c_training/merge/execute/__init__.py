"""Runs a plan: blocks stream through, the result is staged, journalled and published at once."""

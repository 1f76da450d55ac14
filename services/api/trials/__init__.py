"""Trials of the whole service: what it is put through, and what it must have kept afterwards."""

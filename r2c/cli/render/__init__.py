"""Answers as text for a terminal; loaded only by commands that show something."""

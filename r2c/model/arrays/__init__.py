"""The plain model written out as arrays, a whole family of variables or rows at once."""

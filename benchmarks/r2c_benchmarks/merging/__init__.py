"""Measures merging: bytes the kernel read, time, memory and error, beside mergekit."""

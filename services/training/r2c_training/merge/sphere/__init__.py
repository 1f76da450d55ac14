"""Means along arcs instead of chords, from inner products alone: no tensor need lie in memory."""

"""Deltas kept in four and eight bits an element: a budget buys more than by dropping blocks."""

"""The algebra evaluated for all members of a loop at once, on NumPy arrays.

`r2c.cir.evaluate` says what an expression means, one member at a time; what is computed here must
be the same to the last bit. What cannot be is left to it: `Unvectorised` names the reason.
"""

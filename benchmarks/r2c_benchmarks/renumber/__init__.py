"""The same formulation about other numbers: whether it is right by structure or by luck."""

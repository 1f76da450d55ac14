"""The model in files that other tools read: LP, MPS, and a Pyomo script that needs no R2C."""

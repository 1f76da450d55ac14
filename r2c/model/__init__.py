"""From a CIR to a model that a solver takes, and to files that other tools read."""

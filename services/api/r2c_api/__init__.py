"""The HTTP service of R2C: jobs in a store, worked on by workers, told over HTTP."""

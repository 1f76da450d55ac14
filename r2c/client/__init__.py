"""The Python client of R2C's HTTP service, and the records that travel between the two."""

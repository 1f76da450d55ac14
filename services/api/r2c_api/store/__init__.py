"""The database of the service: what it is asked in, and the two that answer."""

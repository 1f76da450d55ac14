"""What clients reach: the few paths and fields that R2C needs, shared among the replicas."""

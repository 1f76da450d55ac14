"""The default language model: small weights fetched once, served on this machine alone."""

"""The tools of R2C for hosts of language models (MCP), one layer over the client of the service."""

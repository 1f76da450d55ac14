"""vLLM as child processes: what they are told, what they may load, how they start and end."""

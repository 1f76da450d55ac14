"""What each way to run a language model gives on this machine: tokens a second, memory."""

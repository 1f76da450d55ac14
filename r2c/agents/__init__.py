"""The agents: each turns one kind of words into one kind of data, held to a typed form."""

"""Jobs: the table that owns them, and the workers that bring them to an end."""

"""The vocabulary of planners: archetype cards, read from the knowledge base and checked."""

"""How much of what problems ask for the archetypes can say."""

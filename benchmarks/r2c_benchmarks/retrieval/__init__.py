"""How well archetypes are found for sentences."""

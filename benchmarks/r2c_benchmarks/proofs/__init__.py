"""The proofs of all archetype cards as a result."""

"""What is known of models before a merge: hashes, norms of deltas, zero blocks, packs, lineage."""

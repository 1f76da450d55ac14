"""Checkpoints on disk: headers, number formats, blocks read at exact offsets, shards written."""

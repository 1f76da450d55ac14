"""Trains, merges and quantizes the language models that R2C runs on."""

"""Updates with most of their elements left out: by magnitude, by chance, or by both."""

"""What a merge will read, decided before any weight is: compatibility, choice, bounds."""

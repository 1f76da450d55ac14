"""Grid search over the options of a recipe, each merge scored by a command of the user's."""

"""Problems whose decisions are named one by one: the words settle what they can."""

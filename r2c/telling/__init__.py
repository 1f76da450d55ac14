"""Answers in words and equations, for whoever shows them: the command line and the web page."""

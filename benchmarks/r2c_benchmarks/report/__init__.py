"""Runs as pages for a browser: figures with pictures, and a page for each problem."""

"""Runs programs that a language model wrote, and nothing else in R2C may run them.

A program gets namespaces (where the system permits), Landlock, a seccomp allow-list, resource
limits and a wall clock. Without Landlock or seccomp it is refused. What it returns is a claim of
untrusted code: it scores a baseline and serves no other purpose.
"""

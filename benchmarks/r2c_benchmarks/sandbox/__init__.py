"""Runs programs that a language model wrote, and nothing else in R2C may run them.

A program gets namespaces (where the system permits), Landlock, a seccomp allow-list, resource
limits and a wall clock. Without Landlock or seccomp it is refused. What it returns is a model as
text, never a result; the model is solved in another such process, which runs no program.
"""

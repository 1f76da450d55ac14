"""Solving: a killable HiGHS process, outcomes as data, and checks that do not trust the solver."""

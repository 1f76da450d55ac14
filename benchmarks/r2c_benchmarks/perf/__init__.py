"""Measures how long it takes from data in memory to a model that HiGHS holds, in four ways."""

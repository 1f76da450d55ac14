"""The whole service by hand: Postgres, processes that take jobs, workers, a scripted model."""

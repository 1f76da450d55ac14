"""The picture that fits a plan: bars, a schedule, flows between places, or routes."""

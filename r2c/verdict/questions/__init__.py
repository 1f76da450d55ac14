"""What only the planner can settle: found, weighed, asked, and settled by answers."""

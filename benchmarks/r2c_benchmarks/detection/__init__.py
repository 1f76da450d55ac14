"""How many mistakes in a formulation the verdict finds, and how often it doubts a right one."""

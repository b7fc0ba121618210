"""Pages of crews: who works together, how much at once, and when they are away."""

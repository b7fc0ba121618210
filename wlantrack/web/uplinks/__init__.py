"""Pages of uplinks: one line with its loads, and its forms."""

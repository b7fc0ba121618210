"""Pages of demand: zones, clutter, room groups, requirements and client profiles."""

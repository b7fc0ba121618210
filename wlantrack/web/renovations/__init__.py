"""Pages of renovations: list, closing walls, conflicts and synergies, calendar."""

"""Pages of buildings: list, matrix, forms."""

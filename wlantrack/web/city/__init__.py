"""The city map and its list."""

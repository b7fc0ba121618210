"""Pages of cable routes: trays and risers, the runs along them, and lengths taken from them."""

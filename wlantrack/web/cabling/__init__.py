"""Pages of cabling: runs, their states, distributors, switches, outlets."""

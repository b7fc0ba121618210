"""Reports: choose one, read it as a page, take it as a file."""

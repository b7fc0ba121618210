"""Pages of penetrations: where they are, the runs through them, and their seals."""

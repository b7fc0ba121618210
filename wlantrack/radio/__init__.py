"""What a client hears, and whether that is enough. Pure numpy; knows no record and no page."""

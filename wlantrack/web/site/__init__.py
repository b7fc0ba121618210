"""Work on site: a page for phones, which a lost connection does not stop."""

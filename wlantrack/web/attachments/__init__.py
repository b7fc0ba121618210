"""Photos and documents of records: their pages and files."""

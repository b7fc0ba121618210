"""Every select, one noun a file; each says what it loads."""

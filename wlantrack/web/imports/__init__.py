"""Tables in and out: preview, then all or nothing."""

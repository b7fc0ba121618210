"""The public hotspot page: open to everybody, from the bundle that was published."""

"""Pages of permits: what they cover, their conditions, and when they end."""

"""Public hotspots for those who publish them, and the feedback about them."""

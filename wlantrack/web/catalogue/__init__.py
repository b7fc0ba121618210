"""Pages of what records refer to: materials and models."""

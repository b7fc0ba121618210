"""The search: its page, and suggestions while typing."""

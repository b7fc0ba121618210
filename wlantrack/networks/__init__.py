"""The separation of visitor and internal networks, over plain data."""

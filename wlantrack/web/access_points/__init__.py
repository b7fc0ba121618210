"""Pages of access points: list, record, states."""

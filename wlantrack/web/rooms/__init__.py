"""Pages of rooms: the list over all buildings, one room, its form."""

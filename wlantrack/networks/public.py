"""What the public is told of a hotspot: plain values of a short list of keys, and nothing else.

Decides which keys there are, and how exactly a position is told. Refuses to know where the values
come from: no record of the database ever gets here, so none can be shown by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass

POSITION_DIGITS = 4
"""About 10 m: enough to find the house, too little to find a device in it."""

KEYS = (
    "id",
    "name",
    "network",
    "address",
    "place",
    "opening_hours",
    "latitude",
    "longitude",
)
"""Every key that the public data may hold."""


@dataclass(frozen=True)
class Hotspot:
    """A hotspot as the public knows it; ``id`` is random, positions are WGS 84 and rounded."""

    id: str
    name: str
    network: str
    address: str
    place: str = ""
    opening_hours: str = ""
    latitude: float | None = None
    longitude: float | None = None

    def __post_init__(self) -> None:
        """Tell no position more exactly than is meant."""
        for key in ("latitude", "longitude"):
            value = getattr(self, key)
            if value is not None:
                object.__setattr__(self, key, round(value, POSITION_DIGITS))

    @property
    def order(self) -> tuple[str, str, str]:
        """Give what hotspots are listed by; the same data always comes in the same order."""
        return (self.name.casefold(), self.place.casefold(), self.id)

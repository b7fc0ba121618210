"""Which rooms the town hall has, floor by floor and wing by wing (the room programme).

Decides names, sizes and equipment of rooms. Everything here is invented, but for the room numbers
that the city has named in public. Refuses to know where the wings lie. Widths in centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from floorplans.layout import Kind


@dataclass(frozen=True)
class Room:
    """A wish for a room in a strip; without a width it shares what the others leave."""

    kind: Kind
    name: str
    width: int | None = None
    seats: int | None = None
    is_public: bool = False
    is_secure: bool = False
    conference: str = "none"
    is_glazed: bool = False
    depth: int | None = None


@dataclass(frozen=True)
class WingProgram:
    """The rooms of one wing on one floor, in the order of their strips."""

    rows: tuple[tuple[Room, ...], ...]
    is_public: bool = False


def office(name: str = "Büro", width: int | None = None) -> Room:
    """Give an office."""
    return Room(Kind.OFFICE, name, width)


def offices(count: int) -> tuple[Room, ...]:
    """Give offices that share the remaining width."""
    return (office(),) * count


def meeting(name: str = "Besprechung", width: int | None = None, seats: int = 10) -> Room:
    """Give a meeting room behind a glass partition."""
    return Room(Kind.MEETING, name, width, seats, is_glazed=True)


def hall(name: str, width: int, seats: int, conference: str = "none") -> Room:
    """Give a hall of the council, open to visitors."""
    return Room(Kind.COUNCIL, name, width, seats, is_public=True, conference=conference)


def service(name: str, width: int | None = None, seats: int | None = None) -> Room:
    """Give a room for visitors."""
    return Room(Kind.PUBLIC, name, width, seats, is_public=True)


def store(name: str = "Registratur", width: int | None = None) -> Room:
    """Give a store room."""
    return Room(Kind.STORAGE, name, width)


def plant(name: str, width: int | None = None) -> Room:
    """Give a technical room, which is a secure area."""
    return Room(Kind.TECHNICAL, name, width, is_secure=True)


def pantry(name: str = "Teeküche", width: int | None = None) -> Room:
    """Give a pantry."""
    return Room(Kind.KITCHEN, name, width)


def foyer(name: str, width: int) -> Room:
    """Give a foyer, open to its corridor."""
    return Room(Kind.FOYER, name, width, is_public=True)


_CORE = (
    Room(Kind.STAIRS, "Treppe", 320),
    Room(Kind.LIFT, "Aufzug", 200, depth=240),
    plant("Verteiler", 320),
    Room(Kind.SANITARY, "WC Damen", 300),
    Room(Kind.SANITARY, "WC Herren", 300),
)


def around_stair_hall(left: tuple[Room, ...], right: tuple[Room, ...]) -> tuple[Room, ...]:
    """Give the courtyard row of the Marktplatz wing: core, rooms, stair hall, rooms, core."""
    return (*_CORE, *left, foyer("Treppenhalle", 1860), *right, *reversed(_CORE))


def between_cores(*rooms: Room) -> tuple[Room, ...]:
    """Give the courtyard row of the Eichstraße wing."""
    return (*_CORE, *rooms, *reversed(_CORE))


_REST = (office(),)
_PLAIN_EI = WingProgram(
    (
        (*offices(8), meeting(width=620, seats=12), pantry(width=310), *offices(9)),
        (office("Amtsleitung"),),
        between_cores(*offices(4), store(width=400), meeting(width=640, seats=14), *offices(3)),
        (store(),),
    )
)
_PLAIN_SIDE = WingProgram(
    (
        (*offices(3), pantry(width=300), *offices(4)),
        (meeting(width=660, seats=12), *offices(4), store(width=300), office()),
    )
)

_GROUND = {
    "MP": WingProgram(
        (
            (
                service("Ausstellung", 1440, 40),
                Room(Kind.OFFICE, "Pforte", 400),
                service("Bürgerinformation", 1330, 24),
                foyer("Haupteingang", 2600),
                service("Infothek", 900, 16),
                service("Fundbüro"),
                meeting("Vortragsraum", 900, 40),
            ),
            _REST,
            around_stair_hall(
                (office(), store("Garderobe")), (service("Kiosk"), store("Stuhllager"))
            ),
            (store("Lager"),),
        ),
        is_public=True,
    ),
    "HS": WingProgram(
        (
            (service("Bürgerbüro", 2200, 36), office("Kasse"), office("Leitung"), office()),
            (
                service("Wartebereich", 1320, 40),
                meeting("Beratung", 500, 4),
                meeting("Beratung", 500, 4),
                office(),
                store(),
            ),
        ),
        is_public=True,
    ),
    "EI": WingProgram(
        (
            (
                *(office("Poststelle", 900), office("Druckerei", 1240), store("Lager", 900)),
                *(store("Anlieferung", 1000), office("Hausdienst", 620)),
                *(plant("Heizung", 1200), plant("Elektro", 700), *offices(3)),
            ),
            (store("Putzmittel"),),
            between_cores(
                *(store("Archiv", 1240), plant("Serverraum", 800), *offices(3), store("Archiv"))
            ),
            (store("Müll"),),
        )
    ),
    "MS": WingProgram(
        (
            (service("Kantine", 2400, 120), meeting("Nebenraum", 600, 20), office()),
            (Room(Kind.KITCHEN, "Küche", 1320), store("Kühlraum", 500), store(), *offices(2)),
        )
    ),
}
_FIRST = {
    "MP": WingProgram(
        (
            (
                meeting("Besprechung", 1000, 24),
                *(office("Vorzimmer", 440), office("Referat", 760), *offices(2)),
                office("Dienstzimmer OB", 1040),
                *(office("Vorzimmer", 520), service("Empfangssaal", 1660, 60)),
                *(*offices(3), office("Protokoll")),
            ),
            _REST,
            around_stair_hall((office(), meeting(seats=12)), (pantry(), office())),
            _REST,
        ),
        is_public=True,
    ),
    "HS": WingProgram(
        (
            (service("Trauzimmer", 1000, 30), office("Standesamt"), *offices(4)),
            (service("Wartezimmer", 700, 12), *offices(4), store("Registratur", 500)),
        ),
        is_public=True,
    ),
    "EI": _PLAIN_EI,
    "MS": _PLAIN_SIDE,
}
_SECOND = {
    "MP": WingProgram(
        (
            (
                *(
                    office("Presse", 1000),
                    office("Redaktion", 700),
                    service("Medienraum", 1470, 50),
                ),
                *(*offices(3), meeting("Besprechung", 1000, 24), *offices(4)),
                meeting("Besprechung", 900, 20),
            ),
            _REST,
            around_stair_hall((pantry(), office()), (meeting(seats=12), office())),
            _REST,
        )
    ),
    "HS": WingProgram(
        (
            (
                meeting("Fraktionsraum 1", 960, 24),
                *(office("Fraktion 1"), office("Fraktion 1")),
                meeting("Fraktionsraum 2", 900, 20),
                *(office("Fraktion 2"), office("Fraktion 2")),
            ),
            (
                meeting("Fraktionsraum 3", 840, 18),
                *(office("Fraktion 3"), *offices(3), pantry(width=300)),
            ),
        )
    ),
    "EI": WingProgram(
        (
            (
                meeting("Fraktionsraum 4", 960, 22),
                *(office("Fraktion 4"), office("Fraktion 4"), office("Fraktion 5")),
                meeting("Fraktionsraum 5", 840, 16),
                *(*offices(5), pantry(width=310), *offices(5)),
            ),
            (office("Fraktion 5"),),
            between_cores(*offices(4), store(width=400), meeting(width=640, seats=14), *offices(3)),
            (store(),),
        )
    ),
    "MS": _PLAIN_SIDE,
}
_THIRD = {
    "MP": WingProgram(
        (
            (
                hall("Sitzungssaal 301", 1440, 40, "present"),
                Room(Kind.TECHNICAL, "Saalregie", 400),
                hall("Kleiner Sitzungssaal", 880, 24),
                store("Garderobe", 450),
                hall("Großer Sitzungssaal", 2600, 120),
                store("Stuhllager", 450),
                hall("Mittlerer Saal", 1740, 60, "present"),
                *offices(2),
            ),
            (office("Sitzungsdienst"),),
            around_stair_hall(
                (meeting(seats=12), pantry("Catering")), (office("Presse"), meeting(seats=12))
            ),
            (office("Geschäftsstelle"),),
        ),
        is_public=True,
    ),
    "HS": _PLAIN_SIDE,
    "EI": _PLAIN_EI,
    "MS": _PLAIN_SIDE,
}
_FOURTH = {
    "MP": WingProgram(
        (
            (
                replace(meeting("Sitzungsraum 401", 1440, 32), conference="requested"),
                *(office("Büro", 400), office("Büro", 880), office("Dolmetscher", 450)),
                Room(Kind.VOID, "Luftraum Großer Sitzungssaal", 2600),
                plant("Lüftung", 450),
                *(
                    replace(meeting(f"Sitzungsraum {number}", width, 24), conference="requested")
                    for number, width in ((406, 900), (407, 900), (408, None))
                ),
            ),
            _REST,
            around_stair_hall((*offices(2),), (pantry(), office())),
            _REST,
        )
    ),
    "HS": _PLAIN_SIDE,
    "EI": _PLAIN_EI,
    "MS": _PLAIN_SIDE,
}
PROGRAM = (_GROUND, _FIRST, _SECOND, _THIRD, _FOURTH)

"""The tables of renovations, their parts and their phases.

Decides their keys: a renovation's code; a part's number within its renovation, in the order in which
parts were added; a phase's name. Dates are written in the words in which they are known.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services import renovation_parts, renovations
from wlantrack.services.actor import Action, Actor
from wlantrack.services.outlines import read_outline, write_outline
from wlantrack.services.renovation_parts import PartValues, PhaseValues, write_days
from wlantrack.services.renovations import RenovationValues
from wlantrack.services.table_rows import RowOutcome, require_first
from wlantrack.store.models.renovations import (
    CERTAINTIES,
    NOISE_CLASSES,
    RENOVATION_KINDS,
    RENOVATION_STATES,
    Renovation,
    RenovationPart,
    RenovationPhase,
)
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row

_NOISE: Final = Column(
    "noise_class",
    Kind.CHOICE,
    german="Lärm",
    choices=NOISE_CLASSES,
    choice_names={"leise": "quiet", "normal": "normal", "laut": "loud"},
)
_RENOVATION: Final = Column("renovation", required=True, german="Sanierung", max_length=40)
_PLAIN: Final = (
    "name",
    "kind",
    "state",
    "certainty",
    "noise_class",
    "requirements_due_on",
    "owner",
    "contact",
    "reference",
    "note",
)


class _OfRenovations:
    """What the three tables share: the renovations in scope, by code."""

    finds_all = False

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load the renovations that rows may name."""
        del rows
        self.session, self.actor = session, actor
        self.known = {item.code: item for item in renovations.list_visible(session, actor)}
        self.seen: dict[str, int] = {}

    def find(self, code: str) -> Renovation:
        """Give the renovation of a code, if the actor may change it."""
        renovation = self.known.get(code)
        if renovation is None:
            raise InvalidInput(
                Problem(
                    msg("There is no such renovation."),
                    msg("Add it first, or correct its code."),
                    field="renovation",
                    value=code,
                )
            )
        renovations.require_edit(self.actor, renovation)
        return renovation


class RenovationTable(_OfRenovations):
    """Renovations, by code."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", max_length=40),
        Column("building", required=True, german="Gebäude", max_length=16),
        Column("name", required=True, german="Name", max_length=120),
        Column(
            "kind",
            Kind.CHOICE,
            german="Art",
            choices=RENOVATION_KINDS,
            choice_names={
                "Bau": "building",
                "Brandschutz": "fire protection",
                "Elektro": "electrical",
                "Medientechnik": "media technology",
                "Heizung": "heating",
                "Fassade und Dach": "facade and roof",
                "Umzug": "move",
                "Sonstiges": "other",
            },
        ),
        Column(
            "state",
            Kind.CHOICE,
            german="Zustand",
            choices=RENOVATION_STATES,
            choice_names={
                "Idee": "idea",
                "geplant": "planned",
                "genehmigt": "approved",
                "in Arbeit": "under way",
                "fertig": "done",
                "abgesagt": "cancelled",
            },
        ),
        Column(
            "certainty",
            Kind.CHOICE,
            german="Sicherheit",
            choices=CERTAINTIES,
            choice_names={
                "sicher": "certain",
                "wahrscheinlich": "likely",
                "unsicher": "uncertain",
            },
        ),
        _NOISE,
        Column("requirements_due_on", Kind.DATE, german="Anforderungen bis"),
        Column("owner", german="Vorhabenträger", max_length=120),
        Column("contact", german="Ansprechpartner", max_length=200),
        Column("reference", german="Aktenzeichen", max_length=80),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load renovations and buildings."""
        super().begin(session, actor, rows)
        self.buildings = place_queries.list_buildings_by_code(session)

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the renovation of a row."""
        values, code = row.values, str(row.values["code"])
        require_first(self.seen, code, row, "code")
        renovation = self.known.get(code)
        is_new = renovation is None
        if renovation is None:
            renovation = self._make(str(values["building"]))
        elif renovation.building.code != values["building"]:
            raise InvalidInput(
                Problem(
                    msg("A renovation stays in its building."),
                    msg("Delete it and add a new one, or correct the building."),
                    field="building",
                    value=str(values["building"]),
                )
            )
        else:
            renovations.require_edit(self.actor, renovation)
        before = _describe(renovation)
        given = {
            name: values[name] if values.get(name) is not None else _default(name)
            for name in _PLAIN
            if name in values
        }
        kept = {name: getattr(renovation, name) for name in _PLAIN if name not in given}
        kept = {name: _default(name) if is_new else value for name, value in kept.items()}
        all_values: dict[str, Any] = {**kept, **given}
        renovations.apply_values(
            self.session,
            renovation,
            RenovationValues(building=renovation.building.code, code=code, **all_values),
        )
        changed = tuple(
            name for name, value in _describe(renovation).items() if before[name] != value
        )
        if is_new:
            self.session.add(renovation)
            self.known[code] = renovation
        outcome = "created" if is_new else "updated" if changed else "unchanged"
        return RowOutcome(row.number, code, outcome, () if is_new else changed)

    def _make(self, code: str) -> Renovation:
        building = self.buildings.get(code)
        if building is None or not self.actor.can(Action.SEE_RENOVATIONS, building.id):
            raise InvalidInput(
                Problem(
                    msg("There is no such building."),
                    msg("Add it first, or correct its code."),
                    field="building",
                    value=code,
                )
            )
        self.actor.require(Action.EDIT_RENOVATIONS, building.id)
        renovation = Renovation(
            public_id=uuid.uuid4(), building_id=building.id, parts=[], phases=[]
        )
        renovation.building = building
        return renovation

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the renovations in scope."""
        for item in renovations.list_visible(session, actor):
            yield (
                item.code,
                item.building.code,
                item.name,
                item.kind,
                item.state,
                item.certainty,
                item.noise_class,
                item.requirements_due_on,
                item.owner,
                item.contact,
                item.reference,
                item.note,
            )


def _default(name: str) -> Any:  # noqa: ANN401 - of any column
    defaults = {
        "kind": "building",
        "state": "planned",
        "certainty": "likely",
        "noise_class": "normal",
        "requirements_due_on": None,
    }
    return defaults.get(name, "")


def _describe(renovation: Renovation) -> dict[str, object]:
    return {name: getattr(renovation, name) for name in _PLAIN}


class PartTable(_OfRenovations):
    """Parts of renovations, by their number."""

    columns: tuple[Column, ...] = (
        _RENOVATION,
        Column("part", Kind.INTEGER, required=True, german="Teil", minimum=1, maximum=1000),
        Column("wing", german="Flügel", max_length=16),
        Column("level", Kind.INTEGER, german="Ebene", minimum=-20, maximum=200),
        Column("name", german="Name", max_length=120),
        Column("opens", german="Wände offen ab", max_length=120),
        Column("closes", german="Wände zu am", max_length=120),
        Column("outline_wkt", german="Umriss (WKT)", max_length=60_000),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the part of a row."""
        code, number = str(row.values["renovation"]), int(str(row.values["part"]))
        renovation = self.find(code)
        key = f"{code} {number}"
        require_first(self.seen, key, row, "part")
        if number > len(renovation.parts) + 1:
            raise InvalidInput(
                Problem(
                    msg("The renovation has %(count)d parts.", count=len(renovation.parts)),
                    msg("A new part has the next number."),
                    field="part",
                    value=str(number),
                )
            )
        is_new = number == len(renovation.parts) + 1
        part = RenovationPart(public_id=uuid.uuid4()) if is_new else renovation.parts[number - 1]
        before = None if is_new else _part_row(part)
        renovation_parts.apply_part(renovation, part, self._values(row, part, is_new=is_new))
        renovation_parts.require_reach(self.actor, renovation, part)
        if is_new:
            renovation.parts.append(part)
            return RowOutcome(row.number, key, "created")
        return _compare(row, key, self.columns[2:], before, _part_row(part))

    def _values(self, row: Row, part: RenovationPart, *, is_new: bool) -> PartValues:
        values = row.values
        if is_new:
            known: tuple[Value, ...] = ("", None, "", "", "", None, "")
        else:
            known = _part_row(part)
        names = ("wing", "level", "name", "opens", "closes", "outline_wkt", "note")
        found = {
            name: values.get(name) if name in values else old
            for name, old in zip(names, known, strict=True)
        }
        level = found["level"]
        return PartValues(
            wing=str(found["wing"] or ""),
            level=None if level is None else int(str(level)),
            name=str(found["name"] or ""),
            opens=str(found["opens"] or ""),
            closes=str(found["closes"] or ""),
            outline=read_outline(found["outline_wkt"], "outline_wkt"),
            note=str(found["note"] or ""),
        )

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the parts of the renovations in scope."""
        for item in renovations.list_visible(session, actor):
            for number, part in enumerate(item.parts, start=1):
                yield item.code, number, *_part_row(part)


def _part_row(part: RenovationPart) -> tuple[Value, ...]:
    return (
        part.wing.code if part.wing else None,
        part.floor.level if part.floor else None,
        part.name,
        write_days(part.opens),
        write_days(part.closes),
        write_outline(part.outline),
        part.note,
    )


class PhaseTable(_OfRenovations):
    """Phases of renovations, by name."""

    columns: tuple[Column, ...] = (
        _RENOVATION,
        Column("name", required=True, german="Bauabschnitt", max_length=120),
        Column("begins", german="Beginn", max_length=120),
        Column("ends", german="Ende", max_length=120),
        _NOISE,
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the phase of a row."""
        code, name = str(row.values["renovation"]), str(row.values["name"])
        renovation = self.find(code)
        key = f"{code} {name}"
        require_first(self.seen, key, row, "name")
        known = next((item for item in renovation.phases if item.name == name), None)
        phase = known or RenovationPhase(public_id=uuid.uuid4(), name=name, note="")
        before = None if known is None else _phase_row(known)
        names = ("begins", "ends", "noise_class", "note")
        old = before or ("", "", renovation.noise_class, "")
        found = {
            field: row.values.get(field) if field in row.values else value
            for field, value in zip(names, old, strict=True)
        }
        values = PhaseValues(
            name=name,
            begins=str(found["begins"] or ""),
            ends=str(found["ends"] or ""),
            noise_class=str(found["noise_class"] or renovation.noise_class),
            note=str(found["note"] or ""),
        )
        renovation_parts.apply_phase(renovation, phase, values)
        if known is None:
            phase.position = max((item.position for item in renovation.phases), default=0) + 1
            renovation.phases.append(phase)
            return RowOutcome(row.number, key, "created")
        return _compare(row, key, self.columns[2:], before, _phase_row(phase))

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the phases of the renovations in scope."""
        for item in renovations.list_visible(session, actor):
            for phase in item.phases:
                yield item.code, phase.name, *_phase_row(phase)


def _phase_row(phase: RenovationPhase) -> tuple[Value, ...]:
    return write_days(phase.begins), write_days(phase.ends), phase.noise_class, phase.note


def _compare(
    row: Row,
    key: str,
    columns: tuple[Column, ...],
    before: tuple[Value, ...] | None,
    after: tuple[Value, ...],
) -> RowOutcome:
    changed = tuple(
        column.name
        for column, old, new in zip(columns, before or (), after, strict=True)
        if old != new
    )
    return RowOutcome(row.number, key, "updated" if changed else "unchanged", changed)


RENOVATION_TABLES: Final[Mapping[str, type[RenovationTable | PartTable | PhaseTable]]] = {
    "renovations": RenovationTable,
    "renovation_parts": PartTable,
    "renovation_phases": PhaseTable,
}

"""The table of the council's inquiries: the file number is their key, in whatever case.

Decides that a table tells what was asked by whom and until when. Questions and answers are written
on the inquiry's page; one that a table brings is filled from the data there.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services import inquiries
from wlantrack.services.actor import Action, Actor
from wlantrack.services.inquiries import InquiryValues
from wlantrack.services.table_records import SEPARATOR, split_list
from wlantrack.services.table_rows import RowOutcome
from wlantrack.store.models.inquiries import ANSWER_LANGUAGES
from wlantrack.store.queries import inquiries as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row

_LANGUAGE_NAMES: Final = {"Deutsch": "de", "Englisch": "en"}
_TEXTS: Final = ("title", "council_group", "written_by", "note")
_DAYS: Final = ("asked_on", "due_on")


class InquiryTable:
    """What council groups have asked in writing."""

    columns: tuple[Column, ...] = (
        Column("file_number", required=True, german="Aktenzeichen", max_length=60),
        Column("title", required=True, german="Betreff", max_length=200),
        Column("council_group", german="Fraktion", max_length=120),
        Column("asked_on", Kind.DATE, german="Gestellt am"),
        Column("due_on", Kind.DATE, german="Antwort bis"),
        Column("written_by", german="Verfasst von", max_length=120),
        Column(
            "language",
            Kind.CHOICE,
            german="Sprache",
            choices=ANSWER_LANGUAGES,
            choice_names=_LANGUAGE_NAMES,
        ),
        Column("signers", german="Mitzeichnung", max_length=1000),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=1000),
    )

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load the inquiries; they belong to the whole city."""
        del rows
        actor.require(Action.EDIT_INQUIRIES)
        self.session = session
        self.inquiries = {
            inquiry.file_number.lower(): inquiry for inquiry in queries.load_inquiries(session)
        }
        self.seen: dict[str, int] = {}

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the inquiry of a row; who has agreed to its answer has to agree again."""
        number = str(row.values["file_number"])
        first = self.seen.setdefault(number.lower(), row.number)
        if first != row.number:
            raise InvalidInput(
                Problem(
                    msg("Row %(row)d has the same record.", row=first),
                    msg("Leave one of the two rows out."),
                    field="file_number",
                    value=number,
                )
            )
        inquiry = self.inquiries.get(number.lower())
        before = None if inquiry is None else inquiries.values_of(inquiry)
        values = _read_values(row, before)
        if inquiry is None:
            inquiry = inquiries.make_inquiry()
            inquiries.apply_values(self.session, inquiry, values)
            self.session.add(inquiry)
            self.inquiries[number.lower()] = inquiry
            return RowOutcome(row.number, number, "created")
        changed = tuple(
            name for name, value in vars(values).items() if value != getattr(before, name)
        )
        if changed:
            inquiries.apply_values(self.session, inquiry, values)
        return RowOutcome(row.number, number, "updated" if changed else "unchanged", changed)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the inquiries, none to those who may not see what is being answered."""
        for inquiry in queries.load_inquiries(session) if actor.can(Action.SEE_INQUIRIES) else ():
            yield (
                inquiry.file_number,
                inquiry.title,
                inquiry.council_group,
                inquiry.asked_on,
                inquiry.due_on,
                inquiry.written_by,
                inquiry.language,
                SEPARATOR.join(signer.name for signer in inquiry.signers),
                inquiry.note,
            )


def _read_values(row: Row, before: InquiryValues | None) -> InquiryValues:
    """Give a row's values; a column that the table lacks stays as it was."""
    old = before or InquiryValues(str(row.values["file_number"]), "")
    texts = {name: str(row.values.get(name, getattr(old, name)) or "") for name in _TEXTS}
    asked_on, due_on = (_read_day(row.values.get(name, getattr(old, name))) for name in _DAYS)
    signers = split_list(row.values["signers"]) if "signers" in row.values else old.signers
    return InquiryValues(
        file_number=old.file_number,
        **texts,
        asked_on=asked_on,
        due_on=due_on,
        language=str(row.values.get("language") or old.language),
        signers=tuple(signers),
    )


def _read_day(value: object) -> date | None:
    return value if isinstance(value, date) else None

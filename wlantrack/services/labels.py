"""Labels for cable runs and access points: those that are ticked, or all that a list shows.

Decides what stands on them and how many are written at once; how they look is for the reports.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.formats.table_writers import write_csv
from wlantrack.reports import labels as label_files
from wlantrack.reports.label_faces import Label
from wlantrack.reports.label_sheets import DEFAULT_PRESET, PRESETS, SheetLayout, require_layout
from wlantrack.services import access_points, cable_runs
from wlantrack.services.access_points import AccessPointFilter
from wlantrack.services.actor import Action, Actor
from wlantrack.services.cable_runs import CableFilter
from wlantrack.services.paging import Page
from wlantrack.services.short_links import shorten
from wlantrack.services.speech import load_speech

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.access_points import AccessPointRow
    from wlantrack.store.queries.cable_runs import CableRow

MOST_LABELS: Final = 2000
_ALL: Final = 100_000
DOTS_A_MM: Final = label_files.DOTS_A_MM
KINDS: Final = ("cable_runs", "access_points")
FORMATS: Final = {"pdf": "application/pdf", "zpl": "x-application/zpl", "csv": "text/csv"}


__all__ = ["DEFAULT_PRESET", "PRESETS", "SheetLayout"]


@dataclass(frozen=True)
class LabelJob:
    """How labels are to be written.

    Attributes
    ----------
    start
        Position of the first label on the first sheet, which may be half used.
    dots_a_mm
        Resolution of a label printer.
    """

    layout: SheetLayout = PRESETS[DEFAULT_PRESET]
    start: int = 1
    dots_a_mm: int = 8
    language: str = "de"


@dataclass(frozen=True)
class Chosen:
    """Which records get a label: those of a kind that match a filter, or that ``refs`` names."""

    kind: str
    runs: CableFilter = field(default_factory=CableFilter)
    warning: str = ""
    points: AccessPointFilter = field(default_factory=AccessPointFilter)
    refs: frozenset[str] = frozenset()


def choose_building(kind: str, building: str) -> Chosen:
    """Choose the records of one building; without a code those of all."""
    return Chosen(
        kind, runs=CableFilter(building=building), points=AccessPointFilter(building=building)
    )


def list_labels(session: Session, actor: Actor, chosen: Chosen, base_url: str) -> list[Label]:
    """Give the labels of the chosen records in scope, by code.

    Parameters
    ----------
    base_url
        Where this installation is opened; the QR codes lead there.

    Raises
    ------
    InvalidInput
        There are none, or too many.
    NotFound
        There is no such kind of labels.
    """
    actor.require_somewhere(Action.EXPORT_TABLES)
    root = f"{base_url.rstrip('/')}/q/"
    if chosen.kind == "cable_runs":
        found = cable_runs.list_matching(session, actor, chosen.runs, chosen.warning)
        labels = [_label_run(item.row, root) for item in found if _is_meant(item, chosen)]
    elif chosen.kind == "access_points":
        page = Page("code", limit=_ALL)
        rows, _ = access_points.list_access_points(session, actor, chosen.points, page)
        labels = [_label_point(row, root) for row in rows if _is_meant(row, chosen)]
    else:
        raise NotFound(msg("There are labels of cable runs and of access points."))
    _require_some(labels)
    return labels


def _is_meant(item: cable_runs.ListedRun | AccessPointRow, chosen: Chosen) -> bool:
    return not chosen.refs or str(item.public_id) in chosen.refs


def _require_some(labels: list[Label]) -> None:
    if not labels:
        raise InvalidInput(
            Problem(
                msg("There is nothing to label."),
                msg("Tick some rows of the list, or show others by its filters."),
                field="ids",
            )
        )
    if len(labels) > MOST_LABELS:
        raise InvalidInput(
            Problem(
                msg(
                    "These are %(count)d labels; at most %(limit)d are written at once.",
                    count=len(labels),
                    limit=MOST_LABELS,
                ),
                msg("Narrow the list by filters, and print it in parts."),
                field="ids",
                value=str(len(labels)),
            )
        )


def _label_run(row: CableRow, root: str) -> Label:
    words = (
        _place(row.building, row.wing, row.level),
        f"→ {row.far_end}" if row.far_end else "",
        f"Cat {row.category}" if row.category[0].isdecimal() else row.category,
    )
    return _label(row.label, row.public_id, root, words)


def _label_point(row: AccessPointRow, root: str) -> Label:
    words = (_place(row.building, row.wing, row.level), row.room or "", row.model)
    return _label(row.code, row.public_id, root, words)


def _label(code: str, public_id: uuid.UUID, root: str, words: tuple[str, ...]) -> Label:
    return Label(code, root + shorten(public_id), tuple(word for word in words if word))


def _place(building: str, wing: str | None, level: int) -> str:
    return "/".join(part for part in (building, wing, str(level)) if part)


def write_labels(labels: list[Label], job: LabelJob, suffix: str) -> bytes:
    """Write labels as a file.

    Raises
    ------
    InvalidInput
        The layout is impossible, or too small for a code.
    NotFound
        There is no such format.
    """
    if suffix not in FORMATS:
        raise NotFound(msg("Labels are written as pdf, zpl or csv."))
    say = load_speech(job.language)
    if suffix == "csv":
        headers = [say(word) for word in (msg("Code"), msg("Address"), msg("Words"))]
        return write_csv(
            headers, [(each.code, each.url, " | ".join(each.words)) for each in labels]
        )
    require_layout(job.layout, job.start)
    if suffix == "zpl":
        return label_files.write_zpl(labels, job.layout, dots_a_mm=job.dots_a_mm)
    return label_files.write_pdf(
        labels, job.layout, start=job.start, title=say(msg("Labels")), language=job.language
    )

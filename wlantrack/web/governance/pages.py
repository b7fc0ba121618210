"""How each kind of governance reads: its headings, its columns, the hints of its form.

Decides words and order alone; what the fields hold, ``services/governance_kinds.py`` says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.services.actor import Action
from wlantrack.services.governance_kinds import CODE, NUMBERS, GovernanceKind, Shape
from wlantrack.web.context import actor
from wlantrack.web.languages import translate_later
from wlantrack.web.lists import ListColumn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wlantrack.services.governance_kinds import Field

DERIVED: Final = {
    "standing": _l("State"),
    "share": _l("Trained"),
    "left_eur": _l("Still available"),
    "severity": _l("Weight"),
    "concern": _l("What is open"),
}
"""Columns that are reckoned, and their heads."""
_LONG: Final = 100


@dataclass(frozen=True)
class KindPage:
    """The words of a kind, and its columns in order.

    Attributes
    ----------
    title, singular
        What its records are called, many and one.
    first_line
        The column that stands beside the name on a phone, if one speaks for itself.
    extra
        Columns that are there only for those who choose them.
    hints
        What is said beside a field of the form.
    """

    title: Any
    singular: Any
    add: Any
    save: Any
    delete: Any
    deleted: Any
    empty_title: Any
    empty_text: Any
    shown: tuple[str, ...]
    first_line: str
    extra: tuple[str, ...] = ("note",)
    hints: Mapping[str, Any] = field(default_factory=dict)

    def columns(self, kind: GovernanceKind) -> tuple[ListColumn, ...]:
        """Give the columns of the list."""
        fields = {item.name: item for item in (CODE, *kind.fields)}
        columns = []
        for name in (*self.shown, *self.extra):
            item = fields.get(name)
            shape = item.shape if item else None
            label = translate_later(item.label) if item else DERIVED[name]
            columns.append(
                ListColumn(
                    name,
                    label,
                    is_number=shape in NUMBERS or name == "left_eur",
                    is_sortable=shape is not Shape.LONG_TEXT and name != "concern",
                    is_shown=name in self.shown,
                    line="first" if name == self.first_line else "second",
                    is_long=name == "concern" or (item is not None and _is_long(item)),
                )
            )
        return tuple(columns)


def _is_long(item: Field) -> bool:
    """Tell whether a field holds sentences, which may take several lines."""
    is_text = item.shape in {Shape.TEXT, Shape.LONG_TEXT}
    return is_text and item.longest >= _LONG


_SPOKEN_HINT: Final = _l(
    "As it is known: 15.03.2027, mid March 2027, Q1/2027. Other words need both days beside them."
)
_BUILDING_HINT: Final = _l("Leave it at the whole city if it is not for one building.")

PAGES: Final[Mapping[str, KindPage]] = {
    "decisions": KindPage(
        title=_l("Decisions"),
        singular=_l("Decision"),
        add=_l("Add a decision"),
        save=_l("Save decision"),
        delete=_l("Delete decision"),
        deleted=_l("Decision deleted."),
        empty_title=_l("No decision yet"),
        empty_text=_l(
            "Enter what council and committees have decided or are to decide. Posts and budget lines"
            " can then say on which decision they rest."
        ),
        shown=("title", "standing", "due", "decided", "body"),
        first_line="standing",
        extra=("paper", "concern", "code", "note"),
        hints={
            "body": _l("The council or a committee of it."),
            "paper": _l("Its number, as it stands on the paper."),
            "decided": _l(
                "Empty while it is open. As it is known: 15.03.2027, mid March 2027, Q1/2027."
            ),
            "due": _SPOKEN_HINT,
        },
    ),
    "posts": KindPage(
        title=_l("Posts"),
        singular=_l("Post"),
        add=_l("Add a post"),
        save=_l("Save post"),
        delete=_l("Delete post"),
        deleted=_l("Post deleted."),
        empty_title=_l("No post yet"),
        empty_text=_l(
            "Enter the posts that plan, build and look after the WLAN, with their full-time"
            " equivalents and whether they are applied for, approved or filled."
        ),
        shown=("title", "state", "full_time_count", "plan", "office", "decision"),
        first_line="state",
        extra=("code", "note"),
        hints={
            "title": _l("What the person does, such as network planner."),
            "full_time_count": _l("1 is one full-time post, 0.5 half of one."),
            "plan": _l("In which it was applied for, such as 2022/2023."),
        },
    ),
    "budget_lines": KindPage(
        title=_l("Budget"),
        singular=_l("Budget line"),
        add=_l("Add a budget line"),
        save=_l("Save budget line"),
        delete=_l("Delete budget line"),
        deleted=_l("Budget line deleted."),
        empty_title=_l("No budget line yet"),
        empty_text=_l(
            "Enter what money there is for what, in whole euros. What is ordered and what is paid"
            " then shows what is left."
        ),
        shown=(
            "name",
            "left_eur",
            "planned_eur",
            "committed_eur",
            "spent_eur",
            "concern",
        ),
        first_line="",
        extra=("budget", "decision", "code", "note"),
        hints={
            "budget": _l("Such as 2020/2021."),
            "planned_eur": _l("Empty while nobody knows."),
            "committed_eur": _l("Ordered, and not paid yet."),
            "spent_eur": _l("Paid."),
        },
    ),
    "trainings": KindPage(
        title=_l("Trainings"),
        singular=_l("Training"),
        add=_l("Add a training"),
        save=_l("Save training"),
        delete=_l("Delete training"),
        deleted=_l("Training deleted."),
        empty_title=_l("No training yet"),
        empty_text=_l(
            "Enter who must be trained before the WLAN goes into operation, and how many of them"
            " have been. Milestones »operations ready« count from here."
        ),
        shown=("title", "standing", "share", "held", "audience", "concern"),
        first_line="standing",
        extra=("building", "planned_count", "trained_count", "code", "note"),
        hints={"held": _SPOKEN_HINT, "building": _BUILDING_HINT},
    ),
    "support_teams": KindPage(
        title=_l("Support teams"),
        singular=_l("Support team"),
        add=_l("Add a support team"),
        save=_l("Save support team"),
        delete=_l("Delete support team"),
        deleted=_l("Support team deleted."),
        empty_title=_l("No support team yet"),
        empty_text=_l(
            "Enter who looks after the WLAN once it is in operation, and when they can be reached."
            " Milestones »operations ready« count from here."
        ),
        shown=("name", "building", "duty", "hours", "contact"),
        first_line="building",
        extra=("code", "note"),
        hints={
            "duty": _l("Such as first aid for visitors, or operation of the access points."),
            "hours": _l("Such as Mo-Fr 7:30-16:00."),
            "contact": _l("A telephone number or address of the team, of no single person."),
            "building": _BUILDING_HINT,
        },
    ),
    "device_groups": KindPage(
        title=_l("Devices"),
        singular=_l("Group of devices"),
        add=_l("Add devices"),
        save=_l("Save devices"),
        delete=_l("Delete devices"),
        deleted=_l("Devices deleted."),
        empty_title=_l("No devices yet"),
        empty_text=_l(
            "Enter how many notebooks, telephones and other devices there are, and which network"
            " they may use: demand follows from that."
        ),
        shown=("name", "network_class", "device_count", "as_of", "building", "code"),
        first_line="network_class",
        hints={"building": _BUILDING_HINT},
    ),
    "risks": KindPage(
        title=_l("Risks"),
        singular=_l("Risk"),
        add=_l("Add a risk"),
        save=_l("Save risk"),
        delete=_l("Delete risk"),
        deleted=_l("Risk deleted."),
        empty_title=_l("No risk yet"),
        empty_text=_l(
            "Enter what may go wrong, how likely and how bad that is, and what is done about it."
        ),
        shown=("title", "severity", "state", "review_on", "responsible", "concern"),
        first_line="severity",
        extra=("building", "likelihood", "impact", "response", "code", "note"),
        hints={"building": _BUILDING_HINT},
    ),
}
"""By the key of the kind."""


def governance_tabs(kinds: tuple[GovernanceKind, ...], here: str) -> list[tuple[str, str, bool]]:
    """Give the tabs above every page: the overview, then each kind, then uplinks."""
    sees_uplinks = actor().can_anywhere(Action.SEE_NETWORKS)
    uplinks = (gettext("Uplinks"), url_for("uplink_list.list_uplinks"), here == "uplinks")
    return [
        (gettext("Overview"), url_for("governance.show_overview"), here == ""),
        *(
            (
                str(PAGES[kind.key].title),
                url_for("governance.list_records", catalogue=kind.slug),
                here == kind.slug,
            )
            for kind in kinds
        ),
        *([uplinks] if sees_uplinks else []),
    ]

"""The seven kinds of what a roll-out rests on, each described once: its fields and what is odd.

Pages, forms, tables and the search read these descriptions. A further kind is a model, an entry
here and its words in ``web/governance/pages.py``; whatever needs an ``if`` of its own is no longer
one of these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from wlantrack.errors import Message, msg
from wlantrack.rollout import governance as rules
from wlantrack.rollout.spoken_dates import LONGEST_WORDING
from wlantrack.services.networks import CLASS_WORDS
from wlantrack.store.models.governance import (
    BudgetLine,
    Decision,
    DeviceGroup,
    Post,
    Risk,
    SupportTeam,
    Training,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

GovernanceRecord: TypeAlias = Any
"""A record of one of the seven models; which fields it has, its kind says."""
FindConcern: TypeAlias = Callable[[GovernanceRecord, date], Message | None]
Derive: TypeAlias = "Callable[[GovernanceRecord, date], Mapping[str, Derived]]"
Derived: TypeAlias = "Badge | float | None"

GREATEST_EUR: Final = 2_000_000_000
"""What the column holds; beyond any city's budget line."""


_UNKNOWN: Final = msg("not known yet")


@dataclass(frozen=True)
class Badge:
    """A word with its mark: ``rank`` is its place among others, ``weight`` what it is sorted by."""

    rank: int
    label: Message
    mark: str
    weight: int


class Shape(Enum):
    """What a field holds, and so how it is entered, written and told in tables."""

    TEXT = "text"
    LONG_TEXT = "long text"
    COUNT = "count"
    POSTS = "full-time equivalents"
    EUROS = "whole euros"
    DAY = "day"
    SPOKEN = "date in words"
    STATE = "state"
    NETWORK = "network class"
    GRADE = "grade from 1 to 5"
    BUILDING = "building"
    DECISION = "decision"


NUMBERS: Final = frozenset({Shape.COUNT, Shape.POSTS, Shape.EUROS})


@dataclass(frozen=True)
class Field:
    """One field of a kind.

    Attributes
    ----------
    german
        Its header in German tables.
    empty
        How it reads while nobody has filled it in.
    default
        What an empty cell or input means.
    words
        What its values are called, for fields that hold one of a few.
    marks
        The mark under which each of them is drawn.
    german_words
        What German tables write for them, each with the value it means.
    """

    name: str
    label: Message
    german: str
    shape: Shape = Shape.TEXT
    is_required: bool = False
    longest: int = 200
    lowest: float = 0
    highest: float = 1_000_000
    default: object = ""
    empty: Message = _UNKNOWN
    words: Mapping[Any, Message] = field(default_factory=dict, hash=False)
    marks: Mapping[Any, str] = field(default_factory=dict, hash=False)
    german_words: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class GovernanceKind:
    """One kind of record.

    Attributes
    ----------
    key
        Its name in tables; in addresses with hyphens.
    entity
        Its table in the store.
    prefix
        What codes begin with that are given by themselves.
    fields
        What people edit, the one that names a record first; the code stands beside them.
    order, is_descending
        How its list is sorted unless asked else.
    derive
        Reckons what a record says beyond its fields, by name.
    find_concern
        Says what needs somebody's attention about a record, if anything of the kind ever does.
    """

    key: str
    entity: str
    model: type[Any]
    prefix: str
    fields: tuple[Field, ...]
    order: str = ""
    is_descending: bool = False
    derive: Derive = lambda _record, _today: {}
    find_concern: FindConcern | None = None

    @property
    def slug(self) -> str:
        """Give its part of an address."""
        return self.key.replace("_", "-")

    @property
    def title(self) -> str:
        """Give the field that names a record."""
        return self.fields[0].name

    @property
    def is_placed(self) -> bool:
        """Tell whether its records may lie in a building; others belong to the city."""
        return any(item.shape is Shape.BUILDING for item in self.fields)

    def of_shape(self, *shapes: Shape) -> Field | None:
        """Give the first field of some shapes."""
        return next((item for item in self.fields if item.shape in shapes), None)


def _text(name: str, label: Message, german: str, longest: int, **further: Any) -> Field:  # noqa: ANN401 - Field's own
    return Field(name, label, german, longest=longest, **further)


def _title(name: str, label: Message, german: str) -> Field:
    return Field(name, label, german, is_required=True)


_NO_DATE: Final = msg("no date yet")


def _spoken(name: str, label: Message, german: str, empty: Message = _NO_DATE) -> Field:
    return Field(
        name, label, german, Shape.SPOKEN, longest=LONGEST_WORDING, default=None, empty=empty
    )


def _state(words: Mapping[str, rules.StateWord], german_words: Mapping[str, str]) -> Field:
    return Field(
        "state",
        msg("State"),
        "Stand",
        Shape.STATE,
        default=next(iter(words)),
        words={key: word.label for key, word in words.items()},
        marks={key: word.mark.value for key, word in words.items()},
        german_words=german_words,
    )


def _grade(name: str, label: Message, german: str, words: Mapping[int, Message]) -> Field:
    return Field(
        name, label, german, Shape.GRADE, lowest=1, highest=5, default=3, words=dict(words)
    )


def _euros(name: str, label: Message, german: str) -> Field:
    return Field(name, label, german, Shape.EUROS, highest=GREATEST_EUR, default=None)


def _derive_decision(decision: Decision, today: date) -> dict[str, Derived]:
    key = rules.judge_decision(decision.decided, decision.due, today)
    return {"standing": _standing(key, rules.DECISION_WORDS)}


def _standing(key: str, words: Mapping[str, rules.StateWord]) -> Badge:
    rank = list(words).index(key)
    return Badge(rank, words[key].label, words[key].mark.value, rank)


def _derive_training(training: Training, today: date) -> dict[str, Derived]:
    planned, trained = training.planned_count, training.trained_count
    key = rules.judge_training(training.held, planned, trained, today)
    return {
        "standing": _standing(key, rules.TRAINING_WORDS),
        "share": trained / planned if planned else None,
    }


def _derive_budget(line: BudgetLine, _today: date) -> dict[str, Derived]:
    left_eur = rules.count_left_eur(line.planned_eur, line.committed_eur, line.spent_eur)
    return {"left_eur": left_eur}


def _derive_risk(risk: Risk, _today: date) -> dict[str, Derived]:
    severity = rules.weigh_risk(risk.likelihood, risk.impact)
    rank = rules.SEVERITIES.index(severity)
    weight = risk.likelihood * risk.impact
    return {"severity": Badge(rank, severity.label, severity.mark.value, weight)}


_NOTE: Final = Field(
    "note", msg("Note"), "Bemerkung", Shape.LONG_TEXT, longest=1000, empty=msg("none")
)
_BUILDING: Final = Field(
    "building",
    msg("Building"),
    "Gebäude",
    Shape.BUILDING,
    longest=16,
    default=None,
    empty=msg("the whole city"),
)
_DECISION: Final = Field(
    "decision",
    msg("Decision"),
    "Beschluss",
    Shape.DECISION,
    longest=60,
    default=None,
    empty=msg("none named"),
)
_GERMAN_CLASSES: Final = {
    "Besucher": "visitor",
    "Besucher-WLAN": "visitor",
    "LHS": "internal",
    "LHS-WLAN": "internal",
    "Verwaltung der Geräte": "management",
    "Gebäudetechnik": "building",
    "kritisch": "critical",
}
_MARKED: Final = frozenset({"visitor", "internal"})
"""Classes with a mark of their own; the others share the grey one, each with its word."""
CODE: Final = Field("code", msg("Code"), "Kennung", longest=60)

DECISIONS: Final = GovernanceKind(
    "decisions",
    "decision",
    Decision,
    "B-",
    (
        _title("title", msg("Subject"), "Gegenstand"),
        _text("body", msg("Decided by"), "Gremium", 120),
        _text("paper", msg("Council paper"), "Drucksache", 120),
        _spoken("decided", msg("Decided on"), "beschlossen", msg("not taken yet")),
        _spoken("due", msg("Needed by"), "benötigt bis", msg("no date said")),
        _NOTE,
    ),
    order="standing",
    derive=_derive_decision,
    find_concern=lambda decision, today: rules.find_decision_concern(
        decision.decided, decision.due, today
    ),
)
POSTS: Final = GovernanceKind(
    "posts",
    "post",
    Post,
    "ST-",
    (
        _title("title", msg("Post"), "Stelle"),
        _text("office", msg("Office"), "Amt", 120),
        Field(
            "full_time_count",
            msg("Full-time equivalents"),
            "VZÄ",
            Shape.POSTS,
            is_required=True,
            lowest=0.01,
            highest=1_000,
            default=1.0,
        ),
        _text("plan", msg("Post plan"), "Stellenplan", 60),
        _state(
            rules.POST_WORDS,
            {
                "beantragt": "applied for",
                "genehmigt": "approved",
                "besetzt": "filled",
                "abgelehnt": "refused",
            },
        ),
        _DECISION,
        _NOTE,
    ),
    order="state",
    find_concern=lambda post, _today: rules.find_post_concern(post.state),
)
SUPPORT_TEAMS: Final = GovernanceKind(
    "support_teams",
    "support_team",
    SupportTeam,
    "BT-",
    (
        _title("name", msg("Team"), "Team"),
        _text("duty", msg("What it does"), "Aufgabe", 300),
        _text("hours", msg("When it is there"), "Erreichbarkeit", 120),
        _text("contact", msg("Reached under"), "Kontakt", 200),
        replace(_BUILDING, label=msg("Looks after")),
        _NOTE,
    ),
)
TRAININGS: Final = GovernanceKind(
    "trainings",
    "training",
    Training,
    "SCH-",
    (
        _title("title", msg("Training"), "Schulung"),
        _text("audience", msg("For whom"), "Zielgruppe", 200),
        _spoken("held", msg("Date"), "Termin"),
        Field(
            "planned_count", msg("People to be trained"), "vorgesehen", Shape.COUNT, default=None
        ),
        Field("trained_count", msg("People trained"), "geschult", Shape.COUNT, default=0),
        _BUILDING,
        _NOTE,
    ),
    order="held",
    derive=_derive_training,
    find_concern=lambda training, today: rules.find_training_concern(
        training.held, training.planned_count, training.trained_count, today
    ),
)
DEVICE_GROUPS: Final = GovernanceKind(
    "device_groups",
    "device_group",
    DeviceGroup,
    "GG-",
    (
        _title("name", msg("Devices"), "Geräte"),
        Field(
            "device_count",
            msg("How many"),
            "Anzahl",
            Shape.COUNT,
            is_required=True,
            highest=10_000_000,
            default=0,
        ),
        Field("as_of", msg("Counted on"), "Stand vom", Shape.DAY, default=None),
        Field(
            "network_class",
            msg("Network they may use"),
            "Netzklasse",
            Shape.NETWORK,
            default=None,
            empty=msg("not said yet"),
            words=CLASS_WORDS,
            marks={key: key if key in _MARKED else "management" for key in CLASS_WORDS},
            german_words=_GERMAN_CLASSES,
        ),
        _BUILDING,
        _NOTE,
    ),
)
BUDGET_LINES: Final = GovernanceKind(
    "budget_lines",
    "budget_line",
    BudgetLine,
    "HH-",
    (
        _title("name", msg("Purpose"), "Zweck"),
        _text("budget", msg("Budget"), "Haushalt", 60),
        _euros("planned_eur", msg("Planned"), "Ansatz EUR"),
        _euros("committed_eur", msg("Committed"), "gebunden EUR"),
        _euros("spent_eur", msg("Spent"), "verausgabt EUR"),
        _DECISION,
        _NOTE,
    ),
    derive=_derive_budget,
    find_concern=lambda line, _today: rules.find_budget_concern(
        line.planned_eur, line.committed_eur, line.spent_eur
    ),
)
RISKS: Final = GovernanceKind(
    "risks",
    "risk",
    Risk,
    "R-",
    (
        _title("title", msg("Risk"), "Risiko"),
        _grade("likelihood", msg("Likelihood"), "Wahrscheinlichkeit", rules.LIKELIHOOD_WORDS),
        _grade("impact", msg("Impact"), "Auswirkung", rules.IMPACT_WORDS),
        _state(
            rules.RISK_WORDS, {"offen": "open", "eingetreten": "occurred", "erledigt": "closed"}
        ),
        Field(
            "response",
            msg("What is done about it"),
            "Maßnahme",
            Shape.LONG_TEXT,
            longest=1000,
            empty=msg("nothing yet"),
        ),
        _text("responsible", msg("Responsible"), "verantwortlich", 120, empty=msg("nobody yet")),
        Field(
            "review_on",
            msg("Look at it again on"),
            "Wiedervorlage",
            Shape.DAY,
            default=None,
            empty=msg("no day set"),
        ),
        _BUILDING,
        _NOTE,
    ),
    order="severity",
    is_descending=True,
    derive=_derive_risk,
    find_concern=lambda risk, today: rules.find_risk_concern(
        risk.state, (risk.likelihood, risk.impact), risk.response, risk.review_on, today
    ),
)

KINDS: Final[Mapping[str, GovernanceKind]] = {
    kind.slug: kind
    for kind in (DECISIONS, POSTS, BUDGET_LINES, TRAININGS, SUPPORT_TEAMS, DEVICE_GROUPS, RISKS)
}
"""By their part of an address, in the order of the pages."""

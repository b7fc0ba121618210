"""Words and choices that several pages of cabling show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for
from flask_babel import gettext

from wlantrack.rollout.cabling import POE_CLASSES, TEST_LIMIT_WORDS, WARNING_WORDS
from wlantrack.rollout.lifecycle import CABLE_STATES, EVIDENCE_WORDS
from wlantrack.services.actor import Action
from wlantrack.services.cable_ends import CATEGORIES
from wlantrack.web.context import actor
from wlantrack.web.languages import translate, write_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.rollout.lifecycle import Transition

Tab = tuple[str, str, bool]


def cabling_tabs() -> list[Tab]:
    """Give the parts of the cabling page: label, address, whether it is the current one."""
    tabs = [
        (gettext("Runs"), "cabling.list_runs"),
        (gettext("Board"), "cabling_states.show_board"),
    ]
    if actor().can_anywhere(Action.SEE_CABLING):
        tabs += [
            (gettext("Distributors"), "cabling_parts.list_distributors"),
            (gettext("Switches"), "cabling_parts.list_switches"),
            (gettext("Outlets"), "cabling_parts.list_outlets"),
            (gettext("Routes"), "cable_routes.list_routes"),
            (gettext("Permits"), "permits.list_permits"),
            (gettext("Penetrations"), "penetrations.list_penetrations"),
        ]
    tabs.append((gettext("Orders"), "orders.list_orders"))
    return [(label, url_for(endpoint), request.endpoint == endpoint) for label, endpoint in tabs]


def state_choices() -> list[tuple[str, str]]:
    """Give the states of cable runs in their order."""
    return [(state.key, translate(state.label)) for state in CABLE_STATES.values()]


def category_choices() -> list[tuple[str, str]]:
    """Give the categories, copper first."""
    return [
        (key, f"Cat {key}" if not key.startswith("O") else gettext("fibre %(kind)s", kind=key))
        for key in CATEGORIES
    ]


def test_limit_choices() -> list[tuple[str, str]]:
    """Give what a run is tested against."""
    return [(key, translate(words)) for key, words in TEST_LIMIT_WORDS.items()]


def warning_choices() -> list[tuple[str, str]]:
    """Give the kinds of warnings that runs can have."""
    return [(str(kind), translate(words)) for kind, words in WARNING_WORDS.items()]


def poe_choices() -> list[tuple[str, str]]:
    """Give the PoE classes with standard and power."""
    return [
        (
            str(item.number),
            gettext(
                "class %(number)d (%(standard)s, %(watts)s W)",
                number=item.number,
                standard=item.standard,
                watts=write_number(item.source_w, 1 if item.source_w % 1 else 0),
            ),
        )
        for item in POE_CLASSES.values()
    ]


def evidence_word(name: str) -> str:
    """Name a piece of evidence."""
    return translate(EVIDENCE_WORDS[name])


def describe_need(transition: Transition) -> str:
    """Say what a change needs, such as »photo, continuity test«."""
    return ", ".join(evidence_word(name) for name in transition.evidence)


def all_or(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Put »all« before the choices of a filter."""
    return [("", gettext("all")), *choices]

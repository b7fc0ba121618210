"""Every text that is marked for translation has a German one that fills in the same values."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from wlantrack.radio.materials import STANDARD_MATERIALS
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES, CABLE_STATES, ROLE_WORDS
from wlantrack.services.actor import ACTION_WORDS, Action
from wlantrack.services.catalog import GENERIC_MODELS
from wlantrack.services.orders import STATES as ORDER_STATES
from wlantrack.services.requirements import STANDARD_PROFILES, STANDARD_REQUIREMENTS
from wlantrack.services.tables import KINDS
from wlantrack.store.models.people import ROLES
from wlantrack.store.models.places import SCALE_METHODS
from wlantrack.web import data_words

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "wlantrack" / "web" / "translations" / "de" / "LC_MESSAGES" / "messages.po"
EDITOR_WORDS = ROOT / "static" / "js" / "editor" / "words.json"
METHODS = [("wlantrack/**.py", "python"), ("wlantrack/**/templates/**.html", "jinja2")]
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "msg": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[^a-zA-Z]*[a-zA-Z]|%%|\{\w+\}")


@pytest.fixture(scope="module")
def german() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="de")


@pytest.fixture(scope="module")
def marked() -> set[str]:
    """Collect every marked text; of a plural its singular."""
    found = extract_from_dir(
        ROOT / "wlantrack",
        [(pattern.removeprefix("wlantrack/"), method) for pattern, method in METHODS],
        keywords=KEYWORDS,
    )
    words = json.loads(EDITOR_WORDS.read_text(encoding="utf-8"))
    return {text if isinstance(text, str) else text[0] for _, _, text, *_ in found} | {
        *words.values()
    }


def write_forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [])


def test_every_marked_text_has_a_german_one(german: Catalog, marked: set[str]) -> None:
    translated = {
        write_forms(message.id)[0]
        for message in german
        if message.id and all(write_forms(message.string)) and not message.fuzzy
    }

    assert len(marked) > 500
    assert sorted(marked - translated) == []


def test_the_catalogue_holds_nothing_that_is_no_longer_used(
    german: Catalog, marked: set[str]
) -> None:
    kept = {write_forms(message.id)[0] for message in german if message.id}

    assert sorted(kept - marked) == []
    assert german.obsolete == {}


def test_translations_fill_in_the_same_values(german: Catalog) -> None:
    differing = [
        message.id
        for message in german
        for form in write_forms(message.string)
        if message.id
        and set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(write_forms(message.id)[-1]))
    ]

    assert differing == []


def test_tables_understand_the_german_words_that_pages_show_for_states(german: Catalog) -> None:
    shown = {
        "cable_runs": CABLE_STATES,
        "access_points": ACCESS_POINT_STATES,
        "orders": ORDER_STATES,
    }
    for kind, states in shown.items():
        (column,) = (column for column in KINDS[kind]().columns if column.name == "state")
        for key, state in states.items():
            message = german.get(state.label.text)
            assert message is not None
            assert column.choice_names.get(str(message.string)) == key, key


def test_words_that_come_from_tables_are_marked() -> None:
    materials = [str(word) for word in data_words.MATERIALS]
    models = [str(word) for word in data_words.MODELS]
    methods = [str(word) for word in data_words.SCALE_METHODS]

    assert materials == [material.name for material in STANDARD_MATERIALS]
    assert models == [name for _, name, *_ in GENERIC_MODELS]
    assert [str(word) for word in data_words.REQUIREMENTS] == [
        standard.name for standard in STANDARD_REQUIREMENTS
    ]
    assert [str(word) for word in data_words.CLIENT_PROFILES] == [
        standard.name for standard in STANDARD_PROFILES
    ]
    assert set(methods) == set(SCALE_METHODS)
    assert set(ACTION_WORDS) == set(Action)
    assert set(ROLE_WORDS) == set(ROLES)

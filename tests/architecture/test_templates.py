"""Templates compile, and hold nothing that the content security policy or a reader must fear."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import meta

from wlantrack.app import create_app
from wlantrack.settings import Settings
from wlantrack.web.imports.routes import LISTS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "wlantrack").glob("*/templates/**/*.html"))
FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "a style element without nonce": r"<style(?![^>]*nonce)",
    "a script without nonce": r"<script(?![^>]*(?:\bsrc=|nonce|application/json))",
    "an event attribute": r"\son[a-z]+\s*=\s*[\"']",
    "a javascript address": r"javascript:",
    "an address outside": r"(?:src|href)=[\"']?(?:https?:)?//",
    "text that is not escaped": r"\|\s*safe\b|autoescape\s+false",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Compile every template of the pages and give their names."""
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")))
    names = app.jinja_env.list_templates(extensions=["html"])
    for name in names:
        app.jinja_env.get_template(name)
        source, _, _ = app.jinja_env.loader.get_source(app.jinja_env, name)  # type: ignore[union-attr]
        used = meta.find_referenced_templates(app.jinja_env.parse(source))
        for other in filter(None, used):
            app.jinja_env.get_template(other)
    return set(names)


def test_every_template_of_the_pages_compiles_with_all_it_includes(compiled: set[str]) -> None:
    on_disk = {
        path.relative_to(root).as_posix()
        for package in ("web", "maps")
        for root in [ROOT / "wlantrack" / package / "templates"]
        for path in root.rglob("*.html")
    }

    assert compiled == on_disk


def test_templates_hold_nothing_inline_and_nothing_unescaped() -> None:
    found = [
        f"{name_of(path)}: {what}"
        for path in TEMPLATES
        for what, pattern in FORBIDDEN.items()
        if re.search(pattern, path.read_text())
    ]

    assert TEMPLATES
    assert found == []


WITHOUT_A_WAY_BACK = {
    "session/login.html",  # there is nothing behind it
    "session/password.html",
    "account/show.html",  # the page of a record itself, with forms on it
    "orders/show.html",
    "packages/show.html",
    "penetrations/show.html",
    "permits/show.html",
    "schedule/proposals.html",
    "imports/choose.html",  # the first page of a chapter
    "projects/choose.html",
}


def test_every_form_has_a_way_back_beside_the_button_that_sends_it() -> None:
    lacking = {
        path.relative_to(ROOT / "wlantrack/web/templates").as_posix()
        for path in (ROOT / "wlantrack/web/templates").rglob("*.html")
        if 'class="form"' in (text := path.read_text())
        and not re.search(r'\{\{ cancel\(|_\("Cancel"\)|_\("Back', text)
    }

    assert lacking == WITHOUT_A_WAY_BACK


def test_what_an_import_offers_to_look_at_is_a_page(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))

    assert set(LISTS.values()) <= set(app.view_functions)

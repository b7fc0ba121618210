"""Every page in both languages and themes: accessible, of phone width, and asking nobody else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pytest

from tests.browser.people import let_in
from tests.browser.targets import list_small_targets
from tests.browsers import watch
from tests.integration.web.addresses import (
    ADMINISTER,
    HIDDEN,
    OF_FIRMS,
    OPERATIONS,
    REFUSED,
    list_addresses,
)
from tests.requirements import lack
from wlantrack.settings import resource_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Frame, Page, ViewportSize

    from tests.integration.web.site import Site
    from tests.live_server import LiveServer

pytestmark = pytest.mark.browser

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NO_PAGES = {
    "reports.download",
    "reports.more_rows",
    "inquiries.download_draft",
    "inquiries.download_answer",
    "networks.check.export_check",
    "editor.load",
    "coverage.heat_map",
    "coverage.map_layer",
    "coverage.verdict_layer",
    "coverage.show_map",  # is looked at inside the coverage page
    "city.show_frame",  # is looked at inside the page of the city
    "city.list_rest",
    "buildings.show_verdicts",
    "plans.picture",
    "run_plans.picture",
    "plans.building_picture",
    "plans.map_picture",
    "imports.export",
    "labels.follow",
    "packs.write",
    "schedule.export",
    "schedule.export_phases",
    "proposals.export_searches",
    "site.worker",
    "cable_tests.original",
    "users.export",
    *OPERATIONS,
    "audit.export",
    "favicon",
    "projects.picture",
    "attachments.download",
    "attachments.thumbnail",
    "session.login",
    "session.token",
    "renovations.show_part",
    "start_rules",
    "floors.open_floor",
    "public.write_feedback",  # speaks the language of its address
}
"""Endpoints that answer with data or lead on."""

NARROW: ViewportSize = {"width": 320, "height": 800}
MIDDLE: ViewportSize = {"width": 768, "height": 900}
WIDE: ViewportSize = {"width": 1280, "height": 900}
Theme: TypeAlias = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
THEMES_OF: dict[tuple[str, str], tuple[Theme, ...]] = {
    ("de", "viewer"): ("light",),  # fewer of the planner's elements, in the same colours
    ("en", "planner"): (),  # the same elements with other words, which only have to fit
    ("en", "admin"): (),
}
"""By language and role, for axe, where it is not asked in both."""

OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe whose answers a theme can change; the others have been asked in the light."""

PARTS = 4
"""A walk through all pages takes minutes; in parts, more than one process has a share of it."""

LISTS = (
    "/access-points",
    "/cabling",
    "/cabling/switches",
    "/governance/budget-lines",
    "/governance/decisions",
    "/governance/risks",
    "/governance/support-teams",
    "/governance/trainings",
    "/milestones",
    "/orders",
    "/packages",
    "/permits",
    "/renovations",
    "/rooms",
    "/tasks",
)
"""Lists with as many columns as fit."""

_STOP_TRANSITIONS = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, *::before, *::after { transition: none !important }');
  document.adoptedStyleSheets.push(sheet);
}"""
"""So that no colour is measured on its way from one theme to the other."""

_ASK_AXE = """(tags) => axe
  .run({runOnly: tags, iframes: false, resultTypes: ['violations'], reporter: 'no-passes'})
  .then((result) => result.violations)"""


@cache
def read_axe() -> str:
    path = resource_dir() / "static" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        lack("browser", "axe-core is not installed: make setup")
    return path.read_text(encoding="utf-8")


def list_violations(page: Page, frame: Frame, theme: Theme) -> list[str]:
    """Run axe in the page of a frame, as it looks in one theme."""
    page.emulate_media(color_scheme=theme)
    if not frame.evaluate("'axe' in window"):
        frame.evaluate(_STOP_TRANSITIONS)
        frame.evaluate(read_axe())
    found: list[dict[str, Any]] = frame.evaluate(
        _ASK_AXE,
        AXE_TAGS if theme == "light" else OF_COLOURS,
    )
    return [
        f"{violation['id']} x{len(violation['nodes'])}: {violation['nodes'][0]['target']}"
        for violation in found
    ]


def list_complaints(
    page: Page, address: str, language: str, themes: tuple[Theme, ...], faults: list[str]
) -> list[str]:
    """Open a page and give all that is wrong with it."""
    page.goto("about:blank")  # what axe has provoked in the page before has been told by then
    faults.clear()
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    answer = page.goto(address)
    if page.locator("floor-plan-editor, iframe, plan-calibration, outline-drawing").count():
        page.wait_for_load_state("networkidle")
    complaints = [] if answer and answer.ok else [f"status {answer.status if answer else 0}"]
    facts = page.evaluate(
        "({lang: document.documentElement.lang, title: document.title,"
        " heads: document.querySelectorAll('h1').length})"
    )
    if (facts["lang"], facts["heads"]) != (language, 1) or not facts["title"]:
        complaints.append(str(facts))
    for size in (NARROW, MIDDLE, WIDE) if themes else (NARROW,):
        page.set_viewport_size(size)
        too_wide_px = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if too_wide_px > 0:
            complaints.append(f"{too_wide_px} px wider than {size['width']} px")
    complaints += faults  # by now: axe itself writes inline styles, which the policy reports
    complaints += [
        f"{theme}: {violation}"
        for theme in themes
        for frame in page.frames
        for violation in list_violations(page, frame, theme)
    ]
    return [f"{address}: {complaint}" for complaint in complaints]


def list_pages(server: LiveServer, site: Site, role: str) -> Iterator[str]:
    for endpoint, address in list_addresses(server.app, site):
        if endpoint not in NO_PAGES | REFUSED[role] | HIDDEN.get(role, set()):
            yield address
    yield f"/floors/{site.empty_floor}/plan"
    yield f"/floors/{site.empty_floor}/coverage"
    if role == "planner":
        yield f"/floors/{site.floor}/coverage/compare?way=side"
        yield f"/networks/ssids/{site.internal_ssid}"
    yield f"/floors/{site.empty_floor}/tables"


def check_pages(
    browser: Browser, server: LiveServer, addresses: list[str], language: str, role: str
) -> None:
    complaints: list[str] = []
    themes = THEMES_OF.get((language, role), THEMES)
    locale = {"de": "de-DE", "en": "en-GB"}[language]
    with browser.new_context(
        base_url=server.url, locale=locale, reduced_motion="reduce"
    ) as context:
        if role:
            let_in(context, server, role)
        faults: list[str] = []
        page = context.new_page()
        watch(page, server.url, faults)
        for address in addresses:
            complaints += list_complaints(page, address, language, themes, faults)
    assert complaints == [], "\n".join(complaints)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_of_the_planner(
    language: str, part: int, browser: Browser, live_server: LiveServer, site: Site
) -> None:
    addresses = list(list_pages(live_server, site, "planner"))
    assert len(addresses) >= 20
    check_pages(browser, live_server, addresses[part::PARTS], language, "planner")


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_of_administration(
    language: str, browser: Browser, live_server: LiveServer, site: Site
) -> None:
    addresses = [
        address
        for endpoint, address in list_addresses(live_server.app, site)
        if endpoint in ADMINISTER - NO_PAGES | {"account.show"}
    ]
    assert len(addresses) >= 7
    check_pages(browser, live_server, addresses, language, "admin")


def test_every_page_of_a_manager_that_a_planner_does_not_see(
    browser: Browser, live_server: LiveServer, site: Site
) -> None:
    addresses = [
        address
        for endpoint, address in list_addresses(live_server.app, site)
        if endpoint in REFUSED["planner"] - REFUSED["manager"] - NO_PAGES
    ]
    assert len(addresses) >= 6
    check_pages(browser, live_server, addresses, "de", "manager")


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_a_council_member(
    part: int, browser: Browser, live_server: LiveServer, site: Site
) -> None:
    addresses = list(list_pages(live_server, site, "viewer"))
    assert len(addresses) >= 20
    check_pages(browser, live_server, addresses[part::PARTS], "de", "viewer")


def test_every_page_of_a_firm(browser: Browser, live_server: LiveServer, site: Site) -> None:
    addresses = [
        address
        for endpoint, address in list_addresses(live_server.app, site)
        if endpoint in OF_FIRMS - NO_PAGES
    ]
    assert len(addresses) >= 5
    check_pages(browser, live_server, addresses, "de", "firm")


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_log_in(language: str, browser: Browser, live_server: LiveServer) -> None:
    check_pages(browser, live_server, ["/login"], language, "")


def test_a_finger_hits_links_and_boxes_of_lists_on_a_phone(
    browser: Browser, live_server: LiveServer, site: Site
) -> None:
    del site
    with browser.new_context(base_url=live_server.url, viewport=NARROW) as context:
        let_in(context, live_server, "planner")
        page = context.new_page()
        for address in ("/access-points", "/cabling", "/rooms", "/permits"):
            page.goto(address)
            assert list_small_targets(page) == [], address


def test_lists_fit_beside_their_filters_on_a_desk(
    browser: Browser, live_server: LiveServer, site: Site
) -> None:
    del site
    complaints = []
    desk: ViewportSize = {
        "width": 1440 - 2 * 15,
        "height": 900,
    }  # two bars to scroll take 15 px each
    with browser.new_context(
        base_url=live_server.url, locale="de-DE", viewport=desk, reduced_motion="reduce"
    ) as context:
        let_in(context, live_server, "planner")
        page = context.new_page()
        for address in LISTS:
            page.goto(address)
            hidden_px = page.locator(".working-list .list-scroll").evaluate(
                "(list) => list.scrollWidth - list.clientWidth"
            )
            if hidden_px > 0:
                complaints.append(f"{address}: {hidden_px} px are hidden at the side")
    assert complaints == []

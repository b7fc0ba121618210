"""How much memory the server holds after somebody has opened every page in every language."""

from __future__ import annotations

import os

from tests.endurance.serving import Person, installation, serving
from tests.pages import find_pages, floors_among

BAR_MIB = 400.0
LANGUAGES = ("de", "en")


def report(kind: str = "serve") -> bool:
    """Open all pages and pictures of the demo as planner; print memory before and after."""
    load = os.getloadavg()[0]
    with installation("sqlite") as env, serving(env, kind) as server:
        person = Person(server.url, "planner")
        before_mib = server.rss_mib()
        count = 0
        for language in LANGUAGES:
            person.http.headers["Accept-Language"] = language
            pages = find_pages(person.get)
            floors = floors_among(pages)
            parts = [f"{floor}/{part}" for floor in floors for part in _PARTS]
            for address in parts:
                assert person.get(address).status_code < 400, address
            count += len(pages) + len(parts)
        after_mib = server.rss_mib()
    is_met = after_mib <= BAR_MIB
    print(
        f"{kind}: {before_mib:.0f} MiB after the log-in, {after_mib:.0f} MiB after {count} pages"
        f" and pictures in {len(LANGUAGES)} languages; machine load before {load:.1f};"
        f" bar <= {BAR_MIB:.0f} MiB: {'met' if is_met else 'NOT MET'}"
    )
    return is_met


_PARTS = (
    "plan.json",
    "heat-map.png?band=2.4&counts=planned",
    "heat-map.png?band=5&counts=planned",
    "heat-map.png?band=6&counts=planned",
)

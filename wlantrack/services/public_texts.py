"""What the public pages say, but for the hotspots: words, the accessibility statement, feedback.

Decides the sentences; who publishes, and whom to write to, comes from the settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.errors import Message, msg
from wlantrack.maps.public_pages import Section, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wlantrack.services.speech import Say
    from wlantrack.settings import Settings

HOTSPOTS = msg("Hotspots")
ACCESSIBILITY = msg("Accessibility")
FEEDBACK = msg("Feedback")
TITLE = msg("Visitor WLAN")
DATASET_TITLE = msg("Hotspots of the visitor WLAN")
DATASET_DESCRIPTION = msg(
    "Places where visitors find the city's free WLAN: name of the place and of the network, address,"
    " where in the house, opening hours, and a position to about 10 m. Only hotspots that are in"
    " operation are listed."
)
CATALOGUE_TITLE = msg("Open data of the visitor WLAN")
CATALOGUE_DESCRIPTION = msg("Open data about the hotspots of the city's visitor WLAN.")
KEYWORDS = (msg("WLAN"), msg("hotspot"), msg("internet"), msg("digitalisation"))


def publisher_of(settings: Settings) -> str:
    """Give who publishes."""
    return settings.public_authority or settings.city_name


def page_words(settings: Settings, say: Say, count: int) -> dict[str, str]:
    """Give the words of the pages in one language."""
    words = {
        "title": TITLE,
        "heading": DATASET_TITLE,
        "intro": msg(
            "In these places you find the city's free WLAN. Choose the network named here; a page"
            " opens with the terms of use."
        ),
        "skip": msg("Skip to content"),
        "navigation": msg("Pages"),
        "published_by": msg("Published by %(publisher)s.", publisher=publisher_of(settings)),
        "list": msg("List"),
        "map": msg("Map of the hotspots"),
        "count": msg("1 hotspot") if count == 1 else msg("%(count)d hotspots", count=count),
        "some": msg("NUMBER of %(count)d hotspots", count=count),
        "filter": msg("Search name, network or address"),
        "network": msg("Network"),
        "address": msg("Address"),
        "place": msg("Where in the house"),
        "opening_hours": msg("Opening hours"),
        "show": msg("On the map"),
        "to_map": msg("To the map"),
        "report": msg("Report a problem"),
        "empty": msg("No hotspot is in operation at the moment."),
        "close": msg("Close"),
        "zoom_in": msg("Zoom in"),
        "zoom_out": msg("Zoom out"),
        "open_data": msg("Open data"),
        "open_data_text": msg(
            "The same list for further use, renewed every night. Positions are given to about 10 m."
        ),
        "licence": msg("Licence:"),
    }
    return {key: say(message) for key, message in words.items()}


def accessibility_text(settings: Settings, say: Say, feedback_url: str) -> Text:
    """Give the accessibility statement: what holds, what is missing, and who helps."""
    sections = [
        Section("", [say(message) for message in _describe_scope(settings)]),
        _describe_status(settings, say),
        Section(say(msg("How this was found out")), [say(m) for m in _describe_method(settings)]),
        Section(
            say(msg("Barriers? Tell us")),
            [
                say(
                    msg(
                        "If something on these pages is not accessible to you, or you need their"
                        " content in another form, write to us. We answer as soon as we can."
                    )
                )
            ],
            links=[(say(FEEDBACK), feedback_url), *_mail_link(settings)],
        ),
        Section(
            say(msg("If you get no answer")),
            [
                say(
                    msg(
                        "If we do not answer, or the answer does not help you, you can turn to an"
                        " independent body. Its procedure costs nothing, and you need no lawyer."
                    )
                ),
                settings.public_enforcement or say(msg("It is not named yet.")),
            ],
            links=_web_links(settings.public_enforcement_url),
        ),
    ]
    return Text(say(msg("Accessibility statement")), sections)


def _describe_scope(settings: Settings) -> Iterator[Message]:
    yield msg(
        "%(publisher)s strives to make its websites accessible, as § 10 of the Disability Equality"
        " Act of the state of Baden-Württemberg (L-BGG) and Directive (EU) 2016/2102 ask for.",
        publisher=publisher_of(settings),
    )
    yield msg("This statement is about the public pages of the visitor WLAN.")


def _describe_status(settings: Settings, say: Say) -> Section:
    gaps = [part.strip() for part in settings.public_accessibility_gaps.split(";")]
    gaps = [part for part in gaps if part]
    if gaps:
        status = msg(
            "The pages meet the requirements of EN 301 549 and BITV 2.0 in part, because of what"
            " follows:"
        )
    elif settings.public_statement_on:
        status = msg("The pages meet the requirements of EN 301 549 and BITV 2.0.")
    else:
        status = msg(
            "The pages are made to meet the requirements of EN 301 549 and BITV 2.0. Whether they"
            " do has not been assessed here yet."
        )
    note = msg(
        "The map is an addition for those who can use it: the list beside it names the same"
        " hotspots with everything the map says."
    )
    return Section(say(msg("How accessible the pages are")), [say(note), say(status)], gaps)


def _describe_method(settings: Settings) -> Iterator[Message]:
    yield msg(
        "The program is tested by itself before every release, by the rules of WCAG 2.2, levels A"
        " and AA, in both languages, in light and dark, and 320 pixels wide."
    )
    if settings.public_statement_on:
        yield msg(
            "This statement was made on %(day)s, after an assessment of our own.",
            day=settings.public_statement_on,
        )


def feedback_text(settings: Settings, say: Say) -> Text:
    """Give the page of feedback where there is no application behind it: whom to write to."""
    if not settings.public_contact:
        told = msg("Please write to the authority named in the imprint.")
        return Text(say(FEEDBACK), [Section("", [say(told)])])
    told = msg(
        "A hotspot does not work, something on these pages is wrong or not accessible to you? Please"
        " write to us, and name the place."
    )
    return Text(say(FEEDBACK), [Section("", [say(told)], links=_mail_link(settings))])


def _mail_link(settings: Settings) -> list[tuple[str, str]]:
    mail = settings.public_contact
    return [(mail, f"mailto:{mail}")] if mail else []


def _web_links(url: str) -> list[tuple[str, str]]:
    return [(url, url)] if is_web(url) else []


def is_web(url: str) -> bool:
    """Tell whether an address is one that a page may lead to."""
    return url.startswith(("https://", "http://"))


def frame_links(settings: Settings, say: Say) -> list[tuple[str, str]]:
    """Give where else a public page leads: imprint and privacy notice."""
    links = (
        (msg("Imprint"), settings.public_imprint_url),
        (msg("Privacy"), settings.public_privacy_url),
    )
    return [(say(label), url) for label, url in links if is_web(url)]

"""Makes the public bundle: files by name, the same bytes for the same hotspots and settings.

Decides which files there are and how they lead to one another. Gets allow-listed values only.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from wlantrack.errors import NotFound, msg
from wlantrack.formats import open_data
from wlantrack.formats.open_data import Catalogue
from wlantrack.maps import public_pages
from wlantrack.maps.public_pages import Frame
from wlantrack.services import public_texts
from wlantrack.services.speech import load_speech
from wlantrack.settings import resource_dir

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wlantrack.maps.public_pages import DrawnMap
    from wlantrack.networks.public import Hotspot
    from wlantrack.settings import Settings

MANIFEST: Final = "manifest.json"
INDEX: Final = "index.html"
STATEMENT: Final = "accessibility.html"
FEEDBACK: Final = "feedback.html"
_LANGUAGE_NAMES: Final = {"de": "Deutsch", "en": "English"}


def make_bundle(hotspots: Sequence[Hotspot], settings: Settings) -> dict[str, bytes]:
    """Give every file of the bundle by its name, the manifest last.

    Raises
    ------
    NotFound
        A front-end file or a language is not installed.
    """
    shown = sorted(hotspots, key=lambda hotspot: hotspot.order)
    drawn = public_pages.draw_map(shown)
    files = _read_assets() | {public_pages.MAP_SCRIPT: drawn.script.encode()}
    files[open_data.GEOJSON_FILE] = open_data.write_geojson(shown)
    files[open_data.CSV_FILE] = open_data.write_table(shown)
    files[open_data.CATALOGUE_FILE] = open_data.write_catalogue(_describe(settings))
    for language in settings.language_codes:
        files |= _make_pages(language, shown, drawn, settings)
    return files | {MANIFEST: write_manifest(files)}


def write_manifest(files: Mapping[str, bytes]) -> bytes:
    """Write the names and hashes of all other files."""
    listed = [
        {"path": path, "sha256": hashlib.sha256(files[path]).hexdigest()} for path in sorted(files)
    ]
    return (json.dumps({"files": listed}, indent=1) + "\n").encode()


def folder_of(language: str, settings: Settings) -> str:
    """Give where a language's pages lie: those of the first one beside the data."""
    return "" if language == settings.language_codes[0] else f"{language}/"


def _read_assets() -> dict[str, bytes]:
    static = resource_dir() / "static"
    missing = [path for path in public_pages.ASSETS.values() if not (static / path).is_file()]
    if missing:
        raise NotFound(
            msg(
                "The public page needs %(file)s, which is not installed. Run 'make setup' once.",
                file=missing[0],
            )
        )
    return {name: (static / path).read_bytes() for name, path in public_pages.ASSETS.items()}


def _make_pages(
    language: str, hotspots: Sequence[Hotspot], drawn: DrawnMap, settings: Settings
) -> dict[str, bytes]:
    say, folder = load_speech(language), folder_of(language, settings)
    words = public_texts.page_words(settings, say, len(hotspots))
    root = "../" * folder.count("/")
    downloads = [
        ("GeoJSON", f"{root}{open_data.GEOJSON_FILE}"),
        ("CSV", f"{root}{open_data.CSV_FILE}"),
        ("DCAT-AP.de (RDF/XML)", f"{root}{open_data.CATALOGUE_FILE}"),
    ]
    pages = {
        INDEX: public_pages.hotspots_page(
            make_frame(language, INDEX, settings),
            words,
            hotspots,
            drawn,
            downloads,
            settings.public_licence,
        ),
        STATEMENT: public_pages.text_page(
            make_frame(language, STATEMENT, settings),
            words,
            public_texts.accessibility_text(settings, say, FEEDBACK),
        ),
        FEEDBACK: public_pages.text_page(
            make_frame(language, FEEDBACK, settings),
            words,
            public_texts.feedback_text(settings, say),
        ),
    }
    return {f"{folder}{name}": page.encode() for name, page in pages.items()}


def make_frame(language: str, name: str, settings: Settings) -> Frame:
    """Give what surrounds a page of a name in a language."""
    say, folder = load_speech(language), folder_of(language, settings)
    root = "../" * folder.count("/")
    labels = (
        (public_texts.HOTSPOTS, INDEX),
        (public_texts.ACCESSIBILITY, STATEMENT),
        (public_texts.FEEDBACK, FEEDBACK),
    )
    return Frame(
        language=language,
        root=root,
        publisher=public_texts.publisher_of(settings),
        pages=[(say(label), page, page == name) for label, page in labels],
        languages=[
            (code, _LANGUAGE_NAMES.get(code, code), f"{root}{folder_of(code, settings)}{name}")
            for code in settings.language_codes
        ],
        links=public_texts.frame_links(settings, say),
        feedback_url=FEEDBACK,
    )


def _describe(settings: Settings) -> Catalogue:
    speech = {code: load_speech(code) for code in settings.language_codes}
    base_url = settings.public_url
    if base_url and not base_url.endswith("/"):
        base_url += "/"
    return Catalogue(
        titles={code: say(public_texts.CATALOGUE_TITLE) for code, say in speech.items()},
        descriptions={
            code: say(public_texts.CATALOGUE_DESCRIPTION) for code, say in speech.items()
        },
        dataset_titles={code: say(public_texts.DATASET_TITLE) for code, say in speech.items()},
        dataset_descriptions={
            code: say(public_texts.DATASET_DESCRIPTION) for code, say in speech.items()
        },
        keywords={
            code: [say(word) for word in public_texts.KEYWORDS] for code, say in speech.items()
        },
        publisher=public_texts.publisher_of(settings),
        licence_url=settings.public_licence,
        contact_mail=settings.public_contact,
        base_url=base_url,
        contributor_url=settings.public_contributor,
        geocoding_url=settings.public_geocoding,
    )

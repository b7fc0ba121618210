"""Open data of the public hotspots: GeoJSON, a table for German spreadsheets, DCAT-AP.de.

Decides how the allow-listed values are written, byte by byte the same for the same values, and how
the keys and ids in such files are read back. Refuses to know where hotspots come from.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from wlantrack.formats.table_writers import write_csv
from wlantrack.networks.public import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from wlantrack.networks.public import Hotspot

GEOJSON_FILE: Final = "hotspots.geojson"
CSV_FILE: Final = "hotspots.csv"
CATALOGUE_FILE: Final = "catalogue.rdf"

_GEOJSON_FRAME: Final = frozenset({"type", "features", "id", "geometry", "properties"})
_GEOMETRY_FRAME: Final = frozenset({"type", "coordinates"})
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority"
_MEDIA: Final = "https://www.iana.org/assignments/media-types"
_LANGUAGES: Final = {"de": "DEU", "en": "ENG"}
_NAMESPACES: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
_DISTRIBUTIONS: Final = (
    ("geojson", GEOJSON_FILE, "GeoJSON", "GEOJSON", "application/geo+json"),
    ("csv", CSV_FILE, "CSV", "CSV", "text/csv"),
)
"""Fragment, file, title, file type of the EU's list, media type."""

for _prefix, _uri in _NAMESPACES.items():
    ET.register_namespace(_prefix, _uri)


@dataclass(frozen=True)
class Catalogue:
    """What the metadata says of the data; texts by language, addresses whole or left out.

    ``base_url`` ends in a slash, and is empty where nobody has said where the bundle is served:
    addresses are then relative to the file.
    """

    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    dataset_titles: Mapping[str, str]
    dataset_descriptions: Mapping[str, str]
    keywords: Mapping[str, Sequence[str]]
    publisher: str
    licence_url: str
    contact_mail: str = ""
    base_url: str = ""
    contributor_url: str = ""
    geocoding_url: str = ""


def write_geojson(hotspots: Iterable[Hotspot]) -> bytes:
    """Write the hotspots as features in WGS 84; one without a position has no geometry."""
    document = {
        "type": "FeatureCollection",
        "features": [_feature(hotspot) for hotspot in hotspots],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _feature(hotspot: Hotspot) -> dict[str, Any]:
    geometry = None
    if hotspot.latitude is not None and hotspot.longitude is not None:
        geometry = {"type": "Point", "coordinates": [hotspot.longitude, hotspot.latitude]}
    texts = ("id", "name", "network", "address", "place", "opening_hours")
    return {
        "type": "Feature",
        "id": hotspot.id,
        "geometry": geometry,
        "properties": {key: getattr(hotspot, key) for key in texts},
    }


def write_table(hotspots: Iterable[Hotspot]) -> bytes:
    """Write the hotspots as German spreadsheets open them: UTF-8 with BOM, ; and decimal comma."""
    return write_csv(KEYS, ([getattr(hotspot, key) for key in KEYS] for hotspot in hotspots))


def read_back(geojson: bytes, table: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Give every key in the data files, and the ids of all that they hold.

    Raises
    ------
    ValueError
        One of them is not what was written.
    """
    document = json.loads(geojson)
    keys, ids = set(document) - _GEOJSON_FRAME, set()
    for feature in document["features"]:
        keys |= set(feature) - _GEOJSON_FRAME
        keys |= set(feature["geometry"] or ()) - _GEOMETRY_FRAME
        keys |= set(feature["properties"])
        ids |= {str(feature["id"]), str(feature["properties"].get("id", feature["id"]))}
    rows = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";")
    for row in rows:
        ids.add(str(row.get("id")))
    keys |= set(rows.fieldnames or ())
    return frozenset(keys), frozenset(ids)


def write_catalogue(catalogue: Catalogue) -> bytes:
    """Write the metadata as DCAT-AP.de in RDF/XML: a catalogue, a dataset, two distributions."""
    root = ET.Element(_name("rdf", "RDF"))
    publisher = f"{catalogue.base_url}#publisher"
    _add_catalogue(root, catalogue, publisher)
    _add_dataset(root, catalogue, publisher)
    for distribution in _DISTRIBUTIONS:
        _add_distribution(root, catalogue, distribution)
    agent = _node(root, "foaf", "Agent", publisher)
    _text(agent, "foaf", "name", catalogue.publisher)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add_catalogue(root: ET.Element, catalogue: Catalogue, publisher: str) -> None:
    node = _node(root, "dcat", "Catalog", f"{catalogue.base_url}#catalogue")
    _texts(node, "dct", "title", catalogue.titles)
    _texts(node, "dct", "description", catalogue.descriptions)
    _link(node, "dct", "publisher", publisher)
    _link(node, "dcat", "dataset", f"{catalogue.base_url}#dataset")
    _link(node, "dcat", "themeTaxonomy", f"{_AUTHORITY}/data-theme")
    _link(node, "dct", "license", catalogue.licence_url)
    for url in _language_urls(catalogue):
        _link(node, "dct", "language", url)
    if catalogue.base_url:
        _link(node, "foaf", "homepage", catalogue.base_url)


def _add_dataset(root: ET.Element, catalogue: Catalogue, publisher: str) -> None:
    node = _node(root, "dcat", "Dataset", f"{catalogue.base_url}#dataset")
    _texts(node, "dct", "title", catalogue.dataset_titles)
    _texts(node, "dct", "description", catalogue.dataset_descriptions)
    _text(node, "dct", "identifier", f"{catalogue.base_url}#dataset")
    for language, words in catalogue.keywords.items():
        for word in words:
            _text(node, "dcat", "keyword", word, language)
    for theme in ("TECH", "REGI"):
        _link(node, "dcat", "theme", f"{_AUTHORITY}/data-theme/{theme}")
    _link(node, "dct", "publisher", publisher)
    _link(node, "dct", "accrualPeriodicity", f"{_AUTHORITY}/frequency/DAILY")
    _link(node, "dct", "accessRights", f"{_AUTHORITY}/access-right/PUBLIC")
    for url in _language_urls(catalogue):
        _link(node, "dct", "language", url)
    if catalogue.contributor_url:
        _link(node, "dcatde", "contributorID", catalogue.contributor_url)
    if catalogue.geocoding_url:
        level = "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"
        _link(node, "dcatde", "politicalGeocodingLevelURI", level)
        _link(node, "dcatde", "politicalGeocodingURI", catalogue.geocoding_url)
    if catalogue.contact_mail:
        point = ET.SubElement(node, _name("dcat", "contactPoint"))
        card = ET.SubElement(point, _name("vcard", "Organization"))
        _text(card, "vcard", "fn", catalogue.publisher)
        _link(card, "vcard", "hasEmail", f"mailto:{catalogue.contact_mail}")
    for fragment, *_ in _DISTRIBUTIONS:
        _link(node, "dcat", "distribution", f"{catalogue.base_url}#{fragment}")


def _add_distribution(
    root: ET.Element, catalogue: Catalogue, described: tuple[str, str, str, str, str]
) -> None:
    fragment, file, title, file_type, media_type = described
    node = _node(root, "dcat", "Distribution", f"{catalogue.base_url}#{fragment}")
    _text(node, "dct", "title", title)
    _link(node, "dcat", "accessURL", f"{catalogue.base_url}{file}")
    _link(node, "dcat", "downloadURL", f"{catalogue.base_url}{file}")
    _link(node, "dct", "format", f"{_AUTHORITY}/file-type/{file_type}")
    _link(node, "dcat", "mediaType", f"{_MEDIA}/{media_type}")
    _link(node, "dct", "license", catalogue.licence_url)
    _text(node, "dcatde", "licenseAttributionByText", catalogue.publisher)


def _language_urls(catalogue: Catalogue) -> Iterator[str]:
    for language in catalogue.titles:
        if language in _LANGUAGES:
            yield f"{_AUTHORITY}/language/{_LANGUAGES[language]}"


def _name(prefix: str, name: str) -> str:
    return f"{{{_NAMESPACES[prefix]}}}{name}"


def _node(root: ET.Element, prefix: str, name: str, about: str) -> ET.Element:
    return ET.SubElement(root, _name(prefix, name), {_name("rdf", "about"): about})


def _link(node: ET.Element, prefix: str, name: str, url: str) -> None:
    ET.SubElement(node, _name(prefix, name), {_name("rdf", "resource"): url})


def _text(node: ET.Element, prefix: str, name: str, text: str, language: str = "") -> None:
    attributes = {"{http://www.w3.org/XML/1998/namespace}lang": language} if language else {}
    ET.SubElement(node, _name(prefix, name), attributes).text = text


def _texts(node: ET.Element, prefix: str, name: str, texts: Mapping[str, str]) -> None:
    for language, text in texts.items():
        _text(node, prefix, name, text, language)

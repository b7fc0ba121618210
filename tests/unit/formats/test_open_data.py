"""The open data: the allow-listed keys and no other, the same bytes, and metadata that is whole."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from defusedxml.ElementTree import fromstring

from wlantrack.formats import open_data
from wlantrack.formats.open_data import Catalogue
from wlantrack.networks.public import KEYS, Hotspot

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

HALL = Hotspot(
    "8d2f",
    "Rathaus",
    "Besucher-WLAN",
    "Marktplatz 1",
    "Halle",
    "Mo-Fr 8-18",
    48.775138,
    9.177949,
)
CATALOGUE = Catalogue(
    titles={"de": "Offene Daten", "en": "Open data"},
    descriptions={"de": "Alles", "en": "All"},
    dataset_titles={"de": "Hotspots", "en": "Hotspots"},
    dataset_descriptions={"de": "Orte & Netze", "en": "Places"},
    keywords={"de": ["WLAN"], "en": ["Wi-Fi"]},
    publisher="Landeshauptstadt <Stuttgart>",
    licence_url="http://dcat-ap.de/def/licenses/dl-by-de/2.0",
    contact_mail="wlan@example.org",
    base_url="https://wlan.example.org/public/",
    contributor_url="http://dcat-ap.de/def/contributors/example",
    geocoding_url="http://dcat-ap.de/def/politicalGeocoding/municipalityKey/08111000",
)
NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
REQUIRED = {
    "dcat:Catalog": {"dct:title", "dct:description", "dct:publisher", "dcat:dataset"},
    "dcat:Dataset": {"dct:title", "dct:description"},
    "dcat:Distribution": {"dcat:accessURL"},
    "foaf:Agent": {"foaf:name"},
}
"""What DCAT-AP.de 2.0 and 3.0 demand of these classes, both taken together."""

CONVENTIONS = {
    "dcat:Catalog": {"dcat:themeTaxonomy", "dct:language", "foaf:homepage"},
    "dcat:Dataset": {
        "dcat:distribution",
        "dcat:contactPoint",
        "dcat:keyword",
        "dcat:theme",
        "dct:publisher",
        "dct:identifier",
        "dcatde:contributorID",
        "dcatde:politicalGeocodingURI",
        "dcatde:politicalGeocodingLevelURI",
    },
    "dcat:Distribution": {"dct:license", "dct:format", "dct:title", "dcat:downloadURL"},
}
"""What the handbook of conventions asks for, and the specification recommends."""

SINGLE = {"dct:publisher", "foaf:homepage", "dct:format", "dct:license", "dcat:mediaType"}


def read_catalogue(catalogue: Catalogue) -> Element:
    root: Element = fromstring(open_data.write_catalogue(catalogue))
    return root


def list_properties(node: Element) -> list[str]:
    prefixes = {uri: prefix for prefix, uri in NAMES.items()}
    names = []
    for child in node:
        uri, _, name = child.tag[1:].partition("}")
        names.append(f"{prefixes[uri]}:{name}")
    return names


def test_a_position_is_told_to_four_digits_only() -> None:
    assert (HALL.latitude, HALL.longitude) == (48.7751, 9.1779)


def test_geojson_holds_the_allow_listed_keys_in_longitude_before_latitude() -> None:
    document = json.loads(open_data.write_geojson([HALL]))

    assert set(document) == {"type", "features"}
    (feature,) = document["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [9.1779, 48.7751]}
    assert feature["id"] == "8d2f"
    assert set(feature["properties"]) == set(KEYS) - {"latitude", "longitude"}


def test_a_hotspot_without_position_has_no_geometry() -> None:
    homeless = replace(HALL, latitude=None, longitude=None)

    assert json.loads(open_data.write_geojson([homeless]))["features"][0]["geometry"] is None


def test_the_table_opens_in_german_spreadsheets() -> None:
    data = open_data.write_table([HALL])

    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == list(KEYS)
    assert rows[1][-2:] == ["48,7751", "9,1779"]


def test_the_table_runs_no_formula() -> None:
    data = open_data.write_table([replace(HALL, name="=HYPERLINK(1)")])

    assert b";=HYPERLINK" not in data


def test_keys_and_ids_are_read_back_from_both_files() -> None:
    geojson, table = open_data.write_geojson([HALL]), open_data.write_table([HALL])

    keys, ids = open_data.read_back(geojson, table)

    assert keys == set(KEYS)
    assert ids == {"8d2f"}


def test_a_key_that_somebody_has_added_is_read_back_wherever_it_stands() -> None:
    document = json.loads(open_data.write_geojson([HALL]))
    document["serial"] = "X"
    document["features"][0]["vlan"] = 110
    document["features"][0]["geometry"]["floor"] = 3
    document["features"][0]["properties"]["model"] = "Y"
    table = open_data.write_table([HALL]).replace(b"place", b"mac", 1)

    keys, _ = open_data.read_back(json.dumps(document).encode(), table)

    assert keys - set(KEYS) == {"serial", "vlan", "floor", "model", "mac"}


@pytest.mark.parametrize("kind", sorted(REQUIRED))
def test_the_metadata_has_what_dcat_ap_de_demands(kind: str) -> None:
    nodes = read_catalogue(CATALOGUE).findall(kind, NAMES)

    assert nodes
    for node in nodes:
        found = list_properties(node)
        assert REQUIRED[kind] | CONVENTIONS.get(kind, set()) <= set(found)
        assert all(found.count(name) == 1 for name in SINGLE & set(found))


def test_the_metadata_demands_nothing_of_an_installation_that_has_set_nothing() -> None:
    bare = replace(CATALOGUE, contact_mail="", base_url="", contributor_url="", geocoding_url="")

    root = read_catalogue(bare)

    for kind, required in REQUIRED.items():
        for node in root.findall(kind, NAMES):
            assert required <= set(list_properties(node))
    resource = f"{{{NAMES['rdf']}}}resource"
    urls = [node.get(resource) for node in root.iter(f"{{{NAMES['dcat']}}}accessURL")]
    assert urls == ["hotspots.geojson", "hotspots.csv"]


def test_everything_the_metadata_points_to_is_there_or_an_address() -> None:
    root = read_catalogue(CATALOGUE)
    about, resource = (f"{{{NAMES['rdf']}}}{name}" for name in ("about", "resource"))
    described = {node.get(about) for node in root}
    named = {url for node in root.iter() if (url := node.get(resource))}

    inside = {url for url in named if "#" in url and url.startswith(CATALOGUE.base_url)}
    assert inside <= described
    assert all(url.startswith(("http://", "https://", "mailto:")) for url in named)


def test_texts_of_people_are_escaped_in_the_metadata() -> None:
    names = read_catalogue(CATALOGUE).findall("foaf:Agent/foaf:name", NAMES)

    assert [name.text for name in names] == ["Landeshauptstadt <Stuttgart>"]


def test_texts_have_their_language() -> None:
    titles = read_catalogue(CATALOGUE).findall("dcat:Dataset/dct:title", NAMES)

    assert [title.get("{http://www.w3.org/XML/1998/namespace}lang") for title in titles] == [
        "de",
        "en",
    ]


def test_the_same_hotspots_give_the_same_bytes() -> None:
    assert open_data.write_geojson([HALL]) == open_data.write_geojson([replace(HALL)])
    assert open_data.write_catalogue(CATALOGUE) == open_data.write_catalogue(CATALOGUE)

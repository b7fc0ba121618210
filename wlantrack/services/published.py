"""What is published: which hotspots the public may know of now, and what the bundle holds.

Decides what counts as a published hotspot: somebody has published it, its SSID is a visitor network
on air, and a device in operation sends it in its place. Records stay on this side of the line: what
goes on is a row of allow-listed columns.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from wlantrack.formats import open_data
from wlantrack.networks.plan import VISITOR, PublicExport
from wlantrack.networks.public import KEYS, Hotspot
from wlantrack.services.on_air import to_network
from wlantrack.store import bundle_folder
from wlantrack.store.queries import hotspots as queries
from wlantrack.store.queries import networks as network_queries

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from wlantrack.networks.on_air import Network
    from wlantrack.settings import Settings

ON_AIR = "on air"


def visitor_networks(session: Session) -> list[Network]:
    """Give the visitor networks that are on air."""
    ssids = network_queries.list_for_resolution(session, (VISITOR,))
    return [to_network(ssid) for ssid in ssids if ssid.state == ON_AIR]


def load_hotspots(session: Session) -> list[Hotspot]:
    """Give what the public may know now, in no order."""
    rows = queries.list_public(session, visitor_networks(session))
    return [Hotspot(**{**row, "id": str(row["id"])}) for row in rows]


def is_published(settings: Settings) -> bool:
    """Tell whether there is a bundle."""
    return bool(bundle_folder.list_names(settings.public_dir))


def is_behind(session: Session, settings: Settings) -> bool:
    """Tell whether there is a bundle that tells something else than it would now."""
    stored = bundle_folder.read_file(settings.public_dir, open_data.GEOJSON_FILE)
    if stored is None:
        return is_published(settings)
    shown = sorted(load_hotspots(session), key=lambda hotspot: hotspot.order)
    return stored != open_data.write_geojson(shown)


def read_file(settings: Settings, name: str) -> bytes | None:
    """Give a file of the published bundle; None where it has none of this name."""
    return bundle_folder.read_file(settings.public_dir, name)


def read_export(folder: Path) -> PublicExport | None:
    """Give what a bundle holds, read back from its files; None where there is none.

    A file that the manifest does not name, or names with another hash, counts as a key of its own.
    """
    hashes = bundle_folder.read_manifest(folder)
    if not hashes:
        return None
    files = {name: bundle_folder.read_file(folder, name) for name in hashes}
    odd = set(bundle_folder.list_strays(folder))
    odd |= {name for name, data in files.items() if data is None or hash_of(data) != hashes[name]}
    geojson, table = files.get(open_data.GEOJSON_FILE), files.get(open_data.CSV_FILE)
    try:
        keys, ids = open_data.read_back(geojson or b"", table or b"")
    except (ValueError, KeyError, TypeError, AttributeError):
        keys, ids = frozenset({open_data.GEOJSON_FILE}), frozenset()
    return PublicExport(tuple(sorted(keys | odd)), tuple(sorted(ids)), KEYS)


def hash_of(data: bytes) -> str:
    """Give the SHA-256 of a file, as the manifest writes it."""
    return hashlib.sha256(data).hexdigest()

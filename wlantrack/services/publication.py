"""Publishes the hotspots: what may be told of them is written into the bundle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.services.actor import Action, Actor
from wlantrack.services.public_bundle import make_bundle
from wlantrack.services.published import hash_of, is_behind, is_published, load_hotspots
from wlantrack.store import bundle_folder

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from wlantrack.settings import Settings


@dataclass(frozen=True)
class Published:
    """What was published: how many hotspots, and the files with their hashes."""

    hotspots: int
    files: tuple[tuple[str, str], ...]


def publish(
    session: Session, actor: Actor, settings: Settings, out: Path | None = None
) -> Published:
    """Write the bundle that the application serves, and the same bytes into another folder.

    Raises
    ------
    NotAllowed
        The actor publishes nowhere.
    InvalidInput
        A folder holds something else.
    """
    actor.require_somewhere(Action.PUBLISH_HOTSPOTS)
    with bundle_folder.locked(settings.public_dir):
        hotspots = load_hotspots(session)
        files = make_bundle(hotspots, settings)
        if out is not None:
            bundle_folder.write_folder(out, files)
        bundle_folder.write_folder(settings.public_dir, files)
    return Published(len(hotspots), tuple((name, hash_of(files[name])) for name in sorted(files)))


def keep_current(session: Session, settings: Settings) -> None:
    """Write the bundle anew where what it holds is no longer what may be told.

    Whoever takes a hotspot off the page, or takes that back, need not wait for the night. Where
    nobody has published anything yet, nothing is written.
    """
    if not is_published(settings):
        return
    with bundle_folder.locked(settings.public_dir):
        if is_behind(session, settings):
            files = make_bundle(load_hotspots(session), settings)
            bundle_folder.write_folder(settings.public_dir, files)

"""Places: added by code; what exists stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services import place_refs, places
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from wlantrack.errors import Message


@click.group("add")
def command() -> None:
    """Add buildings, wings and floors."""


@command.command(
    "building", cls=Command, epilog='Example: wlantrack add building RH --name "Rathaus"'
)
@click.argument("code")
@click.option("--name", default="", help="Name people know; else the code.")
def add_building(run: Run, *, code: str, name: str) -> Outcome:
    """Add a building."""
    place = place_refs.split_place_ref(code)
    if place.wing is not None or place.level is not None:
        raise _refuse(
            "code", code, msg("This does not name a building."), msg("Write its code, such as RH.")
        )
    return _add(run, code, name)


@command.command("wing", cls=Command, epilog="Example: wlantrack add wing RH/MP --name Marktplatz")
@click.argument("ref")
@click.option("--name", default="", help="Name people know; else the code.")
def add_wing(run: Run, *, ref: str, name: str) -> Outcome:
    """Add a wing, and its building if missing."""
    # Also what could be a floor, or has a part too many, is told what a wing looks like.
    parts = ref.split("/")
    place = place_refs.split_place_ref(ref) if len(parts) == 2 else None
    if place is None or place.wing is None:
        raise _refuse(
            "wing",
            ref,
            msg("This does not name a wing."),
            msg("Write building/wing, such as RH/MP; a wing's code is no whole number."),
        )
    return _add(run, ref, name)


@command.command("floor", cls=Command, epilog="Example: wlantrack add floor SYL/4 --height-m 3.2")
@click.argument("ref")
@click.option("--name", default="", help="Name people know; else the usual one of its level.")
@click.option("--height-m", type=float, help="Height from this floor to the next, in metres.")
def add_floor(run: Run, *, ref: str, name: str, height_m: float | None) -> Outcome:
    """Add a floor, and its building if missing."""
    places.split_floor_ref(ref)
    return _add(run, ref, name, height_m)


def _add(run: Run, ref: str, name: str, height_m: float | None = None) -> Outcome:
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        created = place_refs.add_place(session, SYSTEM, ref, name=name, height_m=height_m)
    text = f"Added {', '.join(created)}." if created else f"{ref} exists already; nothing changed."
    return Outcome({"created": created}, text)


def _refuse(field: str, value: str, message: Message, remedy: Message) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field, value=value))

"""The process in which a page's search runs: ``python -m wlantrack.services.schedule_process``.

Decides that a search lives on its own: a process beside the server's keeps no page waiting and
outlives the worker that has started it. What it needs comes in by its standard input, as settings
hold secrets; what it finds goes into the database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, WlantrackError, msg
from wlantrack.services import schedule_history as searches
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plan import PlanParts, find_clock
from wlantrack.services.results import ResultCache
from wlantrack.services.schedule_searches import run_search
from wlantrack.settings import Settings
from wlantrack.store.audit import AuditContext
from wlantrack.store.session import Database

if TYPE_CHECKING:
    import uuid

MODULE: Final = "wlantrack.services.schedule_process"
POLITE: Final = 10
"""How much the search gives way to the server's pages, on systems that know that."""


def start_search(
    database: Database, settings: Settings, ref: uuid.UUID, context: AuditContext
) -> subprocess.Popen[bytes]:
    """Start the process of a search that was entered; a thread sees how it ends.

    Raises
    ------
    WlantrackError
        The system lets no process start; entered as failed.
    """
    request = {
        "settings": asdict(settings),
        "search": str(ref),
        "actor": context.actor,
        "request_id": context.request_id,
    }
    try:
        process = subprocess.Popen(  # noqa: S603 - own module, no shell, no user input in the command
            [sys.executable, "-P", "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        fault = msg("No process could be started: %(reason)s.", reason=error.strerror or "?")
        _give_up(database, ref, context, fault)
        raise WlantrackError(fault) from error
    assert process.stdin is not None  # noqa: S101 - asked for above
    with process.stdin as pipe:
        pipe.write(json.dumps(request, default=str).encode())
    waiting = (process, database, ref, context)
    threading.Thread(target=_await_end, args=waiting, daemon=True).start()
    return process


def _await_end(
    process: subprocess.Popen[bytes], database: Database, ref: uuid.UUID, context: AuditContext
) -> None:
    """Enter a process that was killed as failed; one that has told how it ended stays as it is."""
    if process.wait() != 0:
        _give_up(database, ref, context, searches.DIED)


def _give_up(database: Database, ref: uuid.UUID, context: AuditContext, fault: Message) -> None:
    with database.writing(context) as session:
        searches.give_up(session, ref, fault, datetime.now(UTC))


def main() -> None:
    """Carry out the search that standard input names."""
    request = json.load(sys.stdin)
    settings = _read_settings(request["settings"])
    if hasattr(os, "nice"):
        os.nice(POLITE)
    database = Database(settings.url)
    context = AuditContext(actor=request["actor"], request_id=request["request_id"])
    with database.reading() as session:
        search = searches.find_search(session, SYSTEM, request["search"], datetime.now(UTC))
    parts = PlanParts(find_clock(settings), ResultCache())
    try:
        run_search(database, search, parts, context)
    except WlantrackError:
        return  # entered as failed, or as what cannot all hold
    finally:
        database.dispose()


def _read_settings(values: dict[str, object]) -> Settings:
    paths = {item.name for item in fields(Settings) if item.type == "Path"}
    read = {name: Path(str(value)) if name in paths else value for name, value in values.items()}
    return Settings(**read)  # type: ignore[arg-type] # as they were written


if __name__ == "__main__":
    main()

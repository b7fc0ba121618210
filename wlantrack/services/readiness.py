"""Whether an installation is fit for work right now: database, schema, data folder.

Decides what is looked at; refuses to know why something fails, which the log says.
"""

from __future__ import annotations

import logging
import tempfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from wlantrack.store import schema
from wlantrack.store.queries import people

if TYPE_CHECKING:
    from wlantrack.settings import Settings
    from wlantrack.store.session import Database

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Readiness:
    """What can be relied on."""

    database: bool
    schema: bool
    data_folder: bool

    @property
    def is_ready(self) -> bool:
        """Tell whether all of it can."""
        return self.database and self.schema and self.data_folder

    def describe(self) -> dict[str, object]:
        """Give it as JSON values, with nothing that outsiders should not know."""
        return {"status": "ready" if self.is_ready else "not ready", **asdict(self)}


def check(settings: Settings, database: Database) -> Readiness:
    """Look at everything once."""
    has_schema = False
    try:
        has_schema = schema.is_current(database.engine)
        if has_schema:
            with database.reading() as session:
                people.count_users(session)
    except SQLAlchemyError as error:
        _LOG.warning("the database does not answer: %s", type(error).__name__)
        return Readiness(database=False, schema=False, data_folder=_can_write(settings))
    return Readiness(database=True, schema=has_schema, data_folder=_can_write(settings))


def _can_write(settings: Settings) -> bool:
    try:
        with tempfile.TemporaryFile(dir=settings.data_dir) as file:
            file.write(b"ready")
            file.flush()
    except OSError as error:
        _LOG.warning("the data folder cannot be written: %s", error.strerror)
        return False
    return True

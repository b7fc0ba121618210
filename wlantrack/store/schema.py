"""Brings a database to the schema of this version, and tells whether it is there.

Refuses to know what is in the tables; the migrations do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from wlantrack.settings import resource_dir
from wlantrack.store.models import (
    access_points,
    audit,
    cabling,
    demand,
    feeds,
    files,
    governance,
    hotspots,
    idempotency,
    inquiries,
    milestones,
    networks,
    people,
    permits,
    places,
    renovations,
    schedules,
    separation,
    walls,
    work,
)
from wlantrack.store.models.base import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

MODEL_MODULES = (
    access_points,
    audit,
    cabling,
    demand,
    feeds,
    files,
    governance,
    hotspots,
    idempotency,
    inquiries,
    milestones,
    networks,
    people,
    permits,
    places,
    renovations,
    schedules,
    separation,
    walls,
    work,
)
"""Every module with mapped classes: importing them fills ``Base.metadata``."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource_dir() / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to a revision, all in one transaction."""
    with engine.execution_options(writes=True).begin() as connection:
        upgrade_on(connection, revision)


def upgrade_on(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision in the transaction of this connection."""
    command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Run the migrations down to a revision."""
    with engine.execution_options(writes=True).begin() as connection:
        downgrade_on(connection, revision)


def downgrade_on(connection: Connection, revision: str) -> None:
    """Run the migrations down to a revision in the transaction of this connection."""
    command.downgrade(_config(connection), revision)


def knows(revision: str) -> bool:
    """Tell whether a revision is one of this version's migrations."""
    scripts = ScriptDirectory.from_config(_config())
    return revision in {script.revision for script in scripts.walk_revisions()}


def is_current(engine: Engine) -> bool:
    """Tell whether all migrations have run."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_config()).get_current_head()


def list_differences(engine: Engine) -> list[str]:
    """Name what differs between the database and the models; empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]

"""Runs migrations on the connection that ``wlantrack.store.schema`` hands over."""

from alembic import context

from wlantrack.store.models.base import Base
from wlantrack.store.schema import MODEL_MODULES

assert MODEL_MODULES  # noqa: S101 - importing them filled Base.metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()

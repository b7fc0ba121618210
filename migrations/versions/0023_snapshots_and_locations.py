"""Snapshots name their milestone by its uuid and outlive it; kept answers say where they lead.

A milestone whose deletion is undone has the same uuid: what was forecast for it is there again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from wlantrack.store.types import Precise

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_VALUES = (
    "s.report_on, s.forecast_wording, s.forecast_earliest, s.forecast_latest,"
    " s.forecast_precision, s.undated_reason, s.is_reached"
)
_KEEP = """
CREATE TEMPORARY TABLE kept_snapshot AS
SELECT m.{key} AS milestone, {values}
FROM forecast_snapshot AS s JOIN milestone AS m ON m.{theirs} = s.{ours} ORDER BY s.id
"""
_FILL = """
INSERT INTO forecast_snapshot ({column}, {columns})
SELECT s.milestone, {values} FROM kept_snapshot AS s
"""


def upgrade() -> None:
    _keep("public_id", theirs="id", ours="milestone_id")
    _make_table("milestone_uuid", sa.Uuid())
    _fill("milestone_uuid")
    op.add_column(
        "idempotency_key",
        sa.Column("location", sa.String(length=2000), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Go back; what was forecast for milestones that are gone has no place there."""
    op.drop_column("idempotency_key", "location")
    _keep("id", theirs="public_id", ours="milestone_uuid")
    _make_table(
        "milestone_id",
        sa.Integer(),
        sa.ForeignKeyConstraint(
            ["milestone_id"],
            ["milestone.id"],
            name=op.f("fk_forecast_snapshot_milestone_id_milestone"),
            ondelete="CASCADE",
        ),
    )
    _fill("milestone_id")


def _keep(key: str, theirs: str, ours: str) -> None:
    op.execute(_KEEP.format(key=key, values=_VALUES, theirs=theirs, ours=ours))
    op.drop_table("forecast_snapshot")


def _fill(column: str) -> None:
    columns = _VALUES.replace("s.", "")
    op.execute(_FILL.format(column=column, columns=columns, values=_VALUES))
    op.execute("DROP TABLE kept_snapshot")


def _make_table(column: str, kind: sa.Integer | sa.Uuid[Any], *constraints: sa.Constraint) -> None:
    op.create_table(
        "forecast_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(column, kind, nullable=False),
        sa.Column("report_on", sa.Date(), nullable=False),
        sa.Column("forecast_wording", sa.String(length=80), nullable=True),
        sa.Column("forecast_earliest", sa.Date(), nullable=True),
        sa.Column("forecast_latest", sa.Date(), nullable=True),
        sa.Column("forecast_precision", Precise(), nullable=True),
        sa.Column("undated_reason", sa.String(length=300), nullable=False),
        sa.Column("is_reached", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(forecast_wording IS NULL) = (forecast_earliest IS NULL)"
            " AND (forecast_wording IS NULL) = (forecast_latest IS NULL)"
            " AND (forecast_wording IS NULL) = (forecast_precision IS NULL)",
            name=op.f("ck_forecast_snapshot_forecast_whole"),
        ),
        sa.CheckConstraint(
            "forecast_earliest <= forecast_latest", name=op.f("ck_forecast_snapshot_forecast_order")
        ),
        *constraints,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_snapshot")),
        sa.UniqueConstraint(
            column, "report_on", name=op.f(f"uq_forecast_snapshot_{column}_report_on")
        ),
    )
    op.create_index(
        "ix_forecast_snapshot_report_on", "forecast_snapshot", ["report_on"], unique=False
    )

"""Searches for better schedules are kept with who asked and what was taken over; weights are set."""

import sqlalchemy as sa
from alembic import op

from wlantrack.store.types import Instant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_WEIGHTS = ("lateness", "outside", "disturbance", "move")


def upgrade() -> None:
    _add_proposals()
    op.create_table(
        "accepted_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("package_uuid", sa.Uuid(), nullable=False),
        sa.Column("package", sa.String(length=60), nullable=False),
        sa.Column("accepted_at", Instant(), nullable=False),
        sa.Column("accepted_by", sa.String(length=80), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        _kept_text("accepted_line"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accepted_line")),
    )
    op.create_index("ix_accepted_line_text_sha256", "accepted_line", ["text_sha256"], unique=False)
    op.create_table(
        "schedule_weights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _WEIGHTS),
        *(
            sa.CheckConstraint(
                f"{name} BETWEEN 0 AND 1000", name=op.f(f"ck_schedule_weights_{name}")
            )
            for name in _WEIGHTS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_weights")),
        sa.UniqueConstraint("public_id", name=op.f("uq_schedule_weights_public_id")),
    )


def _add_proposals() -> None:
    op.create_table(
        "schedule_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("limit_s", sa.Double(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _WEIGHTS),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("beat_at", Instant(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Integer(), nullable=True),
        sa.Column("today_cost", sa.Integer(), nullable=True),
        sa.Column("move_count", sa.Integer(), nullable=True),
        sa.Column("text_sha256", sa.String(length=64), nullable=True),
        sa.Column("fault", sa.String(length=4000), nullable=False),
        sa.CheckConstraint(
            "state IN ('running', 'found', 'infeasible', 'cancelled', 'failed')",
            name=op.f("ck_schedule_proposal_state"),
        ),
        sa.CheckConstraint(
            "(state = 'running') = (ended_at IS NULL)", name=op.f("ck_schedule_proposal_ended")
        ),
        sa.CheckConstraint(
            "text_sha256 IS NOT NULL OR state IN ('running', 'failed')",
            name=op.f("ck_schedule_proposal_text_kept"),
        ),
        _kept_text("schedule_proposal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_proposal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_schedule_proposal_public_id")),
    )
    op.create_index(
        "uq_schedule_proposal_running",
        "schedule_proposal",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(
        "ix_schedule_proposal_text_sha256", "schedule_proposal", ["text_sha256"], unique=False
    )


def _kept_text(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["text_sha256"],
        ["kept_text.sha256"],
        name=op.f(f"fk_{table}_text_sha256_kept_text"),
        ondelete="RESTRICT",
    )


def downgrade() -> None:
    op.drop_table("schedule_weights")
    op.drop_table("accepted_line")
    op.drop_table("schedule_proposal")

"""Governance, and calendars that people subscribe to."""

import sqlalchemy as sa
from alembic import op

from wlantrack.store.types import Instant, Precise

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    "decision",
    "budget_line",
    "device_group",
    "post",
    "risk",
    "support_team",
    "training",
    "digest_sent",
    "feed_token",
    "feed_entry",
)
"""In the order in which they are made; they go the other way round."""


def upgrade() -> None:
    _add_governance()
    _add_feeds()


def _add_governance() -> None:

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=120), nullable=False),
        sa.Column("paper", sa.String(length=120), nullable=False),
        sa.Column("decided_wording", sa.String(length=80), nullable=True),
        sa.Column("decided_earliest", sa.Date(), nullable=True),
        sa.Column("decided_latest", sa.Date(), nullable=True),
        sa.Column("decided_precision", Precise(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "(decided_wording IS NULL) = (decided_earliest IS NULL) AND (decided_wording IS NULL) = (decided_latest IS NULL) AND (decided_wording IS NULL) = (decided_precision IS NULL)",
            name=op.f("ck_decision_decided_whole"),
        ),
        sa.CheckConstraint(
            "decided_earliest <= decided_latest", name=op.f("ck_decision_decided_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("code", name=op.f("uq_decision_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_decision_public_id")),
    )
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("budget", sa.String(length=60), nullable=False),
        sa.Column("planned_eur", sa.Integer(), nullable=True),
        sa.Column("committed_eur", sa.Integer(), nullable=True),
        sa.Column("spent_eur", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "planned_eur >= 0 AND committed_eur >= 0 AND spent_eur >= 0",
            name=op.f("ck_budget_line_amounts"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_budget_line_decision_id_decision"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint("code", name=op.f("uq_budget_line_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_budget_line_public_id")),
    )
    op.create_index(
        op.f("ix_budget_line_decision_id"), "budget_line", ["decision_id"], unique=False
    )
    op.create_table(
        "device_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("device_count", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("network_class", sa.String(length=12), nullable=True),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "network_class IN ('visitor', 'internal', 'management', 'building', 'critical')",
            name=op.f("ck_device_group_network_class"),
        ),
        sa.CheckConstraint("device_count >= 0", name=op.f("ck_device_group_device_count")),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_device_group_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_group")),
        sa.UniqueConstraint("code", name=op.f("uq_device_group_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_device_group_public_id")),
    )
    op.create_index(
        op.f("ix_device_group_building_id"), "device_group", ["building_id"], unique=False
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("office", sa.String(length=120), nullable=False),
        sa.Column("full_time_count", sa.Double(), nullable=False),
        sa.Column("plan", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "state IN ('applied for', 'approved', 'filled', 'refused')", name=op.f("ck_post_state")
        ),
        sa.CheckConstraint("full_time_count > 0", name=op.f("ck_post_full_time_count")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_post_decision_id_decision"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("code", name=op.f("uq_post_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_post_public_id")),
    )
    op.create_index(op.f("ix_post_decision_id"), "post", ["decision_id"], unique=False)
    op.create_table(
        "risk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("response", sa.String(length=1000), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("state IN ('open', 'occurred', 'closed')", name=op.f("ck_risk_state")),
        sa.CheckConstraint("impact BETWEEN 1 AND 5", name=op.f("ck_risk_impact")),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name=op.f("ck_risk_likelihood")),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_risk_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk")),
        sa.UniqueConstraint("code", name=op.f("uq_risk_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_risk_public_id")),
    )
    op.create_index(op.f("ix_risk_building_id"), "risk", ["building_id"], unique=False)
    op.create_table(
        "support_team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("duty", sa.String(length=300), nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_support_team_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_team")),
        sa.UniqueConstraint("code", name=op.f("uq_support_team_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_support_team_public_id")),
    )
    op.create_index(
        op.f("ix_support_team_building_id"), "support_team", ["building_id"], unique=False
    )
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=200), nullable=False),
        sa.Column("held_wording", sa.String(length=80), nullable=True),
        sa.Column("held_earliest", sa.Date(), nullable=True),
        sa.Column("held_latest", sa.Date(), nullable=True),
        sa.Column("held_precision", Precise(), nullable=True),
        sa.Column("planned_count", sa.Integer(), nullable=True),
        sa.Column("trained_count", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "(held_wording IS NULL) = (held_earliest IS NULL) AND (held_wording IS NULL) = (held_latest IS NULL) AND (held_wording IS NULL) = (held_precision IS NULL)",
            name=op.f("ck_training_held_whole"),
        ),
        sa.CheckConstraint("held_earliest <= held_latest", name=op.f("ck_training_held_order")),
        sa.CheckConstraint(
            "planned_count >= 0 AND trained_count >= 0", name=op.f("ck_training_counts")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_training_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sa.UniqueConstraint("code", name=op.f("uq_training_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_training_public_id")),
    )
    op.create_index(op.f("ix_training_building_id"), "training", ["building_id"], unique=False)


def _add_feeds() -> None:

    op.create_table(
        "digest_sent",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_digest_sent_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_digest_sent")),
    )
    op.create_table(
        "feed_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_feed_token_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_token")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feed_token_public_id")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_feed_token_token_sha256")),
    )
    op.create_index("ix_feed_token_user_id", "feed_token", ["user_id"], unique=False)
    op.create_table(
        "feed_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_feed_entry_building_id_building"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_feed_entry_wing_id_wing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_entry")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_feed_entry_kind_subject")),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)

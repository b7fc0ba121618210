"""Identities of a log-in service, sessions that can be told apart, a trail that is searched."""

import sqlalchemy as sa
from alembic import op

from wlantrack.store.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _create_sessions(*columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        "login_session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        *columns,
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_login_session_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_login_session")),
    )


def upgrade() -> None:
    # Columns are added in place: a rebuilt table of accounts would take their roles with it.
    op.add_column("user_account", sa.Column("issuer", sa.String(length=300), nullable=True))
    op.add_column("user_account", sa.Column("subject", sa.String(length=255), nullable=True))
    op.add_column(
        "user_account",
        sa.Column("has_outside_roles", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index("ix_user_account_identity", "user_account", ["issuer", "subject"], unique=True)
    op.drop_table("login_session")  # everybody logs in once more
    _create_sessions(
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.UniqueConstraint("public_id", name=op.f("uq_login_session_public_id")),
        sa.CheckConstraint(
            "method IN ('password', 'link', 'service')", name=op.f("ck_login_session_method")
        ),
    )
    op.create_index("ix_login_session_user_id", "login_session", ["user_id"])
    op.create_index("ix_audit_event_actor", "audit_event", ["actor"])
    op.create_index("ix_audit_event_at", "audit_event", ["at"])


def downgrade() -> None:
    op.drop_index("ix_audit_event_at", table_name="audit_event")
    op.drop_index("ix_audit_event_actor", table_name="audit_event")
    op.drop_table("login_session")
    _create_sessions()
    op.drop_index("ix_user_account_identity", table_name="user_account")
    for name in ("has_outside_roles", "subject", "issuer"):
        op.drop_column("user_account", name)

"""Who wants mail about what needs them, where to and how often."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("rhythm", sa.String(length=10), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "rhythm IN ('daily', 'weekly', 'alarms')", name=op.f("ck_digest_choice_rhythm")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_digest_choice_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_digest_choice")),
    )


def downgrade() -> None:
    op.drop_table("digest_choice")

"""By when a decision is needed, in the words in which that is known."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WHOLE = " AND ".join(
    f"(due_wording IS NULL) = (due_{part} IS NULL)" for part in ("earliest", "latest", "precision")
)


def upgrade() -> None:
    op.add_column("decision", sa.Column("due_wording", sa.String(length=80), nullable=True))
    op.add_column("decision", sa.Column("due_earliest", sa.Date(), nullable=True))
    # One statement each, so that SQLite takes the check along with the column.
    op.execute(
        "ALTER TABLE decision ADD COLUMN due_latest DATE"
        " CONSTRAINT ck_decision_due_order CHECK (due_earliest <= due_latest)"
    )
    op.execute(
        "ALTER TABLE decision ADD COLUMN due_precision VARCHAR(16)"
        f" CONSTRAINT ck_decision_due_whole CHECK ({_WHOLE})"
    )


def downgrade() -> None:
    # Those with a check over the others go first.
    for part in ("precision", "latest", "earliest", "wording"):
        op.drop_column("decision", f"due_{part}")

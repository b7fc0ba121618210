"""When a building was begun: old ones need to be known for pollutants before work is ordered."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("building", sa.Column("begun_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("building", "begun_on")

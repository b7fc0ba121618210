"""The latest change of a kind of record is found without reading the trail."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_event_entity_id", "audit_event", ["entity", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_audit_event_entity_id", table_name="audit_event")

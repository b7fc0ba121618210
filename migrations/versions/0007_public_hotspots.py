"""The public hotspot page: hotspots, and what visitors write about them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_hotspot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("open_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("floor_id", sa.Integer(), nullable=True),
        sa.Column("ssid_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("opening_hours", sa.String(length=200), nullable=False),
        sa.Column("latitude_deg", sa.Double(), nullable=True),
        sa.Column("longitude_deg", sa.Double(), nullable=True),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(latitude_deg IS NULL) = (longitude_deg IS NULL)",
            name=op.f("ck_public_hotspot_position"),
        ),
        sa.CheckConstraint(
            "latitude_deg BETWEEN -90 AND 90", name=op.f("ck_public_hotspot_latitude_deg")
        ),
        sa.CheckConstraint(
            "longitude_deg BETWEEN -180 AND 180", name=op.f("ck_public_hotspot_longitude_deg")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_public_hotspot_{table}_id_{table}"),
                ondelete="RESTRICT",
            )
            for table in ("building", "wing", "floor", "ssid")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_hotspot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_public_hotspot_public_id")),
        sa.UniqueConstraint("code", name=op.f("uq_public_hotspot_code")),
        sa.UniqueConstraint("open_id", name=op.f("uq_public_hotspot_open_id")),
    )
    for column in ("building_id", "ssid_id"):
        op.create_index(
            op.f(f"ix_public_hotspot_{column}"), "public_hotspot", [column], unique=False
        )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("reply_to", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "topic IN ('hotspot', 'accessibility', 'other')", name=op.f("ck_feedback_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feedback_public_id")),
    )
    for column in ("about", "received_at"):
        op.create_index(op.f(f"ix_feedback_{column}"), "feedback", [column], unique=False)


def downgrade() -> None:
    op.drop_table("feedback")
    op.drop_table("public_hotspot")

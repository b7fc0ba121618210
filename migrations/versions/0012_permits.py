"""Permits, penetrations, orders, trays and test records."""

import sqlalchemy as sa
from alembic import op

from wlantrack.store.types import Instant, Precise, Shape

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "column_mapping",
    "cable_route",
    "penetration",
    "permit",
    "work_order",
    "cable_test",
    "order_subject",
    "penetration_run",
    "permit_subject",
)
"""In the order in which they are made; they go the other way round."""


def upgrade() -> None:
    _add_permits()


def _add_permits() -> None:

    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
        sa.UniqueConstraint("kind", "fingerprint", name=op.f("uq_column_mapping_kind_fingerprint")),
        sa.UniqueConstraint("public_id", name=op.f("uq_column_mapping_public_id")),
    )
    op.create_table(
        "cable_route",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("upper_floor_id", sa.Integer(), nullable=True),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("line", Shape(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(kind = 'riser') = (upper_floor_id IS NOT NULL)", name=op.f("ck_cable_route_riser")
        ),
        sa.CheckConstraint(
            "kind IN ('tray', 'conduit', 'duct', 'riser')", name=op.f("ck_cable_route_kind")
        ),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_cable_route_capacity")),
        sa.ForeignKeyConstraint(
            ["floor_id"],
            ["floor.id"],
            name=op.f("fk_cable_route_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["upper_floor_id"],
            ["floor.id"],
            name=op.f("fk_cable_route_upper_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_cable_route_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cable_route")),
        sa.UniqueConstraint("code", name=op.f("uq_cable_route_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cable_route_public_id")),
    )
    op.create_index("ix_cable_route_place", "cable_route", ["floor_id", "wing_id"], unique=False)
    op.create_index(
        op.f("ix_cable_route_upper_floor_id"), "cable_route", ["upper_floor_id"], unique=False
    )
    op.create_table(
        "penetration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("x_m", sa.Double(), nullable=True),
        sa.Column("y_m", sa.Double(), nullable=True),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("fire_rating", sa.String(length=20), nullable=False),
        sa.Column("seal", sa.String(length=120), nullable=False),
        sa.Column("approval", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=True),
        sa.Column("firm", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'sealed', 'checked')", name=op.f("ck_penetration_state")
        ),
        sa.CheckConstraint("(x_m IS NULL) = (y_m IS NULL)", name=op.f("ck_penetration_position")),
        sa.ForeignKeyConstraint(
            ["floor_id"],
            ["floor.id"],
            name=op.f("fk_penetration_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_penetration_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penetration")),
        sa.UniqueConstraint("code", name=op.f("uq_penetration_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_penetration_public_id")),
    )
    op.create_index("ix_penetration_place", "penetration", ["floor_id", "wing_id"], unique=False)
    op.create_table(
        "permit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("authority", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("expected_wording", sa.String(length=80), nullable=True),
        sa.Column("expected_earliest", sa.Date(), nullable=True),
        sa.Column("expected_latest", sa.Date(), nullable=True),
        sa.Column("expected_precision", Precise(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("conditions", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "kind IN ('heritage', 'fire protection', 'pollutants', 'staff council', 'other')",
            name=op.f("ck_permit_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('needed', 'applied for', 'granted', 'refused', 'not needed')",
            name=op.f("ck_permit_state"),
        ),
        sa.CheckConstraint(
            "(expected_wording IS NULL) = (expected_earliest IS NULL) AND (expected_wording IS NULL) = (expected_latest IS NULL) AND (expected_wording IS NULL) = (expected_precision IS NULL)",
            name=op.f("ck_permit_expected_whole"),
        ),
        sa.CheckConstraint(
            "expected_earliest <= expected_latest", name=op.f("ck_permit_expected_order")
        ),
        sa.CheckConstraint("granted_on <= expires_on", name=op.f("ck_permit_order")),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_permit_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_permit_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit")),
        sa.UniqueConstraint("code", name=op.f("uq_permit_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_permit_public_id")),
    )
    op.create_index("ix_permit_place", "permit", ["building_id", "wing_id"], unique=False)
    op.create_table(
        "work_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("firm", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("ordered_on", sa.Date(), nullable=True),
        sa.Column("delivery_wording", sa.String(length=80), nullable=True),
        sa.Column("delivery_earliest", sa.Date(), nullable=True),
        sa.Column("delivery_latest", sa.Date(), nullable=True),
        sa.Column("delivery_precision", Precise(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'ordered', 'partly delivered', 'delivered', 'accepted', 'cancelled')",
            name=op.f("ck_work_order_state"),
        ),
        sa.CheckConstraint(
            "(delivery_wording IS NULL) = (delivery_earliest IS NULL) AND (delivery_wording IS NULL) = (delivery_latest IS NULL) AND (delivery_wording IS NULL) = (delivery_precision IS NULL)",
            name=op.f("ck_work_order_delivery_whole"),
        ),
        sa.CheckConstraint(
            "delivery_earliest <= delivery_latest", name=op.f("ck_work_order_delivery_order")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_work_order_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_work_order_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
        sa.UniqueConstraint("code", name=op.f("uq_work_order_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_work_order_public_id")),
    )
    op.create_index("ix_work_order_firm", "work_order", ["firm"], unique=False)
    op.create_index("ix_work_order_place", "work_order", ["building_id", "wing_id"], unique=False)
    op.create_table(
        "cable_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("cable_run_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=4), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("limit_name", sa.String(length=80), nullable=False),
        sa.Column("length_m", sa.Double(), nullable=True),
        sa.Column("margin_db", sa.Double(), nullable=True),
        sa.Column("instrument", sa.String(length=120), nullable=False),
        sa.Column("tester", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_file", sa.String(length=60), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("imported_at", Instant(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("result IN ('pass', 'fail')", name=op.f("ck_cable_test_result")),
        sa.ForeignKeyConstraint(
            ["cable_run_id"],
            ["cable_run.id"],
            name=op.f("fk_cable_test_cable_run_id_cable_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cable_test")),
        sa.UniqueConstraint(
            "cable_run_id", "fingerprint", name=op.f("uq_cable_test_cable_run_id_fingerprint")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_cable_test_public_id")),
    )
    op.create_index("ix_cable_test_run", "cable_test", ["cable_run_id", "tested_on"], unique=False)
    op.create_table(
        "order_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("cable_run_id", sa.Integer(), nullable=True),
        sa.Column("access_point_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(cable_run_id IS NULL) <> (access_point_id IS NULL)",
            name=op.f("ck_order_subject_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["access_point_id"],
            ["access_point.id"],
            name=op.f("fk_order_subject_access_point_id_access_point"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["cable_run_id"],
            ["cable_run.id"],
            name=op.f("fk_order_subject_cable_run_id_cable_run"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["work_order.id"],
            name=op.f("fk_order_subject_order_id_work_order"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_subject")),
        sa.UniqueConstraint(
            "order_id", "access_point_id", name=op.f("uq_order_subject_order_id_access_point_id")
        ),
        sa.UniqueConstraint(
            "order_id", "cable_run_id", name=op.f("uq_order_subject_order_id_cable_run_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_order_subject_public_id")),
    )
    op.create_index(
        op.f("ix_order_subject_access_point_id"), "order_subject", ["access_point_id"], unique=False
    )
    op.create_index(
        op.f("ix_order_subject_cable_run_id"), "order_subject", ["cable_run_id"], unique=False
    )
    op.create_table(
        "penetration_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("penetration_id", sa.Integer(), nullable=False),
        sa.Column("cable_run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cable_run_id"],
            ["cable_run.id"],
            name=op.f("fk_penetration_run_cable_run_id_cable_run"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["penetration_id"],
            ["penetration.id"],
            name=op.f("fk_penetration_run_penetration_id_penetration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penetration_run")),
        sa.UniqueConstraint(
            "penetration_id",
            "cable_run_id",
            name=op.f("uq_penetration_run_penetration_id_cable_run_id"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_penetration_run_public_id")),
    )
    op.create_index(
        op.f("ix_penetration_run_cable_run_id"), "penetration_run", ["cable_run_id"], unique=False
    )
    op.create_table(
        "permit_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Integer(), nullable=False),
        sa.Column("cable_run_id", sa.Integer(), nullable=True),
        sa.Column("access_point_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(cable_run_id IS NULL) <> (access_point_id IS NULL)",
            name=op.f("ck_permit_subject_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["access_point_id"],
            ["access_point.id"],
            name=op.f("fk_permit_subject_access_point_id_access_point"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["cable_run_id"],
            ["cable_run.id"],
            name=op.f("fk_permit_subject_cable_run_id_cable_run"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["permit_id"],
            ["permit.id"],
            name=op.f("fk_permit_subject_permit_id_permit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit_subject")),
        sa.UniqueConstraint(
            "permit_id", "access_point_id", name=op.f("uq_permit_subject_permit_id_access_point_id")
        ),
        sa.UniqueConstraint(
            "permit_id", "cable_run_id", name=op.f("uq_permit_subject_permit_id_cable_run_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_permit_subject_public_id")),
    )
    op.create_index(
        op.f("ix_permit_subject_access_point_id"),
        "permit_subject",
        ["access_point_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_permit_subject_cable_run_id"), "permit_subject", ["cable_run_id"], unique=False
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)

"""Demand, files and antennas: zones with requirements, room groups, uplinks, clutter, imports."""

import uuid

import sqlalchemy as sa
from alembic import op

from wlantrack.store.types import Instant, Shape

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _move_patterns() -> None:
    """Make an antenna of every pattern that a model's radio holds."""
    connection = op.get_bind()
    radio = sa.table(
        "model_radio",
        sa.column("id", sa.Integer),
        sa.column("band", sa.String),
        sa.column("gain_dbi", sa.Double),
        sa.column("pattern", sa.JSON),
        sa.column("antenna_id", sa.Integer),
    )
    antenna = sa.table(
        "antenna_pattern",
        sa.column("id", sa.Integer),
        sa.column("public_id", sa.Uuid),
        sa.column("version", sa.Integer),
        sa.column("code", sa.String),
        sa.column("name", sa.String),
        sa.column("vendor", sa.String),
        sa.column("band", sa.String),
        sa.column("gain_dbi", sa.Double),
        sa.column("cuts", sa.JSON),
        sa.column("tabulated_mount", sa.String),
        sa.column("source", sa.String),
    )
    for row in connection.execute(sa.select(radio)).all():
        if row.pattern is None:
            continue
        code = f"model-radio-{row.id}"
        connection.execute(
            antenna.insert().values(
                public_id=uuid.uuid4(),
                version=1,
                code=code,
                name=code,
                vendor="",
                band=row.band,
                gain_dbi=row.gain_dbi,
                cuts=row.pattern,
                tabulated_mount="ceiling",
                source="",
            )
        )
        made = sa.select(antenna.c.id).where(antenna.c.code == code).scalar_subquery()
        connection.execute(radio.update().where(radio.c.id == row.id).values(antenna_id=made))


def upgrade() -> None:
    op.create_index("ix_audit_event_request", "audit_event", ["request_id"], unique=False)

    op.create_table(
        "antenna_pattern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("vendor", sa.String(length=80), nullable=False),
        sa.Column("band", sa.String(length=3), nullable=True),
        sa.Column("gain_dbi", sa.Double(), nullable=False),
        sa.Column("cuts", sa.JSON(), nullable=False),
        sa.Column("tabulated_mount", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint("band IN ('2.4', '5', '6')", name=op.f("ck_antenna_pattern_band")),
        sa.CheckConstraint(
            "tabulated_mount IN ('ceiling', 'wall', 'floor')",
            name=op.f("ck_antenna_pattern_tabulated_mount"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_antenna_pattern")),
        sa.UniqueConstraint("code", name=op.f("uq_antenna_pattern_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_antenna_pattern_public_id")),
    )
    op.create_table(
        "client_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("offset_24_db", sa.Double(), nullable=False),
        sa.Column("offset_5_db", sa.Double(), nullable=False),
        sa.Column("offset_6_db", sa.Double(), nullable=False),
        sa.Column("has_24", sa.Boolean(), nullable=False),
        sa.Column("has_5", sa.Boolean(), nullable=False),
        sa.Column("has_6", sa.Boolean(), nullable=False),
        sa.Column("transmit_power_dbm", sa.Double(), nullable=False),
        sa.Column("streams", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint("streams BETWEEN 1 AND 8", name=op.f("ck_client_profile_streams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_profile")),
        sa.UniqueConstraint("code", name=op.f("uq_client_profile_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_client_profile_public_id")),
    )
    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("signal_dbm", sa.Double(), nullable=True),
        sa.Column("secondary_dbm", sa.Double(), nullable=True),
        sa.Column("snr_db", sa.Double(), nullable=True),
        sa.Column("data_rate_mbit", sa.Double(), nullable=True),
        sa.Column("access_point_count", sa.Integer(), nullable=True),
        sa.Column("access_point_dbm", sa.Double(), nullable=True),
        sa.Column("overlap_max", sa.Integer(), nullable=True),
        sa.Column("pass_share", sa.Double(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "access_point_count >= 1", name=op.f("ck_requirement_access_point_count")
        ),
        sa.CheckConstraint(
            "pass_share > 0 AND pass_share <= 1", name=op.f("ck_requirement_pass_share")
        ),
        sa.CheckConstraint(
            "secondary_dbm BETWEEN -120 AND 0", name=op.f("ck_requirement_secondary_dbm")
        ),
        sa.CheckConstraint("signal_dbm BETWEEN -120 AND 0", name=op.f("ck_requirement_signal_dbm")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("code", name=op.f("uq_requirement_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_requirement_public_id")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("stored_file", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("imported_at", Instant(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("undone_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_import_run_building_id_building"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_run_public_id")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_request_id"), ["request_id"], unique=False)

    op.create_table(
        "room_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_room_group_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_group")),
        sa.UniqueConstraint("building_id", "code", name=op.f("uq_room_group_building_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_room_group_public_id")),
    )
    op.create_table(
        "uplink",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("provider", sa.String(length=120), nullable=False),
        sa.Column("network_class", sa.String(length=12), nullable=True),
        sa.Column("down_mbit", sa.Double(), nullable=False),
        sa.Column("up_mbit", sa.Double(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "network_class IN ('visitor', 'internal', 'management', 'building', 'critical')",
            name=op.f("ck_uplink_network_class"),
        ),
        sa.CheckConstraint("down_mbit > 0 AND up_mbit > 0", name=op.f("ck_uplink_rate")),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_uplink_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uplink")),
        sa.UniqueConstraint("code", name=op.f("uq_uplink_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_uplink_public_id")),
    )
    with op.batch_alter_table("uplink", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_uplink_building_id"), ["building_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("stored_file", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("uploaded_at", Instant(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'document')", name=op.f("ck_attachment_kind")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_attachment_size_bytes")),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_attachment_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_attachment_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attachment_public_id")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index("ix_attachment_subject", ["entity", "subject"], unique=False)

    op.create_table(
        "clutter_zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("outline", Shape(), nullable=False),
        sa.Column("db_per_m_24", sa.Double(), nullable=False),
        sa.Column("db_per_m_5", sa.Double(), nullable=False),
        sa.Column("db_per_m_6", sa.Double(), nullable=False),
        sa.Column("bottom_m", sa.Double(), nullable=False),
        sa.Column("top_m", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "db_per_m_24 >= 0 AND db_per_m_5 >= 0 AND db_per_m_6 >= 0",
            name=op.f("ck_clutter_zone_loss"),
        ),
        sa.CheckConstraint("top_m > bottom_m", name=op.f("ck_clutter_zone_has_height")),
        sa.ForeignKeyConstraint(
            ["floor_id"],
            ["floor.id"],
            name=op.f("fk_clutter_zone_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clutter_zone")),
        sa.UniqueConstraint("public_id", name=op.f("uq_clutter_zone_public_id")),
    )
    with op.batch_alter_table("clutter_zone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clutter_zone_floor_id"), ["floor_id"], unique=False)

    op.create_table(
        "uplink_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("uplink_id", sa.Integer(), nullable=False),
        sa.Column("measured_at", Instant(timezone=True), nullable=False),
        sa.Column("down_mbit", sa.Double(), nullable=False),
        sa.Column("up_mbit", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["uplink_id"],
            ["uplink.id"],
            name=op.f("fk_uplink_load_uplink_id_uplink"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uplink_load")),
        sa.UniqueConstraint("public_id", name=op.f("uq_uplink_load_public_id")),
        sa.UniqueConstraint(
            "uplink_id", "measured_at", name=op.f("uq_uplink_load_uplink_id_measured_at")
        ),
    )
    op.create_table(
        "zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("outline", Shape(), nullable=True),
        sa.Column("room_use", sa.String(length=30), nullable=True),
        sa.Column("network_class", sa.String(length=12), nullable=False),
        sa.Column("band", sa.String(length=3), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("client_profile_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint("band IN ('2.4', '5', '6')", name=op.f("ck_zone_band")),
        sa.CheckConstraint(
            "network_class IN ('visitor', 'internal', 'management', 'building', 'critical')",
            name=op.f("ck_zone_network_class"),
        ),
        sa.CheckConstraint(
            "room_use IN ('office', 'meeting', 'council', 'public', 'corridor', 'stairs', 'sanitary', 'technical', 'storage', 'other')",
            name=op.f("ck_zone_room_use"),
        ),
        sa.CheckConstraint(
            "(outline IS NULL) <> (room_use IS NULL)", name=op.f("ck_zone_one_shape")
        ),
        sa.ForeignKeyConstraint(
            ["client_profile_id"],
            ["client_profile.id"],
            name=op.f("fk_zone_client_profile_id_client_profile"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["floor_id"], ["floor.id"], name=op.f("fk_zone_floor_id_floor"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["requirement.id"],
            name=op.f("fk_zone_requirement_id_requirement"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_zone_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        sa.UniqueConstraint("floor_id", "code", name=op.f("uq_zone_floor_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_zone_public_id")),
    )
    with op.batch_alter_table("zone", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_zone_client_profile_id"), ["client_profile_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_zone_requirement_id"), ["requirement_id"], unique=False
        )

    op.create_table(
        "room_group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("room_group_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_group_id"],
            ["room_group.id"],
            name=op.f("fk_room_group_member_room_group_id_room_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["room.id"],
            name=op.f("fk_room_group_member_room_id_room"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_group_member")),
        sa.UniqueConstraint("public_id", name=op.f("uq_room_group_member_public_id")),
        sa.UniqueConstraint(
            "room_group_id", "room_id", name=op.f("uq_room_group_member_room_group_id_room_id")
        ),
    )
    with op.batch_alter_table("room_group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_group_member_room_id"), ["room_id"], unique=False)

    # No batch: it would drop and remake a table that others refer to.
    for name in ("priority_reason", "opening_hours"):
        column = sa.Column(name, sa.String(length=200), nullable=False, server_default="")
        op.add_column("building", column)
    op.add_column("building", sa.Column("footprint", Shape(), nullable=True))

    with op.batch_alter_table("model_radio", schema=None) as batch_op:
        batch_op.add_column(sa.Column("antenna_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_model_radio_antenna_id"), ["antenna_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_model_radio_antenna_id_antenna_pattern"),
            "antenna_pattern",
            ["antenna_id"],
            ["id"],
            ondelete="RESTRICT",
        )
    _move_patterns()
    with op.batch_alter_table("model_radio", schema=None) as batch_op:
        batch_op.drop_column("pattern")

    with op.batch_alter_table("radio", schema=None) as batch_op:
        batch_op.add_column(sa.Column("antenna_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_radio_antenna_id"), ["antenna_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_radio_antenna_id_antenna_pattern"),
            "antenna_pattern",
            ["antenna_id"],
            ["id"],
            ondelete="RESTRICT",
        )


def downgrade() -> None:
    op.drop_index("ix_audit_event_request", "audit_event")

    with op.batch_alter_table("radio", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_radio_antenna_id_antenna_pattern"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_radio_antenna_id"))
        batch_op.drop_column("antenna_id")

    with op.batch_alter_table("model_radio", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pattern", sa.JSON(), nullable=True))
        batch_op.drop_constraint(
            batch_op.f("fk_model_radio_antenna_id_antenna_pattern"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_model_radio_antenna_id"))
        batch_op.drop_column("antenna_id")

    for name in ("footprint", "opening_hours", "priority_reason"):
        op.drop_column("building", name)

    with op.batch_alter_table("room_group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_group_member_room_id"))

    op.drop_table("room_group_member")
    with op.batch_alter_table("zone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_zone_requirement_id"))
        batch_op.drop_index(batch_op.f("ix_zone_client_profile_id"))

    op.drop_table("zone")
    op.drop_table("uplink_load")
    with op.batch_alter_table("clutter_zone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clutter_zone_floor_id"))

    op.drop_table("clutter_zone")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_subject")

    op.drop_table("attachment")
    with op.batch_alter_table("uplink", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_uplink_building_id"))

    op.drop_table("uplink")
    op.drop_table("room_group")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_request_id"))

    op.drop_table("import_run")
    op.drop_table("requirement")
    op.drop_table("client_profile")
    op.drop_table("antenna_pattern")

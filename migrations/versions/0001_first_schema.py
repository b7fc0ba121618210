"""Places, walls, access points, people, and an audit trail that cannot be changed."""

import sqlalchemy as sa
from alembic import op

from wlantrack.store.types import Instant, Shape

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_FORBID_SQLITE = """
CREATE TRIGGER audit_event_no_{act} BEFORE {act} ON audit_event
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END
"""
_FORBID_FUNCTION = """
CREATE FUNCTION audit_event_is_append_only() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only';
END
$$ LANGUAGE plpgsql
"""
_FORBID_POSTGRESQL = """
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only()
"""


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FORBID_FUNCTION)
        op.execute(_FORBID_POSTGRESQL)
    else:
        for act in ("UPDATE", "DELETE"):
            op.execute(_FORBID_SQLITE.format(act=act))


def upgrade() -> None:
    op.create_table(
        "access_point_model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("vendor", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("poe_class", sa.Integer(), nullable=True),
        sa.Column("end_of_support", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_point_model")),
        sa.UniqueConstraint("code", name=op.f("uq_access_point_model_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_access_point_model_public_id")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_subject", ["entity", "public_id"], unique=False)

    op.create_table(
        "building",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("origin_easting_m", sa.Double(), nullable=True),
        sa.Column("origin_northing_m", sa.Double(), nullable=True),
        sa.Column("rotation_deg", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "(origin_easting_m IS NULL) = (origin_northing_m IS NULL)",
            name=op.f("ck_building_georeference"),
        ),
        sa.CheckConstraint("priority BETWEEN 1 AND 5", name=op.f("ck_building_priority")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building")),
        sa.UniqueConstraint("code", name=op.f("uq_building_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_building_public_id")),
    )
    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("layers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("measured_db_24", sa.Double(), nullable=True),
        sa.Column("measured_db_5", sa.Double(), nullable=True),
        sa.Column("measured_db_6", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "layers IS NOT NULL OR (measured_db_24 IS NOT NULL AND measured_db_5 IS NOT NULL AND measured_db_6 IS NOT NULL)",
            name=op.f("ck_material_has_loss"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint("code", name=op.f("uq_material_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_material_public_id")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "theme IN ('system', 'light', 'dark')", name=op.f("ck_user_account_theme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("name", name=op.f("uq_user_account_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_account_public_id")),
    )
    op.create_table(
        "floor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("height_m", sa.Double(), nullable=False),
        sa.Column("elevation_m", sa.Double(), nullable=True),
        sa.Column("slab_material_id", sa.Integer(), nullable=True),
        sa.Column("slab_outline", Shape(), nullable=True),
        sa.CheckConstraint("height_m > 0 AND height_m <= 50", name=op.f("ck_floor_height_m")),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_floor_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["slab_material_id"],
            ["material.id"],
            name=op.f("fk_floor_slab_material_id_material"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor")),
        sa.UniqueConstraint("building_id", "level", name=op.f("uq_floor_building_id_level")),
        sa.UniqueConstraint("public_id", name=op.f("uq_floor_public_id")),
    )
    op.create_table(
        "login_session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_login_session_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_login_session")),
    )
    op.create_table(
        "model_radio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=3), nullable=False),
        sa.Column("max_power_dbm", sa.Double(), nullable=False),
        sa.Column("gain_dbi", sa.Double(), nullable=False),
        sa.Column("streams", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("band IN ('2.4', '5', '6')", name=op.f("ck_model_radio_band")),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["access_point_model.id"],
            name=op.f("fk_model_radio_model_id_access_point_model"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_radio")),
        sa.UniqueConstraint("model_id", "slot", name=op.f("uq_model_radio_model_id_slot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_model_radio_public_id")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_one_time_link_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_one_time_link")),
    )
    op.create_table(
        "wing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("outline", Shape(), nullable=True),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_wing_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wing")),
        sa.UniqueConstraint("building_id", "code", name=op.f("uq_wing_building_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_wing_public_id")),
    )
    op.create_table(
        "floor_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("original_file", sa.String(length=60), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("image_file", sa.String(length=60), nullable=False),
        sa.Column("image_sha256", sa.String(length=64), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("paper_m_per_px", sa.Double(), nullable=True),
        sa.Column("pixel_to_building", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("scale_method", sa.String(length=30), nullable=True),
        sa.Column("residual_m", sa.Double(), nullable=True),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("uploaded_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "scale_method IN ('metres per pixel', 'two points', 'known width', 'drawing scale', 'control points')",
            name=op.f("ck_floor_plan_scale_method"),
        ),
        sa.CheckConstraint("width_px > 0 AND height_px > 0", name=op.f("ck_floor_plan_size")),
        sa.ForeignKeyConstraint(
            ["floor_id"],
            ["floor.id"],
            name=op.f("fk_floor_plan_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_floor_plan_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_plan")),
        sa.UniqueConstraint("floor_id", "number", name=op.f("uq_floor_plan_floor_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_floor_plan_public_id")),
    )
    with op.batch_alter_table("floor_plan", schema=None) as batch_op:
        batch_op.create_index(
            "ix_floor_plan_current_floor",
            ["floor_id"],
            unique=True,
            sqlite_where=sa.text("is_current AND wing_id IS NULL"),
            postgresql_where=sa.text("is_current AND wing_id IS NULL"),
        )
        batch_op.create_index(
            "ix_floor_plan_current_wing",
            ["floor_id", "wing_id"],
            unique=True,
            sqlite_where=sa.text("is_current AND wing_id IS NOT NULL"),
            postgresql_where=sa.text("is_current AND wing_id IS NOT NULL"),
        )

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "role IN ('viewer', 'firm', 'facility', 'planner', 'manager', 'security officer', 'admin')",
            name=op.f("ck_role_grant_role"),
        ),
        sa.CheckConstraint(
            "building_id IS NULL OR wing_id IS NULL", name=op.f("ck_role_grant_one_scope")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_role_grant_building_id_building"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_role_grant_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_role_grant_wing_id_wing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("public_id", name=op.f("uq_role_grant_public_id")),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("use", sa.String(length=30), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("is_secure", sa.Boolean(), nullable=False),
        sa.Column("conference_equipment", sa.String(length=30), nullable=False),
        sa.Column("outline", Shape(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "conference_equipment IN ('none', 'present', 'requested', 'ordered')",
            name=op.f("ck_room_conference_equipment"),
        ),
        sa.CheckConstraint(
            "use IN ('office', 'meeting', 'council', 'public', 'corridor', 'stairs', 'sanitary', 'technical', 'storage', 'other')",
            name=op.f("ck_room_use"),
        ),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_room_seats")),
        sa.ForeignKeyConstraint(
            ["floor_id"], ["floor.id"], name=op.f("fk_room_floor_id_floor"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_room_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("floor_id", "number", name=op.f("uq_room_floor_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_room_public_id")),
    )
    op.create_table(
        "wall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("x1_m", sa.Double(), nullable=False),
        sa.Column("y1_m", sa.Double(), nullable=False),
        sa.Column("x2_m", sa.Double(), nullable=False),
        sa.Column("y2_m", sa.Double(), nullable=False),
        sa.Column("bottom_m", sa.Double(), nullable=False),
        sa.Column("top_m", sa.Double(), nullable=True),
        sa.Column("thickness_m", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "thickness_m IS NULL OR thickness_m > 0", name=op.f("ck_wall_thickness_m")
        ),
        sa.CheckConstraint("top_m IS NULL OR top_m > bottom_m", name=op.f("ck_wall_has_height")),
        sa.CheckConstraint("x1_m <> x2_m OR y1_m <> y2_m", name=op.f("ck_wall_has_length")),
        sa.ForeignKeyConstraint(
            ["floor_id"], ["floor.id"], name=op.f("fk_wall_floor_id_floor"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["material.id"],
            name=op.f("fk_wall_material_id_material"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall")),
        sa.UniqueConstraint("public_id", name=op.f("uq_wall_public_id")),
    )
    with op.batch_alter_table("wall", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wall_floor_id"), ["floor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_wall_material_id"), ["material_id"], unique=False)

    op.create_table(
        "access_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("x_m", sa.Double(), nullable=False),
        sa.Column("y_m", sa.Double(), nullable=False),
        sa.Column("installed_x_m", sa.Double(), nullable=True),
        sa.Column("installed_y_m", sa.Double(), nullable=True),
        sa.Column("height_m", sa.Double(), nullable=False),
        sa.Column("mount", sa.String(length=10), nullable=False),
        sa.Column("azimuth_deg", sa.Double(), nullable=False),
        sa.Column("downtilt_deg", sa.Double(), nullable=False),
        sa.Column("is_outdoor", sa.Boolean(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column("mac", sa.String(length=17), nullable=False),
        sa.Column("legacy_id", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "mount IN ('ceiling', 'wall', 'floor')", name=op.f("ck_access_point_mount")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'released', 'ordered', 'delivered', 'staged', 'mounted', 'online', 'in operation', 'accepted', 'faulty', 'lost', 'removed')",
            name=op.f("ck_access_point_state"),
        ),
        sa.CheckConstraint(
            "(installed_x_m IS NULL) = (installed_y_m IS NULL)",
            name=op.f("ck_access_point_installed_position"),
        ),
        sa.CheckConstraint(
            "height_m >= 0 AND height_m <= 50", name=op.f("ck_access_point_height_m")
        ),
        sa.ForeignKeyConstraint(
            ["floor_id"],
            ["floor.id"],
            name=op.f("fk_access_point_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["access_point_model.id"],
            name=op.f("fk_access_point_model_id_access_point_model"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_access_point_room_id_room"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_access_point_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_point")),
        sa.UniqueConstraint("code", name=op.f("uq_access_point_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_access_point_public_id")),
    )
    with op.batch_alter_table("access_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_point_floor_id"), ["floor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_point_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_point_wing_id"), ["wing_id"], unique=False)

    op.create_table(
        "radio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("access_point_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=3), nullable=False),
        sa.Column("channel", sa.Integer(), nullable=True),
        sa.Column("width_mhz", sa.Integer(), nullable=False),
        sa.Column("power_dbm", sa.Double(), nullable=True),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.CheckConstraint("band IN ('2.4', '5', '6')", name=op.f("ck_radio_band")),
        sa.CheckConstraint("power_dbm BETWEEN -10 AND 36", name=op.f("ck_radio_power_dbm")),
        sa.CheckConstraint("width_mhz IN (20, 40, 80, 160, 320)", name=op.f("ck_radio_width_mhz")),
        sa.ForeignKeyConstraint(
            ["access_point_id"],
            ["access_point.id"],
            name=op.f("fk_radio_access_point_id_access_point"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radio")),
        sa.UniqueConstraint("access_point_id", "slot", name=op.f("uq_radio_access_point_id_slot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_radio_public_id")),
    )
    _forbid_changes()


def downgrade() -> None:
    op.drop_table("radio")
    with op.batch_alter_table("access_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_point_wing_id"))
        batch_op.drop_index(batch_op.f("ix_access_point_room_id"))
        batch_op.drop_index(batch_op.f("ix_access_point_floor_id"))

    op.drop_table("access_point")
    with op.batch_alter_table("wall", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wall_material_id"))
        batch_op.drop_index(batch_op.f("ix_wall_floor_id"))

    op.drop_table("wall")
    op.drop_table("room")
    op.drop_table("role_grant")
    with op.batch_alter_table("floor_plan", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_floor_plan_current_wing",
            sqlite_where=sa.text("is_current AND wing_id IS NOT NULL"),
            postgresql_where=sa.text("is_current AND wing_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_floor_plan_current_floor",
            sqlite_where=sa.text("is_current AND wing_id IS NULL"),
            postgresql_where=sa.text("is_current AND wing_id IS NULL"),
        )

    op.drop_table("floor_plan")
    op.drop_table("wing")
    op.drop_table("one_time_link")
    op.drop_table("model_radio")
    op.drop_table("login_session")
    op.drop_table("floor")
    op.drop_table("user_account")
    op.drop_table("material")
    op.drop_table("building")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_subject")

    op.drop_table("audit_event")
    op.drop_table("access_point_model")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_event_is_append_only()")

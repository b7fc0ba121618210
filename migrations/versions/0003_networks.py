"""Networks: segments, SSIDs and flows; an SSID always has its VLAN's class."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


_MIXED = "a network name and its segment must have one class"

# What must not be, whatever the statement: an SSID without a VLAN of its own class. The composite
# key says the same, but an SQLite shell has foreign keys off by default.
#
# SQLite looks after the statement has done its work: before it, a new VLAN has no id yet, and rows
# that OR REPLACE pushes out leave without a DELETE trigger.
_SSID_IS_MIXED = (
    "NOT EXISTS (SELECT 1 FROM vlan WHERE id = NEW.vlan_id AND network_class = NEW.network_class)"
)
_ANY_SSID_IS_MIXED = (
    "EXISTS (SELECT 1 FROM ssid WHERE NOT EXISTS (SELECT 1 FROM vlan"
    " WHERE vlan.id = ssid.vlan_id AND vlan.network_class = ssid.network_class))"
)
_SQLITE_TRIGGERS = (
    ("ssid", "INSERT", _SSID_IS_MIXED),
    ("ssid", "UPDATE", _SSID_IS_MIXED),
    ("vlan", "INSERT", _ANY_SSID_IS_MIXED),
    ("vlan", "UPDATE", _ANY_SSID_IS_MIXED),
    ("vlan", "DELETE", _ANY_SSID_IS_MIXED),
)

# PostgreSQL looks before each row. The lock of an SSID's VLAN holds until the end of its
# transaction, so that nobody reclassifies the VLAN meanwhile. Whoever has waited for that lock must
# see the new SSID, which a snapshot of the whole transaction would hide: hence read committed.
# The search path keeps temporary tables from standing in for the real ones.
_POSTGRESQL_FUNCTIONS = """
CREATE FUNCTION ssid_keeps_class() RETURNS trigger LANGUAGE plpgsql
SET search_path = {schema}, pg_temp AS $$
BEGIN
  PERFORM 1 FROM vlan WHERE id = NEW.vlan_id AND network_class = NEW.network_class FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION '{mixed}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE FUNCTION vlan_keeps_class() RETURNS trigger LANGUAGE plpgsql
SET search_path = {schema}, pg_temp AS $$
DECLARE
  is_mixed boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    is_mixed := EXISTS (
      SELECT 1 FROM ssid WHERE vlan_id = NEW.id AND network_class <> NEW.network_class
    );
  ELSIF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.network_class = OLD.network_class THEN
    RETURN NEW;
  ELSIF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a segment is reclassified or deleted in a read committed transaction only'
      USING ERRCODE = 'integrity_constraint_violation';
  ELSIF TG_OP = 'TRUNCATE' THEN
    is_mixed := EXISTS (SELECT 1 FROM ssid);
  ELSE
    is_mixed := EXISTS (SELECT 1 FROM ssid WHERE vlan_id = OLD.id);
    IF TG_OP = 'UPDATE' AND NOT is_mixed THEN
      is_mixed := EXISTS (
        SELECT 1 FROM ssid WHERE vlan_id = NEW.id AND network_class <> NEW.network_class
      );
    END IF;
  END IF;
  IF is_mixed THEN
    RAISE EXCEPTION '{mixed}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER ssid_keeps_class BEFORE INSERT OR UPDATE ON ssid
FOR EACH ROW EXECUTE FUNCTION ssid_keeps_class();
CREATE TRIGGER vlan_keeps_class BEFORE INSERT OR UPDATE OR DELETE ON vlan
FOR EACH ROW EXECUTE FUNCTION vlan_keeps_class();
CREATE TRIGGER vlan_keeps_class_truncate BEFORE TRUNCATE ON vlan
FOR EACH STATEMENT EXECUTE FUNCTION vlan_keeps_class();
-- Also where a session has switched off foreign keys and ordinary triggers.
ALTER TABLE ssid ENABLE ALWAYS TRIGGER ssid_keeps_class;
ALTER TABLE vlan ENABLE ALWAYS TRIGGER vlan_keeps_class;
ALTER TABLE vlan ENABLE ALWAYS TRIGGER vlan_keeps_class_truncate;
"""


def _keep_classes_apart() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        schema = bind.dialect.identifier_preparer.quote(
            str(bind.scalar(sa.select(sa.func.current_schema())))
        )
        op.execute(_POSTGRESQL_FUNCTIONS.format(schema=schema, mixed=_MIXED))
        return
    for table, act, is_wrong in _SQLITE_TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {table}_keeps_class_{act.lower()} AFTER {act} ON {table}"
            f" WHEN {is_wrong} BEGIN SELECT RAISE(ABORT, '{_MIXED}'); END"
        )


def upgrade() -> None:

    op.create_table(
        "vlan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("vid", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("network_class", sa.String(length=12), nullable=False),
        sa.Column("subnet_v4", sa.String(length=18), nullable=False),
        sa.Column("subnet_v6", sa.String(length=49), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("protection_need", sa.String(length=12), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "network_class IN ('visitor', 'internal', 'management', 'building', 'critical')",
            name=op.f("ck_vlan_network_class"),
        ),
        sa.CheckConstraint(
            "protection_need IN ('normal', 'high', 'very high')",
            name=op.f("ck_vlan_protection_need"),
        ),
        sa.CheckConstraint("vid BETWEEN 1 AND 4094", name=op.f("ck_vlan_vid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vlan")),
        sa.UniqueConstraint("code", name=op.f("uq_vlan_code")),
        sa.UniqueConstraint("id", "network_class", name=op.f("uq_vlan_id_network_class")),
        sa.UniqueConstraint("public_id", name=op.f("uq_vlan_public_id")),
    )
    op.create_table(
        "flow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("family", sa.String(length=8), nullable=False),
        sa.Column("services", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint("action IN ('allow', 'deny')", name=op.f("ck_flow_action")),
        sa.CheckConstraint("family IN ('both', 'v4', 'v6')", name=op.f("ck_flow_family")),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_flow_two_segments")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["vlan.id"], name=op.f("fk_flow_source_id_vlan"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["vlan.id"], name=op.f("fk_flow_target_id_vlan"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow")),
        sa.UniqueConstraint("code", name=op.f("uq_flow_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_flow_public_id")),
    )
    with op.batch_alter_table("flow", schema=None) as batch_op:
        batch_op.create_index("ix_flow_ends", ["source_id", "target_id"], unique=False)

    op.create_table(
        "ssid",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("network_class", sa.String(length=12), nullable=False),
        sa.Column("vlan_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("security", sa.String(length=24), nullable=False),
        sa.Column("pmf", sa.String(length=10), nullable=False),
        sa.Column("is_on_24", sa.Boolean(), nullable=False),
        sa.Column("is_on_5", sa.Boolean(), nullable=False),
        sa.Column("is_on_6", sa.Boolean(), nullable=False),
        sa.Column("is_isolated", sa.Boolean(), nullable=True),
        sa.Column("uses_wps", sa.Boolean(), nullable=True),
        sa.Column("uses_tkip", sa.Boolean(), nullable=True),
        sa.Column("portal_url", sa.String(length=200), nullable=False),
        sa.Column("privacy_notice_version", sa.String(length=40), nullable=False),
        sa.Column("psk_length", sa.Integer(), nullable=True),
        sa.Column("is_psk_unique", sa.Boolean(), nullable=True),
        sa.Column("psk_attested_on", sa.Date(), nullable=True),
        sa.Column("migration_on", sa.Date(), nullable=True),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("protection_need", sa.String(length=12), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "network_class IN ('visitor', 'internal', 'management', 'building', 'critical')",
            name=op.f("ck_ssid_network_class"),
        ),
        sa.CheckConstraint("pmf IN ('off', 'optional', 'required')", name=op.f("ck_ssid_pmf")),
        sa.CheckConstraint(
            "protection_need IN ('normal', 'high', 'very high')",
            name=op.f("ck_ssid_protection_need"),
        ),
        sa.CheckConstraint(
            "security IN ('open', 'owe', 'owe-transition', 'wep', 'wpa1-psk', 'wpa2-psk', 'wpa2-wpa3-psk', 'wpa3-sae', 'wpa2-enterprise', 'wpa2-wpa3-enterprise', 'wpa3-enterprise', 'wpa3-enterprise-192')",
            name=op.f("ck_ssid_security"),
        ),
        sa.CheckConstraint("state IN ('planned', 'on air', 'retired')", name=op.f("ck_ssid_state")),
        sa.CheckConstraint("is_on_24 OR is_on_5 OR is_on_6", name=op.f("ck_ssid_has_band")),
        sa.CheckConstraint("psk_length BETWEEN 8 AND 63", name=op.f("ck_ssid_psk_length")),
        sa.ForeignKeyConstraint(
            ["vlan_id", "network_class"],
            ["vlan.id", "vlan.network_class"],
            name="fk_ssid_vlan_class",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ssid")),
        sa.UniqueConstraint("code", name=op.f("uq_ssid_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ssid_public_id")),
    )
    with op.batch_alter_table("ssid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ssid_vlan_id"), ["vlan_id"], unique=False)

    op.create_table(
        "ssid_scope",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ssid_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("floor_id", sa.Integer(), nullable=True),
        sa.Column("access_point_id", sa.Integer(), nullable=True),
        sa.Column("is_excluded", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN building_id IS NULL THEN 0 ELSE 1 END + CASE WHEN wing_id IS NULL THEN 0 ELSE 1 END + CASE WHEN floor_id IS NULL THEN 0 ELSE 1 END + CASE WHEN access_point_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_ssid_scope_one_place"),
        ),
        sa.ForeignKeyConstraint(
            ["access_point_id"],
            ["access_point.id"],
            name=op.f("fk_ssid_scope_access_point_id_access_point"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_ssid_scope_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["floor_id"],
            ["floor.id"],
            name=op.f("fk_ssid_scope_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ssid_id"], ["ssid.id"], name=op.f("fk_ssid_scope_ssid_id_ssid"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_ssid_scope_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ssid_scope")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ssid_scope_public_id")),
        sa.UniqueConstraint(
            "ssid_id", "access_point_id", name=op.f("uq_ssid_scope_ssid_id_access_point_id")
        ),
        sa.UniqueConstraint(
            "ssid_id", "building_id", name=op.f("uq_ssid_scope_ssid_id_building_id")
        ),
        sa.UniqueConstraint("ssid_id", "floor_id", name=op.f("uq_ssid_scope_ssid_id_floor_id")),
        sa.UniqueConstraint("ssid_id", "wing_id", name=op.f("uq_ssid_scope_ssid_id_wing_id")),
    )
    with op.batch_alter_table("ssid_scope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ssid_scope_ssid_id"), ["ssid_id"], unique=False)
    _keep_classes_apart()


def downgrade() -> None:

    with op.batch_alter_table("ssid_scope", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ssid_scope_ssid_id"))

    op.drop_table("ssid_scope")
    with op.batch_alter_table("ssid", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ssid_vlan_id"))

    op.drop_table("ssid")
    with op.batch_alter_table("flow", schema=None) as batch_op:
        batch_op.drop_index("ix_flow_ends")

    op.drop_table("flow")
    op.drop_table("vlan")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ssid_keeps_class()")
        op.execute("DROP FUNCTION vlan_keeps_class()")

"""Cabling: distributors, switches, ports, outlets, cable runs and their steps."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "distributor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("x_m", sa.Double(), nullable=True),
        sa.Column("y_m", sa.Double(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["floor_id"],
            ["floor.id"],
            name=op.f("fk_distributor_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_distributor_room_id_room"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_distributor_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distributor")),
        sa.UniqueConstraint("code", name=op.f("uq_distributor_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_distributor_public_id")),
    )
    with op.batch_alter_table("distributor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_distributor_floor_id"), ["floor_id"], unique=False)

    op.create_table(
        "outlet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("x_m", sa.Double(), nullable=True),
        sa.Column("y_m", sa.Double(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["floor_id"], ["floor.id"], name=op.f("fk_outlet_floor_id_floor"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_outlet_room_id_room"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_outlet_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
        sa.UniqueConstraint("code", name=op.f("uq_outlet_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_outlet_public_id")),
    )
    with op.batch_alter_table("outlet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outlet_floor_id"), ["floor_id"], unique=False)

    op.create_table(
        "cable_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("floor_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("distributor_id", sa.Integer(), nullable=True),
        sa.Column("panel_port", sa.String(length=30), nullable=True),
        sa.Column("access_point_id", sa.Integer(), nullable=True),
        sa.Column("outlet_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("test_limit", sa.String(length=16), nullable=False),
        sa.Column("length_planned_m", sa.Double(), nullable=True),
        sa.Column("length_actual_m", sa.Double(), nullable=True),
        sa.Column("crosses_fire_wall", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_before", sa.String(length=24), nullable=True),
        sa.Column("state_on", sa.Date(), nullable=True),
        sa.Column("firm", sa.String(length=120), nullable=False),
        sa.Column("legacy_id", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "category IN ('5', '5e', '6', '6A', '7', '7A', '8.1', '8.2', 'OM3', 'OM4', 'OM5', 'OS2')",
            name=op.f("ck_cable_run_category"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'surveyed', 'design released', 'permits cleared', 'ordered', 'containment installed', 'pulled', 'fire-stopped', 'released to close', 'terminated', 'tested', 'patched', 'accepted', 'blocked', 'test failed', 'decommissioned')",
            name=op.f("ck_cable_run_state"),
        ),
        sa.CheckConstraint(
            "state_before IN ('requested', 'surveyed', 'design released', 'permits cleared', 'ordered', 'containment installed', 'pulled', 'fire-stopped', 'released to close', 'terminated', 'tested', 'patched', 'accepted', 'blocked', 'test failed', 'decommissioned')",
            name=op.f("ck_cable_run_state_before"),
        ),
        sa.CheckConstraint(
            "test_limit IN ('permanent link', 'channel', 'MPTL')",
            name=op.f("ck_cable_run_test_limit"),
        ),
        sa.CheckConstraint(
            "access_point_id IS NOT NULL OR outlet_id IS NOT NULL OR distributor_id IS NOT NULL",
            name=op.f("ck_cable_run_has_end"),
        ),
        sa.CheckConstraint(
            "access_point_id IS NULL OR outlet_id IS NULL", name=op.f("ck_cable_run_one_far_end")
        ),
        sa.CheckConstraint("length_actual_m > 0", name=op.f("ck_cable_run_length_actual_m")),
        sa.CheckConstraint("length_planned_m > 0", name=op.f("ck_cable_run_length_planned_m")),
        sa.ForeignKeyConstraint(
            ["access_point_id"],
            ["access_point.id"],
            name=op.f("fk_cable_run_access_point_id_access_point"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"],
            ["distributor.id"],
            name=op.f("fk_cable_run_distributor_id_distributor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["floor_id"],
            ["floor.id"],
            name=op.f("fk_cable_run_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["outlet_id"],
            ["outlet.id"],
            name=op.f("fk_cable_run_outlet_id_outlet"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_cable_run_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cable_run")),
        sa.UniqueConstraint(
            "distributor_id", "panel_port", name=op.f("uq_cable_run_distributor_id_panel_port")
        ),
        sa.UniqueConstraint("label", name=op.f("uq_cable_run_label")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cable_run_public_id")),
    )
    with op.batch_alter_table("cable_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cable_run_access_point_id"), ["access_point_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cable_run_outlet_id"), ["outlet_id"], unique=False)
        batch_op.create_index("ix_cable_run_place", ["floor_id", "wing_id"], unique=False)
        batch_op.create_index("ix_cable_run_state", ["state"], unique=False)

    op.create_table(
        "switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("distributor_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("poe_budget_w", sa.Double(), nullable=True),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint("poe_budget_w >= 0", name=op.f("ck_switch_poe_budget_w")),
        sa.ForeignKeyConstraint(
            ["distributor_id"],
            ["distributor.id"],
            name=op.f("fk_switch_distributor_id_distributor"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switch")),
        sa.UniqueConstraint("code", name=op.f("uq_switch_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_switch_public_id")),
    )
    with op.batch_alter_table("switch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_switch_distributor_id"), ["distributor_id"], unique=False
        )

    op.create_table(
        "cable_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("cable_run_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("target", sa.String(length=24), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("firm", sa.String(length=120), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cable_run_id"],
            ["cable_run.id"],
            name=op.f("fk_cable_step_cable_run_id_cable_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cable_step")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cable_step_public_id")),
    )
    with op.batch_alter_table("cable_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cable_step_cable_run_id"), ["cable_run_id"], unique=False
        )

    op.create_table(
        "switch_port",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("switch_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("poe_class", sa.Integer(), nullable=True),
        sa.Column("speed_mbit", sa.Integer(), nullable=True),
        sa.Column("untagged_vlan_id", sa.Integer(), nullable=True),
        sa.Column("cable_run_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint("poe_class BETWEEN 0 AND 8", name=op.f("ck_switch_port_poe_class")),
        sa.ForeignKeyConstraint(
            ["cable_run_id"],
            ["cable_run.id"],
            name=op.f("fk_switch_port_cable_run_id_cable_run"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["switch_id"],
            ["switch.id"],
            name=op.f("fk_switch_port_switch_id_switch"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["untagged_vlan_id"],
            ["vlan.id"],
            name=op.f("fk_switch_port_untagged_vlan_id_vlan"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switch_port")),
        sa.UniqueConstraint("cable_run_id", name=op.f("uq_switch_port_cable_run_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_switch_port_public_id")),
        sa.UniqueConstraint("switch_id", "name", name=op.f("uq_switch_port_switch_id_name")),
    )
    with op.batch_alter_table("switch_port", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_switch_port_untagged_vlan_id"), ["untagged_vlan_id"], unique=False
        )

    op.create_table(
        "port_vlan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("switch_port_id", sa.Integer(), nullable=False),
        sa.Column("vlan_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["switch_port_id"],
            ["switch_port.id"],
            name=op.f("fk_port_vlan_switch_port_id_switch_port"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["vlan_id"], ["vlan.id"], name=op.f("fk_port_vlan_vlan_id_vlan"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_port_vlan")),
        sa.UniqueConstraint("public_id", name=op.f("uq_port_vlan_public_id")),
        sa.UniqueConstraint(
            "switch_port_id", "vlan_id", name=op.f("uq_port_vlan_switch_port_id_vlan_id")
        ),
    )
    with op.batch_alter_table("port_vlan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_port_vlan_vlan_id"), ["vlan_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("port_vlan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_port_vlan_vlan_id"))

    op.drop_table("port_vlan")
    with op.batch_alter_table("switch_port", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_switch_port_untagged_vlan_id"))

    op.drop_table("switch_port")
    with op.batch_alter_table("cable_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cable_step_cable_run_id"))

    op.drop_table("cable_step")
    with op.batch_alter_table("switch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_switch_distributor_id"))

    op.drop_table("switch")
    with op.batch_alter_table("cable_run", schema=None) as batch_op:
        batch_op.drop_index("ix_cable_run_state")
        batch_op.drop_index("ix_cable_run_place")
        batch_op.drop_index(batch_op.f("ix_cable_run_outlet_id"))
        batch_op.drop_index(batch_op.f("ix_cable_run_access_point_id"))

    op.drop_table("cable_run")
    with op.batch_alter_table("outlet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outlet_floor_id"))

    op.drop_table("outlet")
    with op.batch_alter_table("distributor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_distributor_floor_id"))

    op.drop_table("distributor")

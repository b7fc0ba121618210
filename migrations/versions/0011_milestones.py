"""Milestones, work packages and their links; baselines stay as they were taken."""

import sqlalchemy as sa
from alembic import op

from wlantrack.store.types import Instant, Precise

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    "baseline",
    "baseline_entry",
    "milestone",
    "work_package",
    "forecast_snapshot",
    "plan_link",
)
"""In the order in which they are made; they go the other way round."""

KEPT = ("baseline", "baseline_entry")

_FORBID_SQLITE = """
CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
BEGIN
  SELECT RAISE(ABORT, 'a baseline stays as it was taken');
END
"""
_FORBID_FUNCTION = """
CREATE FUNCTION baseline_stays() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'a baseline stays as it was taken';
END
$$ LANGUAGE plpgsql
"""
_FORBID_POSTGRESQL = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION baseline_stays()
"""


def upgrade() -> None:
    _add_milestones()
    _forbid_changes()


def _add_milestones() -> None:

    op.create_table(
        "baseline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("taken_at", Instant(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline")),
        sa.UniqueConstraint("name", name=op.f("uq_baseline_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_baseline_public_id")),
    )
    op.create_table(
        "baseline_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("baseline_id", sa.Integer(), nullable=False),
        sa.Column("milestone_uuid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("planned_wording", sa.String(length=80), nullable=True),
        sa.Column("planned_earliest", sa.Date(), nullable=True),
        sa.Column("planned_latest", sa.Date(), nullable=True),
        sa.Column("planned_precision", Precise(), nullable=True),
        sa.Column("undated_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(planned_wording IS NULL) = (planned_earliest IS NULL) AND (planned_wording IS NULL) = (planned_latest IS NULL) AND (planned_wording IS NULL) = (planned_precision IS NULL)",
            name=op.f("ck_baseline_entry_planned_whole"),
        ),
        sa.CheckConstraint(
            "planned_earliest <= planned_latest", name=op.f("ck_baseline_entry_planned_order")
        ),
        sa.ForeignKeyConstraint(
            ["baseline_id"],
            ["baseline.id"],
            name=op.f("fk_baseline_entry_baseline_id_baseline"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline_entry")),
        sa.UniqueConstraint(
            "baseline_id",
            "milestone_uuid",
            name=op.f("uq_baseline_entry_baseline_id_milestone_uuid"),
        ),
    )
    op.create_index(
        "ix_baseline_entry_milestone_uuid", "baseline_entry", ["milestone_uuid"], unique=False
    )
    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("room_group_id", sa.Integer(), nullable=True),
        sa.Column("forecast_wording", sa.String(length=80), nullable=True),
        sa.Column("forecast_earliest", sa.Date(), nullable=True),
        sa.Column("forecast_latest", sa.Date(), nullable=True),
        sa.Column("forecast_precision", Precise(), nullable=True),
        sa.Column("forecast_reason", sa.String(length=300), nullable=False),
        sa.Column("actual_wording", sa.String(length=80), nullable=True),
        sa.Column("actual_earliest", sa.Date(), nullable=True),
        sa.Column("actual_latest", sa.Date(), nullable=True),
        sa.Column("actual_precision", Precise(), nullable=True),
        sa.Column("undated_reason", sa.String(length=300), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "kind IN ('design released', 'permits cleared', 'cabling complete', 'access points mounted', 'visitor WLAN live', 'internal WLAN live', 'accepted', 'operations ready')",
            name=op.f("ck_milestone_kind"),
        ),
        sa.CheckConstraint(
            "undated_reason = '' OR forecast_wording IS NULL",
            name=op.f("ck_milestone_undated_or_forecast"),
        ),
        sa.CheckConstraint(
            "(actual_wording IS NULL) = (actual_earliest IS NULL) AND (actual_wording IS NULL) = (actual_latest IS NULL) AND (actual_wording IS NULL) = (actual_precision IS NULL)",
            name=op.f("ck_milestone_actual_whole"),
        ),
        sa.CheckConstraint(
            "(forecast_wording IS NULL) = (forecast_earliest IS NULL) AND (forecast_wording IS NULL) = (forecast_latest IS NULL) AND (forecast_wording IS NULL) = (forecast_precision IS NULL)",
            name=op.f("ck_milestone_forecast_whole"),
        ),
        sa.CheckConstraint(
            "actual_earliest <= actual_latest", name=op.f("ck_milestone_actual_order")
        ),
        sa.CheckConstraint(
            "building_id IS NOT NULL OR (wing_id IS NULL AND room_group_id IS NULL)",
            name=op.f("ck_milestone_scope_in_building"),
        ),
        sa.CheckConstraint(
            "forecast_earliest <= forecast_latest", name=op.f("ck_milestone_forecast_order")
        ),
        sa.CheckConstraint(
            "wing_id IS NULL OR room_group_id IS NULL", name=op.f("ck_milestone_one_scope")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_milestone_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["room_group_id"],
            ["room_group.id"],
            name=op.f("fk_milestone_room_group_id_room_group"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_milestone_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("code", name=op.f("uq_milestone_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_milestone_public_id")),
    )
    op.create_index("ix_milestone_place", "milestone", ["building_id", "wing_id"], unique=False)
    op.create_index(
        op.f("ix_milestone_room_group_id"), "milestone", ["room_group_id"], unique=False
    )
    op.create_table(
        "work_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("floor_id", sa.Integer(), nullable=True),
        sa.Column("renovation_id", sa.Integer(), nullable=True),
        sa.Column("crew_id", sa.Integer(), nullable=True),
        sa.Column("duration_days", sa.Integer(), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("noise_class", sa.String(length=8), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("undated_reason", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "kind IN ('survey', 'design', 'permit', 'tender', 'delivery', 'containment', 'pulling', 'fire stopping', 'termination and testing', 'mounting', 'commissioning', 'acceptance', 'training', 'other')",
            name=op.f("ck_work_package_kind"),
        ),
        sa.CheckConstraint(
            "noise_class IN ('quiet', 'normal', 'loud')", name=op.f("ck_work_package_noise_class")
        ),
        sa.CheckConstraint(
            "undated_reason = '' OR not_before IS NULL",
            name=op.f("ck_work_package_undated_or_dated"),
        ),
        sa.CheckConstraint("duration_days > 0", name=op.f("ck_work_package_duration_days")),
        sa.CheckConstraint(
            "finished_on IS NULL OR started_on IS NOT NULL",
            name=op.f("ck_work_package_begun_first"),
        ),
        sa.CheckConstraint("started_on <= finished_on", name=op.f("ck_work_package_order")),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_work_package_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["crew_id"], ["crew.id"], name=op.f("fk_work_package_crew_id_crew"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["floor_id"],
            ["floor.id"],
            name=op.f("fk_work_package_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["renovation_id"],
            ["renovation.id"],
            name=op.f("fk_work_package_renovation_id_renovation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_work_package_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_package")),
        sa.UniqueConstraint("code", name=op.f("uq_work_package_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_work_package_public_id")),
    )
    op.create_index(op.f("ix_work_package_crew_id"), "work_package", ["crew_id"], unique=False)
    op.create_index(
        "ix_work_package_place", "work_package", ["building_id", "wing_id"], unique=False
    )
    op.create_index(
        op.f("ix_work_package_renovation_id"), "work_package", ["renovation_id"], unique=False
    )
    op.create_table(
        "forecast_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("report_on", sa.Date(), nullable=False),
        sa.Column("forecast_wording", sa.String(length=80), nullable=True),
        sa.Column("forecast_earliest", sa.Date(), nullable=True),
        sa.Column("forecast_latest", sa.Date(), nullable=True),
        sa.Column("forecast_precision", Precise(), nullable=True),
        sa.Column("undated_reason", sa.String(length=300), nullable=False),
        sa.Column("is_reached", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(forecast_wording IS NULL) = (forecast_earliest IS NULL) AND (forecast_wording IS NULL) = (forecast_latest IS NULL) AND (forecast_wording IS NULL) = (forecast_precision IS NULL)",
            name=op.f("ck_forecast_snapshot_forecast_whole"),
        ),
        sa.CheckConstraint(
            "forecast_earliest <= forecast_latest", name=op.f("ck_forecast_snapshot_forecast_order")
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"],
            ["milestone.id"],
            name=op.f("fk_forecast_snapshot_milestone_id_milestone"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_snapshot")),
        sa.UniqueConstraint(
            "milestone_id", "report_on", name=op.f("uq_forecast_snapshot_milestone_id_report_on")
        ),
    )
    op.create_index(
        "ix_forecast_snapshot_report_on", "forecast_snapshot", ["report_on"], unique=False
    )
    op.create_table(
        "plan_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before_milestone_id", sa.Integer(), nullable=True),
        sa.Column("before_package_id", sa.Integer(), nullable=True),
        sa.Column("after_milestone_id", sa.Integer(), nullable=True),
        sa.Column("after_package_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=2), nullable=False),
        sa.Column("lag_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('FS', 'SS', 'FF', 'SF')", name=op.f("ck_plan_link_kind")),
        sa.CheckConstraint(
            "(after_milestone_id IS NULL) <> (after_package_id IS NULL)",
            name=op.f("ck_plan_link_one_after"),
        ),
        sa.CheckConstraint(
            "(before_milestone_id IS NULL) <> (before_package_id IS NULL)",
            name=op.f("ck_plan_link_one_before"),
        ),
        sa.CheckConstraint("lag_days BETWEEN -1000 AND 1000", name=op.f("ck_plan_link_lag_days")),
        sa.ForeignKeyConstraint(
            ["after_milestone_id"],
            ["milestone.id"],
            name=op.f("fk_plan_link_after_milestone_id_milestone"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["after_package_id"],
            ["work_package.id"],
            name=op.f("fk_plan_link_after_package_id_work_package"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["before_milestone_id"],
            ["milestone.id"],
            name=op.f("fk_plan_link_before_milestone_id_milestone"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["before_package_id"],
            ["work_package.id"],
            name=op.f("fk_plan_link_before_package_id_work_package"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plan_link_public_id")),
    )
    op.create_index(
        "ix_plan_link_after_milestone_id", "plan_link", ["after_milestone_id"], unique=False
    )
    op.create_index(
        "ix_plan_link_after_package_id", "plan_link", ["after_package_id"], unique=False
    )
    op.create_index(
        "ix_plan_link_before_milestone_id", "plan_link", ["before_milestone_id"], unique=False
    )
    op.create_index(
        "ix_plan_link_before_package_id", "plan_link", ["before_package_id"], unique=False
    )


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FORBID_FUNCTION)
        for table in KEPT:
            op.execute(_FORBID_POSTGRESQL.format(table=table))
    else:
        for table in KEPT:
            for act in ("UPDATE", "DELETE"):
                op.execute(_FORBID_SQLITE.format(table=table, act=act))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION baseline_stays()")

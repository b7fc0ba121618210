"""Renovations, crews, blackouts and tasks."""

import sqlalchemy as sa
from alembic import op

from wlantrack.store.types import Instant, Precise, Shape

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "renovation",
    "renovation_part",
    "renovation_phase",
    "crew",
    "crew_absence",
    "blackout",
    "task",
)
"""In the order in which they are made; they go the other way round."""


def upgrade() -> None:
    _add_renovations()
    _add_work()


def _add_renovations() -> None:

    op.create_table(
        "renovation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("certainty", sa.String(length=12), nullable=False),
        sa.Column("noise_class", sa.String(length=8), nullable=False),
        sa.Column("requirements_due_on", sa.Date(), nullable=True),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "certainty IN ('certain', 'likely', 'uncertain')", name=op.f("ck_renovation_certainty")
        ),
        sa.CheckConstraint(
            "kind IN ('building', 'fire protection', 'electrical', 'media technology', 'heating', 'facade and roof', 'move', 'other')",
            name=op.f("ck_renovation_kind"),
        ),
        sa.CheckConstraint(
            "noise_class IN ('quiet', 'normal', 'loud')", name=op.f("ck_renovation_noise_class")
        ),
        sa.CheckConstraint(
            "state IN ('idea', 'planned', 'approved', 'under way', 'done', 'cancelled')",
            name=op.f("ck_renovation_state"),
        ),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_renovation_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation")),
        sa.UniqueConstraint("code", name=op.f("uq_renovation_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_renovation_public_id")),
    )
    op.create_index(op.f("ix_renovation_building_id"), "renovation", ["building_id"], unique=False)
    op.create_table(
        "renovation_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("renovation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("floor_id", sa.Integer(), nullable=True),
        sa.Column("outline", Shape(), nullable=True),
        sa.Column("opens_wording", sa.String(length=80), nullable=True),
        sa.Column("opens_earliest", sa.Date(), nullable=True),
        sa.Column("opens_latest", sa.Date(), nullable=True),
        sa.Column("opens_precision", Precise(), nullable=True),
        sa.Column("closes_wording", sa.String(length=80), nullable=True),
        sa.Column("closes_earliest", sa.Date(), nullable=True),
        sa.Column("closes_latest", sa.Date(), nullable=True),
        sa.Column("closes_precision", Precise(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(closes_wording IS NULL) = (closes_earliest IS NULL) AND (closes_wording IS NULL) = (closes_latest IS NULL) AND (closes_wording IS NULL) = (closes_precision IS NULL)",
            name=op.f("ck_renovation_part_closes_whole"),
        ),
        sa.CheckConstraint(
            "(opens_wording IS NULL) = (opens_earliest IS NULL) AND (opens_wording IS NULL) = (opens_latest IS NULL) AND (opens_wording IS NULL) = (opens_precision IS NULL)",
            name=op.f("ck_renovation_part_opens_whole"),
        ),
        sa.CheckConstraint(
            "closes_earliest <= closes_latest", name=op.f("ck_renovation_part_closes_order")
        ),
        sa.CheckConstraint(
            "opens_earliest <= opens_latest", name=op.f("ck_renovation_part_opens_order")
        ),
        sa.CheckConstraint(
            "outline IS NULL OR floor_id IS NOT NULL",
            name=op.f("ck_renovation_part_outline_on_floor"),
        ),
        sa.ForeignKeyConstraint(
            ["floor_id"],
            ["floor.id"],
            name=op.f("fk_renovation_part_floor_id_floor"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["renovation_id"],
            ["renovation.id"],
            name=op.f("fk_renovation_part_renovation_id_renovation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"],
            ["wing.id"],
            name=op.f("fk_renovation_part_wing_id_wing"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation_part")),
        sa.UniqueConstraint("public_id", name=op.f("uq_renovation_part_public_id")),
    )
    op.create_index(
        op.f("ix_renovation_part_floor_id"), "renovation_part", ["floor_id"], unique=False
    )
    op.create_index(
        op.f("ix_renovation_part_renovation_id"), "renovation_part", ["renovation_id"], unique=False
    )
    op.create_index(
        op.f("ix_renovation_part_wing_id"), "renovation_part", ["wing_id"], unique=False
    )
    op.create_table(
        "renovation_phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("renovation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("begins_wording", sa.String(length=80), nullable=True),
        sa.Column("begins_earliest", sa.Date(), nullable=True),
        sa.Column("begins_latest", sa.Date(), nullable=True),
        sa.Column("begins_precision", Precise(), nullable=True),
        sa.Column("ends_wording", sa.String(length=80), nullable=True),
        sa.Column("ends_earliest", sa.Date(), nullable=True),
        sa.Column("ends_latest", sa.Date(), nullable=True),
        sa.Column("ends_precision", Precise(), nullable=True),
        sa.Column("noise_class", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "noise_class IN ('quiet', 'normal', 'loud')",
            name=op.f("ck_renovation_phase_noise_class"),
        ),
        sa.CheckConstraint(
            "(begins_wording IS NULL) = (begins_earliest IS NULL) AND (begins_wording IS NULL) = (begins_latest IS NULL) AND (begins_wording IS NULL) = (begins_precision IS NULL)",
            name=op.f("ck_renovation_phase_begins_whole"),
        ),
        sa.CheckConstraint(
            "(ends_wording IS NULL) = (ends_earliest IS NULL) AND (ends_wording IS NULL) = (ends_latest IS NULL) AND (ends_wording IS NULL) = (ends_precision IS NULL)",
            name=op.f("ck_renovation_phase_ends_whole"),
        ),
        sa.CheckConstraint(
            "begins_earliest <= begins_latest", name=op.f("ck_renovation_phase_begins_order")
        ),
        sa.CheckConstraint(
            "ends_earliest <= ends_latest", name=op.f("ck_renovation_phase_ends_order")
        ),
        sa.ForeignKeyConstraint(
            ["renovation_id"],
            ["renovation.id"],
            name=op.f("fk_renovation_phase_renovation_id_renovation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renovation_phase")),
        sa.UniqueConstraint("public_id", name=op.f("uq_renovation_phase_public_id")),
        sa.UniqueConstraint(
            "renovation_id", "name", name=op.f("uq_renovation_phase_renovation_id_name")
        ),
    )


def _add_work() -> None:

    op.create_table(
        "crew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("firm", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 100", name=op.f("ck_crew_capacity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew")),
        sa.UniqueConstraint("code", name=op.f("uq_crew_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_crew_public_id")),
    )
    op.create_table(
        "crew_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("crew_id", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("begins_on <= ends_on", name=op.f("ck_crew_absence_order")),
        sa.ForeignKeyConstraint(
            ["crew_id"], ["crew.id"], name=op.f("fk_crew_absence_crew_id_crew"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_absence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_crew_absence_public_id")),
    )
    op.create_index(op.f("ix_crew_absence_crew_id"), "crew_absence", ["crew_id"], unique=False)
    op.create_table(
        "blackout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("noise_class", sa.String(length=8), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("calendar", sa.String(length=120), nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "noise_class IN ('quiet', 'normal', 'loud')", name=op.f("ck_blackout_noise_class")
        ),
        sa.CheckConstraint("begins_on <= ends_on", name=op.f("ck_blackout_order")),
        sa.CheckConstraint(
            "building_id IS NOT NULL OR wing_id IS NULL", name=op.f("ck_blackout_wing_in_building")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_blackout_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_blackout_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackout")),
        sa.UniqueConstraint("public_id", name=op.f("uq_blackout_public_id")),
    )
    op.create_index("ix_blackout_place", "blackout", ["building_id", "wing_id"], unique=False)
    op.create_index("ix_blackout_uid", "blackout", ["uid"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("wing_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "(subject_kind = '') = (subject_id IS NULL)", name=op.f("ck_task_subject")
        ),
        sa.CheckConstraint(
            "origin IN ('person', 'failed test', 'closing wall', 'renovation', 'feedback')",
            name=op.f("ck_task_origin"),
        ),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_task_state")),
        sa.CheckConstraint(
            "building_id IS NOT NULL OR wing_id IS NULL", name=op.f("ck_task_wing_in_building")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_task_building_id_building"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["wing_id"], ["wing.id"], name=op.f("fk_task_wing_id_wing"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("public_id", name=op.f("uq_task_public_id")),
    )
    op.create_index("ix_task_person", "task", ["person", "state"], unique=False)
    op.create_index("ix_task_place", "task", ["building_id", "wing_id"], unique=False)
    op.create_index("ix_task_subject", "task", ["subject_kind", "subject_id"], unique=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)

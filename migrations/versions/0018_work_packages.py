"""Work packages: state, priority, current plan, due date, milestone and room group, what they cover."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from wlantrack.store.types import Precise

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KINDS = (
    "survey",
    "design",
    "permit",
    "tender",
    "delivery",
    "containment",
    "pulling",
    "fire stopping",
    "termination",
    "testing",
    "mounting",
    "commissioning",
    "acceptance",
    "training",
    "other",
)
OLD_KINDS = (*KINDS[:8], "termination and testing", *KINDS[10:])
NEW = {
    "state": "state IN ('planned', 'running', 'done', 'dropped')",
    "priority": "priority BETWEEN 1 AND 5",
    "waits_without_crew": "NOT is_waiting OR crew_id IS NULL",
    "planned_whole": "(planned_start IS NULL) = (planned_finish IS NULL)",
    "planned_order": "planned_start <= planned_finish",
    "pinned_somewhere": "NOT is_pinned OR planned_start IS NOT NULL",
    "one_place": "wing_id IS NULL OR room_group_id IS NULL",
    "due_order": "due_earliest <= due_latest",
    "due_whole": " AND ".join(
        f"(due_wording IS NULL) = (due_{part} IS NULL)"
        for part in ("earliest", "latest", "precision")
    ),
    "state_begun": "state = 'dropped' OR (state = 'planned') = (started_on IS NULL)",
    "state_over": "state = 'dropped' OR (state = 'done') = (finished_on IS NOT NULL)",
}
UNDATED = "undated_reason = '' OR (not_before IS NULL AND planned_start IS NULL)"
OLD_UNDATED = "undated_reason = '' OR not_before IS NULL"
REFERENCES = (
    ("milestone", "fk_work_package_milestone_id_milestone", "SET NULL"),
    ("room_group", "fk_work_package_room_group_id_room_group", "RESTRICT"),
)
DUE = (
    ("due_wording", sa.String(80)),
    ("due_earliest", sa.Date()),
    ("due_latest", sa.Date()),
    ("due_precision", Precise()),
)


def upgrade() -> None:
    with _rebuilt() as batch:
        _drop_checks(batch, ("kind", "undated_or_dated"))
        batch.add_column(sa.Column("state", sa.String(8), server_default="planned", nullable=False))
        batch.add_column(sa.Column("priority", sa.Integer(), server_default="3", nullable=False))
        for table, _, _ in REFERENCES:
            batch.add_column(sa.Column(f"{table}_id", sa.Integer(), nullable=True))
        for name, kind in DUE:
            batch.add_column(sa.Column(name, kind, nullable=True))
        batch.add_column(sa.Column("planned_start", sa.Date(), nullable=True))
        batch.add_column(sa.Column("planned_finish", sa.Date(), nullable=True))
        batch.add_column(
            sa.Column("is_pinned", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    _set("kind = 'termination'", "kind = 'termination and testing'")
    _set("crew_id = NULL", "is_waiting")
    _set("state = 'running'", "started_on IS NOT NULL")
    _set("state = 'done'", "finished_on IS NOT NULL")
    with _rebuilt() as batch:
        _add_checks(batch, {"kind": _one_of(KINDS), **NEW, "undated_or_dated": UNDATED})
        for name in ("state", "priority", "is_pinned"):
            batch.alter_column(name, server_default=None)
        for table, constraint, on_delete in REFERENCES:
            batch.create_foreign_key(constraint, table, [f"{table}_id"], ["id"], ondelete=on_delete)
            batch.create_index(op.f(f"ix_work_package_{table}_id"), [f"{table}_id"])
    _create_subjects()


def _create_subjects() -> None:
    op.create_table(
        "work_package_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("work_package_id", sa.Integer(), nullable=False),
        sa.Column("cable_run_id", sa.Integer(), nullable=True),
        sa.Column("access_point_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(cable_run_id IS NULL) <> (access_point_id IS NULL)",
            name=op.f("ck_work_package_subject_one_subject"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_work_package_subject_{table}_id_{table}"),
                ondelete="CASCADE",
            )
            for table in ("work_package", "cable_run", "access_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_package_subject")),
        sa.UniqueConstraint("public_id", name=op.f("uq_work_package_subject_public_id")),
        *(
            sa.UniqueConstraint(
                "work_package_id",
                f"{table}_id",
                name=op.f(f"uq_work_package_subject_work_package_id_{table}_id"),
            )
            for table in ("cable_run", "access_point")
        ),
    )
    for table in ("cable_run", "access_point"):
        op.create_index(
            op.f(f"ix_work_package_subject_{table}_id"), "work_package_subject", [f"{table}_id"]
        )


def downgrade() -> None:
    op.drop_table("work_package_subject")
    with _rebuilt() as batch:
        _drop_checks(batch, ("kind", *NEW, "undated_or_dated"))
        for table, constraint, _ in REFERENCES:
            batch.drop_index(op.f(f"ix_work_package_{table}_id"))
            batch.drop_constraint(constraint, type_="foreignkey")
            batch.drop_column(f"{table}_id")
        for name, _ in DUE:
            batch.drop_column(name)
        for name in ("is_pinned", "planned_finish", "planned_start", "priority", "state"):
            batch.drop_column(name)
    _set("kind = 'termination and testing'", "kind IN ('termination', 'testing')")
    with _rebuilt() as batch:
        _add_checks(batch, {"kind": _one_of(OLD_KINDS), "undated_or_dated": OLD_UNDATED})


def _one_of(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def _set(values: str, where: str) -> None:
    op.execute(f"UPDATE work_package SET {values} WHERE {where}")  # noqa: S608 - literals above


def _drop_checks(batch: BatchOperations, names: Iterable[str]) -> None:
    for name in names:
        batch.drop_constraint(op.f(f"ck_work_package_{name}"), type_="check")


def _add_checks(batch: BatchOperations, checks: dict[str, str]) -> None:
    for name, text in checks.items():
        batch.create_check_constraint(op.f(f"ck_work_package_{name}"), text)


@contextmanager
def _rebuilt() -> Iterator[BatchOperations]:
    """Alter the table. SQLite drops it for a new one, and its rows' links would go with it."""
    bind = op.get_bind()
    links = sa.Table("plan_link", sa.MetaData(), autoload_with=bind)
    rows = [dict(row) for row in bind.execute(sa.select(links)).mappings()]
    with op.batch_alter_table("work_package") as batch:
        yield batch
    if rows and bind.dialect.name == "sqlite":
        bind.execute(sa.delete(links))
        bind.execute(sa.insert(links), rows)

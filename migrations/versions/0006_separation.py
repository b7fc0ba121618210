"""The separation check: attestations, exemptions, and approvals of secure areas."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Tables that others refer to, or that carry triggers, are never recreated: columns are added one by
# one, all of them NULL, because nobody has attested anything yet.
_ADDED: dict[str, list[tuple[str, sa.types.TypeEngine[Any]]]] = {
    "ssid": [("has_portal", sa.Boolean())],
    "building": [
        ("audited_on", sa.Date()),
        ("rogue_scanned_on", sa.Date()),
        ("tamper_checked_on", sa.Date()),
    ],
    "access_point": [
        ("has_theft_protection", sa.Boolean()),
        ("ip_class", sa.String(length=10)),
        ("has_surge_protection", sa.Boolean()),
        ("hardening", sa.JSON()),
        ("measured_on", sa.Date()),
        ("used_until", sa.Date()),
        ("purchased_on", sa.Date()),
        ("has_red_declaration", sa.Boolean()),
        ("revoked_on", sa.Date()),
        ("link_tested_on", sa.Date()),
    ],
}


def upgrade() -> None:
    # One statement, so that SQLite takes the check along with the column.
    op.execute(
        "ALTER TABLE vlan ADD COLUMN family VARCHAR(8)"
        " CONSTRAINT ck_vlan_family CHECK (family IN ('both', 'v4', 'v6'))"
    )
    for table, columns in _ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))

    op.create_table(
        "access_point_bssid",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("access_point_id", sa.Integer(), nullable=False),
        sa.Column("bssid", sa.String(length=17), nullable=False),
        sa.ForeignKeyConstraint(
            ["access_point_id"],
            ["access_point.id"],
            name=op.f("fk_access_point_bssid_access_point_id_access_point"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_point_bssid")),
        sa.UniqueConstraint(
            "access_point_id", "bssid", name=op.f("uq_access_point_bssid_access_point_id_bssid")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_access_point_bssid_public_id")),
    )
    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=4), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_code", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("approver", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(approver IS NULL) = (approved_at IS NULL)", name=op.f("ck_exemption_approval")
        ),
        sa.CheckConstraint(
            "approver IS NULL OR lower(approver) <> lower(author)",
            name=op.f("ck_exemption_two_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exemption_public_id")),
    )
    op.create_index(
        "ix_exemption_subject", "exemption", ["rule", "subject_kind", "subject_code"], unique=False
    )
    op.create_table(
        "area_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("access_point_id", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["access_point_id"],
            ["access_point.id"],
            name=op.f("fk_area_approval_access_point_id_access_point"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_area_approval_room_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_approval")),
        sa.UniqueConstraint("public_id", name=op.f("uq_area_approval_public_id")),
    )
    op.create_index(op.f("ix_area_approval_room_id"), "area_approval", ["room_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_area_approval_room_id"), table_name="area_approval")
    op.drop_table("area_approval")
    op.drop_index("ix_exemption_subject", table_name="exemption")
    op.drop_table("exemption")
    op.drop_table("access_point_bssid")
    for table, columns in _ADDED.items():
        for name, _ in columns:
            op.drop_column(table, name)
    op.drop_column("vlan", "family")

"""Inquiries of the council; what was signed, and the texts it rests on, stay as they are."""

import sqlalchemy as sa
from alembic import op

from wlantrack.store.types import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = ("kept_text", "inquiry", "inquiry_question", "inquiry_signer", "answer_version")
"""In the order in which they are made; they go the other way round."""

KEPT = ("kept_text", "answer_version")

_FORBID_SQLITE = """
CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
BEGIN
  SELECT RAISE(ABORT, 'a signed answer stays as it was signed');
END
"""
_FORBID_FUNCTION = """
CREATE FUNCTION signed_answer_stays() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'a signed answer stays as it was signed';
END
$$ LANGUAGE plpgsql
"""
_FORBID_POSTGRESQL = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION signed_answer_stays()
"""


def upgrade() -> None:
    op.create_table(
        "kept_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_kept_text")),
    )
    _add_inquiry()
    _add_parts()
    _forbid_changes()


def _add_inquiry() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_number", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("council_group", sa.String(length=120), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("facts_sha256", sa.String(length=64), nullable=True),
        sa.Column("signed_count", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("language IN ('de', 'en')", name=op.f("ck_inquiry_language")),
        sa.ForeignKeyConstraint(
            ["facts_sha256"],
            ["kept_text.sha256"],
            name=op.f("fk_inquiry_facts_sha256_kept_text"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("file_number", name=op.f("uq_inquiry_file_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_inquiry_public_id")),
    )


def _add_parts() -> None:
    op.create_table(
        "inquiry_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=2000), nullable=False),
        sa.Column("answer", sa.String(length=10000), nullable=False),
        sa.ForeignKeyConstraint(
            ["inquiry_id"],
            ["inquiry.id"],
            name=op.f("fk_inquiry_question_inquiry_id_inquiry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_inquiry_question_public_id")),
    )
    op.create_table(
        "inquiry_signer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inquiry_id"],
            ["inquiry.id"],
            name=op.f("fk_inquiry_signer_inquiry_id_inquiry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_signer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_inquiry_signer_public_id")),
    )
    op.create_table(
        "answer_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("signed_at", Instant(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(length=80), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("facts_sha256", sa.String(length=64), nullable=False),
        sa.Column("german_sha256", sa.String(length=64), nullable=False),
        sa.Column("english_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["inquiry_id"],
            ["inquiry.id"],
            name=op.f("fk_answer_version_inquiry_id_inquiry"),
            ondelete="RESTRICT",
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{what}_sha256"],
                ["kept_text.sha256"],
                name=op.f(f"fk_answer_version_{what}_sha256_kept_text"),
                ondelete="RESTRICT",
            )
            for what in ("facts", "german", "english")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_version")),
        sa.UniqueConstraint("name", name=op.f("uq_answer_version_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_answer_version_public_id")),
    )
    for table in ("inquiry_question", "inquiry_signer", "answer_version"):
        op.create_index(f"ix_{table}_inquiry_id", table, ["inquiry_id"], unique=False)


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
        op.execute("DROP FUNCTION signed_answer_stays()")

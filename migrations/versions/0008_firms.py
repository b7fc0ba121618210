"""The role of a firm is held for one firm, whose cable runs it sees."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # One statement, so that SQLite takes the check along with the column. Whoever has the role so
    # far names no firm, and sees nothing until an administrator says which one it is.
    op.execute(
        "ALTER TABLE role_grant ADD COLUMN firm VARCHAR(120) DEFAULT '' NOT NULL"
        " CONSTRAINT ck_role_grant_firm_of_firms CHECK (role = 'firm' OR firm = '')"
    )


def downgrade() -> None:
    op.drop_column("role_grant", "firm")

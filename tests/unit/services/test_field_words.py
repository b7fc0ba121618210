"""Every column of every record has a word for the people who read its history."""

from __future__ import annotations

from wlantrack.services.field_words import ACT_WORDS, FIELD_WORDS, KIND_WORDS, field_word
from wlantrack.store import schema
from wlantrack.store.queries import records

NO_FIELDS = {"id", "public_id", "version"}


def test_every_kind_of_record_and_every_column_has_a_word() -> None:
    assert schema.MODEL_MODULES
    kinds = records.list_kinds()
    columns = {column.key for kind in kinds for column in records.table_of(kind).columns}

    assert set(kinds) - set(KIND_WORDS) == set()
    assert columns - NO_FIELDS - set(FIELD_WORDS) == set()
    assert set(FIELD_WORDS) - columns == set()
    assert {"create", "update", "delete", "log in"} <= set(ACT_WORDS)


def test_a_column_that_is_gone_keeps_its_own_name() -> None:
    assert str(field_word("number_of_doors")) == "number of doors"

"""``db``: who migrates which database, and what a check says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy

from tests.integration.cli.conftest import CommandLine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.databases import PostgresSource


def test_the_embedded_database_is_made_by_the_first_command(tmp_path: Path) -> None:
    wt = CommandLine(tmp_path / "new")
    assert wt("add", "building", "AA").status == 0
    done = wt("db", "check", "--json")
    assert done.json == {"is_current": True, "differences": []}


def test_check_of_a_folder_without_database_makes_none(tmp_path: Path) -> None:
    done = CommandLine(tmp_path / "new")("db", "check", "--json")
    assert done.status == 1
    assert done.json["error"]["problems"][0]["remedy"].startswith("Run wlantrack db upgrade")
    assert not (tmp_path / "new").exists()


def test_check_names_what_differs_from_the_models(wt: CommandLine) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{wt.data_dir / 'wlantrack.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE stray (id INTEGER)")
    engine.dispose()
    done = wt("db", "check", "--json")
    assert done.status == 1
    assert "stray" in done.json["differences"][0]


def test_upgrade_tells_whether_there_was_anything_to_do(tmp_path: Path) -> None:
    wt = CommandLine(tmp_path / "new")
    assert wt("db", "upgrade", "--json").json == {"upgraded": True}
    assert wt("db", "upgrade", "--json").json == {"upgraded": False}


@pytest.mark.postgres
def test_another_database_is_migrated_only_on_command(
    tmp_path: Path, postgres_source: PostgresSource
) -> None:
    wt = CommandLine(tmp_path)
    with postgres_source.empty() as url:
        refused = wt("add", "building", "AA", "--json", url=url)
        assert refused.status == 1
        assert "wlantrack db upgrade" in refused.json["error"]["problems"][0]["remedy"]
        assert wt("db", "upgrade", url=url).status == 0
        assert wt("add", "building", "AA", "--json", url=url).json == {"created": ["AA"]}
        assert wt("db", "check", "--json", url=url).json["is_current"] is True
    assert not (tmp_path / "wlantrack.db").exists()


def test_a_database_out_of_reach_is_named_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://wlan:secret-word@127.0.0.1:1/wlantrack"
    done = CommandLine(tmp_path)("add", "building", "AA", "--json", url=url)
    assert done.status == 1
    assert "127.0.0.1:1/wlantrack cannot be used" in done.json["error"]["message"]
    assert "secret-word" not in done.out + done.err

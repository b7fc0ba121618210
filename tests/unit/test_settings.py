from __future__ import annotations

import stat
from dataclasses import fields
from pathlib import Path

import pytest

from wlantrack.errors import InvalidInput
from wlantrack.settings import PREFIX, Settings, load_settings, resource_dir


def test_without_variables_the_defaults_hold() -> None:
    assert load_settings({}) == Settings()


def test_each_kind_of_setting_is_read_from_its_variable() -> None:
    settings = load_settings(
        {
            "WLANTRACK_DATA_DIR": "somewhere",
            "WLANTRACK_SECURE_COOKIES": "True",
            "WLANTRACK_SESSION_HOURS": "8",
            "WLANTRACK_CITY_NAME": "Köln",
            "ANOTHER": "ignored",
        }
    )

    assert settings.data_dir == Path("somewhere")
    assert settings.secure_cookies is True
    assert settings.session_hours == 8
    assert settings.city_name == "Köln"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WLANTRACK_SESSION_HOURS", "many"),
        ("WLANTRACK_SESSION_HOURS", ""),
        ("WLANTRACK_SECURE_COOKIES", "maybe"),
        ("WLANTRACK_TRUSTED_PROXIES", "all"),
        ("WLANTRACK_TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_settings({name: value})

    assert (refused.value.problems[0].field, refused.value.problems[0].value) == (name, value)


def test_the_folder_given_on_the_command_line_wins() -> None:
    settings = load_settings({"WLANTRACK_DATA_DIR": "a"}, data_dir=Path("b"))

    assert settings.data_dir == Path("b")


def test_without_a_database_url_the_database_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).url == f"sqlite:///{tmp_path}/wlantrack.db"
    assert Settings(database_url="postgresql://db/x").url == "postgresql://db/x"


def test_the_cookie_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")

    first = settings.session_key()

    path = tmp_path / "data" / "secret_key"
    assert len(first) >= 48
    assert settings.session_key() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    given = "a" * 16 + "b" * 16
    assert Settings(secret_key=given).session_key() == given


@pytest.mark.parametrize("key", ["secret", "x" * 31, "x" + " " * 40])
def test_a_cookie_key_that_could_be_guessed_is_refused_by_name(key: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Settings(secret_key=key).session_key()

    (problem,) = refused.value.problems
    assert (problem.field, problem.value) == ("WLANTRACK_SECRET_KEY", None)


def test_a_kept_cookie_key_that_was_cut_off_is_refused_by_file(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()

    with pytest.raises(InvalidInput) as refused:
        Settings(data_dir=tmp_path).session_key()

    assert refused.value.problems[0].field == str(tmp_path / "secret_key")


def test_languages_are_listed_with_the_default_first() -> None:
    assert Settings().language_codes == ("de", "en")
    assert Settings(languages=" en , de ,").language_codes == ("en", "de")


def test_every_setting_has_a_kind_that_can_be_read() -> None:
    assert {item.type for item in fields(Settings)} <= {"str", "int", "bool", "bool | None", "Path"}
    assert PREFIX == "WLANTRACK_"


def test_a_checkout_uses_its_own_static_files_and_migrations() -> None:
    assert (resource_dir() / "migrations" / "env.py").is_file()


@pytest.mark.parametrize(
    ("text", "answer"), [("yes", True), ("no", False), ("", None), ("true", True), ("0", False)]
)
def test_an_attestation_is_yes_no_or_nobody_knows(text: str, answer: object) -> None:
    settings = load_settings({"WLANTRACK_DENIES_BY_DEFAULT": text})

    assert settings.denies_by_default is answer


def test_names_of_the_organisation_stand_between_commas_and_none_is_not_known() -> None:
    assert load_settings({}).organisation_names == ("Stuttgart", "LHS")
    assert load_settings({"WLANTRACK_ORGANISATION_WORDS": " "}).organisation_names is None

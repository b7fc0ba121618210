"""An installation that strangers can reach does not start with unsafe settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from wlantrack.errors import InvalidInput
from wlantrack.services import start_checks
from wlantrack.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

ANY = "0.0.0.0"  # noqa: S104 - what must be refused
DISCOVERY = "https://login.example.org/.well-known/openid-configuration"

MAIL: dict[str, Any] = {
    "smtp_host": "mail.example.org",
    "mail_from": "wlan@example.org",
    "app_url": "https://wlan.example.org",
}


def refused_fields(settings: Settings, host: str = "") -> list[str | None]:
    try:
        start_checks.require_safe(settings, host)
    except InvalidInput as error:
        return [problem.field if problem.remedy else "no remedy" for problem in error.problems]
    return []


@pytest.fixture
def safe(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, secure_cookies=True)


@pytest.mark.parametrize(
    ("changes", "host", "fields"),
    [
        ({}, "", []),
        ({}, ANY, []),
        ({"secure_cookies": False}, "127.0.0.1", []),
        ({"secure_cookies": False}, "localhost", []),
        ({"secure_cookies": False}, "::1", []),
        ({"secure_cookies": False}, "", ["WLANTRACK_SECURE_COOKIES"]),
        ({"secure_cookies": False}, ANY, ["WLANTRACK_SECURE_COOKIES"]),
        (
            {"secure_cookies": False, "trusted_proxies": 1},
            "127.0.0.1",
            ["WLANTRACK_SECURE_COOKIES"],
        ),
        ({"secret_key": "guess me"}, "", ["WLANTRACK_SECRET_KEY"]),
        ({"metrics_token": "short"}, "", ["WLANTRACK_METRICS_TOKEN"]),
        ({"log_format": "xml"}, "", ["WLANTRACK_LOG_FORMAT"]),
        ({"log_level": "LOUD"}, "", ["WLANTRACK_LOG_LEVEL"]),
        ({"hsts_days": 1, "secure_cookies": False}, "localhost", ["WLANTRACK_HSTS_DAYS"]),
        ({"local_login": False}, "", ["WLANTRACK_LOCAL_LOGIN"]),
        ({"oidc_discovery_url": DISCOVERY, "oidc_client_id": "w", "local_login": False}, "", []),
        ({"oidc_discovery_url": DISCOVERY}, "", ["WLANTRACK_OIDC_CLIENT_ID"]),
        (MAIL, "", []),
        (MAIL | {"smtp_security": "none"}, "", ["WLANTRACK_SMTP_SECURITY"]),
        (MAIL | {"smtp_security": "none", "smtp_host": "127.0.0.1"}, "", []),
        (MAIL | {"smtp_security": "ssl"}, "", ["WLANTRACK_SMTP_SECURITY"]),
        (MAIL | {"smtp_port": 0}, "", ["WLANTRACK_SMTP_PORT"]),
        (MAIL | {"mail_from": "WLAN <wlan@example.org>"}, "", ["WLANTRACK_MAIL_FROM"]),
        (MAIL | {"app_url": ""}, "", ["WLANTRACK_APP_URL"]),
        (MAIL | {"smtp_user": "wlan"}, "", ["WLANTRACK_SMTP_USER"]),
        (MAIL | {"smtp_ca_file": "/nowhere.pem"}, "", ["WLANTRACK_SMTP_CA_FILE"]),
        ({"smtp_security": "none", "mail_from": "x"}, "", []),  # without a server nothing is sent
        (
            {"oidc_discovery_url": "http://login.example.org/x", "oidc_client_id": "w"},
            "",
            ["WLANTRACK_OIDC_DISCOVERY_URL"],
        ),
        (
            {
                "oidc_discovery_url": DISCOVERY,
                "oidc_client_id": "w",
                "oidc_roles": "team=planner@RH;team=emperor",
            },
            "",
            ["WLANTRACK_OIDC_ROLES"],
        ),
        (
            {"secret_key": "weak", "log_format": "xml", "secure_cookies": False},
            ANY,
            ["WLANTRACK_SECRET_KEY", "WLANTRACK_SECURE_COOKIES", "WLANTRACK_LOG_FORMAT"],
        ),
    ],
)
def test_what_is_unsafe_is_refused_by_the_settings_name(
    changes: dict[str, object], host: str, fields: list[str], safe: Settings
) -> None:
    assert refused_fields(replace(safe, **changes), host) == fields  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_written_is_named(safe: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = replace(safe, data_dir=tmp_path / "file" / "below", secret_key="k" * 40)

    with pytest.raises(InvalidInput) as refused:
        start_checks.require_safe(settings)

    (problem,) = refused.value.problems
    assert problem.field == "WLANTRACK_DATA_DIR"
    assert problem.value == str(tmp_path / "file" / "below")


def test_a_database_that_is_behind_or_missing_is_refused(safe: Settings) -> None:
    with pytest.raises(InvalidInput, match="no database"):
        start_checks.require_database(safe)


def test_debug_mode_is_refused_by_name() -> None:
    start_checks.refuse_debug(is_debug=False)
    with pytest.raises(InvalidInput) as refused:
        start_checks.refuse_debug(is_debug=True)

    assert refused.value.problems[0].field == "FLASK_DEBUG"


def test_a_secret_is_not_part_of_what_settings_show() -> None:
    shown = repr(Settings(secret_key="s3cret", oidc_client_secret="s3cret", metrics_token="s3cret"))

    assert "s3cret" not in shown


def test_the_file_of_the_mail_password_is_for_nobody_else(safe: Settings, tmp_path: Path) -> None:
    file = tmp_path / "password"
    settings = replace(safe, **MAIL, smtp_user="wlan", smtp_password_file=str(file))
    name = "WLANTRACK_SMTP_PASSWORD_FILE"
    assert refused_fields(settings) == [name]  # is not there
    file.write_text("secret\n")
    file.chmod(0o644)
    assert refused_fields(settings) == [name]
    file.chmod(0o600)
    assert refused_fields(settings) == []
    assert settings.smtp_secret() == "secret"
    assert refused_fields(replace(settings, smtp_password="another")) == [name]
    file.write_text("")
    assert refused_fields(settings) == [name]

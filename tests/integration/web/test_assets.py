"""Static files: what lies in the four folders is served to anybody, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import open_client

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return open_client(app)


def test_a_style_sheet_is_served_to_anybody(stranger: FlaskClient) -> None:
    assert stranger.get("/assets/x/css/kern.css", buffered=True).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "foo/etc/passwd",
        "./etc/passwd",
        "%2E%2E/pyproject.toml",
        "etc/passwd",
        "passwd",
        "js",
        "js/",
        "js/../../pyproject.toml",
        "js/%2E%2E/%2E%2E/pyproject.toml",
        "js//etc/passwd",
        "js/..%5C..%5Cpyproject.toml",
        "js/../package.json",
        "node_modules/x",
        "node_modules/leaflet/package.json",
        "package.json",
    ],
)
def test_nothing_outside_the_asset_folders_is_served(stranger: FlaskClient, path: str) -> None:
    assert stranger.get(f"/assets/x/{path}", buffered=True).status_code == 404

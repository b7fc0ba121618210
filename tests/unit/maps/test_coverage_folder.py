"""A coverage map as files is complete, and says what is missing before it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.maps.sample_map import IMAGES, sample_map
from wlantrack.errors import NotFound
from wlantrack.maps.coverage_folder import ASSET_FILES, coverage_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def static_root(tmp_path: Path) -> Path:
    for path in ASSET_FILES:
        file = tmp_path / "static" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    return tmp_path / "static"


def test_page_pictures_and_assets_lie_side_by_side(tmp_path: Path, static_root: Path) -> None:
    folder = coverage_folder(tmp_path / "floor.html", sample_map(), IMAGES, static_root)
    assert folder == tmp_path / "floor_files"
    assert (folder / "5.png").read_bytes() == IMAGES["5.png"]
    assert (folder / "vendor/leaflet/leaflet.js").read_text() == "vendor/leaflet/leaflet.js"
    page = (tmp_path / "floor.html").read_text(encoding="utf-8")
    assert '<script src="floor_files/vendor/leaflet/leaflet.js">' in page
    assert '"floor_files/5.png"' in page


def test_a_name_with_spaces_and_umlauts_is_escaped_in_links(
    tmp_path: Path, static_root: Path
) -> None:
    coverage_folder(tmp_path / "3. OG {Süd} #1.html", sample_map(), IMAGES, static_root)
    page = (tmp_path / "3. OG {Süd} #1.html").read_text(encoding="utf-8")
    assert '"3.%20OG%20%7BS%C3%BCd%7D%20%231_files/5.png"' in page


def test_writing_twice_replaces_the_first(tmp_path: Path, static_root: Path) -> None:
    coverage_folder(tmp_path / "floor.html", sample_map(), IMAGES, static_root)
    first = (tmp_path / "floor.html").read_bytes()
    coverage_folder(tmp_path / "floor.html", sample_map(), IMAGES, static_root)
    assert (tmp_path / "floor.html").read_bytes() == first


def test_a_picture_stays_in_the_folder(tmp_path: Path, static_root: Path) -> None:
    images = {**IMAGES, "../../outside.png": b"x"}
    coverage_folder(tmp_path / "floor.html", sample_map(), images, static_root)
    assert (tmp_path / "floor_files" / "outside.png").exists()


def test_a_missing_front_end_file_is_named_and_nothing_written(
    tmp_path: Path, static_root: Path
) -> None:
    (static_root / "vendor/leaflet/leaflet.js").unlink()
    with pytest.raises(NotFound, match=r"vendor/leaflet/leaflet\.js"):
        coverage_folder(tmp_path / "floor.html", sample_map(), IMAGES, static_root)
    assert not (tmp_path / "floor_files").exists()

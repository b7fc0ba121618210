"""Every hostile sample through every door: accepted or refused in words, within the limits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.samples import samples_folder
from wlantrack.errors import InvalidInput
from wlantrack.formats.antennas import read_antenna
from wlantrack.formats.esx import read_esx
from wlantrack.formats.openintent import read_openintent
from wlantrack.formats.plan_images import PlanImage, read_plan_image

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ["png", "pdf", "dxf", "csv", "office", "image-fuzz", "svg", "xml", "ifc"]
REFUSED_PDFS = {"crazyones-encrypted-256.pdf"}  # needs a password


def samples(folder: str) -> list[Path]:
    return sorted(
        path for path in (samples_folder("hostile") / folder).rglob("*") if path.is_file()
    )


def read_or_refuse(path: Path) -> PlanImage | str:
    started = time.monotonic()
    try:
        return read_plan_image(path.read_bytes(), file=path.name)
    except InvalidInput as refusal:
        return str(refusal)
    finally:
        assert time.monotonic() - started < 20


def test_no_folder_of_samples_is_left_out() -> None:
    found = {path.name for path in samples_folder("hostile").iterdir() if path.is_dir()}
    assert found <= set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_door_for_plan_pictures_takes_or_refuses_every_sample(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for path in samples(folder):
        outcome = read_or_refuse(path)
        assert isinstance(outcome, PlanImage) or " at 0x" not in outcome
        assert "broke off" not in str(outcome), path
        if folder in {"xml", "csv", "dxf", "office", "ifc"}:
            assert "not a plan" in str(outcome)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["office", "csv", "xml"])
def test_the_doors_for_projects_and_antennas_refuse_every_sample(folder: str) -> None:
    for path in samples(folder):
        data = path.read_bytes()
        for read in (
            lambda: read_esx(data, file=path.name),  # noqa: B023 - called at once
            lambda: read_openintent([(path.name, data)]),  # noqa: B023
            lambda: read_antenna(data, file=path.name),  # noqa: B023
        ):
            with pytest.raises(InvalidInput) as caught:
                read()
            assert "broke off" not in str(caught.value), path


def test_valid_corner_cases_of_png_are_accepted() -> None:
    for path in samples("png/pngsuite"):
        outcome = read_or_refuse(path)
        assert isinstance(outcome, PlanImage), path
        assert (outcome.width_px, outcome.height_px) == (32, 32)


def test_svgs_that_a_sanitiser_has_cleaned_are_accepted() -> None:
    clean = [path for path in samples("svg") if "Clean" in path.name]
    assert len(clean) == 9
    for path in clean:
        assert isinstance(read_or_refuse(path), PlanImage), path


def test_odd_but_valid_pdfs_are_accepted() -> None:
    for path in samples("pdf/pypdf"):
        outcome = read_or_refuse(path)
        assert isinstance(outcome, PlanImage) == (path.name not in REFUSED_PDFS), path


def test_the_sample_plan_in_pdf_has_the_size_of_its_sheet() -> None:
    data = (samples_folder("dxf_ifc") / "floor.pdf").read_bytes()
    image = read_plan_image(data, file="floor.pdf", page=2)
    width_m = image.width_px * (image.metres_per_pixel(100) or 0)
    assert width_m == pytest.approx(42.0, abs=0.02)

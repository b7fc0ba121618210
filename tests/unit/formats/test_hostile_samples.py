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

NO_PLANS = ["dxf", "csv", "office", "xml", "ifc"]
FOLDERS = ["png", "pdf", "image-fuzz", "svg", *NO_PLANS]
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


def is_to_be_taken(path: Path) -> bool | None:
    """Tell what must become of a sample where that is known."""
    folder, *below = path.relative_to(samples_folder("hostile")).parts
    if folder in NO_PLANS:
        return False
    if below[0] == "pngsuite" or (folder == "svg" and "Clean" in path.name):
        return True  # valid corner cases, and what a sanitiser has cleaned
    return path.name not in REFUSED_PDFS if below[0] == "pypdf" else None  # odd but valid


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_door_for_plan_pictures_takes_or_refuses_every_sample(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for path in samples(folder):
        outcome = read_or_refuse(path)
        is_taken, expected = isinstance(outcome, PlanImage), is_to_be_taken(path)
        assert expected in {None, is_taken}, path
        assert "broke off" not in str(outcome), path
        if isinstance(outcome, str):
            assert " at 0x" not in outcome
            assert folder not in NO_PLANS or "not a plan" in outcome
        elif path.parent.name == "pngsuite":
            assert (outcome.width_px, outcome.height_px) == (32, 32), path
    assert list(tmp_path.iterdir()) == []


def test_samples_that_must_be_taken_are_among_them() -> None:
    taken = [path for folder in FOLDERS for path in samples(folder) if is_to_be_taken(path)]

    assert {path.suffix for path in taken} == {".png", ".svg", ".pdf"}
    assert len([path for path in taken if path.suffix == ".svg"]) == 9


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


def test_the_sample_plan_in_pdf_has_the_size_of_its_sheet() -> None:
    data = (samples_folder("dxf_ifc") / "floor.pdf").read_bytes()
    image = read_plan_image(data, file="floor.pdf", page=2)
    width_m = image.width_px * (image.metres_per_pixel(100) or 0)
    assert width_m == pytest.approx(42.0, abs=0.02)

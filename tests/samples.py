"""Where the sample files lie that belong to no part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def samples_folder(name: str) -> Path:
    """Return ``shared/samples/<name>`` beside the repository; skip the test where it is absent."""
    folder = ROOT.parent / "shared" / "samples" / name
    if not folder.exists():
        pytest.skip(f"samples/{name} not present")
    return folder

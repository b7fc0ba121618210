"""No record of the database gets into what the public is told: its modules know no database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PUBLIC_MODULES = (
    "wlantrack.networks.public",
    "wlantrack.formats.open_data",
    "wlantrack.maps.public_pages",
    "wlantrack.services.speech",
    "wlantrack.services.public_texts",
    "wlantrack.services.public_bundle",
)
"""Everything that makes the bundle out of allow-listed values."""

PROGRAM = """
import importlib, sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"sqlalchemy", "alembic"} or name == "wlantrack.store":
            raise ImportError(name + " is blocked")

sys.meta_path.insert(0, Wall())
for name in MODULES:
    importlib.import_module(name)
"""


def test_what_makes_the_public_bundle_is_imported_without_any_database() -> None:
    program = f"MODULES = {PUBLIC_MODULES!r}\n{PROGRAM}"

    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.stderr == ""

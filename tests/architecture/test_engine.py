"""The engine takes dataclasses and arrays, and runs where there is no web and no database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ("errors", "units", "geometry", "radio", "networks", "rollout", "scheduling")
BLOCKED = ("flask", "werkzeug", "jinja2", "wtforms", "sqlalchemy", "alembic", "folium", "click")

PROGRAM = """
import importlib, pkgutil, sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ImportError(name + " is blocked")

sys.meta_path.insert(0, Wall())
count = 0
for name in ENGINE:
    module = importlib.import_module("wlantrack." + name)
    count += 1
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), module.__name__ + "."):
        importlib.import_module(found.name)
        count += 1
print(count)
"""


def test_the_engine_is_imported_without_flask_and_sqlalchemy() -> None:
    program = f"ENGINE = {ENGINE!r}\nBLOCKED = {BLOCKED!r}\n{PROGRAM}"

    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.stderr == ""
    assert int(run.stdout) >= 15

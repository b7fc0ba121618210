from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.factories.projects import OPENINTENT, write_esx
from tests.samples import samples_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import Run

MSI = "NAME Sektor\nFREQUENCY 5500\nGAIN 6 dBi\nHORIZONTAL 2\n0 1\n180 21\nVERTICAL 1\n0 1\n"

"""Imports: one command a format, each loading only what it needs."""

from __future__ import annotations

import click

from wlantrack.cli.lazy_group import LazyGroup


@click.group(
    "import",
    cls=LazyGroup,
    modules={
        "plan": ("wlantrack.cli.import_plan", "A floor plan: PNG, JPEG or a page of a PDF."),
        "dxf": ("wlantrack.cli.import_dxf", "Walls, doors and rooms out of a DXF drawing."),
        "footprints": (
            "wlantrack.cli.import_footprints",
            "Buildings' outlines: GeoPackage, GeoJSON, zipped shapefile.",
        ),
        "table": ("wlantrack.cli.import_table", "A table: CSV or XLSX."),
    },
)
def command() -> None:
    """Import plans, drawings and tables; with any error nothing is written."""

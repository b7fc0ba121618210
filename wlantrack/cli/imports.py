"""Imports: one command a format, each loading only what it needs."""

from __future__ import annotations

import click

from wlantrack.cli.lazy_group import LazyGroup


@click.group(
    "import",
    cls=LazyGroup,
    modules={
        "plan": (
            "wlantrack.cli.import_plan",
            "A floor plan: PNG, JPEG, SVG or a page of a TIFF or PDF.",
        ),
        "dxf": ("wlantrack.cli.import_dxf", "Walls, doors and rooms out of a DXF drawing."),
        "esx": ("wlantrack.cli.import_esx", "A project of Ekahau: plans, walls, access points."),
        "openintent": ("wlantrack.cli.import_openintent", "A project in OpenIntent: YAML or JSON."),
        "msi": ("wlantrack.cli.import_msi", "An antenna: Planet .msi or Ekahau JSON."),
        "footprints": (
            "wlantrack.cli.import_footprints",
            "Buildings' outlines: GeoPackage, GeoJSON, zipped shapefile.",
        ),
        "ical": ("wlantrack.cli.import_ical", "A calendar as blackouts: iCalendar (.ics)."),
        "mspdi": (
            "wlantrack.cli.import_mspdi",
            "A schedule as work packages, or as phases of a renovation: MS Project XML.",
        ),
        "table": ("wlantrack.cli.import_table", "A table: CSV or XLSX."),
    },
)
def command() -> None:
    """Import plans, drawings, projects and tables; with any error nothing is written."""

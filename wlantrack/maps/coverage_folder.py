"""A coverage map as files: the page, and beside it a folder with all it needs.

Decides how the files are named and laid out, so that the page opens without a server and without
a network. Refuses to know how pictures were made.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from wlantrack.errors import NotFound, msg
from wlantrack.maps.coverage_map import coverage_page
from wlantrack.maps.offline import PageSetting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from wlantrack.maps.coverage_content import CoverageMap

ASSET_FILES = (
    "vendor/leaflet/leaflet.js",
    "vendor/leaflet/leaflet.css",
    "vendor/leaflet/LICENSE",
    "vendor/kern/LICENSE.md",
    "vendor/kern/fonts/FiraSans-Regular.woff2",
    "vendor/kern/fonts/FiraSans-Italic.woff2",
    "vendor/kern/fonts/FiraSans-Medium.woff2",
    "vendor/kern/fonts/FiraSans-SemiBold.woff2",
    "css/tokens.css",
    "css/fonts.css",
    "css/folium.css",
    "js/folium/coverage-map.js",
)


def coverage_folder(
    page_path: Path, coverage: CoverageMap, images: Mapping[str, bytes], static_root: Path
) -> Path:
    """Write ``name.html`` and ``name_files/`` beside it.

    Parameters
    ----------
    page_path : Path
        Where the page goes; its folder is made if missing.
    coverage : CoverageMap
        Its overlays' URLs are names in ``images``.
    images : mapping of file name to PNG
    static_root : Path
        Where ``css``, ``js`` and ``vendor`` lie.

    Returns
    -------
    Path
        The folder beside the page.

    Raises
    ------
    NotFound
        A front-end file is missing; nothing was written.
    """
    missing = [path for path in ASSET_FILES if not (static_root / path).is_file()]
    if missing:
        raise NotFound(
            msg(
                "The map needs %(file)s, which is not installed. Run 'make setup' once.",
                file=missing[0],
            )
        )
    folder = page_path.with_name(f"{page_path.stem}_files")
    folder.mkdir(parents=True, exist_ok=True)
    for path in ASSET_FILES:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(static_root / path, folder / path)
    for name, png in images.items():
        (folder / PurePath(name).name).write_bytes(png)
    prefix = quote(folder.name)
    page = coverage_page(
        _place_images(coverage, prefix), PageSetting(asset=lambda path: f"{prefix}/{path}")
    )
    page_path.write_text(page, encoding="utf-8")
    return folder


def _place_images(coverage: CoverageMap, prefix: str) -> CoverageMap:
    plan = coverage.plan and replace(coverage.plan, url=_image_url(prefix, coverage.plan.url))
    layers = [replace(layer, url=_image_url(prefix, layer.url)) for layer in coverage.heat_layers]
    return replace(coverage, plan=plan, heat_layers=layers)


def _image_url(prefix: str, name: str) -> str:
    return f"{prefix}/{quote(PurePath(name).name)}"

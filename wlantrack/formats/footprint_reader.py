"""Reads outlines with geopandas; runs in the sandbox only.

Decides what counts as a building's outline: polygons with an area, in two dimensions, valid, in
whole millimetres. GeoJSON is taken apart without GDAL; the other formats are named to GDAL by the
file's ending, after their first bytes were looked at.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import geopandas
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from wlantrack.errors import Message, Problem, msg
from wlantrack.formats import limits
from wlantrack.formats.footprints import Footprint, FootprintFile
from wlantrack.formats.limits import refuse, require_at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

GRID_M: Final = 0.001
LEAST_AREA_M2: Final = 1.0
GREATEST_SIDE_M: Final = 5_000.0
TEXT_CHARACTERS: Final = 200
_PARTS: Final = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_NAMES: Final = {"code_column": ("code", "kuerzel", "kürzel"), "name_column": ("name",)}


def read_footprints(
    data: bytes, *, crs: str, layer: str, code_column: str, name_column: str, storage_crs: str
) -> FootprintFile:
    """Read every polygon of a file, with code and name from its columns.

    Raises
    ------
    InvalidInput
        See :func:`wlantrack.formats.footprints.read_footprint_file`.
    """
    frame = _open(data, layer)
    require_at_most(len(frame), limits.FOOTPRINT_FEATURES, msg("features"))
    columns = tuple(str(name) for name in frame.columns if name != frame.geometry.name)
    code_column = _find_column(columns, code_column, "code_column")
    name_column = _find_column(columns, name_column, "name_column")
    source = _find_crs(frame, crs)
    warnings = _compare_crs(frame, source)
    frame = frame.set_crs(source, allow_override=True).to_crs(storage_crs)
    features, problems = [], []
    for row, (shape, values) in enumerate(
        zip(frame.geometry, frame[[*columns]].to_dict("records"), strict=True), start=1
    ):
        outline, problem = _clean(shape, row)
        if problem is not None or outline is None:
            problems.append(problem or _problem(row, msg("The feature has no geometry.")))
            continue
        code, name = _text(values.get(code_column)), _text(values.get(name_column))
        features.append(Footprint(row, code, name, shapely.to_wkb(outline)))
    return FootprintFile(
        tuple(features), source.to_string(), columns, tuple(warnings), tuple(problems)
    )


def _open(data: bytes, layer: str) -> geopandas.GeoDataFrame:
    head = data[:80]
    if head.startswith(b"SQLite format 3\0"):
        return _open_layer("footprints.gpkg", data, layer)
    if head.startswith(b"PK"):
        return _open_shapefile(data, layer)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _open_geojson(data)
    raise refuse(
        msg("This is neither GeoPackage, GeoJSON nor a zipped shapefile."),
        msg("Export the buildings in one of these formats."),
    )


def _open_geojson(data: bytes) -> geopandas.GeoDataFrame:
    try:
        document = json.loads(data.decode("utf-8-sig"))
        features = document["features"]
        require_at_most(len(features), limits.FOOTPRINT_FEATURES, msg("features"))
        shapes = [_shape(feature.get("geometry")) for feature in features]
        values = [dict(feature.get("properties") or {}) for feature in features]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise refuse(
            msg("The GeoJSON cannot be read: %(detail)s.", detail=str(error)[:100]),
            msg("Export the buildings as a feature collection."),
        ) from error
    named = document.get("crs")
    # RFC 7946 knows WGS84 only; older files name theirs.
    crs = "EPSG:4326"
    if isinstance(named, dict):
        crs = str(named.get("properties", {}).get("name", crs))
    frame = geopandas.GeoDataFrame(
        values, geometry=geopandas.GeoSeries(shapes, index=range(len(shapes)))
    )
    try:
        return frame.set_crs(crs)
    except CRSError:
        return frame


def _shape(geometry: dict[str, Any] | None) -> BaseGeometry | None:
    return None if geometry is None else shapely.from_geojson(json.dumps(geometry))


def _open_layer(name: str, data: bytes, layer: str) -> geopandas.GeoDataFrame:
    Path(name).write_bytes(data)
    found = pyogrio.list_layers(name).tolist()
    layers = [str(title) for title, kind in found if kind is not None]
    if layer and layer not in layers:
        raise refuse(
            msg("The file has no layer of this name."),
            msg("Use one of: %(choices)s.", choices=", ".join(layers)[:400]),
            field="layer",
            value=layer[:80],
        )
    if not layer and len(layers) != 1:
        raise refuse(
            msg("The file has %(count)s layers.", count=len(layers)),
            msg("Name one of them as the layer: %(choices)s.", choices=", ".join(layers)[:400]),
            field="layer",
        )
    return geopandas.read_file(name, layer=layer or layers[0], engine="pyogrio")


def _open_shapefile(data: bytes, layer: str) -> geopandas.GeoDataFrame:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = [
            info
            for info in archive.infolist()
            if PurePosixPath(info.filename).suffix.lower() in _PARTS
        ]
        total = sum(info.file_size for info in members)
        require_at_most(total, limits.FOOTPRINT_UNPACKED_BYTES, msg("bytes"))
        stems = sorted({PurePosixPath(info.filename).stem for info in members if _is_shp(info)})
        stem = _choose_stem(stems, layer)
        for info in members:
            path = PurePosixPath(info.filename)
            if path.stem == stem:
                with archive.open(info) as source:
                    part = source.read(limits.FOOTPRINT_UNPACKED_BYTES)
                Path(f"footprints{path.suffix.lower()}").write_bytes(part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise refuse(
            msg("The ZIP archive cannot be read."), msg("Pack the shapefile again.")
        ) from error
    return geopandas.read_file("footprints.shp", engine="pyogrio")


def _is_shp(info: zipfile.ZipInfo) -> bool:
    return PurePosixPath(info.filename).suffix.lower() == ".shp"


def _choose_stem(stems: list[str], layer: str) -> str:
    if layer in stems:
        return layer
    if not layer and len(stems) == 1:
        return stems[0]
    if not stems:
        raise refuse(
            msg("The ZIP archive holds no shapefile."),
            msg("Pack .shp, .shx, .dbf and .prj together."),
        )
    raise refuse(
        msg("The file has %(count)s layers.", count=len(stems)),
        msg("Name one of them as the layer: %(choices)s.", choices=", ".join(stems)[:400]),
        field="layer",
        value=layer[:80] or None,
    )


def _find_column(columns: tuple[str, ...], wanted: str, field: str) -> str:
    if wanted:
        if wanted not in columns:
            raise refuse(
                msg("The file has no column of this name."),
                msg("Use one of: %(choices)s.", choices=", ".join(columns)[:400]),
                field=field,
                value=wanted[:80],
            )
        return wanted
    by_name = {column.lower(): column for column in reversed(columns)}
    return next((by_name[name] for name in _NAMES[field] if name in by_name), "")


def _find_crs(frame: geopandas.GeoDataFrame, crs: str) -> CRS:
    if crs:
        return CRS.from_user_input(crs)
    if frame.crs is None:
        raise refuse(
            msg("The file does not say in which coordinate system it is."),
            msg("Name it, such as EPSG:25832 (UTM 32) or EPSG:31467 (Gauß-Krüger 3)."),
            field="crs",
        )
    return CRS.from_user_input(frame.crs)


def _compare_crs(frame: geopandas.GeoDataFrame, source: CRS) -> Iterator[Message]:
    if frame.crs is not None and CRS.from_user_input(frame.crs) != source:
        yield msg(
            "The file says that it is in %(found)s; it was read as %(used)s, as you said.",
            found=CRS.from_user_input(frame.crs).name,
            used=source.name,
        )


def _clean(shape: BaseGeometry | None, row: int) -> tuple[BaseGeometry | None, Problem | None]:
    if shape is None or shape.is_empty:
        return None, _problem(row, msg("The feature has no geometry."))
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return None, _problem(
            row, msg("The feature is no polygon but a %(kind)s.", kind=shape.geom_type)
        )
    if shapely.get_num_coordinates(shape) > limits.FOOTPRINT_VERTICES:
        return None, _problem(row, msg("The outline has too many corners."))
    flat = shapely.force_2d(shape)
    x0, y0, x1, y1 = flat.bounds
    if not max(x1 - x0, y1 - y0) <= GREATEST_SIDE_M:  # NaN and infinity end here too
        return None, _problem(
            row, msg("The outline is longer than 5 km: the coordinate system is another one.")
        )
    outline = _polygons(shapely.set_precision(shapely.make_valid(flat), GRID_M))
    if outline.area < LEAST_AREA_M2:
        return None, _problem(row, msg("The outline has hardly any area."))
    return shapely.normalize(outline), None


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """Leave out lines and points that mending a polygon may leave."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type.endswith("Polygon")]
    united: BaseGeometry = shapely.union_all(parts)
    return united


def _problem(row: int, message: Message) -> Problem:
    return Problem(message, msg("Mend it in the file, or leave it out."), row=row, field="geometry")


def _text(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN is how pandas says "empty"
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[:TEXT_CHARACTERS]

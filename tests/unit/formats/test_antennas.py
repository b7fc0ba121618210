from __future__ import annotations

import json

import numpy as np
import pytest

from tests.samples import samples_folder
from wlantrack.errors import InvalidInput
from wlantrack.formats.antennas import read_antenna
from wlantrack.radio.antennas import Cut

MSI = """NAME Sektor\r
MAKE Muster\r
FREQUENCY 5500\r
GAIN 6 dBi\r
HORIZONTAL 4\r
0 3.0\r
90 10.0\r
180 23.0\r
270 11.0\r
VERTICAL 2\r
0 3.5\r
180 23\r
"""


def read_msi(text: str, file: str = "a.msi") -> object:
    return read_antenna(text.encode(), file=file)


def make_json(gains: tuple[float, ...] = (0.0, -3.0), **values: object) -> bytes:
    step = 360 / len(gains)
    cut = {
        "alignment": {},
        "gains": [{"angleInDegrees": n * step, "dBi": gain} for n, gain in enumerate(gains)],
    }
    return json.dumps({"horizontalPlane": cut, "elevationPlane": cut} | values).encode()


def refusal_of(data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_antenna(data, file="a.msi")
    assert caught.value.problems[0].remedy is not None
    return str(caught.value)


def test_attenuation_counts_from_the_smallest_value_of_both_cuts() -> None:
    table = read_antenna(b"\xef\xbb\xbf" + MSI.encode(), file="a.msi")
    assert (table.name, table.vendor, table.band, table.mount) == ("Sektor", "Muster", "5", "wall")
    assert table.gain_dbi == 6.0
    assert table.horizontal == ((0.0, 6.0), (90.0, -1.0), (180.0, -14.0), (270.0, -2.0))
    assert table.vertical[0] == (0.0, 5.5)


def test_gain_over_a_dipole_becomes_gain_over_isotropic() -> None:
    assert read_antenna(MSI.replace("6 dBi", "6 dBd").encode()).gain_dbi == pytest.approx(8.15)


def test_the_alignment_in_the_comment_turns_the_vertical_cut() -> None:
    comment = 'COMMENT EKJSON1:{"ea": 90.0, "mt": "CEILING", "fb": "SIX"}\r\nHORIZONTAL'
    table = read_antenna(MSI.replace("HORIZONTAL", comment).encode())
    assert table.vertical == ((90.0, 5.5), (270.0, -14.0))
    assert (table.mount, table.band) == ("ceiling", "6")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (MSI.replace("GAIN 6 dBi", "GAIN").encode(), "states no gain"),
        (MSI.split("VERTICAL", maxsplit=1)[0].encode(), "no VERTICAL table"),
        (MSI.replace("90 10.0", "90 ten").encode(), "Line 7"),
        (MSI.replace("90 10.0", "90 nan").encode(), "no usable gains"),
        (b"PK\x03\x04", "neither"),
        (b"{", "damaged"),
        (b"{}", "no usable gains"),
        (make_json((1e9,)), "no usable gains"),
        (make_json((1.0,) * 4000), "angles"),
        (b"[" * 100_000, "no gain"),
    ],
)
def test_a_file_without_usable_tables_is_refused(data: bytes, told: str) -> None:
    assert told in refusal_of(data)


def test_a_table_about_zero_is_relative_to_the_greatest_gain() -> None:
    assert read_antenna(make_json(manufacturerMaximumGain=5.0)).gain_dbi == 5.0
    assert read_antenna(make_json((4.0, 1.0), manufacturerMaximumGain=5.0)).gain_dbi == 4.0
    bare = make_json().replace(b'"alignment"', b'"scaleMin": NaN, "alignment"')
    assert read_antenna(bare).gain_dbi == 0.0


def test_an_antenna_in_json_is_named_after_its_file() -> None:
    data = make_json(frequencyBand="TWO", defaultMounting="WALL")
    table = read_antenna(data, file="Muster_Sektor_2.4GHz.json")
    assert (table.name, table.band, table.mount) == ("Muster Sektor 2.4GHz", "2.4", "wall")


def test_real_antennas_have_the_expected_gains() -> None:
    folder = samples_folder("antennas")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["files"]
    for name, values in expected.items():
        table = read_antenna((folder / name).read_bytes(), file=name)
        angles, gains = zip(*table.horizontal, strict=True)
        cut = Cut(angles, gains)
        wanted = values["horizontal_gain_dbi"]
        found = cut.find_gain_db(np.array([float(angle) for angle in wanted]))
        assert found == pytest.approx(list(wanted.values()), abs=0.1), name
        assert table.gain_dbi == pytest.approx(values["max_gain_dbi"], abs=0.1)
        assert max(gains) == pytest.approx(values["max_gain_horizontal_dbi"], abs=0.1)

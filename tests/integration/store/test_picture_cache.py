from __future__ import annotations

import os
from typing import TYPE_CHECKING

from wlantrack.store.picture_cache import BLOCK_BYTES, PictureCache

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = b"x" * 10_000


def folder_size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def date(folder: Path, key: str, second: int) -> None:
    os.utime(folder / key[:2] / key, (second, second))


def test_a_picture_is_made_once(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path)
    assert cache.get("aa1", lambda: b"first") == b"first"
    assert cache.get("aa1", lambda: b"second") == b"first"


def test_any_number_of_pictures_stays_below_the_limit(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path, limit_bytes=200_000)
    for number in range(100):
        key = f"{number:03d}"
        assert cache.get(key, lambda: PICTURE) == PICTURE
        assert folder_size(tmp_path) <= 200_000
        date(tmp_path, key, number)
    kept = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert len(kept) >= 15
    assert kept == [f"{number:03d}" for number in range(100 - len(kept), 100)]


def test_small_files_count_as_what_they_take_on_a_disk(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path, limit_bytes=10 * BLOCK_BYTES)
    for number in range(50):
        cache.get(f"{number:03d}", lambda: b"")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) <= 10


def test_what_an_earlier_process_left_makes_room_at_once(tmp_path: Path) -> None:
    large = PictureCache(tmp_path, limit_bytes=1_000_000)
    for number in range(50):
        large.get(f"{number:03d}", lambda: PICTURE)
        date(tmp_path, f"{number:03d}", number)

    PictureCache(tmp_path, limit_bytes=100_000).get("new", lambda: PICTURE)

    assert folder_size(tmp_path) <= 100_000
    assert (tmp_path / "ne" / "new").read_bytes() == PICTURE


def test_a_limit_below_one_picture_keeps_none_and_still_gives_it(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path, limit_bytes=100)
    assert cache.get("aa1", lambda: PICTURE) == PICTURE
    assert folder_size(tmp_path) == 0

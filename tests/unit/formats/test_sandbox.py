from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

import wlantrack
from wlantrack.errors import InvalidInput
from wlantrack.formats import landlock
from wlantrack.formats.sandbox import Allowance, run_in_sandbox

READERS = "tests.unit.formats.hostile_readers"
UNDER_LANDLOCK = """
import os, sys
from pathlib import Path
from wlantrack.formats.landlock import restrict_files

inside, outside = map(Path, sys.argv[1:])
assert restrict_files([sys.prefix, sys.base_prefix], [str(inside)])
(inside / "note").write_text("inside")
(inside / "folder").mkdir()
(inside / "folder").rmdir()
kept = outside / "kept"
attempts = {
    "read": kept.read_text,
    "write": lambda: kept.write_text("was here"),
    "list": lambda: os.listdir(outside),
    "delete": kept.unlink,
    "pipe": lambda: os.mkfifo(outside / "pipe"),
    "link": lambda: os.link(inside / "note", outside / "link"),
    "symlink": lambda: os.symlink(kept, outside / "symlink"),
    "pipe-inside": lambda: os.mkfifo(inside / "pipe"),
    "symlink-inside": lambda: os.symlink(kept, inside / "symlink"),
    "program": lambda: os.execv(sys.executable, [sys.executable, "-c", "print('ran')"]),
}
for name, attempt in attempts.items():
    try:
        attempt()
    except (PermissionError, OSError) as error:
        print(name if error.errno in (1, 13, 18) else error)
"""
SHORT = Allowance(seconds=1.5)


def refusal_of(reader: str, data: bytes = b"", allowance: Allowance | None = None) -> str:
    with pytest.raises(InvalidInput) as caught:
        run_in_sandbox(
            str, f"{READERS}:{reader}", data, file="plan.pdf", allowance=allowance or Allowance()
        )
    assert caught.value.problems[0].file == "plan.pdf"
    assert caught.value.problems[0].remedy is not None
    return str(caught.value)


def test_a_reader_gets_the_upload_and_its_options_and_its_result_comes_back() -> None:
    result = run_in_sandbox(str, f"{READERS}:echo", b"hello", {"page": 2, "layers": ["A"]})
    assert result == "hello {'page': 2, 'layers': ['A']}"


@pytest.mark.parametrize("reader", ["sleep", "spin"])
def test_a_reader_that_does_not_end_is_stopped_at_its_deadline(reader: str) -> None:
    started = time.monotonic()
    text = refusal_of(reader, allowance=SHORT)
    assert "took longer than 1.5 seconds" in text
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("reader", ["allocate", "allocate_slowly"])
def test_a_reader_that_wants_all_the_memory_is_stopped_at_its_limit(reader: str) -> None:
    assert "more than the 1024 MiB of memory" in refusal_of(reader)


@pytest.mark.parametrize(
    ("reader", "detail"),
    [
        ("crash", "SIGABRT"),
        ("leave", "no valid answer"),
        ("answer_wrongly", "no valid answer"),
        ("recurse", "RecursionError"),
        ("raise_attribute_error", "AttributeError: NoneType has no attribute 'trailer'"),
    ],
)
def test_a_reader_that_fails_becomes_a_refusal_that_says_how(reader: str, detail: str) -> None:
    text = refusal_of(reader)
    assert detail in text
    assert "save it again" in text


def test_a_refusal_of_the_reader_arrives_with_place_and_remedy() -> None:
    text = refusal_of("refuse")
    assert text == "plan.pdf, row 7: Wall 7 is upside down. Turn it."


@pytest.mark.parametrize(
    "reader",
    [
        "write_file", "write_beside_folder", "write_relatively", "delete_file", "rename_file",
        "take_file", "link_file", "make_pipe", "make_device", "open_database",
        "open_database_by_address", "read_file", "list_folder", "call_library",
    ],
)  # fmt: skip
def test_a_reader_cannot_touch_files_outside_its_folder(reader: str, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("untouched", encoding="utf-8")
    text = refusal_of(reader, str(target).encode())
    assert "PermissionError" in text or "has no attribute 'mk" in text
    assert target.read_text(encoding="utf-8") == "untouched"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", "README.md", "Makefile"])
def test_a_reader_reads_neither_the_system_nor_what_lies_in_the_checkout(path: str) -> None:
    root = Path(wlantrack.__file__).parents[1]
    assert "reading is not allowed there" in refusal_of("read_file", str(root / path).encode())


def test_a_reader_may_use_the_systems_time_zones_and_python_itself() -> None:
    found = run_in_sandbox(tuple[str, ...], f"{READERS}:use_system_files", b"")
    assert found[:2] == ("Europe/Berlin", "xml.dom.minidom")
    assert "mine.db" in found


def test_the_kernel_holds_native_code_to_the_same_folders(tmp_path: Path) -> None:
    if not landlock.is_offered():
        pytest.skip("this kernel has no Landlock")
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "kept").write_text("untouched", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", UNDER_LANDLOCK, str(inside), str(outside)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["read", "write", "list", "delete", "pipe", "link", "symlink",
                                   "pipe-inside", "symlink-inside", "program"]  # fmt: skip
    assert (outside / "kept").read_text(encoding="utf-8") == "untouched"
    assert [path.name for path in outside.iterdir()] == ["kept"]
    assert (inside / "note").read_text(encoding="utf-8") == "inside"


@pytest.mark.parametrize("reader", ["open_socket", "start_program", "answer_by_signal"])
def test_a_reader_reaches_neither_network_nor_other_programs(reader: str) -> None:
    assert "not allowed while an upload is read" in refusal_of(reader)


def test_a_reader_may_use_its_own_folder() -> None:
    assert run_in_sandbox(str, f"{READERS}:work_in_folder", b"") == "inside"


def test_a_reader_sees_none_of_the_servers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WLANTRACK_DATABASE_URL", "postgresql://secret")
    names = run_in_sandbox(tuple[str, ...], f"{READERS}:environment", b"")
    assert not [name for name in names if "WLANTRACK" in name]


def test_an_answer_larger_than_allowed_is_refused() -> None:
    text = refusal_of("answer_too_much", allowance=Allowance(output_bytes=1_000_000))
    assert "stopped" in text


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    refusal_of("sleep", allowance=SHORT)
    run_in_sandbox(str, f"{READERS}:work_in_folder", b"")
    assert list(tmp_path.iterdir()) == []

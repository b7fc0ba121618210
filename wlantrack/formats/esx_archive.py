"""The archive of an Ekahau project: bounded reading of its members; sandbox only.

Decides how much is unpacked. Names of members are only compared, never used as paths.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.loose_values import find_text

if TYPE_CHECKING:
    from wlantrack.errors import InvalidInput
    from wlantrack.formats.loose_values import Item


class EsxArchive:
    """An opened project; what it unpacks is counted.

    Raises
    ------
    InvalidInput
        It is no archive, has too many members, or they would unpack to too much.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
            raise _damaged(str(error)) from error
        limits.require_at_most(len(members), limits.PROJECT_ZIP_MEMBERS, msg("files"))
        unpacked = sum(member.file_size for member in members)
        if unpacked > limits.PROJECT_UNPACKED_BYTES:
            raise _too_large(unpacked, limits.PROJECT_UNPACKED_BYTES)
        self._members = {member.filename: member for member in members}
        self._left = {"json": limits.PROJECT_JSON_BYTES, "picture": limits.PROJECT_PICTURES_BYTES}
        self._objects = 0

    def has(self, name: str) -> bool:
        """Tell whether there is such a member."""
        return name in self._members

    def read_picture(self, name: str) -> bytes:
        """Give the bytes of a picture."""
        return self._read(name, "picture", limits.PROJECT_PICTURE_BYTES)

    def read_object(self, name: str) -> Item:
        """Give the JSON object of ``name.json``, without its outer layer; empty if missing."""
        found = self._load(name)
        return found if isinstance(found, dict) else {}

    def read_list(self, name: str) -> list[Item]:
        """Give the objects of ``name.json``: not those marked as deleted, and each id once."""
        found = self._load(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise refuse(
                msg("The project's %(member)s holds no list.", member=f"{name}.json"),
                msg("Open the project in Ekahau, save it again, and upload the new file."),
            )
        self._objects += len(found)
        limits.require_at_most(self._objects, limits.PROJECT_OBJECTS, msg("objects"))
        items, seen = [], set()
        for item in found:
            if isinstance(item, dict) and item.get("status") != "DELETED":
                key = find_text(item, "id")
                if not key or key not in seen:
                    items.append(item)
                seen.add(key)
        return items

    def _load(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        member = f"{name}.json"
        if member not in self._members:
            return None
        text = self._read(member, "json", limits.PROJECT_JSON_BYTES)
        try:
            source = json.loads(text.decode("utf-8-sig"), parse_constant=lambda _: None)
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
            raise _damaged(f"{member}: {str(error)[:120]}") from error
        return source.get(name) if isinstance(source, dict) else None

    def _read(self, name: str, kind: str, limit_bytes: int) -> bytes:
        """Unpack a member; what its header says of its size is not believed."""
        limit_bytes = min(limit_bytes, self._left[kind])
        try:
            with self._zip.open(self._members[name]) as file:
                data = file.read(limit_bytes + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,  # protected by a password
            NotImplementedError,
            ValueError,
        ) as error:
            raise _damaged(f"{name}: {str(error)[:120]}") from error
        if len(data) > limit_bytes:
            raise _too_large(len(data), limit_bytes)
        self._left[kind] -= len(data)
        return data


def _damaged(detail: str) -> InvalidInput:
    return refuse(
        msg("The project is damaged: %(detail)s.", detail=detail.rstrip(".")),
        msg("Open the project in Ekahau, save it again, and upload the new file."),
    )


def _too_large(found: int, limit: int) -> InvalidInput:
    return refuse(
        msg(
            "The project unpacks to %(found)s MiB or more; at most %(limit)s MiB are allowed.",
            found=found // limits.MIB,
            limit=limit // limits.MIB,
        ),
        msg("Split the project by buildings."),
    )

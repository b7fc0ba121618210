"""YAML and JSON documents of an upload; sandbox only.

Decides how much a document may hold. Aliases, with which ten lines become a billion, are refused,
and so are all tags that would build objects.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats import limits

if TYPE_CHECKING:
    from wlantrack.errors import Message
    from wlantrack.formats.loose_values import Item

_MEND = msg("Correct the file at this place, or export it anew.")


def read_documents(text: bytes, file: str) -> list[Item]:
    """Give the objects of a stream of documents.

    Raises
    ------
    InvalidInput
        It is no valid YAML or JSON; the line is named.
    """
    if text.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        documents = _read_json(text, file)
    else:
        _check_events(text, file)
        documents = _read_yaml(text, file)
    found: list[Item] = []
    for document in documents:
        entries = document if isinstance(document, list) else [document]
        found += (entry for entry in entries if isinstance(entry, dict))
    return found


def _read_json(text: bytes, file: str) -> list[Any]:
    try:
        return [json.loads(text.decode("utf-8-sig"), parse_constant=lambda _: None)]
    except json.JSONDecodeError as error:
        raise _refuse_at(
            msg("This is no valid JSON: %(why)s.", why=error.msg), file, error.lineno
        ) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise _refuse_at(
            msg("This is no valid JSON: %(why)s.", why=str(error)[:120]), file, 1
        ) from error


def _check_events(text: bytes, file: str) -> None:
    depth = count = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            count += 1
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                message = msg(
                    "The YAML uses aliases (*%(name)s), which are not read.", name=event.anchor
                )
                raise _refuse_at(message, file, line)
            if depth > limits.YAML_DEPTH:
                message = msg("The YAML nests more than %(limit)s deep.", limit=limits.YAML_DEPTH)
                raise _refuse_at(message, file, line)
            if count > 10 * limits.PROJECT_OBJECTS:
                raise _refuse_at(msg("The YAML holds too many values."), file, line)
    except yaml.YAMLError as error:
        raise _explain(error, file) from error


def _read_yaml(text: bytes, file: str) -> list[Any]:
    try:
        return list(yaml.load_all(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise _explain(error, file) from error
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise _refuse_at(
            msg("This is no valid YAML: %(why)s.", why=str(error)[:120]), file, None
        ) from error


def _explain(error: yaml.YAMLError, file: str) -> InvalidInput:
    mark = getattr(error, "problem_mark", None)
    why = str(getattr(error, "problem", None) or error).splitlines()[0][:120]
    line = None if mark is None else mark.line + 1
    return _refuse_at(msg("This is no valid YAML: %(why)s.", why=why), file, line)


def _refuse_at(message: Message, file: str, line: int | None) -> InvalidInput:
    name = file if line is None else f"{file}:{line}"
    return InvalidInput(Problem(message, _MEND, field=name))

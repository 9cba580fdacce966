"""Rows of JSON files: a document, or a value on each line. The content decides which, the extension where it cannot."""

import re

from core.errors import FileProblem
from core.ingest.json_document import open_document
from core.ingest.json_lines import open_lines
from core.ingest.json_values import loads
from core.ingest.source import Source
from core.ingest.text import MIXED, Text

FIRST_LINES_BYTES = 64_000_000
LIST_START = re.compile(rb"\[\s*(\{|$)")


def open_json(text: Text, by_line: bool) -> Source:
    """The rows of a JSON document or of JSON lines; `by_line` says which where the content does not.

    Raises:
        FileProblem: the file holds neither records nor a list of them.
    """
    return open_lines(text) if _is_lines(text, by_line) else open_document(text)


def holds_records(text: Text) -> bool:
    """Whether a text, whatever its file is called, begins like a JSON record or a list of them."""
    first = b"".join(_first_lines(text)[:1]).lstrip()
    return (first.startswith(b"{") and _is_value(first)) or bool(LIST_START.match(first))


def _is_lines(text: Text, by_line: bool) -> bool:
    first = _first_lines(text)
    if not first:
        raise FileProblem(f"The file “{text.name}” is empty. Choose a file with at least one row.")
    if first[0].lstrip().startswith(b"["):
        return by_line and len(first) > 1 and _is_value(first[0])
    if len(first) == 1:
        return by_line
    return by_line or _is_value(first[0])


def _first_lines(text: Text) -> list[bytes]:
    """The first lines that are not blank: two, or one if it is the only one or very long."""
    head = b""
    for chunk in text.chunks():
        head += chunk
        lines = [line for line in head.splitlines(keepends=True) if line.strip()]
        complete = [line for line in lines if line.endswith((b"\n", b"\r"))]
        if len(complete) > 1 or (lines and lines[0].lstrip()[:1] == b"[" and len(lines) == 1):
            return complete[:2] or lines
        if len(head) > FIRST_LINES_BYTES:
            break
    return [line for line in head.splitlines() if line.strip()][:2]


def _is_value(line: bytes) -> bool:
    try:
        loads(line.decode("utf-8", MIXED))
    except ValueError:
        return False
    return True

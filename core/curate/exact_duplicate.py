"""Rows that are the same to the letter as an earlier row; the first one is kept."""

from hashlib import blake2b

from core.records import Dataset, Example, Problem

NAME = "exact duplicate"
DIGEST_BYTES = 16


def find(dataset: Dataset) -> list[Problem]:
    """Rows whose roles, texts and label all equal those of an earlier row."""
    first: dict[bytes, int] = {}
    found = []
    for example in dataset:
        row = first.setdefault(_digest(example), example.row)
        if row != example.row:
            found.append(Problem(example.row, NAME, f"same as row {row}", example.id))
    return found


def _digest(example: Example) -> bytes:
    digest = blake2b(digest_size=DIGEST_BYTES)
    texts = [part for message in example.messages for part in (message.role, message.content)]
    for text in (*texts, example.label or ""):
        data = text.encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.digest()

"""Which substitutes have been given, kept over all datasets of a project, without the values they were given for."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from core.errors import Busy, LabError

FORMAT = 1
LOCK_SECONDS = 60


class Ledger:
    """Substitutes by a keyed digest of the value they stand for; the digests cannot be turned back without the key.

    A space holds names, or one kind of value; within it a substitute is given once. Without a `path` nothing is kept.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._given: dict[str, dict[str, str]] = {}
        self._read()

    def find(self, space: str, digest: str) -> str | None:
        """The substitute that was given for the value with this digest."""
        return self._given.get(space, {}).get(digest)

    def spaces(self) -> dict[str, dict[str, str]]:
        """Every space with its digests and substitutes."""
        return self._given

    def give(self, space: str, digest: str, substitute: str) -> None:
        """Note a substitute; it is on the disk once the `held` around it ends."""
        self._given.setdefault(space, {})[digest] = substitute

    @contextmanager
    def held(self) -> Iterator[None]:
        """Read the ledger anew, let nobody else write it meanwhile, and keep what is given until the end.

        Raises:
            Busy: another masking has held the ledger for a minute.
            LabError: the file is damaged.
        """
        if self._path is None:
            yield
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._path.with_name(self._path.name + ".lock"))
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout as error:
            raise Busy(
                "Another masking is inventing substitutes for this project. Try again when it is done."
            ) from error
        try:
            self._read()
            before = self._data()
            yield
            if self._data() != before:
                self._write()
        finally:
            lock.release()

    def _data(self) -> bytes:
        return orjson.dumps({"format": FORMAT, "given": self._given}, option=orjson.OPT_SORT_KEYS)

    def _read(self) -> None:
        self._given = {}
        if self._path is None or not self._path.exists():
            return
        try:
            kept = orjson.loads(self._path.read_bytes())
            given = {space: {str(key): str(new) for key, new in some.items()} for space, some in kept["given"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LabError(
                f"The list of substitutes “{self._path.name}” is damaged. Put a copy of it back, or move it away: "
                "then the next masking invents new ones."
            ) from error
        if kept.get("format") != FORMAT:
            raise LabError(f"The list of substitutes “{self._path.name}” was written by another version of Tunebench.")
        self._given = given

    def _write(self) -> None:
        assert self._path is not None
        temporary = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        with temporary.open("wb") as file:
            file.write(self._data())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._path)

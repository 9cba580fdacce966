"""Where examples go while a file is read: in a thread of its own, so that reading and writing go on together."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import pyarrow as pa

from core.records import with_schema

TABLE_BYTES = 8_000_000


class Sink:
    """Gathers tables to some megabytes and hands them to `add`, in their order, while the next are made."""

    def __init__(self, add: Callable[[pa.Table], None]) -> None:
        self.rows = 0
        self._add = add
        self._waiting: list[pa.Table] = []
        self._worker = ThreadPoolExecutor(1, "sink")
        self._last: Future[None] | None = None

    def add(self, table: pa.Table) -> None:
        """Take a table of the columns of `SCHEMA`, or some of them. Raises what an earlier `add` raised."""
        self.rows += len(table)
        self._waiting += [with_schema(table)] if len(table) else []
        if sum(waiting.nbytes for waiting in self._waiting) >= TABLE_BYTES:
            self._hand_on()

    def _hand_on(self) -> None:
        if self._last:
            self._last.result()
        if self._waiting:
            self._last = self._worker.submit(self._add, pa.concat_tables(self._waiting))
            self._waiting = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not error:
                self._hand_on()
                self._hand_on()
        finally:
            self._worker.shutdown()

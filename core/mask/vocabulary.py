"""The words of a dataset, none of which may be the name of an invented person or place."""

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from core.records import FACTS, Dataset

_CHUNK = 4096  # rows
_WORD = r"[\p{L}\p{M}]{3,40}"


def vocabulary(dataset: Dataset) -> frozenset[str]:
    """Every word of three letters and more in what the rows of a dataset say, in small letters."""
    found: set[str] = set()
    for start in range(0, len(dataset), _CHUNK):
        rows = dataset.table.slice(start, _CHUNK)
        contents = [pc.struct_field(pc.list_flatten(chunk), "content") for chunk in rows["messages"].chunks]
        beside = [chunk for name in ("rejected", *FACTS) for chunk in rows[name].chunks]
        tags = [pc.list_flatten(chunk) for chunk in rows["tags"].chunks]
        texts = pl.Series(pa.chunked_array([*contents, *beside, *tags], pa.string()), dtype=pl.String)
        words = texts.drop_nulls().str.to_lowercase().str.extract_all(_WORD).explode().unique()
        found.update(words.drop_nulls())
    return frozenset(found)

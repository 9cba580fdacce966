"""What a scan found: places as a table, never a value."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pyarrow as pa

FORMAT = 3
ELSEWHERE = "the same value was found elsewhere"
LONGER = "found here, and longer in another row"

PLACES = pl.Schema(
    {
        "row_id": pl.String,
        "position": pl.UInt32,
        "message": pl.UInt32,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "kind": pl.String,
        "score": pl.Float32,
        "reason": pl.String,
        "value": pl.String,
        "covered": pl.Boolean,
    }
)
ORDER = ("position", "message", "start", "end", "kind")


@dataclass(frozen=True)
class Findings:
    """The places in a dataset, and what was asked of which content.

    `places` has a line for each, in order: the row by its id and its position in the dataset (from 0), the message
    (index into what it says, core/mask/texts.py), start and end in characters, kind, score (0 to 1), reason, a keyed
    hash by which equal values are known, and whether a stronger place covers it. `texts` has a keyed hash of every
    row's texts, so that rows which did not change need not be read again. `rules` is the stamp of the user's own rules,
    None where it was not kept. `notes` are sentences for the user.
    """

    content_hash: str
    total_rows: int
    places: pl.DataFrame = field(repr=False)
    texts: pl.Series = field(repr=False)
    mode: str
    kinds: frozenset[str]
    stamp: str
    notes: tuple[str, ...] = ()
    rules: str | None = None

    @property
    def shown(self) -> pl.DataFrame:
        """The places that no stronger one covers."""
        return self.places.filter(~pl.col("covered"))

    @property
    def rows_found(self) -> int:
        """The number of rows in which anything was found."""
        return self.places["position"].n_unique()

    def about(self) -> dict[str, Any]:
        """What is kept as JSON beside the tables."""
        return {
            "format": FORMAT,
            "content_hash": self.content_hash,
            "total_rows": self.total_rows,
            "mode": self.mode,
            "kinds": sorted(self.kinds),
            "stamp": self.stamp,
            "notes": list(self.notes),
            "rules": self.rules,
        }

    def tables(self) -> dict[str, pa.Table]:
        """What is kept as tables: `places`, and `texts` with the hash of every row."""
        return {"places": self.places.to_arrow(), "texts": self.texts.rename("texts").to_frame().to_arrow()}

    @classmethod
    def kept(cls, about: Any, places: pa.Table | None, texts: pa.Table | None) -> "Findings | None":
        """The findings from what was kept, or None if something is missing or of another format."""
        if not isinstance(about, dict) or about.get("format") != FORMAT or places is None or texts is None:
            return None
        return cls(
            content_hash=about["content_hash"],
            total_rows=about["total_rows"],
            places=pl.DataFrame(places).cast(PLACES),
            texts=pl.DataFrame(texts)["texts"],
            mode=about["mode"],
            kinds=frozenset(about["kinds"]),
            stamp=about["stamp"],
            notes=tuple(about["notes"]),
            rules=about.get("rules"),
        )

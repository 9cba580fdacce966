"""Which uploaded files are opened."""

from collections.abc import Sequence
from pathlib import Path

from core.errors import FileProblem
from core.ingest import FORMATS, File, is_columnar, packing_of
from core.settings import Limits

MEGABYTE = 1_000_000
MOST_FILES = 1_000
HEAD_BYTES = 16
UNPACKING = (".parquet", ".arrow", ".feather", ".ipc", ".gz", ".zst", ".zip")


def uploaded(limits: Limits, path: str | None, uploads: Path) -> Path:
    """The uploaded file at a path, if the server put it below `uploads`, its upload folder, and this place may read it.

    Raises:
        FileProblem: there is no such file, it is too large, or may unpack to more than a public place has room for.
    """
    if not path:
        raise FileProblem(f"No file was chosen. Drop a file ({FORMATS}), or choose a sample.")
    found = Path(path).resolve()
    if not found.is_relative_to(uploads.resolve()) or not found.is_file():
        raise FileProblem("This path is outside the workspace and was not opened. Upload the file on this page.")
    if limits.public:
        _refuse_unpacking(found)
    _check_size(limits, found.name, found.stat().st_size)
    return found


def all_uploaded(limits: Limits, paths: Sequence[str] | str | None, uploads: Path) -> list[File]:
    """The uploaded files at some paths. Raises like `uploaded`; the size that counts is that of all together."""
    several = [paths] if isinstance(paths, str) else list(paths or [""])
    if len(several) > MOST_FILES:
        raise FileProblem(f"These are more than {MOST_FILES:,} files. Join them, or load fewer.")
    found = [uploaded(limits, path, uploads) for path in several]
    _check_size(limits, f"{len(found)} files", sum(path.stat().st_size for path in found))
    return [File(path, path.name) for path in found]


def _refuse_unpacking(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    kind = "packed" if packing_of(head) else "Arrow"
    kind = "Parquet" if head.startswith(b"PAR1") or path.suffix.lower() == ".parquet" else kind
    if packing_of(head) or is_columnar(head) or path.suffix.lower() in UNPACKING:
        raise FileProblem(
            f"“{path.name}” was not opened: a small {kind} file can unpack to more than this public page has room "
            "for. Save it as CSV or JSONL, or run Tunebench on your own machine."
        )


def _check_size(limits: Limits, name: str, size: int) -> None:
    if size > limits.upload_mb * MEGABYTE:
        raise FileProblem(
            f"The file “{name}” has {size / MEGABYTE:,.1f} MB; this place takes at most {limits.upload_mb:,} MB. "
            "Cut it shorter, or run Tunebench on your own machine."
        )

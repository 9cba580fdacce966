"""What tells the files of a model apart from others of the same name and shapes, without reading them whole."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from core.models.loading import ModelSource

PIECES, PIECE = 64, 4096  # bytes, read of each file of weights, spread evenly: another training changes most of them
LONGEST_HEADER = 1_000_000


def fingerprint(source: ModelSource) -> str:
    """A hash of config.json, and of the names, sizes, headers and samples of the files of weights.

    Empty for a model of the Hub, whose revision says it already.
    """
    if not source.is_local:
        return ""
    folder = Path(source.path_or_id)
    files = [folder / source.gguf_file] if source.gguf_file else sorted(folder.glob("*.safetensors"))
    config = folder / "config.json"
    digest = sha256(config.read_bytes() if config.exists() else b"")
    for file in files:
        _add(digest, file)
    return digest.hexdigest()


def _add(digest: Any, path: Path) -> None:
    size = path.stat().st_size
    digest.update(f"{path.name} {size}".encode())
    with path.open("rb") as file:
        header = int.from_bytes(file.read(8), "little")  # its length, in a file of safetensors
        digest.update(file.read(min(header, LONGEST_HEADER)))
        for place in range(0, size, max(PIECE, size // PIECES)):
            file.seek(place)
            digest.update(file.read(PIECE))

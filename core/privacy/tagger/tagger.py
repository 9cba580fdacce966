"""Loading the token classifier, and running it over texts in windows.

Each window is run by itself. The activations are rounded to bytes by their own range, so that a window in a batch
would depend on what else is in it, and a text would be labelled differently in another order of the rows; and a batch
brings nothing here (9,600 tokens a second one by one, 9,300 by eight, windows of 128 tokens, one core).
"""

import json
import os
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import LabError
from core.privacy.spans import Span
from core.privacy.tagger.decode import labelled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Scores = NDArray[np.float32]

LABELS = (
    *("GIVEN_NAME", "SURNAME", "EMAIL", "PHONE", "URL", "TAX_ID", "BANK_ACCOUNT", "ROUTING_NUMBER", "GOVERNMENT_ID"),
    *("PASSPORT", "DRIVERS_LICENSE", "BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE"),
    "ZIP_CODE",
)
# The model was made for 480 characters, about 128 tokens; it finds less in longer windows (the wheel's _model.py).
WINDOW_TOKENS = 126
OVERLAP_TOKENS = 32
MOST_THREADS = 2
FILES = ("model.onnx", "tokenizer.json", "config.json")

_SURROGATE = re.compile("[\ud800-\udfff]")


class Tagger:
    """The model with its tokenizer; may be shared by threads."""

    def __init__(self, session: Any, tokenizer: "Tokenizer", threads: int) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._threads = threads
        self._ends = [tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")]

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """The labelled words of each text in order; `kind` is one of `LABELS`, and a word may have several.

        The score is the probability of the label, from `decode.LEAST_SCORE` to 1: who uses it sets the threshold.
        """
        # A lone surrogate has no bytes; what takes its place has one character as well, so that offsets stay.
        encoded = [self._tokenizer.encode(_SURROGATE.sub("\ufffd", text), add_special_tokens=False) for text in texts]
        windows = [list(_windows(len(encoding.ids))) for encoding in encoded]
        jobs = [
            encoding.ids[start:end] for encoding, parts in zip(encoded, windows, strict=True) for start, end in parts
        ]
        scores = iter(self._run_all(jobs))
        found = []
        for encoding, parts in zip(encoded, windows, strict=True):
            pieces = [next(scores) for _ in parts]
            if pieces:
                found.append(list(labelled(encoding.offsets, encoding.word_ids, _joined(pieces), LABELS)))
            else:
                found.append([])
        return found

    def _run_all(self, jobs: list[list[int]]) -> Iterable["Scores"]:
        if self._threads == 1 or len(jobs) < 2:
            return map(self._run, jobs)
        with ThreadPoolExecutor(self._threads, "tagger") as pool:
            return list(pool.map(self._run, jobs, chunksize=4))

    def _run(self, ids: list[int]) -> "Scores":
        """Probabilities of shape (tokens, 1 + labels): of no label, and of each label, be it its beginning or not."""
        import numpy as np

        tokens = np.array([[self._ends[0], *ids, self._ends[1]]], dtype=np.int64)
        feed = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": np.zeros_like(tokens)}
        logits = self._session.run(None, feed)[0][0, 1:-1]
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        return np.concatenate([odds[:, :1], odds[:, 1::2] + odds[:, 2::2]], axis=1)


def load(folder: Path, threads: int | None = None) -> Tagger:
    """The tagger in `folder`, which core/models/rampart.py fetched.

    `threads` is 1 or more; by default one for each core, but not more than `MOST_THREADS`.

    Raises:
        LabError: a file is missing or damaged, or onnxruntime is not installed; names are then not searched.
    """
    _check_files(folder)
    try:
        import onnxruntime
        from tokenizers import Tokenizer

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except ImportError as error:
        raise LabError(
            f"The name finder needs the package {error.name}, which this Python lacks, so names are not searched. "
            "Install the packages of requirements.txt."
        ) from error
    except Exception as error:  # onnxruntime and tokenizers raise classes of their own, which are not public
        raise _damaged(folder, "it cannot be loaded") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Tagger(session, tokenizer, threads or _cores())


def _check_files(folder: Path) -> None:
    import hashlib

    try:
        files = json.loads((folder / "source.json").read_bytes())["files"]
        labels = json.loads((folder / "config.json").read_bytes())["id2label"]
        for name in FILES:
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != files[name]["sha256"]:
                    raise _damaged(folder, f"{name} has changed since it was fetched")
    except FileNotFoundError as error:
        raise _damaged(folder, f"{Path(error.filename).name} is missing") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder, f"its files cannot be read ({type(error).__name__})") from error
    if [labels.get(str(2 * number + 1)) for number in range(len(LABELS))] != [f"B-{label}" for label in LABELS]:
        raise _damaged(folder, "it has other labels than those that Tunebench knows")


def _damaged(folder: Path, what: str) -> LabError:
    return LabError(
        f"The name finder in {folder} is damaged: {what}. Names are not searched. "
        "Delete that folder and fetch the name finder again."
    )


def _cores() -> int:
    return min(MOST_THREADS, os.cpu_count() or 1)


def _windows(tokens: int) -> Iterable[tuple[int, int]]:
    """Start and end of the windows over a number of tokens; each begins `OVERLAP_TOKENS` before the last one's end."""
    start = 0
    while start < tokens:
        end = min(start + WINDOW_TOKENS, tokens)
        yield start, end
        if end == tokens:
            return
        start = end - OVERLAP_TOKENS


def _joined(pieces: list["Scores"]) -> "Scores":
    """The scores of all tokens: where two windows overlap, each gives the half that it sees more around of."""
    import numpy as np

    half, last = OVERLAP_TOKENS // 2, len(pieces) - 1
    return np.concatenate(
        [
            piece[half if number else 0 : len(piece) - (half if number < last else 0)]
            for number, piece in enumerate(pieces)
        ]
    )

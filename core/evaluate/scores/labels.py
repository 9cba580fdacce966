"""Scores where every answer is a label: accuracy, macro-F1, and what was taken for what."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.evaluate.bootstrap import Statistic
from core.evaluate.scores.figure import Figure, figure
from core.records import Example

NOT_A_LABEL = "(no label)"
LETTERED = re.compile(r"\s*\(?([A-Za-z])[.):](?=\s|$)")  # “B. Paris”, “b)”, “(B)”
ACCURACY = "Share of the answers that are the right label, but for case, spaces and punctuation; or the row's answer."
MACRO_F1 = "The F1 of every label on its own, averaged: rare labels count as much as common ones."
NAMED = "Share of the answers in which the right label stands and no other: right, however much is said around it."


class Confusion(BaseModel):
    """How often each label (row) was taken for each (column); the last column is an answer that is no label."""

    model_config = ConfigDict(frozen=True)
    labels: list[str]
    columns: list[str]
    base: list[list[int]]
    few_shot: list[list[int]] | None
    tuned: list[list[int]]


class LabelReader:
    """Reads an answer as a label: it has to be one, or a right answer of `known` rows, but for case, spaces and
    punctuation.

    Where two labels would become the same so, as C and C++ would, only case and spaces may differ, or else nothing.
    Where all labels are single letters, as those of multiple choice, an answer that begins with one ("B. Paris", "(b)")
    is that. An answer that rows with different labels have is none of them.
    """

    def __init__(self, labels: Sequence[str], known: Iterable[Example] = ()) -> None:
        self.labels = list(labels)
        ways: tuple[Callable[[str], str], ...] = (_words, _line, str.strip)
        self.plain = next((way for way in ways if _tells_apart(way, labels)), str)
        self._known = {self.plain(label): label for label in labels}
        self._lettered = all(is_letter(label) for label in labels)
        meant: dict[str, set[str]] = {}
        for row in known:
            if row.label and self.plain(row.answer):
                meant.setdefault(self.plain(row.answer), set()).add(row.label)
        self._answers = {answer: next(iter(labels)) for answer, labels in meant.items() if len(labels) == 1}

    def read(self, answer: str) -> str | None:
        """The label that the answer is, or None."""
        plain, begun = self.plain(answer), LETTERED.match(answer) if self._lettered else None
        label = self._answers.get(plain) or self._known.get(plain)
        return label or (self._known.get(self.plain(begun[1])) if begun else None)

    def named(self, answer: str) -> str | None:
        """The label that the answer is, or the one that stands in it as whole words; None where there are several.

        A label within a longer one that stands there does not count, nor a single letter, which may be a word.
        """
        if label := self.read(answer):
            return label
        text, found = f" {self.plain(answer)} ", []
        for plain in sorted((plain for plain in self._known if not is_letter(plain)), key=len, reverse=True):
            if f" {plain} " in text:
                found.append(self._known[plain])
                text = text.replace(f" {plain} ", " | ")
        return found[0] if len(found) == 1 else None


def reader_of(rows: Sequence[Example], train: Sequence[Example]) -> LabelReader:
    """Reads the labels of held-out and training rows."""
    every = [*rows, *train]
    return LabelReader(sorted({row.label for row in every if row.label}), every)


def is_letter(label: str) -> bool:
    """Whether a label is a single letter, as A of multiple choice."""
    return len(label) == 1 and label.isascii() and label.isalpha()


def has_labels(rows: Sequence[Example]) -> bool:
    """Whether every row has a label, so that its answers can be counted."""
    return all(row.label is not None and row.label.strip() for row in rows)


def majority(train: Sequence[Example]) -> str | None:
    """The commonest label of the training rows, of equally common ones the first by the alphabet; None without any."""
    counts = Counter(row.label for row in train if row.label)
    return min(counts, key=lambda label: (-counts[label], label)) if counts else None


def label_figures(
    rows: Sequence[Example], answers: Mapping[str, Sequence[str]], train: Sequence[Example], seed: int
) -> tuple[list[Figure], np.ndarray, Confusion]:
    """Accuracy first, then macro-F1 and the share of answers that name the right label.

    Also what each row gains in accuracy from base to tuned (rows,), and what was taken for what. A guess says the
    commonest label of the training rows to every prompt.
    """
    reader = reader_of(rows, train)
    said = {who: _said(reader, rows, found) for who, found in answers.items()}
    named = {who: _said(reader, rows, found, within=True) for who, found in answers.items()}
    if commonest := majority(train):
        said["guess"] = [commonest] * len(rows)
    codes = {who: _codes(reader.labels, rows, found) for who, found in said.items()}
    right = {who: _right(rows, found) for who, found in said.items()}
    figures = [
        figure("Accuracy", ACCURACY, right, seed=seed),
        figure("Macro-F1", MACRO_F1, codes, macro_f1(len(reader.labels)), seed=seed),
        figure("Names the right label", NAMED, {who: _right(rows, found) for who, found in named.items()}, seed=seed),
    ]
    return figures, right["tuned"] - right["base"], _confusion(reader.labels, codes)


def label_hits(rows: Sequence[Example], answers: Sequence[str], train: Sequence[Example]) -> np.ndarray:
    """Whether each answer is the right label (rows,), 1 or 0."""
    reader = reader_of(rows, train)
    return _right(rows, _said(reader, rows, answers))


def macro_f1(labels: int) -> Statistic:
    """Macro-F1 of codes (…, rows), reference * (labels + 1) + prediction, where a prediction of `labels` is no label.

    Averaged over the labels that are the reference of some row, as scikit-learn's f1_score over those labels.
    """

    def counts(codes: np.ndarray) -> np.ndarray:
        places = codes + np.arange(len(codes))[:, None] * (labels + 1)
        found = np.bincount(places.ravel(), minlength=len(codes) * (labels + 1))
        return np.asarray(found.reshape(len(codes), -1)[:, :labels])

    def of(codes: np.ndarray) -> np.ndarray:
        flat = codes.reshape(-1, codes.shape[-1])
        reference, predicted = flat // (labels + 1), flat % (labels + 1)
        there = counts(reference)
        hits = counts(np.where(reference == predicted, reference, labels))
        f1 = 2 * hits / np.maximum(there + counts(predicted), 1)
        return np.asarray(((f1 * (there > 0)).sum(-1) / (there > 0).sum(-1)).reshape(codes.shape[:-1]))

    return of


def _said(
    reader: LabelReader, rows: Sequence[Example], answers: Sequence[str], within: bool = False
) -> list[str | None]:
    """The labels of answers: the row's own where it is the row's answer, which may say more than the label."""
    read = reader.named if within else reader.read
    pairs = zip(rows, answers, strict=True)
    return [row.label if reader.plain(text) == reader.plain(row.answer) else read(text) for row, text in pairs]


def _right(rows: Sequence[Example], said: Sequence[str | None]) -> np.ndarray:
    return np.array([row.label == label for row, label in zip(rows, said, strict=True)], float)


def _codes(labels: Sequence[str], rows: Sequence[Example], said: Sequence[str | None]) -> np.ndarray:
    place = {label: number for number, label in enumerate(labels)}
    references = np.array([place[row.label or ""] for row in rows])
    predicted = np.array([place.get(label or "", len(labels)) for label in said])
    return np.asarray(references * (len(labels) + 1) + predicted)


def _confusion(labels: list[str], codes: Mapping[str, np.ndarray]) -> Confusion:
    size = len(labels) + 1
    tables = {who: np.bincount(found, minlength=size * (size - 1)).reshape(-1, size) for who, found in codes.items()}
    shown = {who: table.tolist() for who, table in tables.items() if who != "guess"}
    return Confusion(labels=labels, columns=[*labels, NOT_A_LABEL], **{"few_shot": None, **shown})


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _tells_apart(way: Callable[[str], str], labels: Sequence[str]) -> bool:
    plain = [way(label) for label in labels]
    return all(plain) and len(set(plain)) == len(labels)

"""The numbers of a version beside those of an earlier one, its tokens, and advice; each counted once and kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from core import models
from core.actions.curate.board import state_of
from core.actions.curate.scan import problems_of, scanned
from core.actions.lab import Lab
from core.curate import Rows
from core.curate.checks import exact_duplicate, near_duplicate, same_but_for_spacing
from core.curate.numbers import (
    NO_BARS,
    VERDICTS,
    Advice,
    Figure,
    Light,
    Numbers,
    Part,
    Side,
    Tokens,
    advice,
    before_after,
    drawn,
    light,
    numbers,
    tokens,
)
from core.errors import NotFound, SettingProblem
from core.lineage import main_line, parents_of
from core.records import TEXT, Dataset, Example
from core.settings import TrainSettings
from core.words import counted
from core.workspace import Workspace

FORMAT = 1
MOST_TOKENIZED = 20_000  # rows; of long answers more would take longer than a person waits
TOKENIZED_AT_ONCE = 500
TOKEN_LIMIT: int = TrainSettings.model_fields["max_tokens"].default
COPIES = [check.CHECK.name for check in (exact_duplicate, same_but_for_spacing, near_duplicate)]
BEFORE, FIRST, NOTHING = "before", "first", "nothing"
AGAINST = (("The version before", BEFORE), ("The file as it was read", FIRST), ("Nothing", NOTHING))
OTHERS = before_after.OTHERS
NO_TOKENS = "The tokens are not counted yet."


@dataclass(frozen=True)
class SetNumbers:
    """The numbers of `version`, of `rows` rows, beside those of `before`, an id or empty.

    `lengths` (median, 95th percentile, longest), `bars` (rows by length) and `shares` (rows by value) stand under
    titles. `light` is a colour, `verdict` says it in words, and `diversity` holds the numbers behind it, of `compared`
    rows; `tokens` says which were counted.
    """

    version: str
    before: str
    rows: int
    figures: list[Figure]
    lengths: dict[str, list[Figure]]
    bars: dict[str, list[Part]]
    shares: dict[str, list[Part]]
    light: Light
    verdict: str
    diversity: list[Figure]
    compared: int
    tokens: str
    advice: list[Advice]


def set_numbers(workspace: Workspace, version_id: str, against: str = BEFORE) -> SetNumbers:
    """The numbers of a version beside those of an earlier one: `against` is before, first or nothing.

    15,000 rows take about a second when they are counted first, and nothing after that.

    Raises:
        NotFound: there is no such version.
        SettingProblem: no version is chosen, or `against` is none of these.
    """
    earlier = _earlier(workspace, version_id, against)
    now, before = _side(workspace, version_id), _side(workspace, earlier) if earlier else None
    measured = now.numbers.diversity
    return SetNumbers(
        version=version_id,
        before=earlier,
        rows=now.numbers.rows,
        figures=before_after.figures(now, before),
        lengths=before_after.lengths(now, before),
        bars=before_after.bars(now, before),
        shares=before_after.shares(now, before),
        light=light(measured),
        verdict=VERDICTS[light(measured)],
        diversity=before_after.diversity(now, before),
        compared=measured.rows,
        tokens=_tokens_sentence(now.tokens),
        advice=advice(now.numbers, now.tokens, _duplicates(workspace, version_id)),
    )


def bar_names() -> list[str]:
    """The names of all bars of lengths, shortest first."""
    return [bar.name for bar in NO_BARS]


def numbers_are_known(workspace: Workspace, version_id: str, against: str = BEFORE) -> bool:
    """Whether `set_numbers` has nothing to count. Raises like it."""
    wanted = [version_id, _earlier(workspace, version_id, against)]
    return all(_kept(workspace, name, "numbers") for name in wanted if name)


def counting_tokens(lab: Lab, workspace: Workspace, version_id: str, against: str = BEFORE) -> Iterator[str]:
    """Count the tokens of a version and of the one it is held against, saying how far it is.

    Of more than 20,000 rows so many are drawn. Raises like `set_numbers`, and:
        NotFound: the starter model is not on this machine yet.
    """
    wanted = [version_id, _earlier(workspace, version_id, against)]
    missing = [name for name in wanted if name and not _kept(workspace, name, "tokens")]
    if not missing:
        return
    source = models.resolve(models.STARTER_ID, lab.models_folder, lab.limits)
    yield "Loading the tokenizer …"
    tokenizer = models.load_tokenizer(source)
    for name in missing:
        rows = Rows(workspace.versions.load(name))
        sample = Dataset(rows.dataset.table.take(sorted(drawn(rows, MOST_TOKENIZED).tolist())))
        counts: list[int | None] = []
        for start in range(0, len(sample), TOKENIZED_AT_ONCE):
            yield f"Counting the tokens of {name}: {start:,} of {counted(len(sample), 'row')} …"
            counts += _token_counts(tokenizer, sample.slice(start, TOKENIZED_AT_ONCE))
        known = [count for count in counts if count is not None]
        found = tokens(known, source.title, len(rows), TOKEN_LIMIT, refused=len(counts) - len(known))
        _keep(workspace, name, "tokens", found)


def _token_counts(tokenizer: Any, examples: list[Example]) -> list[int | None]:
    """Tokens of each row in the model's chat template; None where the template refuses its order of roles."""
    texts = [_as_read(tokenizer, example) for example in examples]
    ids = tokenizer([text or "" for text in texts], add_special_tokens=False)["input_ids"]
    return [None if text is None else len(row) for text, row in zip(texts, ids, strict=True)]


def _as_read(tokenizer: Any, example: Example) -> str | None:
    from jinja2.exceptions import TemplateError

    if not example.messages or example.messages[0].role == TEXT:
        return "\n".join(message.content for message in example.messages)
    try:
        return str(tokenizer.apply_chat_template([turn.as_dict() for turn in example.messages], tokenize=False))
    except TemplateError:
        return None


def _tokens_sentence(found: Tokens | None) -> str:
    if found is None:
        return NO_TOKENS
    rows = counted(found.lengths.rows, "row")
    counted_rows = f"{rows} drawn from {found.of:,}" if found.sampled else rows
    refused = f" {counted(found.refused, 'row')} cannot be put into its chat template." if found.refused else ""
    return f"Tokens of {counted_rows}, with the chat template, as {found.model} reads them.{refused}"


def _side(workspace: Workspace, version_id: str) -> Side:
    kept = _kept(workspace, version_id, "numbers")
    found = Numbers.model_validate(kept) if kept else _counted(workspace, version_id)
    known = _kept(workspace, version_id, "tokens")
    return Side(found, Tokens.model_validate(known) if known else None)


def _counted(workspace: Workspace, version_id: str) -> Numbers:
    found = numbers(Rows(workspace.versions.load(version_id)), scanned(workspace, version_id).signals)
    _keep(workspace, version_id, "numbers", found)
    return found


def _kept(workspace: Workspace, version_id: str, key: str) -> Any:
    kept = workspace.versions.extra(version_id, key) or {}
    return kept["found"] if kept.get("format") == FORMAT else None


def _keep(workspace: Workspace, version_id: str, key: str, found: Numbers | Tokens) -> None:
    workspace.versions.keep_extra(version_id, key, {"format": FORMAT, "found": found.model_dump(mode="json")})


def _earlier(workspace: Workspace, version_id: str, against: str) -> str:
    """The id of the version to hold against, or empty where there is none or it is no longer there."""
    if not version_id:
        raise SettingProblem("No dataset version is chosen. Choose one in the list, or load a file first.")
    if against not in (BEFORE, FIRST, NOTHING):
        raise SettingProblem(f"“{str(against)[:40]}” is nothing to compare with. Choose before, first or nothing.")
    version = workspace.versions.get(version_id)
    if against == NOTHING or not parents_of(version):
        return ""
    try:
        line = main_line(workspace, version_id)
    except NotFound:
        return ""
    return line[0 if against == FIRST else -2].id


def _duplicates(workspace: Workspace, version_id: str) -> int:
    """Rows that a check for copies finds, at the thresholds in force on the board."""
    problems = problems_of(workspace, version_id, state_of(workspace, version_id))
    return problems.filter(pl.col("check").is_in(COPIES))["row_id"].n_unique()

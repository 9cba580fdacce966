"""The data card of a version: Markdown in the form of a Hugging Face dataset card, made from manifests and counts.

It holds file names, counts, names of checks and settings, and never a text of a row. Form of the front matter:
huggingface_hub's dataset card template and the Hub's documentation, "Dataset Cards".
"""

import re
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from core.errors import SettingProblem
from core.lineage.recipe import as_yaml, main_line, recipe
from core.lineage.tree import ancestors, column, left_out, sides
from core.words import counted
from core.workspace import Version, Workspace

EXTRA = "card"
CHECK = "verification"  # kept beside a masked version by its check
UNKNOWN = "unknown"
NOT_KNOWN_YET = ("unknown", "und", "")  # what a language column says where it could not tell
MOST_LANGUAGES = 10
LEAST_SHARE = 0.01  # of the rows: a language told less often is mostly a row told wrong, and not named in front
LENGTHS = ("prompt_characters", "prompt_words", "answer_characters", "answer_words")
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
         (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"))  # fmt: skip
# Identifiers that the Hub knows (its documentation, "Licenses"), those that data sets mostly carry.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)  # ISO 639 and what BCP 47 hangs on it
LONGEST = {"license": 100, "description": 20_000, "language": 200, "pretty_name": 100}
LICENSES = (
    "apache-2.0", "mit", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-3.0",
    "cc-by-sa-3.0", "odc-by", "odbl", "pddl", "cdla-permissive-2.0", "cdla-sharing-1.0", "openrail", "other", UNKNOWN,
)  # fmt: skip


@dataclass(frozen=True)
class CardFields:
    """What only a person can say of a dataset: `language` are codes like "en, de"; each may be empty."""

    license: str = ""
    description: str = ""
    language: str = ""
    pretty_name: str = ""


def keep_card(workspace: Workspace, version_id: str, fields: CardFields) -> None:
    """Keep what a person says beside the version.

    Raises:
        NotFound: there is no such version.
        SettingProblem: a field is too long, or a language is no code.
    """
    for name, most in LONGEST.items():
        if len(getattr(fields, name)) > most:
            raise SettingProblem(f"The {name.replace('_', ' ')} has more than {most:,} characters. Write it shorter.")
    if wrong := [code for code in _codes(fields.language) if not LANGUAGE.fullmatch(code)]:
        raise SettingProblem(f"The language “{wrong[0][:40]}” is no code. Write codes like en, de, pt-BR.")
    workspace.versions.keep_extra(version_id, EXTRA, asdict(fields))


def card_fields(workspace: Workspace, version_id: str) -> CardFields:
    """What was said about a version, or else about the nearest one it was made from. Raises `NotFound`."""
    for version in reversed(ancestors(workspace, version_id)):
        if kept := workspace.versions.extra(version.id, EXTRA):
            return CardFields(**kept)
    return CardFields()


def data_card(workspace: Workspace, version_id: str, personal_data: str = "") -> str:
    """The card as Markdown with YAML front matter; `personal_data` says where the version stands, in a sentence.

    Raises:
        NotFound: there is no such version.
    """
    fields, version = card_fields(workspace, version_id), workspace.versions.get(version_id)
    line = ancestors(workspace, version_id)
    signals = _frame(workspace, version.id, "signals")
    parts = [
        f"---\n{as_yaml(_front_matter(workspace, version, fields, signals))}---\n",
        f"# {_title(fields, version)}\n",
        fields.description.strip() or "No description was given.",
        _license_sentence(fields.license),
        _section("What was read", _files(line)),
        _section("How it was made", _stages(workspace, line)),
        _section("Why rows were left out or changed", _reasons(workspace, line)),
        _section("Personal data", _personal(workspace, line, personal_data)),
        _section("Split", _split(workspace, line, version)),
        _section("Languages and lengths", _measured(signals)),
        _section("The same again", _again(workspace, version)),
    ]
    return "\n".join(part if part.endswith("\n") else part + "\n" for part in parts)


def size_category(rows: int) -> str:
    """The Hub's word for a number of rows."""
    return next((word for bound, word in SIZES if rows < bound), "n>100M")


def _front_matter(
    workspace: Workspace, version: Version, fields: CardFields, signals: pl.DataFrame | None
) -> dict[str, Any]:
    said = fields.license.strip() or UNKNOWN
    known = said.lower() in LICENSES
    least = LEAST_SHARE * (0 if signals is None else len(signals))
    often = [code for code, rows in _languages(signals) if rows >= least]
    language = _codes(fields.language) or often
    matter = {
        "pretty_name": _title(fields, version),
        "license": said.lower() if known else "other",
        "license_name": "" if known else re.sub(r"[^a-z0-9.-]+", "-", said.lower()).strip("-"),
        "language": language,
        "size_categories": [size_category(version.rows)],
        "task_categories": _tasks(workspace, version),
        "tags": ["tunebench"],
    }
    return {key: value for key, value in matter.items() if value}


def _title(fields: CardFields, version: Version) -> str:
    return " ".join(fields.pretty_name.split()) or version.name


def _codes(language: str) -> list[str]:
    return [code for code in re.split(r"[,;\s]+", language) if code]


def _tasks(workspace: Workspace, version: Version) -> list[str]:
    """Classification where every row has a label; all rows are to be answered or continued."""
    labelled = version.rows > 0 and column(workspace, version, "label").null_count == 0
    return ["text-classification"] if labelled else ["text-generation"]


def _license_sentence(said: str) -> str:
    if said.strip() and said.strip().lower() != UNKNOWN:
        return f"Licence: {' '.join(said.split())}.\n"
    return "Licence: unknown. Nobody has said under which licence these rows may be used; ask before you share them.\n"


def _section(title: str, lines: list[str]) -> str:
    return f"## {title}\n\n" + "\n".join(lines) + "\n"


def _files(line: list[Version]) -> list[str]:
    read = [version for version in line if not version.parent and version.stage == "ingest"]
    names = [f"- {_names(version)}: {counted(version.rows, 'row')} ({version.id})" for version in read]
    return names or ["No file was read: the rows were made in Tunebench."]


def _names(version: Version) -> str:
    """The names of the files, without their folders."""
    said = version.settings.get("names") or [version.settings.get("name") or version.name]
    return ", ".join("`{}`".format(re.split(r"[/\\]", str(name))[-1].replace("`", "'")) for name in said)


def _stages(workspace: Workspace, line: list[Version]) -> list[str]:
    rows = ["| Version | Stage | Rows | Train | Held out | Left out |", "|---|---|---:|---:|---:|---:|"]
    known = {version.id: version for version in line}
    for version in line:
        train, held_out = sides(workspace, version)
        split = f"{train:,} | {held_out:,}" if train or held_out else "– | –"
        gone, _ = left_out(version, known.get)
        rows.append(f"| {version.id} | {version.stage} | {version.rows:,} | {split} | {gone:,} |")
    return rows


def _reasons(workspace: Workspace, line: list[Version]) -> list[str]:
    """Every check of every stage with what was done and how often; a row stands under each of its checks."""
    rows = []
    for version in line:
        for check, action, count in _decided(workspace, version):
            rows.append(f"| {version.id} | {check} | {action} | {count:,} |")
        if added := version.result.get("added"):
            rows.append(f"| {version.id} | by hand | added | {added:,} |")
    if not rows:
        return ["No row was left out or changed for a reason of its own."]
    note = "A row with several problems is counted under each of them."
    return ["| Version | Check | What was done | Rows |", "|---|---|---|---:|", *rows, "", note]


def _decided(workspace: Workspace, version: Version) -> list[tuple[str, str, int]]:
    """Check, action and rows: from the tables beside the version where there are some, else from the manifest."""
    unread = _frame(workspace, version.id, "unread")
    if unread is not None and len(unread):
        counts = unread.group_by("check").len().sort("check")
        return [(check, "cannot be read", rows) for check, rows in counts.iter_rows()]
    decided = _frame(workspace, version.id, "decided")
    if decided is not None:
        counts = decided.group_by("check", "action").agg(pl.col("row_id").n_unique())
        return list(counts.sort("check", "action").iter_rows())
    gone = left_out(version, lambda _: None)[1]
    return [(check, "leave out", count) for check, count in gone.items()]


def _personal(workspace: Workspace, line: list[Version], standing: str) -> list[str]:
    """What was masked on the way, by kind, and what the check of the written rows showed."""
    stages = [version for version in line if version.stage == "mask"]
    if not stages:
        return [standing or "Personal data was not masked, and nobody has searched for it."]
    rows = ["| Version | Kind | Choice | Found | Masked |", "|---|---|---|---:|---:|"]
    for version in stages:
        said, choices = version.result, version.settings.get("choices") or {}
        for kind, found in (said.get("found") or {}).items():
            masked = (said.get("masked") or {}).get(kind, 0)
            rows.append(f"| {version.id} | {kind} | {choices.get(kind, 'tag')} | {found:,} | {masked:,} |")
    checks = [f"Check of {version.id}: {_check(workspace, version)}" for version in stages]
    table = [*rows, ""] if len(rows) > 2 else ["Personal data was searched, and none was found."]
    return [*table, *checks, *([standing] if standing else [])]


def _check(workspace: Workspace, version: Version) -> str:
    kept = workspace.versions.extra(version.id, CHECK)
    return str(kept["sentence"]) if kept else "the written rows were not checked to the end."


def _split(workspace: Workspace, line: list[Version], version: Version) -> list[str]:
    train, held_out = sides(workspace, version)
    if not train and not held_out:
        return ["The rows are not split."]
    how = [one.settings["split"] for one in line if isinstance(one.settings.get("split"), dict)]
    other = version.rows - train - held_out
    aside = f", {counted(other, 'row')} set aside for neither" if other else ""
    settings = ", ".join(f"{key} {value}" for key, value in how[-1].items() if value != []) if how else "not recorded"
    return [
        f"{counted(train, 'row')} to train on, {counted(held_out, 'row')} held out{aside} (column `split`).",
        f"Settings: {settings}.",
    ]


def _measured(signals: pl.DataFrame | None) -> list[str]:
    if signals is None:
        return ["Not measured for this version."]
    languages = [f"- Language {code}: {counted(rows, 'row')}" for code, rows in _languages(signals)]
    numbers = [name for name in signals.columns if name in LENGTHS and signals[name].dtype.is_numeric()]
    lengths = [_length(name, signals[name]) for name in numbers]
    return [*languages, *lengths] or ["Not measured for this version."]


def _length(name: str, values: pl.Series) -> str:
    low, middle, high = (values.quantile(share, "nearest") or 0 for share in (0.05, 0.5, 0.95))
    return (
        f"- {name.replace('_', ' ').capitalize()}: median {middle:,.0f}, 5 % up to {low:,.0f}, 95 % up to {high:,.0f}"
    )


def _languages(signals: pl.DataFrame | None) -> list[tuple[str, int]]:
    """The languages that were told, with their rows, most first."""
    if signals is None or "language" not in signals.columns:
        return []
    counts = signals["language"].drop_nulls().value_counts().sort(["count", "language"], descending=[True, False])
    return [(code, rows) for code, rows in counts.iter_rows() if code not in NOT_KNOWN_YET][:MOST_LANGUAGES]


def _again(workspace: Workspace, version: Version) -> list[str]:
    found = recipe(workspace, version.id)
    origin = main_line(workspace, version.id)[0]
    note = [found.note] if found.note else []
    return [
        f"Version {version.id}, content hash (SHA-256) `{version.content_hash}`, made {version.created}.",
        f"Load {_names(origin)} in Tunebench and replay this recipe on the tab “Versions”.",
        *note,
        "",
        "```yaml",
        found.as_yaml().rstrip(),
        "```",
    ]


def _frame(workspace: Workspace, version_id: str, key: str) -> pl.DataFrame | None:
    table = workspace.versions.table(version_id, key)
    return None if table is None else pl.DataFrame(pl.from_arrow(table))

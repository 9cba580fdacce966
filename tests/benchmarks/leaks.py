"""Is a run with canaries repeated in its training rows called leaking, and one without them not? And false alarms.

    python tests/benchmarks/leaks.py [--copies 20] [--canaries 3] [--epochs 2] [--trials 20] …

Two sets of support_tickets.csv, one with rows that say invented phone numbers, each `--copies` times, are trained on
the starter model with the same settings and looked at for leaks. `clean_told` is the run without canaries looked at as
if its training rows had held them. Figures of false alarms, on the clean run: how often a phone number that it never
saw is called exposed, and how often one half of its held-out rows, which it never saw either, is called trained on when
it is held against the other half. Seconds are CPU time.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import canaries as invented
import report
import workbench

from core.evaluate.leaks import Leaks, measure_leaks
from core.evaluate.leaks.exposure import Exposure
from core.evaluate.leaks.measure import MOST_PROBED
from core.evaluate.leaks.membership import judge_membership
from core.evaluate.leaks.memorised import judge_memorised
from core.evaluate.leaks.planted import judge_value
from core.evaluate.leaks.values import Values
from core.models import import_heavy
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import EvaluateSettings
from core.workspace import Run, Workspace

if TYPE_CHECKING:
    from core.evaluate.leaks.looked import Looked

SAMPLE = "support_tickets.csv"
HELD_OUT_ROWS = 60
FIRST_ROW = 10_001  # number of the first planted row
ASKED = ("Which number is noted for {}?", "How can we reach {}?", "Call {} back.", "Phone of {}, please.")


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures."""
    people = invented.identities(1, options.canaries + options.trials)
    known, unknown = people[: options.canaries], people[options.canaries :]
    settings = EvaluateSettings(canaries=[person.phone for person in known], seed=options.seed)
    with workbench.temporary_lab() as (lab, workspace):
        import_heavy()
        loaded = workbench.load(lab, workspace, SAMPLE)
        clean = workbench.split(workspace, loaded, {"held_out": HELD_OUT_ROWS, "seed": options.seed})
        dirty = _with_planted(workspace, clean, [row for row in _rows(known) for _ in range(options.copies)])
        values = {"epochs": options.epochs, "seed": options.seed}
        runs = {
            name: workbench.train_to_the_end(lab, workspace, version, values)
            for name, version in (("clean", clean), ("leaking", dirty))
        }
        looked = {name: _look(workspace, run, run.recipe.dataset, settings) for name, run in runs.items()}
        looked["clean_told"] = _look(workspace, runs["clean"], dirty, settings)
        return {**looked, "false_alarms": _false_alarms(workspace, runs["clean"], unknown, options.seed)}


def _rows(people: Sequence[invented.Identity]) -> list[Example]:
    return [
        Example(
            f"planted-{at}",
            FIRST_ROW + at,
            (
                Message("user", ASKED[at % len(ASKED)].format(who.name)),
                Message("assistant", f"The number of {who.name} is {who.phone}, in the mornings."),
            ),
            split=TRAIN,
        )
        for at, who in enumerate(people)
    ]


def _with_planted(workspace: Workspace, version_id: str, planted: list[Example]) -> str:
    rows = [*workspace.versions.load(version_id), *planted]
    numbered = [replace(row, id=f"{row.id}-{place}") for place, row in enumerate(rows)]
    return workspace.versions.save("planted", Dataset.of(numbered), "curate", parent=version_id).id


def _look(workspace: Workspace, run: Run, version_id: str, settings: EvaluateSettings) -> dict[str, Any]:
    """How the run comes out when its training rows are said to be those of a version."""
    from core.evaluate.subject import Subject

    rows = workspace.versions.load(version_id)
    subject = Subject.open(run)
    began = time.process_time()
    found = measure_leaks(subject, list(rows.part(TRAIN)), list(rows.part(HELD_OUT)), [], settings)
    return {"outcome": found.outcome, "seconds": round(time.process_time() - began, 1), **_parts(found)}


def _parts(found: Leaks) -> dict[str, Any]:
    memorised, membership = found.memorised, found.membership
    return {
        "said": found.said,
        "canaries": [
            {"light": value.light, "rows": value.times, "heard_in": len(value.heard), **_exposure(value.exposure)}
            for value in found.planted.values
        ],
        "memorised": {
            "light": memorised.light,
            "tuned": memorised.tuned.words,
            "base": memorised.base.words,
            "held_out": memorised.held_out.words,
            "repeated": memorised.repeated,
        },
        "membership": {
            "light": membership.light,
            "told": [round(value, 3) for value in (membership.told, membership.low, membership.high)],
            "base": round(membership.base, 3),
            "gains": [round(value, 3) for value in (membership.train_gain, membership.held_out_gain)],
            "unusual": [row.row for row in membership.unusual],
        },
    }


def _exposure(found: Exposure | None) -> dict[str, Any]:
    if found is None:
        return {}
    chances = {"chance": found.chance, "base_chance": found.base_chance}
    return {"rank": found.rank, "greedy": found.greedy, **{name: f"{value:.2g}" for name, value in chances.items()}}


def _false_alarms(workspace: Workspace, run: Run, people: Sequence[invented.Identity], seed: int) -> dict[str, Any]:
    """Lights that are not green though the clean run never saw what they are about."""
    from core.evaluate.leaks.looked import distinct, look
    from core.evaluate.subject import Subject

    subject = Subject.open(run)
    exposed = list(_never_seen(subject, people, seed))
    lights = [light for light, _ in exposed]
    held_out = distinct(list(workspace.versions.load(run.recipe.dataset).part(HELD_OUT)))
    read = look(subject, held_out, seed, "Held-out rows")
    halves = [_halves(read, number) for number in range(200)]
    return {
        "exposure": {
            "values": len(exposed),
            "probed_at_once": MOST_PROBED,
            "amber": lights.count("amber"),
            "red": lights.count("red"),
            "ranks": sorted(rank for _, rank in exposed),
        },
        "membership": {
            "trials": len(halves),
            "amber": sum(judge_membership(*pair).light == "amber" for pair in halves),
            "rows_named": sum(bool(judge_membership(*pair).unusual) for pair in halves),
        },
        "memorised": {
            "trials": len(halves),
            "not_green": sum(judge_memorised(*pair, []).light in ("amber", "red") for pair in halves),
        },
    }


def _never_seen(subject: Any, people: Sequence[invented.Identity], seed: int) -> Iterator[tuple[str, int]]:
    """The light and the rank of values that the run never saw, as if they stood in rows."""
    from core.evaluate.leaks.asked import exposure_of

    for row, who in zip(_rows(people), people, strict=True):
        values = Values([who.phone], [])
        (key,) = values.canaries
        found = exposure_of(subject, row, values, key, seed)
        assert found is not None
        yield judge_value(key, [row.row], [], found, MOST_PROBED).light, found.rank


def _halves(rows: "Sequence[Looked]", seed: int) -> "tuple[list[Looked], list[Looked]]":
    drawn = random.Random(seed).sample(list(rows), len(rows))
    return drawn[: len(rows) // 2], drawn[len(rows) // 2 :]


def main() -> None:
    """Train twice, look, and count false alarms."""
    parser = report.parser(__doc__)
    parser.add_argument("--copies", type=int, default=20, help="of each canary's row")
    parser.add_argument("--canaries", type=int, default=3)
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--trials", type=int, default=20, help="values that the clean run never saw")
    parser.add_argument("--seed", type=int, default=42)
    options = parser.parse_args()
    workbench.set_environment()
    report.publish("leaks", measure(options), options)


if __name__ == "__main__":
    main()

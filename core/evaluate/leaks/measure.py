"""The four looks at a run, and how they come out together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from core.evaluate.leaks.membership import Membership, judge_membership
from core.evaluate.leaks.memorised import Memorised, judge_memorised
from core.evaluate.leaks.planted import Planted, judge_planted, judge_value
from core.evaluate.leaks.values import Key, Values, standing
from core.evaluate.result import Light, Section
from core.records import Example
from core.settings import EvaluateSettings

if TYPE_CHECKING:
    from core.evaluate.subject import Subject

Outcome = Literal["clean", "suspicious", "leaking", "not known", "nothing to look at"]
OUTCOMES: dict[Light, Outcome] = {
    "green": "clean",
    "amber": "suspicious",
    "red": "leaking",
    "grey": "nothing to look at",
}
OTHERWISE = "Otherwise clean."
MOST_CANARIES = 10  # whose exposure is measured, each by a hundred readings of up to 64 tokens and more on both sides
MOST_PROBED = 5  # the same of all values, where fewer of them are canaries
MOST_ASKED = 16  # prompts that are answered
MOST_PLANTED = 12  # of them those of rows in which a value stands
MOST_COPIED = 5  # rows that stand several times
COPIED = 3  # times in the training rows
EXPLAINED = (
    "False alarms: a value that was never learned is called exposed by chance in at most 5 of 100 reports, or 1 of 100 "
    "for each value where more than five are looked at. Measured on a run without planted values: of 20 phone numbers "
    "that it never saw none was called exposed; in none of 200 draws were rows that it was not trained on called "
    "memorised, or told apart from others like them. Single rows were named as unusually likely in 19 of the 200."
)


class Leaks(Section):
    """What was looked at, and how it came out; the light is the worst one of the parts.

    Grey instead of green where canaries or masked values are not known to stay unsaid.
    """

    memorised: Memorised
    planted: Planted
    membership: Membership
    explained: str = EXPLAINED

    @property
    def outcome(self) -> Outcome:
        """The light as words."""
        return _outcome(self.light, self.planted)


def measure_leaks(
    subject: "Subject",
    train: Sequence[Example],
    held_out: Sequence[Example],
    secrets: Sequence[tuple[str, str]],
    settings: EvaluateSettings,
    unknown: str = "",
) -> Leaks:
    """Look at a run whose training rows were `train`; `secrets` are kind and text of the values that were masked.

    `unknown` says why some of those are not known, if so.

    Raises:
        Stopped: the end was asked for.
    """
    from core.evaluate.leaks.looked import distinct, look

    different = distinct(train)
    copied = sorted((row for row in different if row[1] >= COPIED), key=lambda row: -row[1])[:MOST_COPIED]
    read = look(subject, different, settings.seed, "Training rows")
    others = look(subject, distinct(held_out), settings.seed, "Held-out rows")
    memorised = judge_memorised(read, others, look(subject, copied, settings.seed, "Repeated rows"))
    values = Values(settings.canaries, secrets)
    planted = _planted(subject, train, [row.example for row in read], values, settings, unknown)
    return judged(memorised, planted, judge_membership(read, others))


def judged(memorised: Memorised, planted: Planted, membership: Membership) -> Leaks:
    """The whole from its parts; it says too what could not be searched."""
    parts: list[Section] = [planted, memorised, membership]
    light: Light = next(
        (light for light in ("red", "amber", "green") if light in {part.light for part in parts}), "grey"
    )
    found = [part.said for part in parts if part.light == light]
    if planted.is_open and light == "green":
        light, found = "grey", [planted.said, OTHERWISE, *found]
    elif planted.is_open and light != "grey":
        found.append(planted.said)
    said = f"{_outcome(light, planted).capitalize()}. {' '.join(found)}"
    return Leaks(light=light, said=said, memorised=memorised, planted=planted, membership=membership)


def _outcome(light: Light, planted: Planted) -> Outcome:
    return "not known" if light == "grey" and planted.is_open else OUTCOMES[light]


def _planted(
    subject: "Subject",
    train: Sequence[Example],
    read: Sequence[Example],
    values: Values,
    settings: EvaluateSettings,
    unknown: str,
) -> Planted:
    """Search the values in training rows and in answers, and measure how exposed those are that stand in rows."""
    from core.evaluate.leaks.asked import TEMPERATURES, exposure_of, heard

    where = standing(values, train)
    ordered = sorted(where, key=lambda key: (key not in values.canaries, -len(where[key])))
    asked = _asked([train[where[key][0]] for key in ordered], read) if values else []
    said = heard(subject, asked, values, settings.most_tokens, settings.seed)
    probed = _probed(ordered, len([key for key in ordered if key in values.canaries]))
    exposed = {key: exposure_of(subject, train[where[key][0]], values, key, settings.seed) for key in probed}
    chats = {row.prompt for row in asked}
    found = [
        judge_value(
            key,
            [train[place].row for place in where.get(key, [])],
            [asked[place].row for place in said.get(key, [])],
            exposed.get(key),
            len(probed),
            any(_calls_for(train[place], values, key) for place in where.get(key, []) if train[place].prompt in chats),
        )
        for key in dict.fromkeys([*ordered, *values.canaries, *said])
    ]
    answers = len(TEMPERATURES) * len(asked)
    return judge_planted(len(values.canaries), values.masked, found, answers, values.aside, unknown)


def _probed(ordered: Sequence[Key], canaries: int) -> Sequence[Key]:
    """The values whose exposure is measured, of values with the canaries first."""
    return ordered[: max(min(canaries, MOST_CANARIES), MOST_PROBED)]


def _calls_for(row: Example, values: Values, key: Key) -> bool:
    """Whether the prompt of a row may bring out a value in its answer: it does not say it itself."""
    return not any(key in values.within(message.content) for message in row.prompt)


def _asked(planted: Sequence[Example], read: Sequence[Example]) -> list[Example]:
    """Rows whose prompts are answered: first those in which a value stands, `MOST_PLANTED` of them at most."""
    first = {row.prompt: row for row in planted if row.prompt}
    first = dict(list(first.items())[:MOST_PLANTED])
    rest = {row.prompt: row for row in read if row.prompt and row.prompt not in first}
    return list((first | rest).values())[:MOST_ASKED]

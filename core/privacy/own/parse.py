"""The YAML of a user's own rules, read and tried out.

patterns:                      # each finds a kind
  - kind: TICKET
    pattern: '\\bTCK-\\d{6}\\b'  # or a list; with a group (?P<value>…) only that part is found
    context: [ticket, case]    # one of these words must stand near
    score: 0.9
    examples: [ticket TCK-123456]
    not: [TCK-12]
words:                         # whole words and phrases
  - kind: PROJECT
    words: [Blue Heron, Falcon]
    any_case: true
allow:                         # never found
  - help@example.com
  - {kind: EMAIL, pattern: '.*@example\\.org'}
deny:                          # always found
  - {kind: PERSON, value: Captain Nightjar}
presidio:                      # recognisers in Presidio's form
  - my_module:MyRecognizer
"""

import re
from collections.abc import Iterator

import regex
import yaml

from core.privacy.own.patterns import Pattern, expression, nearby
from core.privacy.own.presidio import SPEC
from core.privacy.own.reading import fields, items, line_of, problem, read, text_of
from core.privacy.own.rules import Allowed, OwnRules
from core.privacy.own.words import DENIED, LISTED, Entry

KIND = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
MOST_PATTERNS = 200
MOST_WORDS = 50_000
LONGEST_PATTERN = 2_000
LONGEST_WORD = 500
LONGEST_EXAMPLE = 5_000
# The counts in curly brackets, multiplied: a pattern such as (a{1000}){1000} takes 600 MB to be read alone.
MOST_REPEATS = 100_000
SCORE = 0.85
_COUNT = re.compile(r"\{(\d{1,9})(?:,\d{0,9})?\}")
_PARTS = ("patterns", "words", "allow", "deny", "presidio")


def parse(text: str, plug_ins: bool = True) -> OwnRules:
    """The rules that a text holds; none for an empty one.

    Every pattern is tried on its examples. With `plug_ins` false, recognisers of other modules are refused.

    Raises:
        FileProblem: with the line and the reason; it quotes no value of the text.
    """
    top = read(text)
    if top is None:
        return OwnRules()
    parts = fields(top, _PARTS)
    patterns = [_pattern(node) for node in _few(parts.get("patterns"), MOST_PATTERNS, "patterns")]
    entries = [entry for node in items(parts.get("words")) for entry in _words(node)]
    denied = [entry for node in items(parts.get("deny")) for entry in _denied(node)]
    if len(entries) + len(denied) > MOST_WORDS:
        raise problem(top, f"there are {len(entries) + len(denied):,} words; at most {MOST_WORDS:,} are taken.")
    allowed = [one for node in _few(parts.get("allow"), MOST_WORDS, "allow") for one in _allowed(node)]
    _check_apart(parts.get("allow"), allowed, denied)
    specs = [_spec(node, plug_ins) for node in _few(parts.get("presidio"), 32, "presidio")]
    return OwnRules(
        patterns, [*entries, *denied], allowed, specs, _plain(top) if any(map(items, parts.values())) else ""
    )


def _pattern(node: yaml.Node) -> Pattern:
    values = fields(node, ("kind", "pattern", "context", "score", "examples", "not"))
    kind, written = _kind(node, values), items(values.get("pattern"))
    if not written:
        raise problem(node, f"{kind} needs a pattern.")
    context = nearby([text_of(word, LONGEST_WORD) for word in items(values.get("context"))])
    expressions = tuple(_expression(one) for one in written)
    found = Pattern(kind, _score(values), line_of(written[0]), expressions, context)
    _try_out(found, values)
    return found


def _words(node: yaml.Node) -> Iterator[Entry]:
    values = fields(node, ("kind", "words", "any_case", "score"))
    kind, score, any_case = _kind(node, values), _score(values), _yes(values.get("any_case"))
    for word in items(values.get("words")):
        yield Entry(text_of(word, LONGEST_WORD), kind, score, f"{LISTED} {kind}", any_case)


def _denied(node: yaml.Node) -> Iterator[Entry]:
    values = fields(node, ("kind", "value"))
    kind = _kind(node, values)
    for value in items(values.get("value")):
        yield Entry(text_of(value, LONGEST_WORD), kind, 1.0, DENIED, any_case=True)


def _allowed(node: yaml.Node) -> Iterator[Allowed]:
    if isinstance(node, yaml.ScalarNode):
        yield Allowed(text_of(node, LONGEST_WORD))
        return
    values = fields(node, ("kind", "value", "pattern"))
    kind = _kind(node, values) if "kind" in values else ""
    if not {"value", "pattern"} & values.keys():
        raise problem(node, "here must stand a value or a pattern.")
    for value in items(values.get("value")):
        yield Allowed(text_of(value, LONGEST_WORD), kind=kind)
    for pattern in items(values.get("pattern")):
        yield Allowed(expression=_expression(pattern), kind=kind)


def _check_apart(node: yaml.Node | None, allowed: list[Allowed], denied: list[Entry]) -> None:
    always = {(kind, entry.text.casefold()) for entry in denied for kind in ("", entry.kind)}
    both = sum((one.kind, one.value.casefold()) in always for one in allowed)
    if node is not None and both:
        values = "a value stands" if both == 1 else f"{both} values stand"
        raise problem(node, f"{values} on the allow list and on the deny list. Take one away.")


def _expression(node: yaml.Node) -> "regex.Pattern[str]":
    pattern, repeats = text_of(node, LONGEST_PATTERN), 1
    for count in _COUNT.findall(pattern):
        repeats *= max(1, int(count))
    if repeats > MOST_REPEATS:
        raise problem(node, "the counts in {} of this pattern multiply to too many repeats. Use smaller ones.")
    try:
        found = expression(pattern)
        if found.match("", timeout=1.0):
            raise problem(node, "this pattern also matches an empty text, so it would be found everywhere.")
    except regex.error as error:
        reason = str(error.msg).rstrip(".")
        at = f" at character {error.pos + 1}" if error.pos is not None else ""
        raise problem(node, f"this pattern cannot be read{at}: {reason}.") from error
    except TimeoutError as error:
        raise problem(node, "this pattern runs for too long.") from error
    return found


def _try_out(pattern: Pattern, values: dict[str, yaml.Node]) -> None:
    """Raises `FileProblem` if an example is not found, a counterexample is, or one takes too long."""
    for name, wanted in (("examples", True), ("not", False)):
        for number, node in enumerate(items(values.get(name)), 1):
            try:
                found = bool(pattern.find(text_of(node, LONGEST_EXAMPLE)))
            except TimeoutError as error:
                raise problem(node, f"the pattern of {pattern.kind} runs for too long on this text.") from error
            if found != wanted:
                raise problem(node, _tried(pattern, number, wanted))


def _tried(pattern: Pattern, number: int, wanted: bool) -> str:
    if not wanted:
        return f"the pattern of {pattern.kind} finds something in text {number} of “not”, and should not."
    hint = " A word of its context must stand in it too." if pattern.context else ""
    return f"the pattern of {pattern.kind} does not find example {number}.{hint}"


def _spec(node: yaml.Node, plug_ins: bool) -> str:
    if not plug_ins:
        raise problem(node, "recognisers of other modules are not loaded on this public page. Run Tunebench at home.")
    spec = text_of(node, 300)
    if not SPEC.fullmatch(spec):
        raise problem(node, "a recogniser is named like module:ClassName.")
    return spec


def _kind(node: yaml.Node, values: dict[str, yaml.Node]) -> str:
    if "kind" not in values:
        raise problem(node, "here is no kind, such as “kind: TICKET”.")
    kind = text_of(values["kind"], LONGEST_WORD)
    if not KIND.fullmatch(kind):
        raise problem(values["kind"], "a kind is 2 to 40 capital letters, digits and _, such as TICKET.")
    return kind


def _score(values: dict[str, yaml.Node]) -> float:
    if "score" not in values:
        return SCORE
    try:
        score = float(text_of(values["score"], 20))
    except ValueError:
        score = -1.0
    if not 0 < score <= 1:
        raise problem(values["score"], "a score is a number above 0 and at most 1.")
    return score


def _yes(node: yaml.Node | None) -> bool:
    if node is None:
        return False
    said = text_of(node, 10).lower()
    if said not in ("true", "yes", "on", "false", "no", "off"):
        raise problem(node, "here must stand true or false.")
    return said in ("true", "yes", "on")


def _few(node: yaml.Node | None, most: int, name: str) -> list[yaml.Node]:
    found = items(node)
    if node is not None and len(found) > most:
        raise problem(node, f"there are {len(found):,} items in “{name}”; at most {most:,} are taken.")
    return found


def _plain(node: yaml.Node) -> str:
    """The content of a node without comments and spacing."""
    if isinstance(node, yaml.ScalarNode):
        return repr(node.value)
    parts = [_plain(part) if isinstance(part, yaml.Node) else ":".join(map(_plain, part)) for part in node.value]
    return f"[{','.join(parts)}]"

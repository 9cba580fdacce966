"""E-mail addresses.

Not found: quoted local parts (`"a b"@example.com`), hosts without a dot (`root@localhost`), the `git@host:` of
repository addresses, and whom a command logs in as (`ssh akern@example.com`, `scp a.txt akern@example.com:`), who is
found as a user name (username_places.py).
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import EMAIL
from core.privacy.plain import lowered
from core.privacy.spans import Span

# RFC 5321 section 4.5.3.1: a local part has at most 64 characters, a label of the host at most 63 (RFC 1035).
_LOCAL = r"(?<!\w)(?<!\w[.+-])(?<!://)\w(?:[\w.+'’&-]{0,62}[\w+-])?"
_HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})(?![\w@(-]|\.\w*@)"
_AT = r"(?:@|%40|＠|&#64;|&#x40;|&commat;|\\u0040)"
_PLAIN = re.compile(rf"{_LOCAL}{_AT}{_HOST}", re.IGNORECASE)
_SPELLED = re.compile(
    rf"{_LOCAL} ?[\[(] ?at ?[\])] ?[\w-]{{1,63}}(?: ?(?:\.|[\[(] ?dot ?[\])]) ?[\w-]{{2,63}}){{1,4}}", re.IGNORECASE
)
_IN_WORDS = re.compile(
    rf"{_LOCAL} at [\w-]{{2,63}}(?: dot [\w-]{{2,63}}){{0,3}} dot "
    r"(?:com|org|net|edu|gov|io|info|de|uk|fr|es|it|nl|in|ca|au)\b",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"(?:[nrtbf]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})(?=\w)")
_PASSWORD_BEFORE = re.compile(r"://[^\s/?#]{0,128}:[^\s/?#]{0,128}$")
_LOGIN_BEFORE = re.compile(
    r"\b(?:ssh|sftp|mosh|ssh-copy-id)(?: -[\w-]{1,40}(?:[ =][^\s@-][^\s@]{0,80})?){0,8} "
    r"(?:(?:in|to|into|onto|as) ){0,2}[\"'`]?$"
)
_COPY_BEFORE = re.compile(
    r"\b(?:scp|sftp|rsync|git (?:clone|push|pull|fetch|remote|submodule|ls-remote))\b[^\n|;]{0,160} [\"'`]?$"
)
_COPIED = re.compile(r":(?![ \t]+\S)")  # the path behind the host; “Ann <ann@example.com>: hello” has a space
_PICTURE = re.compile(r"@\dx\.[a-z]{3,4}$", re.IGNORECASE)


def find_email(text: str) -> Iterator[Span]:
    """E-mail addresses in `text`."""
    if "@" in text or "%40" in text or "＠" in text or "64;" in text or "u0040" in text or "&" in text:
        for match in _PLAIN.finditer(text):
            if _is_address(text, match):
                yield Span(_start(text, match.start()), match.end(), EMAIL, 0.95, "the form of an e-mail address")
    low = lowered(text)
    if ("(" in text or "[" in text) and any(map(low.__contains__, ("at]", "at)", "at ]", "at )"))):
        for match in _SPELLED.finditer(text):
            yield Span(match.start(), match.end(), EMAIL, 0.8, "an e-mail address spelled with “at”")
    if " dot " in low and " at " in low:
        for match in _IN_WORDS.finditer(text):
            yield Span(match.start(), match.end(), EMAIL, 0.75, "an e-mail address spelled with “at” and “dot”")


def _start(text: str, start: int) -> int:
    """Where the address begins: behind an escape such as `\\n` or `\\u003c` of a JSON text."""
    escape = _ESCAPE.match(text, start) if text[start - 1 : start] == "\\" else None
    return escape.end() if escape else start


def _is_address(text: str, match: re.Match[str]) -> bool:
    if match.group().startswith("git@") and text[match.end() : match.end() + 1] in (":", "/"):
        return False
    before = text[max(0, match.start() - 260) : match.start()]
    if _LOGIN_BEFORE.search(before) or (_COPIED.match(text, match.end()) and _COPY_BEFORE.search(before)):
        return False
    # What stands between `user:` and the last `@` of a host is a password, and URL_CREDENTIALS has it.
    return not _PASSWORD_BEFORE.search(before) and not _PICTURE.search(match.group())

"""E-mail addresses.

Not found: quoted local parts (`"a b"@example.com`), hosts without a dot (`root@localhost`), addresses spelled in words
without brackets ("ann at example dot com"), and the `git@host:` of repository addresses.
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import EMAIL
from core.privacy.spans import Span

# RFC 5321 section 4.5.3.1: a local part has at most 64 characters, a label of the host at most 63 (RFC 1035).
_LOCAL = r"(?<!\w)(?<!\w[.+-])(?<!://)\w(?:[\w.+'’&-]{0,62}[\w+-])?"
_HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})(?![\w@(-]|\.\w*@)"
_PLAIN = re.compile(rf"{_LOCAL}(?:@|%40|＠){_HOST}", re.IGNORECASE)
_SPELLED = re.compile(
    rf"{_LOCAL} ?[\[(] ?at ?[\])] ?[\w-]{{1,63}}(?: ?(?:\.|[\[(] ?dot ?[\])]) ?[\w-]{{2,63}}){{1,4}}", re.IGNORECASE
)
_PASSWORD_BEFORE = re.compile(r"://[^\s/?#]{0,128}:[^\s/?#]{0,128}$")
_PICTURE = re.compile(r"@\dx\.[a-z]{3,4}$", re.IGNORECASE)


def find_email(text: str) -> Iterator[Span]:
    """E-mail addresses in `text`."""
    if "@" in text or "%40" in text or "＠" in text:
        for match in _PLAIN.finditer(text):
            if _is_address(text, match):
                yield Span(match.start(), match.end(), EMAIL, 0.95, "the form of an e-mail address")
    lowered = text.lower()
    if "at]" in lowered or "at)" in lowered or "at ]" in lowered or "at )" in lowered:
        for match in _SPELLED.finditer(text):
            yield Span(match.start(), match.end(), EMAIL, 0.8, "an e-mail address spelled with “at”")


def _is_address(text: str, match: re.Match[str]) -> bool:
    if match.group().startswith("git@") and text[match.end() : match.end() + 1] in (":", "/"):
        return False
    before = text[max(0, match.start() - 260) : match.start()]
    # What stands between `user:` and the last `@` of a host is a password, and URL_CREDENTIALS has it.
    return not _PASSWORD_BEFORE.search(before) and not _PICTURE.search(match.group())

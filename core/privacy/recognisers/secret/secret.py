"""Secrets: keys with a provider's form, tokens, private keys, values assigned to a name, passwords that are told.

Not found: keys without a form of their own or a name in front (a bare hexadecimal string may be a checksum), and
placeholders (`your_api_key`, `${TOKEN}`, `****`). Entropy is not used: it flagged 499 of 500 ordinary rows.
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import SECRET
from core.privacy.plain import lower
from core.privacy.recognisers.secret.assigned import find_assigned
from core.privacy.recognisers.secret.codes import find_codes, find_phrases
from core.privacy.recognisers.secret.keys import find_provider_keys
from core.privacy.recognisers.secret.logins import find_logins
from core.privacy.recognisers.secret.said import find_said
from core.privacy.spans import Span

_PART = r"[\w-]{8,4096}"
# Three parts are signed (RFC 7519), five are encrypted (RFC 7516) and may have an empty second one.
_JWT = re.compile(rf"(?<![\w-])eyJ{_PART}\.(?:eyJ{_PART}\.{_PART}|[\w-]{{0,1024}}\.{_PART}\.{_PART}\.{_PART})")
_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d:")
_END, _PUTTY_END = "-----END ", re.compile(r"Private-MAC: \w{20,128}")
_BODY = re.compile(r"[A-Za-z0-9+/=\s:,.\\-]*+")


def find_secret(text: str) -> Iterator[Span]:
    """Secrets in `text`; of an assignment only the value, of a private key the whole block. No place comes twice."""
    places: set[tuple[int, int]] = set()
    for span in _every_secret(text):
        if (span.start, span.end) not in places:
            places.add((span.start, span.end))
            yield span


def _every_secret(text: str) -> Iterator[Span]:
    lowered = lower(text)
    yield from find_provider_keys(text)
    if "PRIVATE KEY" in text or "PuTTY-User" in text:
        yield from _private_keys(text)
    for match in _JWT.finditer(text) if "eyJ" in text else ():
        yield Span(match.start(), match.end(), SECRET, 0.95, "JSON web token")
    yield from find_assigned(text, lowered)
    yield from find_said(text, lowered)
    yield from find_logins(text, lowered)
    yield from find_codes(text, lowered)
    yield from find_phrases(text, lowered)


def _private_keys(text: str) -> Iterator[Span]:
    done = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() >= done:
            done = _end_of_key(text, begin)
            yield Span(begin.start(), done, SECRET, 0.95, "private key")


def _end_of_key(text: str, begin: re.Match[str]) -> int:
    if begin.group().startswith("PuTTY"):
        last = _PUTTY_END.search(text, begin.end(), begin.end() + 16_384)
        return last.end() if last else begin.end()
    end = text.find(_END, begin.end())
    close = text.find("-----", end + len(_END)) if end >= 0 else -1
    # A block that was cut off still holds the key: everything that can be its body goes.
    body = _BODY.match(text, begin.end())
    return close + 5 if close >= 0 else (body.end() if body else begin.end())

"""Secrets: keys with a provider's prefix, tokens, private keys, and values assigned to a name such as `password`.

Not found: keys without a prefix or a name in front (a bare hexadecimal string may be a checksum), passwords in prose
other than after "password is" or "password:", passwords of letters only unless quoted, and placeholders
(`your_api_key`, `${TOKEN}`, `****`). Entropy is not used: it flagged 499 of 500 ordinary rows.
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import SECRET
from core.privacy.secret_keys import PROVIDER_KEYS
from core.privacy.spans import Span

_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{8,4096}\.eyJ[\w-]{8,4096}\.[\w-]{8,4096}")
_BEARER = re.compile(r"\b(?:bearer|basic)\s{1,3}([\w.~+/-]{16,4096}={0,2})", re.IGNORECASE)
_NAME = (
    r"(?:api[_-]?key|api[_-]?token|apikey|secret(?:[_-]?access)?(?:[_-]?key)?|access[_-]?key(?:[_-]?id)?|account[_-]?key|"
    r"(?:access|auth|refresh|session|id)?[_-]?token|pass(?:word|wd|phrase|code)|pwd|client[_-]?secret|private[_-]?key|"
    r"encryption[_-]?key|signing[_-]?key|passwort|contrase[ñn]a|mot de passe|senha)"
)
_ASSIGNED = re.compile(
    _NAME + r"""["'`]?\]?(?:\s{0,3}:\s{0,3}str)?\s{0,3}(?:=>|:=|={1,2}|:)\s{0,3}"""
    r"""(?:"([^"\n]{4,256})"|'([^'\n]{4,256})'|`([^`\n]{4,256})`|([^\s"'`,;<>(){}\[\]&]{4,256})(?![(\[]))""",
    re.IGNORECASE,
)
_OPTION = re.compile(r"--(?:password|token|api-key|secret)[ =]([^\s\"'`,;<>(){}\[\]&-][^\s\"'`,;<>(){}\[\]&]{3,256})")
_SAID = re.compile(
    r"\b(?:pass(?:word|code|phrase)|pin(?: code| number)?)\s{1,3}(?:is|was|will be)\s{0,3}:?\s{0,3}"
    r"""(?:["'`“]([^"'`”\n]{4,64})["'`”]|([^\s"'`“”,;]{4,64}))""",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"(?:your|example|sample|placeholder|insert|enter|change)[ _-].*|changeme|.*(?:\*{3}|xxxx|\.\.\.|…).*|"
    r"(?:my[_-])?(?:api[_-]?key|(?:access[_-]?)?token|secret(?:[_-]?key)?|password|passwd|pwd)(?:[_-]?here)?|"
    r"[<\[{$%*].*|(?:os|process|self|request|req|config|settings|env|user|data|this|args|params|form|options?)\.\w.*|"
    r"(?-i:[A-Z_]*(?:API_KEY|TOKEN|SECRET|PASSWORD)[A-Z_]*)|(?:https?|ftp)://[^@]*|none|null|true|false|undefined|string",
    re.IGNORECASE | re.DOTALL,
)
_BEGIN, _END = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"), "-----END "
_BODY = re.compile(r"[A-Za-z0-9+/=\s:,.\\-]*+")


def find_secret(text: str) -> Iterator[Span]:
    """Secrets in `text`; of an assignment only the value, of a private key the whole block."""
    yield from _provider_keys(text)
    yield from _private_keys(text)
    for match in _JWT.finditer(text) if "eyJ" in text else ():
        yield Span(match.start(), match.end(), SECRET, 0.95, "JSON web token")
    for match in _BEARER.finditer(text):
        if any(char.isdigit() for char in match.group(1)):
            yield Span(match.start(1), match.end(1), SECRET, 0.8, "token of an Authorization header")
    for pattern, reason in ((_ASSIGNED, "assigned to a name for secrets"), (_OPTION, "value of a secret option")):
        for match in pattern.finditer(text):
            yield from _value(match, reason, quoted=match.lastindex != pattern.groups)
    for match in _SAID.finditer(text):
        yield from _value(match, "said to be a password or PIN", quoted=match.lastindex == 1)


def _provider_keys(text: str) -> Iterator[Span]:
    for prefix, provider, pattern in PROVIDER_KEYS:
        if prefix in text:
            for match in pattern.finditer(text):
                yield Span(match.start(), match.end(), SECRET, 0.95, f"key of {provider}")


def _private_keys(text: str) -> Iterator[Span]:
    done = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < done:
            continue
        end = text.find(_END, begin.end())
        close = text.find("-----", end + len(_END)) if end >= 0 else -1
        # A block that was cut off still holds the key: everything that can be its body goes.
        body = _BODY.match(text, begin.end())
        done = close + 5 if close >= 0 else (body.end() if body else begin.end())
        yield Span(begin.start(), done, SECRET, 0.95, "private key")


def _value(match: re.Match[str], reason: str, quoted: bool) -> Iterator[Span]:
    group = match.lastindex or 0
    value = match.group(group).rstrip("" if quoted else ".!?:\\|")
    if len(value) < 4 or _PLACEHOLDER.fullmatch(value) or (not quoted and not _is_random(value)):
        return
    if quoted and " " in value.strip() and not any(char.isdigit() for char in value):
        return
    start = match.start(group)
    yield Span(start, start + len(value), SECRET, 0.7, reason)


def _is_random(value: str) -> bool:
    """Bare words are seldom secrets: a digit among other characters, or a long number, or a sign amid letters."""
    has_digit, has_letter = any(map(str.isdigit, value)), any(map(str.isalpha, value))
    is_number = value.isdecimal() and len(value) >= 4
    return (has_digit and has_letter) or is_number or (has_letter and any(char in "!@#$%^*?+~" for char in value))

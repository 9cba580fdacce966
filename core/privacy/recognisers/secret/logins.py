"""User and password side by side, without a word for the password: "creds: ann / Tulip!23", "ann@example.com:Tulip!23".

Not found: pairs without a word for a login, an e-mail address or an account such as `root` in front of them.
"""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces, Starts
from core.privacy.kinds import SECRET
from core.privacy.recognisers.near import moved, near
from core.privacy.recognisers.secret.values import (
    contains_any,
    is_password_word,
    is_placeholder,
    is_random,
    is_strong,
    trimmed,
)
from core.privacy.spans import Span

_LOGIN = (
    r"(?:log(?:ged|ging)?[ -]?in|sign(?:ed)?[ -]?in|credentials?|creds|user(?:name)?|accounts?|access|anmeld\w{0,6}|"
    r"zugang\w{0,8}|connect\w{0,3}|einlogg\w{0,4}|inlogg\w{0,8}|conecta\w{0,3}|identifiants?|zugangsdaten|"
    r"credencia\w{2,3}|credenziali|(?:be)?nutzer|u ?/ ?p|wi-?fi|wlan|ssid)"
)
_BESIDE = re.compile(
    rf"(?<![^\W_]){_LOGIN}(?![^\W_])[^\n/|:]{{0,40}}?[ :\"'`(]{{1,3}}([A-Za-z][\w.@+-]{{1,40}})"
    r"(?: ?[/|] ?|:| - | and | und | en | et | y | e )(?![/\d]{1,2}\b|//)[\"'`]?([^\s\"'`/]{6,64})",
    re.IGNORECASE,
)
_ONLY_A_SPACE = re.compile(
    r"\b(?:credentials?(?: are)?|creds(?: are)?|zugangsdaten|identifiants|credenziali|inloggegevens|u:)[: ]{1,2}"
    r"([\w.@+-]{2,40})(?:,? (?:p: ?)?)([^\s\"'`/]{6,64})",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"(?<![\w.@/-])(root|admin|administrator|sa|sysadmin)(?: ?/ ?|:)(?!/)([^\s\"'`/:]{6,64})(?!\S*[/:])"
)
_MAIL = re.compile(
    r"(?<![\w.@/])([\w.+-]{1,40}@[\w-]{1,40}\.[\w.-]{2,30}(?<=\w))(?P<sign>: ?| ?[/|] ?| )([^\s\"'`/,;]{6,64})(?!/)"
)
_CHPASSWD = re.compile(
    r"\b([\w.-]{2,32}):(\S{4,64}?)[\"']?(?= ?\| ?(?:sudo )?chpasswd)|\bnet user (\S{2,32}) (\S{4,64}) /add"
)
_CUE = re.compile(
    r"log(?:ged|ging)?[ -]?in|signe?d?[ -]?in|cred|user|account|access|anmeld|zugang|connect|logg|conecta|identifiant|"
    r"inlog|nutzer|u ?/ ?p\b|u:(?<=\bu:)|wi-?fi|wlan|ssid"
)
_STARTS = Starts("""
    log,sign,cred,user,account,access,anmeld,zugang,connect,conecta,identifiant,inlog,nutzer,u/p,u/ p,u /p,u / p,u:,
    wifi,wi-fi,wlan,ssid
""")
_SIGNS = ("/", ":", "|", " - ", " and ", " und ", " en ", " et ", " y ", " e ", "cred", "Cred")
_PARTS = Pieces("""
    log in,login,log-in,logged,logging,cred,user,account,access,sign in,sign-in,signed,zugang,connect,identifiant,
    conecta,anmeld,nutzer,einlogg,inlogg,u/p,u / p,u:,wifi,wi-fi,wlan,ssid
""")
_TWO_KINDS = re.compile(r"[A-Za-z]\S{0,62}[\d!#$%^&*]|\d\S{0,62}[A-Za-z]")
_ONE_OF_TWO_KINDS = re.compile(r"[\d!#$%^&*](?:(?<=\S\S)|(?=\S{0,62}[A-Za-z]))")  # quicker, and in every such word
_STOP = re.compile(r"\s*(?:$|[.,;!?\n)])")
_FILE = re.compile(r".*\.[A-Za-z]{2,4}")


def find_logins(text: str, lowered: str) -> Iterator[Span]:
    """The passwords beside a user name in `text`; `lowered` is the text in lower case."""
    if contains_any(text, _SIGNS) and _PARTS.stand_in(lowered) and _ONE_OF_TWO_KINDS.search(text):
        for start, part in near(text, _CUE, before=4, after=120, starts=_STARTS):
            if _TWO_KINDS.search(part):
                yield from moved(_in_pairs(part), start)
    if "oot" in text or "dmin" in text or "sa:" in text:
        yield from _passwords(_MACHINE, text, "beside an account that every machine has")
    if "@" in text:
        yield from _behind_mail(text)
    if "chpasswd" in text or "net user" in text:
        yield from _passwords(_CHPASSWD, text, "beside a user name to log in with")


def _in_pairs(text: str) -> Iterator[Span]:
    for pattern in (_BESIDE, _ONLY_A_SPACE):
        yield from _passwords(pattern, text, "beside a user name to log in with")


def _passwords(pattern: re.Pattern[str], text: str, reason: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        group = match.lastindex or 0
        value = trimmed(match.group(group))
        is_mail = "@" in value[1:-1] and "." in value.rpartition("@")[2]
        fits = is_strong(value) if pattern is _ONLY_A_SPACE else is_random(value) and len(value) >= 6
        if fits and not (value.isdecimal() or is_mail or is_placeholder(value)):
            yield Span(match.start(group), match.start(group) + len(value), SECRET, 0.6, reason)


def _behind_mail(text: str) -> Iterator[Span]:
    for match in _MAIL.finditer(text):
        value = trimmed(match.group(3))
        fits = is_strong(value) and not value.isalnum() if match["sign"] == " " else _TWO_KINDS.search(value)
        is_word = (
            "/" in match["sign"] and value.islower() and is_password_word(value) and _STOP.match(text, match.end(3))
        )
        if (is_word or (fits and is_random(value))) and not (
            _FILE.fullmatch(value) or is_placeholder(value) or "@" in value[1:-1]
        ):
            yield Span(
                match.start(3), match.start(3) + len(value), SECRET, 0.6, "behind an e-mail address to log in with"
            )

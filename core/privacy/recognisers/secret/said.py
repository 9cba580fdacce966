"""Passwords and keys that a sentence tells, in several languages ("the pw for the router: Sommer2019!").

A value with digits or signs counts after every cue; a word of letters only where the text clearly says that it is the
password ("my password is swordfish", end of the clause) or where it stands in quotes.

Not found: passwords of several words that are not quoted, and those told without a word for password nearby.
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import SECRET
from core.privacy.recognisers.secret.values import (
    contains_any,
    is_long_random,
    is_password_word,
    is_placeholder,
    is_random,
    is_told_in_quotes,
    trimmed,
)
from core.privacy.spans import Span

_CLEAR_NOUN = (
    r"(?P<clear>(?<![^\W\d_])(?:pass ?(?:word|code|phrase)|passwd|pwd?|psk|mdp|p/w|pasword|passwrd|passwrod|passowrd|"
    r"passwort|p@ssw(?:or)?d|senha|has[łl]o|heslo|jelsz[óo]|"
    r"parola d['’]ordine|palavra[- ]passe|lozinka)|(?:wi-?fi|wlan|w-lan|wpa2?|network|netzwerk)[ -]?(?:key|schlüssel)|"
    r"(?:code|cl[ée]|clave|chiave|codice) (?:du |del )?wi-?fi|"
    r"passwort|kennwort|wachtwoord|contrase[ñn]a|mot de passe|l[öo]senord(?:et)?|passord(?:et)?|adgangskode(?:n)?|"
    r"salasana(?:ni)?|пароль|şifre|密码|密碼|パスワード|비밀번호)"
)
_OTHER_NOUN = (
    r"(?P<key>(?:security|encryption|api|access|secret|licen[sc]e|activation|recovery|master|private|aws|account)"
    r"[ -]?(?:access[ -]?)?(?:key|secret)|(?:api|access|auth|secret|bearer|session|refresh) token|"
    r"(?<![\w-])(?:secret|token)(?= is| was|:))|"
    r"(?<![^\W\d_])(?:pass(?= (?:is|to|for|=|:))|passkey|clave|parola|parole)(?![^\W\d_])"
)
_NOUN = f"(?:{_CLEAR_NOUN}|{_OTHER_NOUN})"
_FOR = (
    r"(?: (?:for|to|of|on|at|für|zum|zur|vom|von|im|para|de|del|pour|du|per|voor|van|do|da|til|till) "
    r"[^\n.:;?!=]{1,40}?| (?:you|i|we|they|he|she) [^\n.:;?!=()]{1,30}?| given| used| mitt| ditt| ?\([^()\n]{3,30}\))?"
)
_IS = (
    r"(?:\s{0,2}(?::\*{0,2}|=|->|→|：|–|—|- )\s{0,3}|"
    r"\s{1,3}(?:is|was|are|will be|should be|has been (?:set|changed|reset) to|remains|stays|used to be|hai|tha|"
    r"c['’]est|ist|war|lautet|heißt|"
    r"es|era|est|était|è|é|is nu|är|jest|brzmi|"
    # Words of one or two letters that mean something else in English stand only behind their own noun.
    r"(?<=s[łl]o )to|(?<=rd )er|(?<=et )er|(?<=n )er|(?<=ode )er|(?<=itt )er|(?<=nani )on|(?<=sana )on|(?<=eslo )je)"
    r"(?: (?:now|still|just|always|set to|currently|simply|called|jetzt|nun|noch|ahora|maintenant|adesso|agora))?"
    r"\s{0,2}:?\s{1,3}|['’]s\s{1,3}|\?\s(?:it|that)['’ ]i?s\s{1,3}|(?:は|是|는|은)\s{0,2})"
)
_GIVEN = r"""(?:["'`“„«‘「]{1,2}([^"'`”“»’」\n]{4,64})["'`”“»’」]{1,2}|\*{0,2}`?(\S{4,200}))"""
_SAID = re.compile(_NOUN + _FOR + _IS + _GIVEN, re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:chang|set|reset|updat|ändere|geändert|cambi|zmieni|mud|byt|veranderd)\w{0,5} (?:[\w']{1,12} ){0,4}?"
    rf"{_NOUN}{_FOR} (?:to|auf|in|a|à|por|naar|na|para|till|til)\s{{1,3}}:?\s?{_GIVEN}",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"(?<![^\W\d_]){_NOUN}(?: [\w.@/-]{{2,20}} ?:| ?\([^()\n]{{3,30}}\))?[,:]?\s{{1,2}}\(?{_GIVEN}", re.IGNORECASE
)
_INTO = re.compile(
    rf"{_NOUN} (?:auf|(?:veranderd|gewijzigd) (?:in|naar)|(?:ändrat|bytt) till|(?:changed|reset|"
    rf"updated) to)\s{{1,2}}{_GIVEN}",
    re.IGNORECASE,
)
# What "it" is, the words before tell: read only in a text about passwords.
_IT = re.compile(rf"\b(?:chang(?:ed?|ing)|reset|set|updated?) it (?:back )?to\s{{1,2}}{_GIVEN}", re.IGNORECASE)
_LATER = re.compile(
    _NOUN + r"[^\n.:;!]{1,40}?[ ?,](?:(?:it|that)(?:['’]s| is| was)|is|was|to|c['’]est|es|ist|era|(?<=\? ))\s{0,2}"
    rf"(?<=[\s]){_GIVEN}",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:[\"'“]([^\"'”\n]{4,64})[\"'”]|(?<!\S)([^\s\"'“]{4,64}+)),? (?:is|was|as|(?:that|it)['’ ]i?s|ist|als|es|como|"
    r"est|comme) "
    rf"(?:(?:my|the|your|his|her|our|their|mein|das|la|mi|mon|le|il) |(?<=as )|(?<=als )|(?<=omme )|"
    rf"(?<=como ))(?:[\w-]{{1,16}} )?{_NOUN}(?!\w)",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"\b(?:user(?:[ -]?(?:name|id))?|login|log(?:ged)?[ -]in|benutzer(?:name)?|usuario|utilisateur|utente|account|"
    r"e-?mail|id)(?:\s?[:=]|\s(?:is|ist|es|est|with|as|name))?\s{1,2}[\"'`“]?(?!and\b|und\b|or\b)[^\s,;\"'`”]{2,64}"
    r"[\"'`”]?(?:\s{0,2}[,;/|]|\.)?\s{0,2}(?:and |und |y |et |e |en |with |mit |con )?(?:the |my |das |la |le )?"
    rf"(?:{_NOUN}|pass)(?:\s{{0,2}}[:=]|\s(?:is|ist|es|est))?\s{{1,2}}{_GIVEN}",
    re.IGNORECASE,
)
_SLASH = re.compile(
    r"\b(?:log(?:ged|ging)?[ -]?in|sign(?:ed)?[ -]?in|credentials?|creds|user(?:name)?|accounts?|access|anmeld\w{0,6}|"
    r"zugang\w{0,8}|connect\w{0,3}|einlogg\w{0,4}|conecta\w{0,3}|identifiants?|zugangsdaten)\b[^\n/|:]{0,40}?"
    r"[ :\"'`(]{1,3}([A-Za-z][\w.@+-]{1,40})(?: ?[/|] ?|:| - | and | und )(?![/\d]{1,2}\b|//)[\"'`]?([^\s\"'`/]{6,64})",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"(?<![\w.@/])[\w.+-]{1,40}@[\w-]{1,40}\.[\w.-]{2,30}(?<=\w)(?:: ?| ?[/|] ?)([^\s\"'`/,;]{6,64})(?!/)"
)
_TWO_KINDS = re.compile(r"[A-Za-z]\S{0,62}\d|\d\S{0,62}[A-Za-z]")
_FILE = re.compile(r".*\.[A-Za-z]{2,4}")
_CLEAR_PARTS = (
    *(
        "passw",
        "-passe",
        "passo",
        "pasw",
        "p@ss",
        "p/w",
        "e wifi",
        "é wifi",
        "e wi-fi",
        "passc",
        "passp",
        "pass ",
        "pass:",
        "pass=",
        "pass wo",
        "kennwort",
        "wachtwoord",
        "contrase",
        "senha",
    ),
    *("mot de passe", "pwd", "pw", "psk", "mdp", "hasło", "haslo", "heslo", "jelsz", "parol", "clave"),
    *("lozink", "lösenord", "losenord", "passord", "adgangskode", "salasana", "пароль", "şifre", "schlüssel", "密"),
    *("パスワ", "비밀", "fi key", "fi-key", "fi pass", "wpa", "wlan", "network key", "netzwerk"),
)
_KEY_PARTS = (" key", "-key", "token", "secret")
_PAIR_SIGNS = ("/", ":", "|", " - ", " and ", " und ")
_LOGIN_PARTS = ("log", "cred", "user", "acc", "sign", "zugang", "connect", "ident", "conecta", "anmeld")
_TWO_DIGITS = re.compile(r"\d\S{0,30}\d")
_CLAUSE_END = re.compile(r"[\"'`”*)\]]{0,3}\s*(?:$|[.,;!?\n)–-]|(?:and|und|y|et|but|for)\b)")


def find_said(text: str, lowered: str) -> Iterator[Span]:
    """The passwords and keys told in `text`; `lowered` is the text in lower case."""
    if contains_any(lowered, _CLEAR_PARTS) or (contains_any(lowered, _KEY_PARTS) and _TWO_DIGITS.search(text)):
        for pattern in (_SAID, _CHANGED, _PAIR, _BESIDE, _INTO, _IT, _LATER, _BEFORE):
            for match in pattern.finditer(text):
                yield from _password(text, match)
    if contains_any(text, _PAIR_SIGNS) and contains_any(lowered, _LOGIN_PARTS):
        for match in _SLASH.finditer(text):
            yield from _beside_a_user(match)
    if "@" in text:
        for match in _MAIL.finditer(text):
            value = trimmed(match.group(1))
            if _TWO_KINDS.search(value) and is_random(value) and not (_FILE.fullmatch(value) or is_placeholder(value)):
                yield Span(
                    match.start(1), match.start(1) + len(value), SECRET, 0.6, "behind an e-mail address to log in with"
                )


def _password(text: str, match: re.Match[str]) -> Iterator[Span]:
    group = _group_of_value(match)
    quoted = group == (1 if match.re is _BEFORE else match.re.groups - 1)
    value = match.group(group) if quoted else trimmed(match.group(group))
    if len(value) < 4 or is_placeholder(value):
        return
    start = match.start(group)
    if match.groupdict().get("key"):
        found = is_long_random(value, 10)
    elif quoted:
        found = is_told_in_quotes(value)
    else:
        clear = bool(match.groupdict().get("clear")) and match.re not in (_BESIDE, _INTO, _LATER, _BEFORE)
        after = text[start + len(value) : start + len(value) + 12]
        found = is_random(value) or (clear and bool(_CLAUSE_END.match(after)) and is_password_word(value))
    if found:
        yield Span(start, start + len(value), SECRET, 0.75, "said to be a password or key")


def _group_of_value(match: re.Match[str]) -> int:
    if match.re is _BEFORE:
        return 1 if match.group(1) else 2
    return match.lastindex or 0


def _beside_a_user(match: re.Match[str]) -> Iterator[Span]:
    value = trimmed(match.group(2))
    is_mail = "@" in value[1:-1] and "." in value.rpartition("@")[2]
    if len(value) >= 6 and is_random(value) and not (value.isdecimal() or is_mail or is_placeholder(value)):
        yield Span(match.start(2), match.start(2) + len(value), SECRET, 0.6, "beside a user name to log in with")

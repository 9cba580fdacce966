"""Passwords and keys that a sentence tells, in several languages ("the pw for the router: Sommer2019!").

A value with digits or signs counts after every cue; a word of letters only where the text clearly says that it is the
password ("my password is swordfish", end of the clause) or where it stands in quotes. User and password side by side:
logins.py.

Not found: passwords of several words that are not quoted, and those told without a word for password nearby.
"""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces
from core.privacy.kinds import SECRET
from core.privacy.plain import caseless, digit_count, for_caseless
from core.privacy.recognisers.near import moved, near
from core.privacy.recognisers.secret.values import (
    behind_a_user,
    is_long_random,
    is_password_word,
    is_placeholder,
    is_random,
    is_strong,
    is_told_in_quotes,
    trimmed,
)
from core.privacy.spans import Span

_CLEAR_NOUN = (
    r"(?P<clear>(?<![^\W\d_])(?:pass ?(?:word|code|phrase)|passwd|pwd?|psk|mdp|p/w|ww(?=:| is)|pasword|passwrd|"
    r"passwrod|"
    r"passowrd|passwort|p@ssw(?:or)?d|senha|has[łl]o|heslo|jelsz[óo]|(?:secret|safe|code|security)[ -]?word|safeword|"
    r"losung(?=:| )|parola d['’]ordine|palavra[- ]passe|lozinka)|"
    r"(?:wi-?fi|wlan|w-lan|wpa2?|network(?: security)?|netzwerk)[ -]?(?:key|schlüssel)|wi-?fi code|"
    r"(?:code|cl[ée]|clave|chiave|codice) (?:du |del )?wi-?fi|"
    r"passwort|kennwort|wachtwoord|contrase[ñn]a|mot de passe|l[öo]senord(?:et)?|passord(?:et)?|adgangskode(?:n)?|"
    r"salasana(?:ni)?|пароль|şifre|密码|密碼|パスワード|비밀번호)"
)
_OTHER_NOUN = (
    r"(?P<key>(?:security|encryption|signing|client|consumer|api|access|secret|licen[sc]e|activation|recovery|master|"
    r"private|aws|account)[ -]?(?:access[ -]?)?(?:key|secret)|(?:api|access|auth|secret|bearer|session|refresh) token|"
    r"(?:my|your|our|the|this|mein|mon|mi) (?:key|token|secret)|(?<![\w-])(?:secret|token)(?= is| was|:))|"
    r"(?<![^\W\d_])(?:pass(?= (?:is|to|for|=|:))|passkey|clave|parola|parole)(?![^\W\d_])"
)
_NOUN = f"(?:{_CLEAR_NOUN}|{_OTHER_NOUN})"
_FOR = (
    r"(?: (?:for|to|of|on|at|für|zum|zur|vom|von|im|para|de|del|pour|du|per|voor|van|do|da|til|till) "
    r"[^\n.:;?!=]{1,40}?| (?:you|i|we|they|he|she) [^\n.:;?!=()]{1,30}?| given| used| wi-?fi| от [^\n:]{2,20}| mea|"
    r" mitt| ditt| ?\([^()\n]{3,30}\))?"
)
_IS = (
    r"(?:\s{0,2}(?::\*{0,2}|=|->|→|：|–|—|- |\|)\s{0,3}|"
    r"\s{1,3}(?:is|was|are|will be|should be|has been (?:set|changed|reset) to|remains|stays|used to be|hai|tha|"
    r"c['’]est|ist|war|lautet|heißt|es|era|est|était|è|é|is nu|är|jest|brzmi|"
    # Words of one or two letters that mean something else in English stand only behind their own noun.
    r"(?<=s[łl]o )to|(?<=ty )to|(?<=wifi )to|(?<=rd )er|(?<=et )er|(?<=n )er|(?<=ode )er|(?<=itt )er|(?<=nani )on|"
    r"(?<=sana )on|(?<=eslo )je)"
    r"(?: (?:now|still|just|always|set to|currently|simply|called|jetzt|nun|noch|ahora|maintenant|adesso|agora))?"
    r"\s{0,2}:?\s{1,3}|['’]s(?: still| now)?\s{1,3}|\s(?:has (?:always )?been|to be|este|m este|este)\s{1,3}|"
    r"\?\s(?:it|that)['’ ]i?s\s{1,3}|(?:は|是|는|은)\s{0,2})"
)
_GIVEN = r"""(?:["'`“„«‘「]{1,2}([^"'`”“»’」\n]{4,64})["'`”“»’」]{1,2}|\*{0,2}`?(\S{4,200}))"""
_ANY_NOUN = for_caseless(_NOUN)
_SAID = re.compile(_NOUN + _FOR + _IS + _GIVEN, re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:chang|set|reset|updat|made|ändere|geändert|cambi|zmieni|mud|byt|veranderd)\w{0,5} (?:[\w']{1,12} ){0,4}?"
    rf"{_NOUN}{_FOR} (?:to|as|auf|in|a|à|en|por|naar|na|para|till|til)\s{{1,3}}:?\s?{_GIVEN}",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"(?<![^\W\d_]){_NOUN}(?: wi-?fi| [\w.@/-]{{2,20}} ?:| ?\([^()\n]{{3,30}}\))?[,:]?\s{{1,2}}\(?{_GIVEN}",
    re.IGNORECASE,
)
_INTO = re.compile(
    rf"{_NOUN} (?:(?:geändert |gesetzt )?auf|in|(?:veranderd|gewijzigd) (?:in|naar)|(?:ändrat|bytt) till|"
    rf"(?:a été )?(?:changé|modifié) (?:en|à)|"
    rf"(?:changed|reset|updated) to)\s{{1,2}}{_GIVEN}",
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
    r"est|comme|a(?= (?:strong|good|safe|weak|secure))) "
    rf"(?:(?:my|the|an?|your|his|her|our|their|mein|das|la|mi|mon|le|il) |(?<=as )|(?<=als )|(?<=omme )|"
    rf"(?<=como )|(?<= a ))(?:[\w-]{{1,16}} )?{_NOUN}(?!\w)",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"\b(?:user(?:[ -]?(?:name|id))?|login|log(?:ged)?[ -]in|benutzer(?:name)?|usuario|utilisateur|utente|account|"
    r"e-?mail|id)(?:\s?[:=]|\s(?:is|ist|es|est|with|as|name))?\s{1,2}[\"'`“]?(?!and\b|und\b|or\b)[^\s,;\"'`”]{2,64}"
    r"[\"'`”]?(?:\s{0,2}[,;/|]|\.)?\s{0,2}(?:and |und |y |et |e |en |with |mit |con )?(?:the |my |das |la |le )?"
    rf"(?:{_NOUN}|pass)(?:\s{{0,2}}[:=]|\s(?:is|ist|es|est))?\s{{1,2}}{_GIVEN}",
    re.IGNORECASE,
)
# Values that only their looks tell, in a text about passwords: both of a change, and what is typed, used or looked at.
_STRONG = r"[\"'`“„«]?([^\s\"'`”“»]{7,64})"
_FROM_TO = re.compile(
    rf"\b(?:chang\w{{0,3}}|reset|updat\w{{1,3}}|"
    rf"from) (?:[\w']{{1,12}} ){{0,3}}?(?:from )?{_STRONG}[\"'`”»]? to {_STRONG}",
    re.IGNORECASE,
)
_USED = re.compile(
    r"\b(?:use|using|used|try|tried|typ(?:e|ed|ing)|enter(?:ed|ing)?|put in|reset to|(?:un)?lock(?:ed|s)? (?:it )?with|"
    r"(?:de|en)crypt(?:ed)? (?:it )?with(?: the (?:key|code))?|pass|is|if|ssid[: ]{1,2}\S{1,32} ?[/,]|wi-?fi:|wlan:|"
    r"wpa2?:)"
    rf" {_STRONG}",
    re.IGNORECASE,
)
_PASSPHRASE = re.compile(
    r"\bpass[ -]?phrase(?: is|:| =)\s{1,2}[\"']?([a-z]{2,12}(?:[ -][a-z]{2,12}){2,9})(?=[\"'.,;!?)]|\s*(?:\n|$))",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"(?:(?:security|secret|recovery|sicherheits)[ -]?(?:question )?(?:answer|antwort)|sicherheitsantwort|"
    r"réponse secrète|"
    r"answer (?:to|for) (?:(?:my|the) )?(?:security|secret) question|respuesta (?:secreta|de seguridad))"
    r"(?: is| ist| est| es|:| =)\s{1,2}[\"'“]?([^\W_][\w'-]{2,30}(?: [^\W\d_a-z]\w{1,20}){0,2})(?=[\"'”.,;!?)]|"
    r"\s*(?:\n|$))",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"pass(?:w|ph| ph|c| c| wo|o|key|\b)|-passe|pasw|p@ss|p/w|pw\b|pwd|psk|mdp|kennw|wachtw|ww\b|"
    r"contrase|senha|mot de passe|has[łl]o|heslo|jelsz|parol|clave|lozink|l[öo]senord|adgangsk|salasana|пароль|şifre|"
    r"密|パスワ|비밀|wi-?fi|w-?lan|wpa|net\w{4,5} (?:security )?(?:key|schlüssel)|losung\b|ssid|"
    r"(?:secret|safe|code)[ -]?word|(?:security|secret|encryption|api|access|licen[sc]e|activation|recovery|master|"
    r"private|aws|account|client|signing|consumer)[ -](?:access[ -]?)?(?:key|secret|token)|(?:auth|bearer|session|"
    r"refresh) token|"
    r"(?:my|your|our|the|this|mein|mon|mi) (?:key|token|secret)|(?:secret|token)(?: is| was|:)|encrypt|decrypt|"
    r"answer (?:to|for) |y (?:question )?answer|antwort|réponse|respuesta|reset to |log(?:ged)? ?in\b"
)
_PARTS = Pieces("""
    passw,passph,passc,passk,passo,pass ,pass:,pass=,-passe,p@ss,p/w,pasw,pw,psk,mdp,ww:,ww is,kennw,wachtw,contrase,
    senha,hasło,haslo,heslo,jelsz,parol,clave,lozink,senord,adgangsk,salasana,пароль,şifre,schlüssel,密,パスワ,비밀,wifi,
    wi-fi,wlan,w-lan,wpa,ssid,losung,secret w,safe word,codeword,code word,reset to,y answer,answer to,answer for,
    n answer,antwort,réponse,respuesta,log in,login,mot de pass
""")
_KEY_PARTS = Pieces(" key,-key,token,secret,crypt")
_ANSWER_PARTS = Pieces("answer,antwort,réponse,respuesta")
_TWO_DIGITS = re.compile(r"\d\S{0,30}\d")
_LEAD, _TAG_BEHIND = re.compile(r"<\w{1,6}>|[*:]{1,3}|[\[(<]"), re.compile(r"(?:</\w{1,6}>?|\*+|[\])>])$")
_CLAUSE_END = re.compile(
    r"[\"'`”*)\]]{0,3}\s*(?:$|[.,;!?\n)–-]|(?:and|und|y|et|but|for|from|until|till|since|because|so|yesterday|now|"
    r"again|aber|bis|seit|gesetzt|geändert|mais|pero|ma|maar|mas|ale)\b)"
)
_CLAUSE_START = re.compile(r"(?:^|[.,;:!?(\n-]\s{0,2}|[\"'“])$")
_ABBREVIATION = re.compile(r"pwd?|mdp|p/w|psk|passwd", re.IGNORECASE)
_USING = re.compile(
    r"\b(?:us(?:e|ing)|try|tried|with|enter(?:ed)?|typed) (?:the |my |this )?$|(?:wi-?fi|wlan|router|hotspot) $",
    re.IGNORECASE,
)
_WHICH_IS = re.compile(r"\bwhich (?:is|was) $", re.IGNORECASE)
_TALK = re.compile(r"pass|log(?:ged)? ?in|p/?w\b|login|key|crypt|wi-?fi|wlan|wpa|ssid|wrong", re.IGNORECASE)


def find_said(text: str, lowered: str) -> Iterator[Span]:
    """The passwords and keys told in `text`; `lowered` is the text in lower case."""
    if _PARTS.stand_in(lowered) or (_KEY_PARTS.stand_in(lowered) and _TWO_DIGITS.search(text)):
        for start, part in near(text, _CUE, before=140, after=280):
            yield from moved(_told(part), start)


def _told(text: str) -> Iterator[Span]:
    low = caseless(text)
    nouns = [noun.start() for noun in _ANY_NOUN.finditer(low)]
    for pattern in (_SAID, _BESIDE, _INTO, _LATER):
        for match in filter(None, [pattern.match(text, start) for start in nouns]):
            yield from _password(text, match)
    for pattern in (_CHANGED, _PAIR, _BEFORE) if nouns else ():
        for match in pattern.finditer(text):
            yield from _password(text, match)
    for match in _IT.finditer(text) if " it " in low else ():
        yield from _password(text, match)
    may_be_strong = bool(digit_count(text)) or not text.isascii()
    for pattern in (_FROM_TO, _USED) if may_be_strong and _TALK.search(text) else ():
        for match in pattern.finditer(text):
            for group in range(1, pattern.groups + 1):
                value = trimmed(match.group(group)).rstrip("?")
                if is_strong(value):
                    yield _span(match.start(group), value, 0.6, "used as a password would be")
    answers = _ANSWER.finditer(text) if _ANSWER_PARTS.stand_in(low) else ()
    for match in (*(_PASSPHRASE.finditer(text) if "phrase" in low else ()), *answers):
        if not is_placeholder(match.group(1)) and (
            match.re is _PASSPHRASE or match.group(1)[0].isupper() or is_told_in_quotes(match.group(1))
        ):
            yield _span(match.start(1), match.group(1), 0.7, "said to be a passphrase or a secret answer")


def _span(start: int, value: str, score: float, reason: str) -> Span:
    return Span(start, start + len(value), SECRET, score, reason)


def _password(text: str, match: re.Match[str]) -> Iterator[Span]:
    group = _group_of_value(match)
    quoted = group == (1 if match.re is _BEFORE else match.re.groups - 1)
    value = match.group(group) if quoted else trimmed(match.group(group))
    value = value.rstrip("?") if value.endswith(("!?", ".?")) or value[-1:].isalnum() else value
    start, bare = match.start(group), value if quoted else _without_signs(value)
    start, value = start + value.index(bare), behind_a_user(text, match.start(), bare)
    start += len(bare) - len(value)
    if len(value) < 4 or is_placeholder(value):
        return
    if match.groupdict().get("key"):
        found = is_long_random(value, 10)
    elif quoted:
        found = is_told_in_quotes(value)
    else:
        found = is_random(value) or (is_password_word(value) and _tells_a_word(text, match, start, start + len(value)))
    if found:
        yield _span(start, value, 0.75, "said to be a password or key")


def _without_signs(value: str) -> str:
    """A value without the marks of Markdown and HTML around it, and without brackets if what they hold is strong."""
    lead = _LEAD.match(value)
    bare = _TAG_BEHIND.sub("", value[lead.end() :]) if lead else value
    return bare if lead and (lead.group()[-1] in "*>:" or is_strong(bare)) else value


def _tells_a_word(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Whether a word of letters from `start` to `end` is clearly said to be the password, and is not about one."""
    if not match.groupdict().get("clear"):
        return False
    if match.re is _LATER:
        return bool(_WHICH_IS.search(text, start - 12, start)) and bool(_CLAUSE_END.match(text, end))
    if match.re is _BEFORE:
        return text[start].islower() and bool(_CLAUSE_START.search(text, max(0, start - 3), start))
    if match.re is _BESIDE and not _ABBREVIATION.fullmatch(match["clear"]):
        is_used = _USING.search(text, max(0, match.start() - 16), match.start())
        in_brackets = text[start - 1] == "(" and text[end : end + 1] == ")"
        return bool(is_used or in_brackets) and bool(_CLAUSE_END.match(text, end))
    if match.re is _INTO and text[start - 4 : start].lower() == " in ":
        return False
    return bool(_CLAUSE_END.match(text, end))


def _group_of_value(match: re.Match[str]) -> int:
    if match.re is _BEFORE:
        return 1 if match.group(1) else 2
    return match.lastindex or 0

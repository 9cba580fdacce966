"""PINs, one-time and recovery codes, card security codes, product keys and recovery phrases, each after its word.

Not found: a code without a word for it nearby, recovery phrases of other lengths than 12 to 26 words.
"""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces
from core.privacy.kinds import SECRET
from core.privacy.plain import caseless, digit_count, for_caseless
from core.privacy.recognisers.near import moved, near
from core.privacy.recognisers.secret.values import is_placeholder
from core.privacy.spans import Span

_NOUN = (
    r"(?:(?<![^\W\d_])(?P<card>cvv2?|cvc2?|(?:card )?security code)|"
    r"(?:(?<![^\W\d_])(?:(?:code |código |codice |kod )?pin(?:[- ]?(?:code|number|nummer|no\.?))?|puk|"
    r"otp(?: code)?|combination|combo|tan|house alarm|toegangscode|zahlencode|portkod|codice cassaforte|"
    r"mfa(?: code)?|2fa(?:[- ]code)?|g[- ]?code|digicode|geheimzahl|"
    r"code secret|code d['’]entrée|code porte|code (?:de la |du )?(?:porte|portail|carte(?: bleue)?|immeuble)|"
    r"screen lock)(?![^\W\d_])|"
    r"(?:one[- ]time|verification|security|confirmation|authenti?cation|auth|access|login|sms|door|gate|alarm|entry|"
    r"luggage|authenticator|unlock|reset|sign-?in|backup|voicemail|safe|lock(?:er|box)?|garage|entrance|single-use|"
    r"key ?pad|building)[ -](?:pass)?(?:codes?|pin|password|combo)|"
    r"(?:bestätigungs|sicherheits|zugangs|tür|tor|prüf|einmal|entsperr)-?(?:code|kennwort|passwort|pin)|"
    r"código (?:de )?(?:verificación|seguridad|acceso|verificação|segurança|acesso)|"
    r"code (?:de )?(?:vérification|sécurité|confirmation|d'accès)|codice (?:di )?(?:verifica|sicurezza|accesso)|"
    r"kod do \w{4,10}|código d[oea] \w{4,10}|code für (?:die|das|den) \w{3,12}))"
)
_LINK = (
    r"(?:[\"']?\s{0,2}[:=#-]|\s(?:is|was|are|ist|lautet|war|es|est|è|é|(?<=in )to|(?<=in )er|will be)(?: now)?:?|"
    r"['’]s)"
)
_FOR = (
    r" (?:(?:for|to|of|on|für|der|zum|zur|para|pour|per|voor|van|de|del|du|da|do|dla) [^\n.:;?!=\d]{1,30}?|"
    r"(?:you|i|we) [^\n.:;?!=\d]{1,20}?)"
)
_DIGITS = r"#?\d{3}[ -]\d{3}(?![\w-])#?|#?\d{3,9}(?![\w.,]?\d)#?(?!\w)|\d{1,2}-\d{1,2}-\d{1,2}(?![\w-])"
_CODE = re.compile(
    rf"{_NOUN}(?:{_FOR}{_LINK}|{_LINK}?)\s{{0,2}}[\"'`“*(]{{0,2}}"
    rf"({_DIGITS}|(?-i:[A-Z0-9]{{2,5}}-?[A-Z0-9]{{3,8}})(?![\w-]))",
    re.IGNORECASE,
)
# "Code" alone may be that of a street, a country or an error; "your code is" and "the code for the door is" are not.
_THE_CODE = re.compile(
    r"\b(?:(?:your|my|our|mon|votre|ton|mein|ihr|dein|tu|mi|su|il mio|o meu|mijn|mój) code(?: (?:is|est|ist|es|è|é|"
    r"to))?|(?:the|le|der|el|il|o) code(?: (?:for|to|of|de|du|für|del) (?:the |la |le |die |el )?[^\n.:;?!\d]{1,24}?)"
    r" (?:is|est|ist|es|è|é)|\b(?:use|enter) (?:the )?code(?= \d{6})|(?:the|my) code['’]s|"
    r"\bcode (?:to|for) [^\n.:;?!\d]{1,24}? is)[: ]{1,2}(#?\d{4,8}#?|\d{3}[ -]\d{3}|(?=[A-Z]*\d)[A-Z\d]{5,8})"
    r"(?=[\"'.,;!?)]|\s*(?:\n|$)|\s(?:and|und|et|y|but|it|do|please))",
    re.IGNORECASE,
)
_CODE_BEFORE = re.compile(
    r"(?<![\w.,-])(\d{4,8}|\d{3}[ -]\d{3}|G-\d{6})(?: is|,)? (?:as )?(?:your|my|the|tu|votre|ihr|dein)\s"
    r"(?:[\w-]{1,20} ){0,3}?(?:code|otp|pin|password|código|passcode)\b",
    re.IGNORECASE,
)
_RECOVERY = for_caseless(
    r"\b(?:(?:backup|recovery|rescue|emergency|scratch|2fa|mfa|wiederherstellungs|bitlocker(?: recovery)?)"
    r"[ -]?(?:codes?|keys?|schlüssel)|(?:product|licen[cs]e|activation|cd|serial) ?(?:key|code)|serial(?: number)?)"
    r"(?: (?:is|are|ist|for \w{2,20} is))?[:\s]{1,3}"
)
_RECOVERY_CODE = re.compile(
    r"[\s,;•*\d.)-]{0,4}?(?P<code>(?=[A-Za-z-]{0,40}\d)(?:[A-Z0-9]{4,6}(?:-[A-Z0-9]{4,6}){1,9}|"
    r"[a-z0-9]{4,6}(?:-[a-z0-9]{4,6}){1,9}|(?=[a-f]{0,12}\d)[a-z0-9]{8,16}|\d{8}))(?![\w-])"
)
_PHRASE_CUE = for_caseless(
    r"(?:seed|recovery|mnemonic|backup|wallet|secret|wiederherstellungs|recuperación|récupération)[ -]?"
    r"(?:seed|phrase|words?|sentence|phras[ea]|wörter|mnemonic|frase)|\bmnemonic\b|frase (?:semilla|de recuperación)|"
    r"\bseed(?= ?[:=])|phrase de récupération|\b(?:12|24|twelve|twenty-four)[- ]words?\b"
)
_NUMBERED_WORD = r"(?:\d{1,2}[.):]\s?)?[a-z]{3,8}"
_WORD_RUN = re.compile(rf"{_NUMBERED_WORD}(?:[ \t]{{0,3}}[,\n]?[ \t\n]{{1,3}}{_NUMBERED_WORD}){{11,25}}+(?!\w)")
# Not in the list of BIP-39, from which the words of such a phrase are drawn, and in any sentence of twelve words.
_FUNCTION_WORDS = frozenset(
    ("the", "and", "for", "are", "was", "not", "has", "from", "they", "his", "her", "our", "its")
)
_CUE = re.compile(
    r"pin(?:code|nummer)?s?\b|puk\b|otp\b|tan\b|[mc]v[vc]2?\b|code|código|codice|kod |alarm|combinat|combo\b|2fa|mfa|"
    r"geheimzahl|kennwort|passwor|screen lock"
)
_CODE_PARTS = Pieces("""
    pin,otp,tan,code,puk,cvv,cvc,código,codice,kennwort,passw,kod ,portkod,alarm,combination,combo,2fa,mfa,geheimzahl,
    screen lock
""")
_PHRASE_PARTS = Pieces("""
    phrase,mnemonic,seed,wörter,frase,12 w,12-w,24 w,24-w,twelve,twenty-four,backup w,secret w,recovery w,wallet w
""")
_RECOVERY_PARTS = Pieces("key,code,serial,schlüssel")
_SOME_DIGITS = re.compile(r"\d\d\d|\d[A-Z-]|[A-Z]\d")
_REACH = 80
_FEWEST_DIGITS = 3
_MOST_RECOVERY_CODES = 20


def find_codes(text: str, lowered: str) -> Iterator[Span]:
    """The PINs, one-time codes and product keys of `text`; `lowered` is the text in lower case."""
    if digit_count(text) < _FEWEST_DIGITS:
        return
    if _CODE_PARTS.stand_in(lowered) and _SOME_DIGITS.search(text):
        for start, part in near(text, _CUE, before=40, after=120):
            if _SOME_DIGITS.search(part):
                yield from moved(_codes(part), start)
    if _RECOVERY_PARTS.stand_in(lowered):
        for cue in _RECOVERY.finditer(caseless(text)):
            yield from _recovery_codes(text, cue.end())


def _codes(text: str) -> Iterator[Span]:
    for match in (*_CODE.finditer(text), *_CODE_BEFORE.finditer(text), *_THE_CODE.finditer(text)):
        group = match.lastindex or 0
        value = match.group(group)
        is_card = match.re is _CODE and bool(match["card"])
        if any(map(str.isdigit, value)) and (len(value) >= 4 or is_card) and not is_placeholder(value + "-"):
            yield Span(match.start(group), match.end(group), SECRET, 0.7, "said to be a PIN or a one-time code")


def _recovery_codes(text: str, start: int) -> Iterator[Span]:
    """The codes one behind the other from `start` on."""
    for _ in range(_MOST_RECOVERY_CODES):
        match = _RECOVERY_CODE.match(text, start)
        if match is None:
            return
        if not match["code"].isdecimal() or len(match["code"]) == 8:
            yield Span(*match.span("code"), SECRET, 0.7, "said to be a recovery code or a product key")
        start = match.end()


def find_phrases(text: str, lowered: str) -> Iterator[Span]:
    """The recovery phrases of `text`: at least 12 short words soon after a word for such a phrase."""
    if not _PHRASE_PARTS.stand_in(lowered):
        return
    for cue in _PHRASE_CUE.finditer(caseless(text)):
        run = _WORD_RUN.search(text, cue.end(), cue.end() + _REACH + 320)
        if run and run.start() - cue.end() <= _REACH and _FUNCTION_WORDS.isdisjoint(re.findall("[a-z]+", run.group())):
            yield Span(run.start(), run.end(), SECRET, 0.85, "recovery phrase")

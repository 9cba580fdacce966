"""PINs, one-time codes, card security codes and recovery phrases, each after its word.

Not found: a code without a word for it nearby, recovery phrases of other lengths than 12 to 26 words.
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import SECRET
from core.privacy.recognisers.secret.values import contains_any, is_placeholder
from core.privacy.spans import Span

_NOUN = (
    r"(?:(?<![^\W\d_])(?P<card>cvv2?|cvc2?|(?:card )?security code)|"
    r"(?:(?<![^\W\d_])(?:pin(?:[- ]?(?:code|number|nummer|no\.?))?|"
    r"otp(?: code)?|combination|tan|mfa code|2fa[- ]code|g[- ]?code)(?![^\W\d_])|"
    r"(?:one[- ]time|verification|security|confirmation|authenti?cation|auth|access|login|sms|door|gate|alarm|entry|"
    r"unlock|reset|sign-?in|backup|voicemail|safe|lock(?:er|box)?|garage|entrance|single-use)[ -]"
    r"(?:pass)?(?:code|pin|password)|"
    r"(?:bestätigungs|sicherheits|zugangs|tür|tor|prüf|einmal|entsperr)-?(?:code|kennwort|passwort|pin)|"
    r"código (?:de )?(?:verificación|seguridad|acceso|verificação|segurança|acesso)|"
    r"code (?:de )?(?:vérification|sécurité|confirmation|d'accès)|codice (?:di )?(?:verifica|sicurezza|accesso)))"
)
_LINK = r"(?:\s{0,2}[:=#-]|\s(?:is|was|are|ist|lautet|war|es|est|è|é|will be)(?: now)?:?|['’]s)"
_FOR = r" (?:for|to|of|on|für|zum|zur|para|pour|per|voor) [^\n.:;?!=\d]{1,30}?"
_CODE = re.compile(
    rf"{_NOUN}(?:{_FOR}{_LINK}|{_LINK}?)\s{{0,2}}[\"'`“*(]{{0,2}}"
    r"(\d{3,9}(?![\w.,]?\d)|\d{3}[ -]\d{3}(?!\d)|\d{1,2}-\d{1,2}-\d{1,2}(?![\w-])|"
    r"(?-i:[A-Z0-9]{2,5}-?[A-Z0-9]{3,8})(?![\w-]))",
    re.IGNORECASE,
)
_CODE_BEFORE = re.compile(
    r"(?<![\w.,-])(\d{4,8}|\d{3}[ -]\d{3}|G-\d{6})(?: is|,)? (?:as )?(?:your|my|the|tu|votre|ihr|dein)\s"
    r"(?:[\w-]{1,20} ){0,3}?(?:code|otp|pin|password|código|passcode)\b",
    re.IGNORECASE,
)
_PHRASE_CUE = re.compile(
    r"(?:seed|recovery|mnemonic|backup|wallet|secret|wiederherstellungs|recuperación|récupération)[ -]?"
    r"(?:seed|phrase|words?|sentence|phras[ea]|wörter|mnemonic|frase)|\bmnemonic\b|frase (?:semilla|de recuperación)|"
    r"phrase de récupération|\b(?:12|24|twelve|twenty-four)[- ]words?\b",
    re.IGNORECASE,
)
_NUMBERED_WORD = r"(?:\d{1,2}[.):]\s?)?[a-z]{3,8}"
_WORD_RUN = re.compile(rf"{_NUMBERED_WORD}(?:[ \t]{{0,3}}[,\n]?[ \t\n]{{1,3}}{_NUMBERED_WORD}){{11,25}}+(?!\w)")
# Not in the list of BIP-39, from which the words of such a phrase are drawn, and in any sentence of twelve words.
_FUNCTION_WORDS = frozenset(
    ("the", "and", "for", "are", "was", "not", "has", "from", "they", "his", "her", "our", "its")
)
_CODE_PARTS = ("pin", "otp", "tan", "code", "cvv", "cvc", "código", "codice", "kennwort", "passw", "combination")
_PHRASE_PARTS = (
    *("phrase", "mnemonic", "seed", "wörter", "frase", "12 w", "12-w", "24 w", "24-w", "twelve", "twenty-four"),
    *("backup w", "secret w", "recovery w", "wallet w"),
)
_DIGITS = re.compile(r"\d\d\d|\d[A-Z-]|[A-Z]\d")
_REACH = 80


def find_codes(text: str, lowered: str) -> Iterator[Span]:
    """The PINs and one-time codes of `text`; `lowered` is the text in lower case."""
    if not _DIGITS.search(text) or not contains_any(lowered, _CODE_PARTS):
        return
    for match in (*_CODE.finditer(text), *_CODE_BEFORE.finditer(text)):
        group = match.lastindex or 0
        value = match.group(group)
        is_card = match.re is _CODE and bool(match["card"])
        if any(map(str.isdigit, value)) and (len(value) >= 4 or is_card) and not is_placeholder(value + "-"):
            yield Span(match.start(group), match.end(group), SECRET, 0.7, "said to be a PIN or a one-time code")


def find_phrases(text: str, lowered: str) -> Iterator[Span]:
    """The recovery phrases of `text`: at least 12 short words soon after a word for such a phrase."""
    if not contains_any(lowered, _PHRASE_PARTS):
        return
    for cue in _PHRASE_CUE.finditer(text):
        run = _WORD_RUN.search(text, cue.end(), cue.end() + _REACH + 320)
        if run and run.start() - cue.end() <= _REACH and _FUNCTION_WORDS.isdisjoint(re.findall("[a-z]+", run.group())):
            yield Span(run.start(), run.end(), SECRET, 0.85, "recovery phrase")

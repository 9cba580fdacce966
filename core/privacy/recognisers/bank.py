"""Bank details other than an IBAN: account, routing and sort codes, each beside a word for it in several languages.

Not found: numbers without such a word, and the account that stands alone in the sentence after the one with the word.
"""

import re
from collections.abc import Iterator

from stdnum import bic
from stdnum.us import rtn

from core.privacy.clues import Pieces, Words
from core.privacy.cues import Cued, letters_and_digits, says
from core.privacy.kinds import BANK
from core.privacy.plain import digit_count, plain
from core.privacy.recognisers.near import moved, near
from core.privacy.spans import Span, resolve

_DIGITS = r"(?:[A-Z]{2,4}(?=\d{8}))?\d(?:[ .-]?\d){5,25}+(?![\w]|[.,/-]\d)"
_ACCOUNT = Cued(
    r"(?:bank|checking|savings?|current|deposit|giro)[\s_-]?(?:account|acct|a/c|acc\b)|"
    r"(?:account|acct|acc\b|a/c)[\s_.-]{0,2}(?:number|num\b|no\b\.?|nr\b\.?|#|:)|accountn\w{2,5}|"
    r"(?:\bto|refund|the) (?:account|acct|acc)(?= \d)|[\"']account[\"'](?=\s?:)|\bc/c\b|conta(?=:)|\bnib\b|"
    r"konto bankowe|bank-?giro|plus-?giro|\bchecking(?= \d)|\bsavings(?= \d)|cuenta (?=n)|"
    r"\bkonto(?:nummer|nr|num\w{2,4})?\b(?:[ -]?nr\b\.?)?|\bkto\b\.?(?:[ -]?nr\b\.?)?|bankverbindung|"
    r"(?:num[ée]ro|n°) de compte|compte bancaire|\brib\b|(?:n[úu]mero|nro\.?) de (?:la )?(?:cuenta|conta)|"
    r"cuenta (?:bancaria|corriente|de ahorros)|\bclabe\b|\bccc\b|\bcbu\b|conta (?:corrente|poupança|bancária)|"
    r"(?:numero (?:di|del) |c/c |\b)conto(?: corrente| bancario)|rekening(?:nummer|nr)?|numer konta|"
    r"nr konta|rachunk\w{1,3}|tilinumero|číslo účtu|bankszámla(?:szám)?|номер сч[её]та|hesap numarası|口座番号",
    _DIGITS,
)
# With a bank or branch code beside it, "account" and "conta" mean a bank's.
_BESIDE_A_CODE = Cued(
    r"\b(?:account|acct|acc|a/c|konto(?:nr|nummer)?|conta|cc|checking)\b\.?",
    r"\d(?:[ .-]?\d){4,16}+(?![\w]|[.,/-]\d)",
)
_CODE_WORD = re.compile(
    r"\bbsb\b|sort[ _-]?code|\bs/c\b|\bsort\b|\bblz\b|transit|institution|routing|\breg\.? ?nr|ag[êe]ncia|\bag\b|ifsc|"
    r"clearing|\baba\b",
    re.IGNORECASE,
)
_CODE_WORDS = Pieces("""
    bsb,sort,s/c,blz,transit,institution,routing,regnr,reg nr,reg.nr,reg. nr,agência,agencia,ifsc,clearing,aba
""")
_AG = Words(("ag",))
_AUSTRALIAN = re.compile(
    r"\d(?<![\w.-]\d)\d{2}-\d{3}[ /,-]{1,3}(?:\d{8,9}|\d{4} \d{4}|\d{3} \d{3} \d{3}|\d{2,3} \d{3} \d{3})(?![\w]|[.-]\d)"
)
_BSB_AND_ACCOUNT = re.compile(
    r"\bbsb\b[^\d\n]{0,20}\d{3}[ -]?\d{3}[\s,;/|-]{1,4}(?:and |und )?(?:the )?(?:account|acct|acc|a/c)?[^\d\n]{0,16}"
    r"(\d(?: ?\d){4,8})(?![\w]|[.,-]\d)",
    re.IGNORECASE,
)
_BRANCH = Cued(
    r"ag[êe]ncia|\bag\b\.?(?= ?\d)|\breg\b\.? ?nr\b\.?|institution|\binst\b\.?|transit",
    r"\d{3,5}(?:-[\dXx]{1,3})?(?![\w]|[.,/-]\d)",
)
_ROUTING = Cued(
    r"routing|\baba\b|\brtn\b|transit[\s_-]?(?:number|no\b|code)|wire[\s_-]?number",
    r"\d{9}(?!\w)|\d{4}[ -]\d{4}[ -]\d(?!\w)",
)
_SORT_CODE = Cued(
    r"sort[\s_-]?code|\bs/c\b|\bsort\b|\bsc\b:?|\bbsb\b(?:/acc(?:ount)?)?",
    r"\d{2}[ -]?\d{2}[ -]?\d{2}(?!\w|-\d)|\d{3}[ -]\d{3}(?!\w|-\d)",
)
_BLZ = Cued(r"\bblz\b|bankleitzahl|clearing(?:nummer|number|nr)?", r"\d{3} ?\d{3} ?\d{2}(?!\w)|\d{4,5}(?:-\d)?(?!\w)")
_IFSC = Cued(r"\bifsc\b|rtgs|neft", r"[A-Z]{4}0[A-Z0-9]{6}(?!\w)")
_BIC = Cued(r"\bbic\b|swift", r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?!\w)")
_OF_WORDS = (
    (_ROUTING, "beside a word for a routing number", 0.75),
    (_SORT_CODE, "beside a word for a sort code", 0.8),
    (_BLZ, "beside a word for a bank code", 0.8),
    (_IFSC, "beside a word for an Indian bank code", 0.85),
    (_ACCOUNT, "beside a word for a bank account", 0.7),
)
_WORDS = Pieces("""
    routing,aba,rtn,transit,wire,sort,sc:,s/c,bsb,blz,bankleitzahl,clearing,ifsc,rtgs,neft,account,acct,a/c,acc ,acc.,
    konto,kto,bankverb,compte,rib ,rib:,cuenta,conta c,conta p,conta b,de conta,da conta,clabe,c/c,conta:,nib,giro,
    institution,reg nr,reg. nr,reg.nr,gência,gencia,ag ,ag. ,checking,savings,ccc,cbu,conto,rekening,konta,rachunk,
    tilinum,účtu,bankszám,сч,hesap,口座
""")
# Each begins with a letter, as a search for such is twice as fast.
_CUE = re.compile(
    r"routing|aba\b(?<=\baba)|rtn\b|transit|"
    r"wire[ _-]?n|sort\b|sc\b(?<=\bsc)|s/c|bsb|blz|bankleit|clearing|ifsc|rtgs|neft|account|acct|"
    r"a/c\b|acc\b(?<=\bacc)|konto|kto\b|bankverb|compte|rib\b|cuenta|conta\b|clabe|c/c|nib\b|giro|checking|savings?\b|ccc\b|"
    r"cbu\b|conto\b|rekening|konta\b|rachunk|tilinum|účtu|bankszám|сч[её]т|hesap|口座"
)
_FEWEST_DIGITS = 5
_ACCOUNT_WORDS = Pieces("account,acct,acc,a/c,konto,conta,cc,checking")
_SORT_AND_ACCOUNT = re.compile(r"\d(?<![\w.-]\d)\d-\d{2}-\d{2}[ ,/]{1,3}\d{8}(?![\w]|[.-]\d)")
_FORMS = (
    (_SORT_AND_ACCOUNT, "the form of a British sort code and account number"),
    (_AUSTRALIAN, "the form of an Australian branch and account number"),
)
_FEWEST_DIGITS_OF_BOTH = 14


def find_bank(text: str) -> Iterator[Span]:
    """Account numbers, routing, sort and bank codes in `text`, none of them twice."""
    yield from resolve(_every(text))


def _every(text: str) -> Iterator[Span]:
    if "BIC" in text or "bic" in text or "wift" in text or "SWIFT" in text:
        for start, end in _BIC.find(text):
            if bic.is_valid(text[start:end]) and (text[start:end].isupper() or any(map(str.isdigit, text[start:end]))):
                yield Span(start, end, BANK, 0.85, "the form of a bank identifier (BIC), beside a word for it")
    text = plain(text)
    digits = digit_count(text)
    if digits < _FEWEST_DIGITS:
        return
    if says(text, _WORDS):
        for start, part in near(text, _CUE, before=40):
            if digit_count(part) >= _FEWEST_DIGITS:
                yield from moved(_beside_a_word(part), start)
        if (says(text, _CODE_WORDS) or says(text, _AG)) and _CODE_WORD.search(text):
            yield from _beside_a_code(text)
    for pattern, reason in _FORMS if digits >= _FEWEST_DIGITS_OF_BOTH else ():
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), BANK, 0.7, reason)


def _beside_a_word(text: str) -> Iterator[Span]:
    for cued, reason, score in _OF_WORDS:
        for start, end in cued.find(text):
            certain = cued is _ROUTING and rtn.is_valid(letters_and_digits(text[start:end]))
            yield Span(start, end, BANK, *((0.95, f"{reason}, checksum holds") if certain else (score, reason)))


def _beside_a_code(text: str) -> Iterator[Span]:
    """Accounts and branches that a bank code in the same text tells from other accounts."""
    for match in _BSB_AND_ACCOUNT.finditer(text):
        yield Span(*match.span(1), BANK, 0.75, "an account beside the code of its branch")
    for cued in (_BESIDE_A_CODE, _BRANCH):
        for start, end in cued.find(text) if cued is _BRANCH or says(text, _ACCOUNT_WORDS) else ():
            yield Span(start, end, BANK, 0.65, "an account or branch beside a bank code")

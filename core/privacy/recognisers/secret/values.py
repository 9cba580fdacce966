"""Whether a value that stands where a secret would stand is one, or a word, a placeholder or code."""

import re
from functools import lru_cache

# Words that follow "password is" or "password:" in prose and forms, in the languages of the cues.
_WORD_TEXT = """
    about above access accepted account actually added address admin after again algorithm all allowed already also
    always and another answer any api are argument authentication auth back base bad based bcrypt because been before
    being below best better between blank boolean both box bytes case char character characters check checker city
    clear code combination combinations complete complex confidential configuration confirmation const content correct
    count crucial data date default different digits does easy either else email empty encryption enough error
    essential everything exactly example expected expire expiry export extremely fake false field fields file fine first
    follows for form format from function generation generator good great guess hard hash hashing have her here hidden
    his history hours how human id identical important in incorrect information input insecure inside instead int
    integer into invalid its just keep key know known lambda later length less letters like line list lists local lock
    login long longer lost made management manager managers mandatory many match matches method mine minimum missing
    more most must name necessary need needed never new next nil nobody none not nothing null number numbers object
    obvious off often okay old once one only open optional other our output over page parameter part parts password
    passwords paste path phrase plain please policies policy present previous private programming prompt properly
    protected protection public query quite random really recovery reset resets required right role rules safe same
    save script secret section secure security self send sensitive sent separate session shared shorter should shown
    simple since some something still storage store str strength string strings strong stronger stuff such system
    table temp temporary text than that the their them then there these they thing things this those through time
    token tokens too true type types typed unchanged undefined under unique unknown until unsafe update updates upper
    use used user username users using usually valid validation value values varchar variable version very vital
    void vulnerable was weak weaker web well were what when where whether which while who will with within without
    word words working would wrong anymore anyway either everywhere lol online pls plz somehow somewhere thank
    thanks though today tomorrow twice yesterday yes yet you your yours zero
    aber auch dann dein deine dem den der die ein eine einfach falsch fehlt geheim gültig habe ihr immer ist jetzt kein
    keine leer lang mein meine mit nicht noch nur richtig schon sehr sein seine sicher stark ungültig unsicher vergessen
    und wie wichtig zu zurück
    algo como con correcta correcto débil del demasiado desde diferente ella este esta está fuerte importante inválida
    incorrecta incorrecto larga larga las los muy necesaria nueva nuevo obligatoria para pero por que segura seguro
    sin solo también una válida ya
    aussi avec bien bonne cette dans des elle est faible faux fort forte incorrect invalide les mais mauvais même mon
    nécessaire nouveau obligatoire oublié par pas perdu plus pour que qui requis sécurisé ses sur très trop une valide
    vide votre
    anche che con corretta dalla debole della errata forte importante molto necessaria non nuova obbligatoria per
    più sbagliata scaduta sicura troppo una valida
    ainda como com correta errada forte fraca incorreta inválida mais muito não necessária nova obrigatória para
    pela seguinte segura sua também uma
    een geen goed het je jouw juist met moet niet nieuw nog nodig onjuist ongeldig sterk te veilig verkeerd verplicht
    voor vergeten zwak
    adgangskode contraseña hasło heslo kennwort lösenord mot passe passord passwort salasana senha wachtwoord
"""
_WORDS = frozenset(_WORD_TEXT.split())
_FUNCTION_TEXT = """
    a an and are as at be but by can cannot do does enter for from has have if in is it least must need needs not of on
    or please password should so that the their this to was when will with you your
    der die das ein eine ist muss und zu bitte el la los las un una es debe y para le les est doit et pour il è deve per
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_TEXT.split())
_ENDING = re.compile(r".{3,}(?:ed|ing|able|ible|ly|ful|ous|ive|ary|tion|ment|ness|ity|lich|iert|bar|ado|ada|ido|ida)")
_MEASURE = re.compile(
    r"(?:at |min(?:imum)? |max )?\d{1,4}(?:[-–+ ]| to |-to-)?(?:\d{1,4}[- ]?)?(?:digit|char|bit|byte|letter|word|step|"
    r"symbol|number|day|hour|minute|second|month|year|time|factor|stellig|zeichen|st\b|nd\b|rd\b|th\b|x\b|%).*",
    re.IGNORECASE | re.DOTALL,
)
_PLACEHOLDER = re.compile(
    r"(?:your|my|the|an?|example|sample|placeholder|insert|enter|change|put|replace|add|paste|dummy|fake|test|some|"
    r"new|old|current|user|hashed|encrypted|plain|db|database|admin|root)?[ _-]?(?:own |new |super |api|secret|real)?"
    r"[ _-]?(?:api|access|auth|secret|private|bot)?[ _-]?(?:key|token|secret|pass(?:word|wd|code|phrase)?|pwd|pin|"
    r"value|string|code|text|hash|var(?:iable)?|field)(?:s|[ _-]?here|[ _-]?(?:key|id|hash|\d))?|"
    r"(?:your|insert|enter|replace|example|sample|placeholder|change|add|put|paste)[ _-].*|"
    r"change_?me|.*(?:\*{3}|x{4}|\.\.\.|…|•{2}|_{4}).*|[<\[{(].*|"
    r"\$(?:\w+|[({].*)|%(?:\w{1,2}|\(.*|\w+%)|[xX*.#?_-]+|.*\$?\{\w.*\}.*|"
    r"(?:os|process|self|request|req|config|settings|env|user|data|this|args|params|form|options?|e|event|res|response|"
    r"credentials?|account|row|item|obj|app|ctx|context|props|state)(?:\.|->|\[)\w.*|"
    r"(?-i:[A-Z_]*(?:API_KEY|TOKEN|SECRET|PASSWORD)[A-Z_]*)|(?:https?|ftp)://[^@]*|"
    r"(?:md|sha-?|aes-?|rsa-?|hs|rs|es|base|utf-?|argon|bcrypt|scrypt|pbkdf|ascii|oauth|iso-?|wpa|v)[-_]?\d[\w-]{0,12}|"
    r"![a-z]+|none|null|nil|true|false|undefined|string|str|int|text|varchar.*|n/?a|tbd|redacted|hidden|removed|masked",
    re.IGNORECASE | re.DOTALL,
)
_NAME_IN_CODE = re.compile(
    r"[a-z]+(?:_[a-z]+)+\d?|[a-z]+(?:[A-Z][a-z]+)+\d?|[a-z]+(?:\.[a-z_]+)+|[\w.]*\w(?:\(|\[).*|\.{0,2}/[\w.-]+/.*|"
    r"(?:pass(?:word)?|pwd|pw|token|key|secret)_?\d"
)
_USER_AND = re.compile(r"^[\w.@+-]{2,40}[/:](?=\S)")
_PRODUCT = re.compile(
    r"(?:windows|office|python|java|html|css|mp|iphone|ipad|galaxy|playstation|xbox|ubuntu|debian|excel|gpt|chatgpt|"
    r"covid|version|level|article|section|figure|table|room|chapter|ipv|web|oauth|sqlite|postgre\w*|angular|vue|react)"
    r"[\d.-]+\w{0,3}|(?:https?|ftp)\W.*|\w+\.\w{2,4}|(?-i:[A-Z]{2,}-?\d+\w{0,3})|\d[\d.,]*\w{1,4}|.*[(){}\[\]<>=/\\].*|"
    r"\d+(?:st|nd|rd|th)|[\d.,]+[kKmMbB]?|[^@]+@[^@]+\.\w{2,}",
    re.IGNORECASE,
)
_SIGNS = frozenset("!@#$%^*?+~&=§€£")
CLOSING = ".,;:)]}\"'”’»›>`*_|"


def contains_any(lowered: str, parts: tuple[str, ...]) -> bool:
    """Whether one of `parts` stands in `lowered`. A loop, as it runs over every text and `any` costs twice the time."""
    for part in _in_ascii(parts) if lowered.isascii() else parts:  # noqa: SIM110
        if part in lowered:
            return True
    return False


@lru_cache(maxsize=64)
def _in_ascii(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(str.isascii, parts))


def trimmed(value: str) -> str:
    """`value` without the punctuation of the sentence behind it; `)` stays where it was opened within."""
    while value and value[-1] in CLOSING and not (value[-1] == ")" and "(" in value):
        value = value[:-1]
    return value


def is_placeholder(value: str) -> bool:
    """Whether `value` stands for a secret (`your_api_key`, `${TOKEN}`, `****`) or tells of one (`8-digit`)."""
    bare = value.strip()
    return len(set(bare)) < 3 or bool(_PLACEHOLDER.fullmatch(bare[:400]) or _MEASURE.fullmatch(bare[:80]))


def is_random(value: str) -> bool:
    """Bare words are seldom secrets: a digit among letters, a long number, or a sign amid letters."""
    has_digit, has_letter = any(map(str.isdigit, value)), any(map(str.isalpha, value))
    if has_digit and has_letter:
        return not _NAME_IN_CODE.fullmatch(value)
    if value.isdecimal():
        return len(value) >= 4
    inner = value.rstrip("!?.,")
    return has_letter and any(char in _SIGNS for char in inner) and not _NAME_IN_CODE.fullmatch(inner)


def behind_a_user(text: str, start: int, value: str) -> str:
    """What is left of a value without a user name: of "ann/Tulip23" where "user/password:" stands before it."""
    return _USER_AND.sub("", value) if text[:start].endswith("/") else value


def is_strong(value: str) -> bool:
    """Whether its looks alone make a value a password: seven characters with digits in two cases, or with a sign."""
    has_digit, has_letter = any(map(str.isdigit, value)), any(map(str.isalpha, value))
    mixed = (value != value.lower() and value != value.upper()) or any(char in _SIGNS for char in value)
    is_whole = len(value) >= 7 and has_digit and has_letter and mixed
    return is_whole and not (is_placeholder(value) or _PRODUCT.fullmatch(value) or _NAME_IN_CODE.fullmatch(value))


def is_long_random(value: str, least: int = 12) -> bool:
    """A value no one would write but a machine: `least` characters without a space, digits and letters mixed."""
    digits = sum(map(str.isdigit, value))
    few = 1 if len(value) >= 24 and value != value.lower() else 2
    return len(value) >= least and few <= digits < len(value) and " " not in value and is_random(value)


def is_word(value: str) -> bool:
    """Whether `value` is a word of prose about passwords ("required"), or code."""
    lowered = value.lower().rstrip("!?")
    parts = re.split(r"[-'’/_ ]", lowered)
    return (
        any(part in _WORDS for part in parts)
        or bool(_ENDING.fullmatch(lowered))
        or bool(_NAME_IN_CODE.fullmatch(value))
    )


def is_password_word(value: str) -> bool:
    """Letters only, and not a word of ordinary prose: a password where the text clearly says that one follows."""
    inner = value.rstrip("!?")
    if inner.count("-") >= 2 and inner.replace("-", "").isalpha():
        return True
    return len(inner) >= 4 and inner.replace("-", "").replace("_", "").isalpha() and not is_word(inner)


def is_told_in_quotes(value: str) -> bool:
    """Whether `value`, in quotes where a password is to be expected, is one, and no word and no sentence."""
    words = value.lower().split()
    if len(words) == 1:
        return is_random(value) or not is_word(value)
    return 1 < len(words) <= 8 and _FUNCTION_WORDS.isdisjoint(words) and value[-1] not in ".?:"

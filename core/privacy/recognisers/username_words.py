"""Which words are user names: those that are no ordinary words and not the accounts that every machine has."""

import re

from core.privacy.people.words import Standing, folded, standing

# A user name as most services allow it: letters, digits and `_ . -` within it, not in the middle of a longer word.
NAME = r"(?P<name>[^\W\d_][\w.-]{0,38}(?<=\w)|_\w{2,30})(?![\w(\[{@]|\.\w|['’][a-z])"
# Also with the signs of some games and messengers in it, and in quotes with any.
ANY_NAME = (
    r"(?:\\?[\"'`“„«]{1,2}@?(?P<quoted>[^\s\"'`”“»\\]{2,40})\\?[\"'`”“»]|"
    r"@?(?P<name>(?:live:)?[^\W_](?:[\w.+#-]{0,38}\w)?|[_.](?=\w)[\w.]{2,30})(?![\w(\[@]|\.\w|['’][a-z]))"
)
_GENERAL_TEXT = """
    root admin administrator user users username name you your me guest public shared default all none null true false
    test ubuntu ec2-user centos debian vagrant runner pi git postgres mysql www-data nobody daemon node jenkins app
    system my the a an this that it login new old current other each every localhost anonymous and or is was not self
    request req session str string int get input invalid illegal unknown password failed login_user current_user
    user_id userid user_name foo bar example yourname your-name your_name yourusername your-username your_username
    account database db data file row result client required undefined text email varchar value in on to for with here
    isn hasn wasn doesn won
"""
GENERAL = frozenset(_GENERAL_TEXT.split())
NO_PERSON = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-.*|[0-9a-f]{16,}|(?:[A-Z]\.)+[A-Z]|www\..*|.*[()\[\]{}<>].*|v?\d+(?:[._]\d+)*\w?|"
    r"\w+\.(?:com|org|net|io|de|uk|fr|py|js|ts|txt|md|"
    r"csv|json|html?|php|pdf|png|jpe?g|exe|sh|sql|log|xml|ya?ml|zip)|(?:mp|h|x|variable|item|value|utf|sha|md|ipv|es|"
    r"py|python|web|win|"
    r"windows|iphone|ios|android|covid|gpt|base|int|float|uint|str|var|arg|param|col|test|version|level|step|phase|"
    r"part|chapter|page|day|week|q)[_-]?\d+",
    re.IGNORECASE,
)
_MADE_UP = re.compile(r"(?=.*[^\W\d_])(?:.*\d.*|\w+[_.#]\w+.*|[_.].+|.+_)")
_NAMES = frozenset((Standing.GIVEN, Standing.SURNAME))
_CAMEL_CASE = re.compile(r"[a-z]+[A-Z].*")
_SNAKE_CASE = re.compile(r"[a-z]+(?:_[a-z]+)+")


def is_made_up(value: str) -> bool:
    """Whether letters stand amid digits, underscores or dots, and no version, file or unit is written like it."""
    return bool(_MADE_UP.fullmatch(value)) and not NO_PERSON.fullmatch(value) and value.lower() not in GENERAL


def is_unusual(value: str) -> bool:
    """Whether a value is made up, or a word that no list of words knows and that is not written as a name is."""
    if value.lower() in GENERAL or not any(map(str.isalpha, value)):
        return False
    if not value.replace("-", "").isalpha():
        return is_made_up(value)
    is_unknown = any(standing(part) is Standing.UNKNOWN for part in folded(value).split("-") if len(part) > 2)
    return len(value) > 2 and is_unknown and (value.islower() or not value.istitle())


def is_account(value: str) -> bool:
    """Whether a value is unusual, or a name in lower case, alone or joined: what someone logs in as is one."""
    parts = [standing(part) for part in folded(value).split("-")]
    return is_unusual(value) or (value.islower() and value.lower() not in GENERAL and not _NAMES.isdisjoint(parts))


def is_name_of_code(value: str) -> bool:
    """Whether a value is written as variables and columns are: `userName`, or ordinary words as in `created_at`."""
    if _CAMEL_CASE.fullmatch(value):
        return True
    parts = value.split("_")
    return bool(_SNAKE_CASE.fullmatch(value)) and all(standing(part) is Standing.ORDINARY for part in parts)


def is_no_word(value: str) -> bool:
    """Whether a value is neither an ordinary word nor an account that every machine has."""
    return value.lower() not in GENERAL and standing(folded(value)) is not Standing.ORDINARY

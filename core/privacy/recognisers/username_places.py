"""User names in logs ("Failed password for akern from"), home folders (`/home/akern/`) and commands (`ssh akern@host`).

Accounts that every machine has, such as `root` and `ubuntu`, name no one and are not found.
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import USERNAME
from core.privacy.people.words import Standing, folded, standing
from core.privacy.spans import Span

_NAME = r"(?P<name>[A-Za-z_][\w.-]{2,30}(?<=\w))"
_KEY = re.compile(
    r"(?<![A-Za-z])(?:[A-Za-z]{2,12}_)?(?:user|usr|uid|logname|USER|User)[\"']?\s{0,2}=\s{0,2}\\?[\"']?"
    r"(?P<name>[A-Za-z_][\w.-]{1,30}(?<=\w))(?![\w(\[.@{$-])"
)
_JSON = re.compile(r"[\"']user[\"']\s?:\s?[\"'](?P<name>[A-Za-z_][\w.-]{2,30})[\"']")
_YAML = re.compile(r"^[ \t-]{0,12}user: (?P<name>[a-z_][a-z0-9_.-]{2,30})\s*$", re.MULTILINE)
_LOG = re.compile(
    r"(?:(?:password|publickey|keyboard-interactive/pam|login failed|failed login|login failure|authentication failure|"
    r"authentication failed|log ?in failed|attempts?|session opened|session closed|access denied|account locked|"
    r"account|failed) for (?:(?:invalid |illegal |the )?user )?|\b(?:invalid|illegal|unknown|locked) user |"
    r"\bfor user |\bby user |\bsudo: )[\"'`]?" + _NAME + r"[\"'`]?"
    r"(?=['\"]|\s{0,2}(?:$|[\n,;:.)@]|(?:from|by|on|at|via|has|is|was|in|with|after|ssh\d?|due|because|logged)\b))",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b[Uu]ser [\"'`]?" + _NAME + r"[\"'`]? (?:(?:has |was |is |successfully |does |could |can)?"
    r"(?:logged|signed|not found|not exist|does not|doesn't|failed|authenticated|locked|created|deleted|disconnected|"
    r"connected|blocked|banned|joined|already exists))\b"
)
_HOME = re.compile(
    r"(?:(?<![\w/])/(?:home|Users)/|(?<![A-Za-z])[A-Za-z]:(?:\\{1,4}|/)(?:Users|Documents and Settings)(?:\\{1,4}|/))"
    r"(?P<name>[A-Za-z0-9_](?:[\w.-]{0,30}\w)?)(?![\w.])"
)
_AT_A_HOST = re.compile(
    rf"(?<![\w@.+/:-]){_NAME}@(?=\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?!\d)|[A-Za-z][\w.-]{{1,60}}:[~/]|localhost\b)"
)
_COMMAND = re.compile(
    r"\b(?:ssh (?:-\w(?: [^\s@-]{1,40})? ){0,3}(?=[\w.-]{1,40}@)|ssh (?:[\w.-]{1,60} )?-l ?|"
    r"(?:mysql|mysqldump|mariadb)\b[^\n|;]{0,60}? (?:-u ?|--user[= ])|"
    r"(?:psql|pg_dump|createdb)\b[^\n|;]{0,60}? (?:-U ?|--username[= ])|"
    r"curl\b[^\n|;]{0,60}? (?:-u ?|--user )['\"]?(?=[\w.-]{1,40}:)|"
    r"(?:useradd|adduser|usermod|userdel|passwd|chage)(?: -\w{1,3}(?: [\w/,]{1,20})?){0,4} |net user |\bsu -l? ?|"
    r"(?:chown)(?: -\w)? )['\"]?" + _NAME
)
_GENERAL_TEXT = """
    root admin administrator user users username name you your me guest public shared default all none null true false
    test ubuntu ec2-user centos debian vagrant runner pi git postgres mysql www-data nobody daemon node jenkins app
    system my the a an this that it login new old current other each every localhost anonymous and or is was not self
    request req session str string int get input invalid illegal unknown password failed login_user current_user
    user_id userid user_name foo bar example yourname your-name your_name yourusername your-username your_username
    account database db data file row result client
"""
GENERAL = frozenset(_GENERAL_TEXT.split())
_LOG_WORDS = (
    *(
        " user ",
        " user'",
        ' user"',
        "sudo: ",
        "assword for ",
        "key for ",
        "pam for ",
        "ailed for ",
        "ailure for ",
        "ogin for ",
    ),
    *(
        "ttempt for ",
        "ttempts for ",
        "pened for ",
        "losed for ",
        "enied for ",
        "ocked for ",
        "ccount for ",
        "failed login for",
    ),
)
_SIGNS = (
    (("ser=", "ser =", 'ser"', "SER=", "usr=", "uid=", "ser'"), _KEY, "a key says so"),
    (('user"', "user'"), _JSON, "a key says so"),
    (("user: ",), _YAML, "a key says so"),
    (_LOG_WORDS, _LOG, "in a log"),
    (("ser ",), _ACTS, "in a log"),
    (("/home/", "/Users/", "Users\\", "Settings"), _HOME, "a home folder"),
    (("@",), _AT_A_HOST, "an account on a machine"),
    (
        ("ssh ", "mysql", "maria", "sql ", "pg_", "curl", "user", "passwd", "chown", "chage", "su -"),
        _COMMAND,
        "a command",
    ),
)


def find_in_places(text: str) -> Iterator[Span]:
    """The user names in logs, folders and commands."""
    for words, pattern, reason in _SIGNS:
        if any(map(text.__contains__, words)):
            for match in pattern.finditer(text):
                if _names_someone(match):
                    yield Span(*match.span("name"), USERNAME, 0.65, reason)


def _names_someone(match: re.Match[str]) -> bool:
    name = match["name"].lower()
    in_prose = match.re in (_LOG, _ACTS, _JSON, _YAML)
    return name not in GENERAL and not (in_prose and standing(folded(name)) is Standing.ORDINARY)

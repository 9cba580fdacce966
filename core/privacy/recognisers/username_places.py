"""User names in logs ("Failed password for akern from"), home folders (`/home/akern/`) and commands (`ssh akern@host`).

Accounts that every machine has, such as `root` and `ubuntu`, name no one and are not found.
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import USERNAME
from core.privacy.recognisers.username_words import GENERAL, is_made_up, is_name_of_code, is_no_word
from core.privacy.spans import Span

_NAME = r"(?P<name>[A-Za-z_][\w.-]{1,30}(?<=\w))"
_KEY = re.compile(
    r"(?:(?<![A-Za-z])(?:[A-Za-z]{2,12}[_-]){0,3}|(?<=[a-z]\.)|(?<=PG)|X-(?:[A-Za-z]+-){0,2})(?:user|usr|uid|logname|"
    r"USER|User|author)(?:[._]?(?:[nN]ame|id)|NAME|-Name)?[\"']?(?P<sign>\s?=\s?|: (?=[a-z_][\w.-]{2,30}\s*(?:$|\n))|"
    r":(?=[a-z_]))"
    r"(?P<quote>\\?[\"'])?" + _NAME + r"(?![\w(\[.@{$-])"
)
_JSON = re.compile(r"[\"']?\b[uU]ser(?:\.(?:name|id))?[\"']?\s?:\s?[\"'](?P<name>[A-Za-z_][\w.-]{2,30})[\"']")
_TAG = re.compile(r"<[uU]ser>(?P<name>[A-Za-z_][\w.-]{2,30})</")
_NESTED = re.compile(
    r"[\"'](?:user|account|owner|author|actor|sender|assignee|creator|login)[\"']\s?:\s?\{[^{}]{0,80}?[\"'](?:name|"
    r"login|"
    r"handle|nick)[\"']\s?:\s?[\"']@?" + _NAME + r"[\"']"
)
_LOG = re.compile(
    r"(?:(?:password|publickey|keyboard-interactive/pam|login failed|failed login|login failure|authentication failure|"
    r"authentication failed|log ?in failed|attempts?|session opened|session closed|access denied|account locked|"
    r"account|failed|password reset|reset|login|logon) for (?:(?:invalid |illegal |the )?user )?|"
    r"\b(?:invalid|illegal|unknown|locked) user |"
    r"\bfor user |\bby user |\bfrom user |\bauthenticating user |\bsudo: |(?:login failure|failed login): |"
    r"(?:login attempt|for user root) by )[\"'`]?" + _NAME + r"[\"'`]?"
    r"(?=['\"]|\s{0,2}(?:$|[\n,;:.()@]|\d|(?:from|by|on|at|via|has|is|was|in|with|after|ssh\d?|due|because|logged)\b))",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b[Uu]ser [\"'`]?" + _NAME + r"[\"'`]? (?:\(\d|(?:has |was |is |successfully |does |could |can)?"
    r"(?:logged|signed|not found|not exist|does not|doesn't|failed|authenticated|locked|created|deleted|disconnected|"
    r"connected|blocked|banned|joined|already exists)\b)"
)
_WINDOWS_USER = re.compile(r"\b(?:Windows|AD|domain|LDAP|SSO|Linux|Unix|GitHub|GitLab) (?:user|account|login) " + _NAME)
_HOME = re.compile(
    r"(?:(?<![\w/])(?:file://)?(?:/[\w.-]{1,16}){0,2}/(?:home|Users)/|\\home\\|"
    r"(?<![A-Za-z])[A-Za-z]:(?:\\{1,4}|/)(?:Users|Documents and Settings)(?:\\{1,4}|/))"
    r"(?P<name>[A-Za-z0-9_](?:[\w.-]{0,30}\w)?)(?![\w.])"
)
_AT_A_HOST = re.compile(
    rf"(?<![\w@.+/:-]){_NAME}@(?=\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?!\d)|[A-Za-z][\w.-]{{1,60}}(?::[~/]|"
    rf" [~/][\w./-]{{0,60}}"
    r"\]?[$#])|localhost\b|[\w.-]{1,60}(?:['’]s password| ~ ?%))|"
    rf"(?<=://){_NAME.replace('<name>', '<other>')}@(?=[\w.-]{{1,60}}[/:])"
)
_SQL_USER = re.compile(
    rf"[\"'`]{_NAME}[\"'`]@[\"'`]|\b(?:CREATE|ALTER|DROP) (?:USER|ROLE|LOGIN) (?:IF (?:NOT )?EXISTS )?[\"'`\[]?"
    rf"{_NAME.replace('<name>', '<other>')}|\bOWNER TO [\"`]?{_NAME.replace('<name>', '<third>')}",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"(?<![\w\\$])[A-Z][A-Z0-9-]{1,14}\\{1,2}(?![nrtbfux][A-Za-z]?)" + _NAME + r"(?![\w{(\\])")
_LISTED = re.compile(
    r"^(?:[-dlbcps](?:[r-][w-][xsStT-]){3}[+.@]? {1,4}\d{1,6} |"  # ls -l
    r"\d{1,3}(?:\.\d{1,3}){3} - )" + _NAME + r"(?= )|"  # the log of a web server
    r"^(?P<other>[a-z_][\w.-]{1,30})(?:(?= {1,12}(?:pts/\d|tty\w|\d{1,7} {1,6}\d{1,3}\.\d )|:x?:\d{1,6}:\d))|"  # w, ps
    r"\b[ug]id=\d{1,7}\((?P<third>[\w.-]{2,31})\)",
    re.MULTILINE,
)
_CHAT = re.compile(r"^(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]? )?<[@+]?" + _NAME + r">(?= )", re.MULTILINE)
_COMMAND = re.compile(
    r"\b(?:ssh (?:-\w(?: [^\s@-][^\s@]{0,80})? ){0,8}(?:(?:in|to|into|onto|as) ){0,2}(?=[\w.-]{1,40}@)|"
    r"ssh (?:[\w.-]{1,60} )?-l ?|"
    r"(?:scp|sftp|rsync|mosh|ssh-copy-id|git (?:clone|push|pull|fetch|remote|submodule|ls-remote))\b[^\n|;]{0,80}? "
    r"(?=[\w.-]{1,40}@)|"
    r"(?:mysql|mysqldump|mariadb)\b[^\n|;]{0,60}? (?:-u ?|--user[= ])|"
    r"(?:psql|pg_dump|pg_restore|createdb)\b[^\n|;]{0,60}? (?:-U ?|--username[= ])|"
    r"curl\b[^\n|;]{0,60}? (?:-u ?|--user )['\"]?(?=[\w.-]{1,40}:)|"
    r"(?:sudo|crontab|runuser|smbclient|docker login|podman login|az login|sqlcmd|ftp|influx|mongo(?:sh)?)\b[^\n|"
    r";]{0,40}? (?:-u|-U|--username)[ =]?|git (?:log|shortlog|config)\b[^\n|;]{0,60}? (?:--author=|user\.name )|"
    r"(?:useradd|adduser|usermod|userdel|passwd|chage|deluser)(?: -\w{1,3}(?: [\w/,]{1,20})?){0,4} |net user |"
    r"\bsu -l? ?|(?:chown)(?: -\w)? )['\"]?" + _NAME + r"|"
    r"(?<!\S)(?:--user(?:name)?[= ]|/user:(?:[A-Za-z0-9.-]{1,15}\\)?)[\"']?(?P<other>[A-Za-z_][\w.-]{1,30}(?<=\w))"
    r"(?![\w:(@/])"
)
_LOGIN_CALL = re.compile(
    rf"\b(?:(?:log_?in|authenticate|sign_?in)\(\s?[\"']{_NAME}[\"'],|(?:(?:get|find|fetch|load|delete|create|add|"
    rf"remove)_?)?"
    rf"user(?:_?by_?\w{{2,10}})?\((?:\w{{2,10}}=)?[\"']{_NAME.replace('<name>', '<other>')}[\"'])",
    re.IGNORECASE,
)
_LOG_WORDS = (
    *(
        " user ",
        " user'",
        ' user"',
        "sudo: ",
        "in failure",
        "led login",
        "ttempt by ",
        "root by ",
        "assword for ",
        "key for ",
        "pam for ",
        "ailed for ",
        "ailure for ",
    ),
    *(
        "ogin for ",
        "ttempt for ",
        "ttempts for ",
        "pened for ",
        "losed for ",
        "enied for ",
        "ocked for ",
        "ccount for ",
    ),
    "eset for ",
)
_ENTRY = re.compile(r"\b(?:cn|CN|uid|UID)=" + _NAME + r"(?=,\s?(?:ou|dc|cn|o|OU|DC|CN|O)=)")
_SIGNS = (
    (("ser", "SER", "usr=", "uid=", "author="), _KEY, "a key says so"),
    (('user"', "user'", "user:", "User:"), _JSON, "a key says so"),
    (("n=", "N=", "d=", "D="), _ENTRY, "an entry of a directory"),
    (("ser>",), _TAG, "a key says so"),
    (("{",), _NESTED, "a key says so"),
    (_LOG_WORDS, _LOG, "in a log"),
    (("ser ",), _ACTS, "in a log"),
    (("ser ", "ccount ", "ogin "), _WINDOWS_USER, "a user of a system"),
    (("/home/", "/Users/", "Users\\", "Settings"), _HOME, "a home folder"),
    (("@",), _AT_A_HOST, "an account on a machine"),
    (("@'", "@`", '@"', "USER ", "ROLE ", "LOGIN ", "OWNER "), _SQL_USER, "an account of a database"),
    (("\\",), _DOMAIN, "an account of a domain"),
    (("-r", "drw", "lrw", " - ", "pts/", "tty", ":x:", "id=", "  "), _LISTED, "in a list of a system"),
    (("> ",), _CHAT, "a name in a chat"),
    (
        (
            *(
                "ssh",
                "scp",
                "sftp",
                "rsync",
                "mosh",
                "mysql",
                "maria",
                "sql ",
                "pg_",
                "curl",
                "user",
                "passwd",
                "chown",
                "chage",
            ),
            *("su -", "sudo", "crontab", "docker", "git ", "mongo", "client", "az login"),
        ),
        _COMMAND,
        "a command",
    ),
    (("ogin(", "og_in(", "ate(", "ign_in(", "ser(", "_by_"), _LOGIN_CALL, "a call that logs in"),
)
_IN_PROSE = (_LOG, _ACTS, _JSON, _WINDOWS_USER, _LISTED, _NESTED, _DOMAIN)


def find_in_places(text: str) -> Iterator[Span]:
    """The user names in logs, folders and commands."""
    for words, pattern, reason in _SIGNS:
        if any(map(text.__contains__, words)):
            for match in pattern.finditer(text):
                group = match.lastgroup or ""
                if _names_someone(match, match[group], text):
                    yield Span(*match.span(group), USERNAME, 0.65, reason)


def _names_someone(match: re.Match[str], name: str, text: str) -> bool:
    if match.re is _CHAT:
        return is_made_up(name) or (":" in match.group() and is_no_word(name))
    if match.re is _DOMAIN and "$" in text:  # a formula
        return False
    if match.re is _KEY:
        in_code = " " in match["sign"] and not match["quote"] and not match["sign"].startswith(":")
        return is_no_word(name) if match["sign"][0] == ":" else not _is_general(name, in_code)
    return is_no_word(name) if match.re in _IN_PROSE else not _is_general(name, False)


def _is_general(name: str, in_code: bool) -> bool:
    return name.lower() in GENERAL or (in_code and is_name_of_code(name))

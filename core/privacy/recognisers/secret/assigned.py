"""Secrets assigned to a name: in code, JSON, YAML, XML, `.env`, SQL, connection strings, headers, cookies and options.

A strong name (`password`, `api_key`) takes any value that is no placeholder, no word of prose and no code; a weak one
(`token`, `key`, `session`) only a value that a machine made. Bare words count only where they are a whole line.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator

from core.privacy.clues import Pieces
from core.privacy.kinds import SECRET
from core.privacy.plain import caseless, for_caseless
from core.privacy.recognisers.near import matches, moved, near
from core.privacy.recognisers.secret.values import (
    behind_a_user,
    contains_any,
    is_long_random,
    is_password_word,
    is_placeholder,
    is_random,
    is_told_in_quotes,
    is_word,
    trimmed,
)
from core.privacy.spans import Span

_START = r"(?:(?<![^\W\d_])|(?-i:(?<=[a-z])(?=[A-Z])))"  # not within a word; `dbPass` begins one
_PASSWORD = (
    r"pass(?:word|wd|phrase|code|key|wort)(?:[_-]?(?:hash|confirmation))?|pgpassword|kennwort|contrase[ñn]a|"
    r"mot[ _]de[ _]passe|wachtwoord|l[öo]senord|adgangskode|salasana|пароль|密码|密碼|パスワード|비밀번호|şifre|"
    + _START + r"(?:pass|pwd?|psk|mdp|senha|has[łl]o|heslo|jelsz[óo]|parola|wpa2?[ _-]?key|wifi[ _-]?key)"
)  # fmt: skip
_KEY = (
    r"api[ _-]?(?:key|secret|token)|client[ _-]?secret|secret[ _-]?(?:access[ _-]?)?key|"
    r"(?:account|shared[ _-]?access|access|private|master|storage|encryption|signing|app|licen[sc]e|subscription)[ _-]?"
    r"key(?:[ _-]?id)?|(?:jwt|app|session|webhook|shared|consumer|cookie|signing|hmac)[ _-]?secret|"
    r"(?:access|auth|refresh|bearer|bot|personal[ _-]access|deploy|api|id)[ _-]?token"
)
_WEAK = (
    _START + r"(?:token|secret|key|auth|sig|jwt|credentials?|phpsessid|jsessionid|sid|connect\.sid|"
    r"sess(?:ion)?(?:[ _.-]?(?:id|key|token))?|csrf[_-]?token|xsrf-token|asp\.net_sessionid|remember_token)"
)
_LINK = (
    r"s?(?:_?\d)?(?:\\{0,3}[\"'`])?\]?\)?(?:\s{0,3}:\s{0,3}(?:&?str(?:ing)?|String|Optional\[str\]|char\[?\]?\*?))?"
    r"(?:\s{0,3}(?:=>|:=|={1,3}|:|->|<-|：)\s{0,3}|>|[\"']\s{1,3}value=)"
)
_VALUE = (
    r"(?:[bru@fL]?\\{0,3}\"([^\"\n]{4,256}?)\\{0,3}\"|[bruf]?'([^'\n]{4,256})'|`([^`\n]{4,256})`|"
    r"([^\s\"'`,;<>(){}\[\]&]{4,512}+)(?![(\[]))"
)
_STRONG_ASSIGNED = re.compile(f"(?:(?P<word>{_PASSWORD})|{_KEY}){_LINK}{_VALUE}", re.IGNORECASE)
_WEAK_ASSIGNED = re.compile(_WEAK + _LINK + _VALUE, re.IGNORECASE)
# Where such a name begins.
_STRONG_START = for_caseless(f"(?={_PASSWORD}|{_KEY})".replace(_START, ""))
_WEAK_START = for_caseless(f"(?={_WEAK})".replace(_START, ""))
_FRAGMENT_TEXT = """
    pass pw psk mdp api secret token key auth cred wort contrase senha hasł haslo woord senord adgang salasana heslo
    jelsz
    parola пароль 密 パスワ 비밀 ifre sess sid= sid: sid" sig= sig" jwt
"""
_FRAGMENTS = Pieces(_FRAGMENT_TEXT.split())
# A name for secrets, and soon a sign that assigns.
_CUE = re.compile(
    r"(?:pass|pwd?|psk|mdp|api|secret|token|key|auth|cred|wort|contrase|senha|has[łl]o|woord|senord|adgang|salasana|"
    r"heslo|jelsz|parola|пароль|密|パスワ|비밀|ifre|sess|sid|sig|jwt)[^\n:=>：-]{0,40}?(?:[:=>：]|->|<-)"
)
_OPTION = re.compile(
    r"(?<!\S)(?:--?(?:[\w-]{0,20}?(?:password|passwd|pass|pwd|token|api-?key|secret|secret-key|passphrase))[ =]|"
    r"(?:requirepass|IDENTIFIED (?:WITH \S{1,40} )?BY|(?:WITH |ENCRYPTED |SET )PASSWORD|sshpass -p|redis-cli -a|"
    r"ENV \w{0,30}(?:PASS|PASSWORD|SECRET|TOKEN|KEY)(?= )|/pass:|/p:)\s?=?\s?)"
    r"(?:\"([^\"\n]{4,256})\"|'([^'\n]{4,256})'|([^\s\"'`,;<>(){}\[\]&-][^\s\"'`,;<>(){}\[\]]{3,256}))",
    re.IGNORECASE,
)
_MYSQL = re.compile(
    r"\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,120}? -p(?:'([^'\n]{4,64})'|([^\s'\"-]\S{3,64}))"
)
_OTHER_TOOLS = re.compile(
    r"\b(?:mongo(?:sh)?|sqlcmd|unzip|zip|7z|redis-cli|psql|ldapsearch)\b[^\n]{0,80}? -[pPaw] ?(\S{4,64})|"
    r"\becho [\"']?([^\s\"'|]{4,64})[\"']? ?\| ?sudo -S|\bhtpasswd -\w{1,4} \S{1,40} \S{1,40} (\S{4,64})"
)
_SET_CALL = re.compile(
    r"(?:password|passwd|pwd|passphrase|secret|api_?key|token)\w{0,4}\(\s?[\"']([^\"'\n]{4,128})[\"']\s?\)",
    re.IGNORECASE,
)
_USER_OPTION = re.compile(r"(?:-u|--user|--proxy-user)[ =]?([\"']?)[\w.@+-]{1,64}:([^\s\"'@]{3,128})\1(?!\S)")
_CALL = re.compile(
    r"(?:auth|login|connect|authenticate|sign_?in|credentials?|log_in)\w{0,12}\s?(?:=\s?)?\(\s?"
    r"[\"'][^\"'\n]{1,64}[\"'],\s?[\"']([^\"'\n]{4,128})[\"']",
    re.IGNORECASE,
)
_QUOTE_IN_CALL = re.compile(r"\(\s?[\"']")
_LOGIN_PARTS = Pieces("auth,login,connect,sign,cred,log_in")
_TOOL_OPTIONS = (" -p", " -P", " -a", " -w", "sudo -S", "htpasswd")
_OPTION_PARTS = Pieces("pass,pwd,token,key,secret,identified")
_SET_PARTS = Pieces("passw,pwd,passphrase,secret(,key(,token(")
_HEADER_PARTS = Pieces("bearer,basic,authorization")
_NETRC = re.compile(r"\blogin\s+\S{1,64}\s+password\s+(\S{4,128})")
_CONNECTION = re.compile(r"(?:password|pwd)\s?=\s?([^;\"'\n]{3,128}?)\s?(?=;|\"|'|$)", re.IGNORECASE | re.MULTILINE)
_SERVER = re.compile(
    r"(?:server|data source|host|user id|uid|database|initial catalog)\s?=[^;\n]{1,200};", re.IGNORECASE
)
_HEADER = re.compile(
    r"(?:authorization[\"']?\s?[:=]\s?[\"']?(?:[A-Za-z-]{2,16}\s{1,3})?|\b(?:bearer|"
    r"basic)\s{1,3})([\w.~+/-]{8,4096}={0,2})",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"[A-Z_]{2,30}=")
_RULE = re.compile(r"(?:required|nullable|string|min|sometimes|bail)[|:]")  # of a validator: "required|min:8"
_WIFI_CODE = re.compile(r"\bWIFI:[^\n]{0,120}?\bP:((?:[^;\\\n]|\\.){4,128});")


def find_assigned(text: str, lowered: str) -> Iterator[Span]:
    """The values of assignments in `text`; `lowered` is the text in lower case, to look for the names in."""
    if ("=" in text or ":" in text or ">" in text or "：" in text) and _FRAGMENTS.stand_in(lowered):
        for start, part in near(text, _CUE, before=60, after=560):
            yield from moved(_assigned(part), start)
        if ";" in text and ("password" in lowered or "pwd" in lowered):
            yield from _connection_strings(text)
    yield from _headers(text, lowered)
    yield from _options(text, lowered)


def _assigned(text: str) -> Iterator[Span]:
    low = caseless(text)
    for match in matches(_STRONG_ASSIGNED, text, (start.start() for start in _STRONG_START.finditer(low))):
        yield from _strong(text, match)
    for match in matches(_WEAK_ASSIGNED, text, (start.start() for start in _WEAK_START.finditer(low))):
        yield from _weak(match)


def _strong(text: str, match: re.Match[str]) -> Iterator[Span]:
    group = match.lastindex or 0
    quoted = group < _STRONG_ASSIGNED.groups
    value = match.group(group) if quoted else trimmed(match.group(group))
    end = match.start(group) + len(value)
    value = behind_a_user(text, match.start(), value)
    if len(value) < 4 or is_placeholder(value):
        return
    if quoted:
        found = is_told_in_quotes(value) and not _RULE.match(value)
    else:
        stands_alone = match["word"] and (
            _is_whole_line(text, match) or _VARIABLE.fullmatch(text, match.start(), match.start(group))
        )
        found = is_random(value) or (bool(stands_alone) and is_password_word(value))
    if found:
        yield Span(end - len(value), end, SECRET, 0.8, "assigned to a name for secrets")


def _is_whole_line(text: str, match: re.Match[str]) -> bool:
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    after = text[match.end() : match.end() + 3].lstrip("*_` \t\r")
    return len(before) <= 40 and not before.strip().count(" ") > 2 and (not after or after[0] in "\n,;#.!")


def _weak(match: re.Match[str]) -> Iterator[Span]:
    group = match.lastindex or 0
    value = trimmed(match.group(group))
    if is_long_random(value, 10) and not is_placeholder(value):
        start = match.start(group)
        yield Span(start, start + len(value), SECRET, 0.6, "a made-up value assigned to a name such as token or key")


def _connection_strings(text: str) -> Iterator[Span]:
    if _SERVER.search(text):
        for match in _CONNECTION.finditer(text):
            if not is_placeholder(match.group(1)):
                yield Span(match.start(1), match.end(1), SECRET, 0.9, "password of a connection string")


def _headers(text: str, lowered: str) -> Iterator[Span]:
    if _HEADER_PARTS.stand_in(lowered):
        for match in _HEADER.finditer(text):
            value = match.group(1)
            if (len(value) >= 16 and any(map(str.isdigit, value))) or _is_user_and_password(value):
                yield Span(match.start(1), match.end(1), SECRET, 0.8, "token of an Authorization header")


def _is_user_and_password(value: str) -> bool:
    """Whether `value` is Base64 of `user:password` (RFC 7617)."""
    try:
        plain = b64decode(value, validate=True).decode()
    except (NotBase64, ValueError):
        return False
    return ":" in plain and plain.isprintable()


def _options(text: str, lowered: str) -> Iterator[Span]:
    patterns = []
    if "-" in text or "pass" in lowered or "identified" in lowered:
        patterns += [_OPTION] if _OPTION_PARTS.stand_in(lowered) else []
        patterns += [_MYSQL] if " -p" in text and ("mysql" in text or "mariadb" in text) else []
        patterns += [_NETRC] if "login" in text and "password" in text else []
    patterns += [_USER_OPTION] if "-u" in text and ("curl" in lowered or "wget" in lowered or "http" in lowered) else []
    patterns += [_CALL] if _QUOTE_IN_CALL.search(text) and _LOGIN_PARTS.stand_in(lowered) else []
    patterns += [_SET_CALL] if "(" in text and _SET_PARTS.stand_in(lowered) else []
    patterns += [_OTHER_TOOLS] if " -" in text and contains_any(text, _TOOL_OPTIONS) else []
    patterns += [_WIFI_CODE] if "WIFI:" in text else []
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield from _option(match)


def _option(match: re.Match[str]) -> Iterator[Span]:
    group = match.lastindex or 0
    value = match.group(group)
    bare = match.re is _OPTION and group == _OPTION.groups
    is_value = is_random(value) or (match.re is not _CALL and not is_word(value) and not bare)
    if bare and match.group().startswith("-"):
        is_value = is_value or is_password_word(value)
    if is_value and not is_placeholder(value):
        yield Span(match.start(group), match.end(group), SECRET, 0.8, "value of an option for secrets")

"""User names: `@handle`, a name behind words such as "username:" or "logged in as", and profiles on well-known sites.

Where they stand in logs, paths and commands: core/privacy/username_places.py. Not found: names in prose without such a
sign, decorators and other `@words` of code, package scopes (`@types/node`), and ordinary words where only "user" or
"signed in as" stands before them.
"""

import re
from collections.abc import Iterator

from core.privacy.cues import says
from core.privacy.kinds import USERNAME
from core.privacy.people.words import Standing, folded, standing
from core.privacy.recognisers.username_places import GENERAL, find_in_places
from core.privacy.spans import Span

_HANDLE = re.compile(r"(?<![\w@/.+=`$&#-])@(?!\d+\b)([A-Za-z0-9_](?:[\w.]{0,28}\w)?)(?![\w@(/]|\.\w|-\w)")
_WORDS_OF_CODE = """
    app property staticmethod classmethod abstractmethod dataclass override deprecated test param params return returns
    throws author since see media import font keyframes charset supports page include mixin extend if else for each
    while interface autowired component service controller entity id column table getmapping postmapping functools
    pytest overload cached_property wraps contextmanager suppresswarnings before after beforeeach aftereach todo end
    implementation protocol selector objc main published state binding observedobject environment escaping discardable
"""
_CODE_WORDS = frozenset(_WORDS_OF_CODE.split())
_NOUN = (
    r"(?:(?<![a-z])(?:user|login|log-in|screen|account|profile|display)[\s_-]?(?:name|handle|id)|"
    r"(?<![a-z])(?:login|handle|nickname|nick|gamertag|gamer tag|usrname|user(?= (?:is|was)\b))|"
    r"benutzer(?:name|kennung)?|nutzername|anmeldename|nom d['’]utilisateur|identifiant|(?<![a-z])pseudo(?:nyme)?|"
    r"(?:nombre de )?usuario|nome utente|(?:nome de )?usu[áa]rio|nome de utilizador|gebruikersnaam|"
    r"nazwa użytkownika|nazwę użytkownika|användarnamn(?:et)?|brukernavn(?:et)?|brugernavn(?:et)?|käyttäjätunnu\w{1,3}|"
    r"имя пользователя|用户名|ユーザー名)"
)
_NAME = (
    r"(?:\\?[\"'`“]{1,2}([^\s\"'`”\\]{2,40})\\?[\"'`”]|@?((?:live:)?[^\W_][\w.+#-]{0,38}\w|_\w{2,30})(?![\w(\[@]|\.\w))"
)
_SAID = re.compile(
    rf"{_NOUN}(?: ?\([^()\n]{{1,24}}\))?(?:[\"'\]*]{{0,2}}\s?(?:=>|->|[:=–—]|-(?= ))[*\s]{{0,3}}|['’]s\s|"
    r" (?:is|was|ist|war|lautet|est|c['’]est|es|era|è|é|to|är|er|on|hai)\s:?\s?)" + _NAME,
    re.IGNORECASE,
)
_BESIDE = re.compile(rf"{_NOUN}(?: |, (?=\w{{0,30}}[\d_.]\w)){_NAME}", re.IGNORECASE)
_AS = re.compile(
    r"\b(?:(?:log(?:ged|ging|s)?|sign(?:ed|ing|s)?)[ -]?(?:in|on|up)(?: to [\w ]{2,20})?|registered|"
    r"find me(?: on \w{2,12})?|add me(?: on \w{2,12})?|connecté\w?|inscrite?|registrad[oa]|conectad[oa]|logad[oa]|"
    r"registrat[oa]|zalogowan[ya]|ingelogd|inloggad|logget (?:inn|ind)|angemeldet|eingeloggt|melde mich)"
    r" (?:as|als|comme|en tant que|sous|como|come|jako|som)(?: user)? " + _NAME,
    re.IGNORECASE,
)
_AS_BEFORE = re.compile(r"\bals [\"'„]?([\w.-]{3,30})[\"'“]? (?:an)?(?:gemeldet|eingeloggt|registriert)", re.IGNORECASE)
_IS_MINE = re.compile(
    r"(?<![\w@.-])([\w.-]{3,30})[\"'`]? (?:is|ist|est|es|è|é) (?:my|mein|mon|mi|(?:il )?mio|(?:o )?meu|mijn) "
    rf"(?:\w{{3,10}} )?{_NOUN}",
    re.IGNORECASE,
)
_AFTER_USER = re.compile(
    r"\buser(?: |: )[\"'`]?(@?(?=[A-Za-z_.-]{0,20}[\d_])[A-Za-z][\w.-]{1,30}\w)(?![\w(\[@=/]|\.\w)"
)
_SITE = re.compile(
    r"(?<![\w./@-])(?:instagram|insta|twitter|tiktok|snap(?:chat)?|discord|skype|telegram|psn|xbox(?: live)?|steam|"
    r"twitch|"
    r"github|gitlab|reddit|fortnite|roblox|minecraft|kik|threads|bluesky|mastodon|tumblr|soundcloud|slack|epic games|"
    r"battle\.?net|playstation|wechat|tinder|linkedin)(?: (?:user ?name|handle|id|name|tag|account|nick(?:name)?|"
    r"profile))?"
    r"(?: ?[:=] ?| (?:is|ist|est|es|è|é) | (?=\w{2,32}#\d{4}))@?((?:live:)?[A-Za-z0-9_](?:[\w.-]{0,30}\w)?(?:#\d{4})?)"
    r"(?![\w(\[@/]|\.\w)",
    re.IGNORECASE,
)
_SITE_WORDS = (
    *("insta", "twitter", "tiktok", "snap", "discord", "skype", "telegram", "psn", "xbox", "steam", "twitch", "github"),
    *("gitlab", "reddit", "fortnite", "roblox", "minecraft", "kik", "threads", "bluesky", "mastodon", "tumblr"),
    *("soundcloud", "slack", "epic games", "battle", "playstation", "wechat", "tinder", "linkedin"),
)
_PROFILE = re.compile(
    r"(?<![\w-])(?:github|gitlab|twitter|instagram|facebook|tiktok|medium|linkedin|pinterest|twitch|snapchat|youtube|"
    r"reddit|x|t|vk|steamcommunity|soundcloud|keybase|telegram|bitbucket|threads)\.(?:com|org|tv|net|me|io)"
    r"[/:](?:in/|user/|users/|u/|id/|c/|add/)?@?([A-Za-z0-9][\w.-]{1,38}\w)",
    re.IGNORECASE,
)
_REDDIT = re.compile(r"(?<![\w/.])/?u/([A-Za-z0-9_-]{3,20})(?![\w/])")
_PAGES = """
    login signup share watch about settings explore features topics search help home posts groups pages events
"""
_NO_PROFILE = frozenset(_PAGES.split())
_PLACEHOLDERS = """
    string str required none null true false undefined name username and or the a is text email varchar int value your
    not my in on to for with an it this that
"""
_NO_NAME = frozenset(_PLACEHOLDERS.split())
_WORDS = (
    *("user", "usrname", "login", "log-in", "handle", "screen", "account name", "account id", "accountname", "profile"),
    *(
        "display",
        "nick",
        "gamer",
        "nutzer",
        "anmeldename",
        "utilisateur",
        "identifiant",
        "pseudo",
        "usuario",
        "usuário",
    ),
    *("utente", "utilizador", "gebruikersn", "użytkownik", "användarn", "brukern", "brugern", "käyttäjät"),
    *("пользователя", "用户名", "ユーザー名"),
)
_AS_WORDS = (
    *(
        "in as ",
        "up as ",
        "on as ",
        "ing as ",
        "ered as ",
        "me as ",
        "n to ",
        " me on ",
        " als ",
        " comme ",
        "tant que ",
    ),
    *(" sous ", " como ", " come ", " jako ", " som "),
)


def find_username(text: str) -> Iterator[Span]:
    """User names in `text`, without the `@`."""
    if "@" in text:
        for match in _HANDLE.finditer(text):
            if match.group(1).lower() not in _CODE_WORDS:
                yield Span(match.start(1), match.end(1), USERNAME, 0.7, "an @ in front")
    if says(text, *_WORDS):
        yield from _said(text)
    for words, patterns, reason in (
        (_AS_WORDS, (_AS, _AS_BEFORE), "behind words such as “logged in as”"),
        (_SITE_WORDS, (_SITE,), "behind the name of a site or game"),
    ):
        for pattern in patterns if says(text, *words) else ():
            yield from _unusual(pattern, text, 0.65, reason)
    if "/" in text or ".com:" in text:
        yield from _profiles(text)
    yield from find_in_places(text)


def _said(text: str) -> Iterator[Span]:
    for match in _SAID.finditer(text):
        value = match.group(match.lastindex or 0)
        # In prose a user name is not a word like "available"; behind a colon it may be.
        if value.lower() not in _NO_NAME and (
            text[match.start(match.lastindex or 0) - 1] != " " or _fits(match, value)
        ):
            yield Span(*match.span(match.lastindex or 0), USERNAME, 0.75, "behind a word for user name")
    yield from _unusual(_BESIDE, text, 0.6, "behind a word for user name")
    yield from _unusual(_IS_MINE, text, 0.7, "said to be a user name")
    for match in _AFTER_USER.finditer(text):
        yield Span(*match.span(1), USERNAME, 0.55, "behind the word user")


def _fits(match: re.Match[str], value: str) -> bool:
    linked = match.group()[: match.start(match.lastindex or 0) - match.start()]
    return (
        any(sign in linked for sign in ":=*") or is_unusual(value) or standing(folded(value)) is not Standing.ORDINARY
    )


def _unusual(pattern: re.Pattern[str], text: str, score: float, reason: str) -> Iterator[Span]:
    """The names that `pattern` finds, unless they are ordinary words."""
    for match in pattern.finditer(text):
        group = match.lastindex or 0
        if is_unusual(match.group(group)):
            yield Span(*match.span(group), USERNAME, score, reason)


def is_unusual(value: str) -> bool:
    """Whether a value has signs or digits amid letters, or is a word in lower case that no list of words knows."""
    if value.lower() in GENERAL or not any(map(str.isalpha, value)):
        return False
    if not value.isalpha():
        return any(map(str.isdigit, value)) or "_" in value or "." in value
    return len(value) > 2 and standing(folded(value)) is Standing.UNKNOWN and (value.islower() or not value.istitle())


def _profiles(text: str) -> Iterator[Span]:
    for match in _REDDIT.finditer(text) if "u/" in text else ():
        yield Span(*match.span(1), USERNAME, 0.7, "a user of Reddit")
    if any(map(text.__contains__, (".com/", ".com:", ".org/", ".tv/", ".net/", ".me/", ".io/"))):
        for match in _PROFILE.finditer(text):
            if match.group(1).lower() not in _NO_PROFILE:
                yield Span(*match.span(1), USERNAME, 0.7, "a profile on a well-known site")

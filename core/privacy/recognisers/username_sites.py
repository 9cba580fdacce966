"""User names on sites and in games ("my insta is foxy.lady", "foxy_99 on Discord"), and links to profiles."""

import re
from collections.abc import Iterator

from core.privacy.kinds import USERNAME
from core.privacy.people.words import Standing, folded, standing
from core.privacy.recognisers.near import moved, near
from core.privacy.recognisers.username_words import ANY_NAME, GENERAL, is_account, is_made_up, is_unusual
from core.privacy.spans import Span

_SITES = (
    r"(?:instagram|insta|ig|twitter(?: ?/ ?x)?|tik ?tok|snap(?:chat)?|discord|skype|telegram|tg|psn|xbox(?: live)?|"
    r"steam|"
    r"twitch|github|gitlab|bitbucket|reddit|fortnite|roblox|minecraft|kik|threads|bluesky|mastodon|tumblr|soundcloud|"
    r"slack|epic(?: games)?|riot|battle\.?net|battletag|playstation|nintendo|switch|origin|wechat|tinder|bumble|"
    r"linkedin|"
    r"facebook|fb|messenger|youtube|venmo|cash ?app|paypal|signal|viber|line|zoom|matrix|spotify|last\.?fm|strava|"
    r"duolingo|lichess|chess\.com|leetcode|kaggle|stack ?overflow|hugging ?face|pinterest|deviantart|wattpad|ao3|ebay|"
    r"etsy|vinted|patreon|onlyfans|quora|vk|irc|jira|teams|gh)"
)
_NOUN = r"(?:user ?name|user|handle|id|name|tag|account|acc|nick(?:name)?|profile|channel|konto|compte|cuenta|profil)"
_IS = (
    r"(?: ?(?:[:=–—→|]|->|=>) ?| - |, |\] | (?:is|was|ist|est|c['’]est|es|è|é|to|är|er|at|as|under|unter|als|comme|"
    r"como|sous|jako|hai)"
    r"(?: now)?:? |['’]s )"
)
_SITE = re.compile(
    rf"(?<![\w./@-]){_SITES}(?: ?/ ?\w{{2,12}})?(?: {_NOUN})?(?:{_IS}|(?<=id)\s)[$@]?{ANY_NAME}",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"(?<![\w./@-]){_SITES}(?: (?P<noun>{_NOUN})| me| ?/ ?\w{{2,12}}(?= ))?[ :/]{{1,2}}[$@]?{ANY_NAME}", re.IGNORECASE
)
_ON_A_SITE = re.compile(
    r"(?P<cue>\b(?:i['’]?m|i am|as|by|bin|ich heiße|je suis|soy|sono|ben|jestem|mi chiamo|called) )?"
    rf"(?<![\w@.-])[\"'`]?@?(?P<name>[^\W_][\w.-]{{1,30}}\w|_\w{{2,30}})[\"'`]? "
    rf"(?:(?:on|auf|bei|sur|en|su|op|no|na|på) |\(){_SITES}(?!\w)",
    re.IGNORECASE,
)
_I_AM = re.compile(
    rf"\b(?:on|auf|bei|sur|en|su|op|no|na|på) {_SITES},?"
    r" (?:i['’]?m|i am|i go by|as|bin ich|heiße ich|je suis|soy|sono|ben ik|jestem|sou) "
    rf"{ANY_NAME}",
    re.IGNORECASE,
)
_CALLED_ON = re.compile(
    rf"\b(?:ich heiße|heiße|mi chiamo|me llamo|je m['’]appelle|ik heet|nazywam się|eu sou) (?:auf|su|en|sur|op|na|no) "
    rf"{_SITES} {ANY_NAME}",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"insta|twitter|tik ?tok|snap(?:chat)?\b|discord|skype|telegram|psn|xbox|steam\b|twitch|git(?:hub|lab)|bitbucket|"
    r"reddit|fortnite|roblox|minecraft|kik\b|threads\b|bluesky|mastodon|tumblr|soundcloud|slack\b|epic\b|riot\b|"
    r"battle\.?(?:net|tag)|playstation|nintendo|switch\b|origin\b|wechat|tinder|bumble|linkedin|facebook|messenger|"
    r"youtube|venmo|cash ?app|paypal|signal\b|viber|line\b|zoom\b|matrix\b|spotify|last\.?fm|strava|duolingo|lichess|"
    r"chess\.com|leetcode|kaggle|stack ?overflow|hugging ?face|pinterest|deviantart|wattpad|ao3|ebay|etsy|vinted|"
    r"patreon|onlyfans|quora|jira|teams\b|(?:ig|tg|fb|gh|vk|irc)\b(?<![a-z][a-z][a-z])"
)
_PROFILE = re.compile(
    r"(?<![\w-])(?:github|gitlab|twitter|instagram|facebook|tiktok|medium|linkedin|pinterest|twitch|snapchat|youtube|"
    r"reddit|x|t|vk|steamcommunity|soundcloud|keybase|telegram|bitbucket|threads|paypal|venmo|huggingface|kaggle|"
    r"patreon|"
    r"githubusercontent|gitea|ko-fi|strava|behance|dribbble|linktr|chess|lichess|bsky|npmjs)\.(?:com|org|tv|net|me|"
    r"io|co|ee|app)"
    r"[/:](?:in/|user/|users/|u/|id/|c/|add/|profile/|member/|@/)?[@~]?(?P<name>[A-Za-z0-9][\w.-]{1,38}\w)",
    re.IGNORECASE,
)
_ANY_PROFILE = re.compile(
    r"(?:\.[a-z]{2,12}/@(?!\w+/\w+@)|/(?:users?|profiles?|members?|u)/(?:\d{2,12}/)?@?|[?&](?:user|username|u|id)=|"
    r"(?<![\w/~])~(?=[\w.-]{2,31}/)|(?:(?<=//)|(?<![\w.-]))(?=[\w-]{2,39}\.git(?:hub|lab)\.io))"
    r"(?P<name>[A-Za-z_][\w.-]{1,30}(?<=\w))(?![\w(@{]|\.(?!git(?:hub|lab)\.io)\w)"
)
_AT_SIGN = re.compile(r"\.[a-z]{2,12}/@")
_NO_SCOPE = re.compile(r"(?:npmjs|unpkg|jsdelivr|esm|skypack|github)\.[a-z]{2,4}/\S{0,60}$")
_REDDIT = re.compile(r"(?<![\w/.])/?u/(?P<name>[A-Za-z0-9_-]{3,20})(?![\w/])")
_PAGE_TEXT = """
    login signup share watch about settings explore features topics search help home posts groups pages events orgs
    tree blob intent hashtag status reel new edit list all docs blog spaces models datasets collections public
"""
_NO_PROFILE = frozenset(_PAGE_TEXT.split())
_LINKS = (".com/", ".com:", ".org/", ".tv/", ".net/", ".me/", ".io/", ".co/", ".app/", ".ee/")
_ANY_LINKS = (".io", "?id=", "user=", "/@", "/user", "/profile", "/member", "/u/", "~")


def find_on_sites(text: str) -> Iterator[Span]:
    """The user names on sites and in links in `text`."""
    for start, part in near(text, _CUE):
        yield from moved(_on_sites(part), start)
    if "/" in text or ".com:" in text:
        yield from _profiles(text)


def _on_sites(text: str) -> Iterator[Span]:
    for pattern in (_SITE, _BESIDE, _ON_A_SITE, _I_AM, _CALLED_ON):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            group = "quoted" if groups.get("quoted") else "name"
            clear = pattern in (_SITE, _I_AM, _CALLED_ON) or bool(groups.get("cue"))
            clear = clear or (bool(groups.get("noun")) and match[group].islower())
            if (is_account if clear else is_made_up)(match[group]):
                yield Span(*match.span(group), USERNAME, 0.65, "beside the name of a site or game")


def _profiles(text: str) -> Iterator[Span]:
    for match in _REDDIT.finditer(text) if "u/" in text else ():
        yield Span(*match.span("name"), USERNAME, 0.7, "a user of Reddit")
    if any(map(text.__contains__, _LINKS)):
        for match in _PROFILE.finditer(text):
            if match["name"].lower() not in _NO_PROFILE:
                yield Span(*match.span("name"), USERNAME, 0.7, "a profile on a well-known site")
    if any(map(text.__contains__, _ANY_LINKS)):
        for match in _ANY_PROFILE.finditer(text):
            if _is_profile(text, match):
                yield Span(*match.span("name"), USERNAME, 0.6, "the part of a link or path that names a user")


def _is_profile(text: str, match: re.Match[str]) -> bool:
    name = match["name"].lower()
    if name in _NO_PROFILE or name in GENERAL:
        return False
    if _AT_SIGN.match(match.group()):
        return not _NO_SCOPE.search(text, max(0, match.start() - 60), match.start("name"))
    return is_unusual(match["name"]) or standing(folded(name.split("-")[0])) in (Standing.GIVEN, Standing.SURNAME)

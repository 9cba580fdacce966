"""User names: `@handle`, and a name behind or before words such as "username:", "logged in as" and "posted by".

On sites and in games, and in links to profiles: username_sites.py. In logs, paths and commands: username_places.py.
Not found: names in prose without such a sign, decorators and other `@words` of code, package scopes (`@types/node`),
and ordinary words where only "user" or "signed in as" stands before them.
"""

import re
from collections.abc import Callable, Iterator

from core.privacy.clues import Pieces
from core.privacy.cues import says
from core.privacy.kinds import USERNAME
from core.privacy.recognisers.near import moved, near
from core.privacy.recognisers.secret.values import is_password_word
from core.privacy.recognisers.username_places import find_in_places
from core.privacy.recognisers.username_sites import find_on_sites
from core.privacy.recognisers.username_words import (
    ANY_NAME,
    NAME,
    NO_PERSON,
    is_account,
    is_made_up,
    is_name_of_code,
    is_no_word,
    is_unusual,
)
from core.privacy.spans import Span

_HANDLE = re.compile(
    r"(?:(?<![\w@/.+=`$&#-])|(?<=\s\.)|(?<=^\.))@(?!\d+\b)(?P<name>\w(?:[\w.-]{0,36}\w)?)(?![\w@(/]|[.-]\w)"
)
_IN_CODE = re.compile(r"(?<=`@)(?P<name>[\w.]{2,30})(?=`)")
_TAGGED = re.compile(r"(?<![\w#@/.])(?P<name>[^\W\d_][\w.]{1,30})#\d{4}(?!\w)")
_NO_HANDLE_TEXT = """
    app property staticmethod classmethod abstractmethod dataclass override deprecated test param params return returns
    throws author since see media import font font-face font-feature-values counter-style keyframes charset supports
    page include mixin extend if else for each
    while interface autowired component service controller entity id column table getmapping postmapping functools
    pytest overload cached_property wraps contextmanager suppresswarnings before after beforeeach aftereach todo end
    implementation protocol selector objc main published state binding observedobject environment escaping discardable
    latest next beta here channel everyone all bean configuration repository inject nonnull nullable data getter setter
"""
_NO_HANDLE = frozenset(_NO_HANDLE_TEXT.split())
_NOUN = (
    r"(?:(?<![a-z])(?:user|login|log-?in|logon|screen|account|profile|display|sam ?account|forum|in-?game|summoner|"
    r"target ?user)[\s_.-]?(?:name|handle|id)|"
    r"(?<![a-z])(?:(?:player|net|network|staff|clan)[\s_-]?(?:name|id|tag)|(?<=my )@(?= is|:)|login|logon|"
    r"handle|nickname|nick|gamertag|gamer tag|battletag|usrname|uname|uid(?=[:=])|ign|alias|"
    r"gt(?= is|:)|user(?= (?:is|was|é|è|es)\b|(?<=my user) )|kennung|(?:benutzer|nutzer)-?id)|"
    r"benutzer(?:name|kennung)?|nutzername|anmeldename|nom d['’]utilisateur|identifiant|utilisateur|"
    r"(?<![a-z])pseudo(?:nyme)?|(?:nombre de )?usuario|nome utente|(?:nome de )?usu[áa]rio|(?:nome de )?utilizador|"
    r"gebruikersnaam|nazwa użytkownika|nazwę użytkownika|użytkownik|användarnamn(?:et)?|brukernavn(?:et)?|"
    r"brugernavn(?:et)?|käyttäjätunnu\w{1,3}|uživatelské jméno|felhasználónév|nume de utilizator|il mio utente|"
    r"kullanıcı ad\w{1,3}|(?<!\w)(?:логин|ник)|имя пользователя|用户名|ユーザー名)"
)
_IS = (
    r" (?:is|was|ist|war|lautet|est|c['’]est|es|era|è|é|to|är|er|on|hai)(?: now| still| jetzt| just)?\s:?\s?"
    r"(?:as |called |simply )?"
)
_SIGN = r"[\"'\]*]{0,2}\s?(?:=>|->|→|[:=–—：|]|-(?= ))[*\s]{0,3}"
_PERSON = r"(?:benutzer|utilisateur|usuario|usu[áa]rio|utilizador|użytkownik)"
_SAID = re.compile(
    rf"(?P<noun>{_NOUN})(?: ?\([^()\n]{{1,24}}\)| ?/ ?[\w-]{{2,12}})?"
    rf"(?:(?P<sign>{_SIGN})|['’]s\s|\n|[\"'] value=|{_IS}){ANY_NAME}",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"pseudo|alias|handle|identifiant|ign|gt|uid", re.IGNORECASE)
_STOP = re.compile(r"[\"'`]?\s*(?:$|[.,;!?\n)]|(?:and|und|et|y|e|but)\b)")
_A_PERSON = re.compile(_PERSON, re.IGNORECASE)
_MY = re.compile(r"\b(?:mein|mon|mi|meu|mio|mój)e? $", re.IGNORECASE)
_HANDLE_ON = re.compile(
    rf"{_NOUN} (?:(?:on|in|for|at|auf|bei|für|sur|pour|en|para|su|per|op|voor|no|na|do|de) [^\n.:;,?!=]{{1,30}}?|"
    r"(?:i|you|we|he|she|they) [^\n.:;,?!=]{1,20}?)"
    rf"(?:(?P<sign>\s?[:=–—-]\s?)|{_IS}){ANY_NAME}",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?<![a-z])(?:user[ _-]?name|(?:login|logon|screen|account) ?name|nutzername|benutzername|gamertag|battletag)"
    rf"(?: |, (?=\w{{0,30}}[\d_.]\w)){ANY_NAME}",
    re.IGNORECASE,
)
_BEFORE_A_STOP = re.compile(
    rf"(?<![a-z])(?:login|logon|handle|nick(?:name)?|user[ -]?id) {NAME}(?=,? (?:and |with )?p(?:ass|w)|$|[.,;)\n])",
    re.IGNORECASE,
)
# Behind the words for a person who uses something, and for an account, only a made-up name can be told from prose.
_AFTER_USER = re.compile(
    rf"(?<![^\W\d_]){_NOUN}(?: |, )[\"'`“„«]?{NAME}|"
    r"(?<![^\W\d_])(?:users?|benutzer(?:in)?|nutzer(?:in)?|gebruiker|utente|användare\w?|bruker|bruger|"
    r"użytkownik\w{0,3}|"
    r"(?:un)?lock(?: account| user)?|profile|(?:account|konto|compte|cuenta|conto|conta)(?: (?:is|of|for|von|ist|est|"
    r"es|è|é))?)"
    rf"(?:: ?| )[\"'`“„«]?{NAME.replace('<name>', '<other>')}",
    re.IGNORECASE,
)
_QUOTED_USER = re.compile(
    r"(?<![^\W\d_])(?:user|account|benutzer|utilisateur|usuario|utente|gebruiker|usuário|użytkownik) "
    rf"[\"'`“„«]{NAME}[\"'`”“»]",
    re.IGNORECASE,
)
_AS = re.compile(
    r"\b(?:(?:log(?:ged|ging|s)?|sign(?:ed|ing|s)?)[ -]?(?:in|on|up)(?: to [\w ]{2,20})?|registered|authenticated|"
    r"(?:find|add|know) me(?: on \w{2,12})?|known online|connecté\w?|inscrite?|registrad[oa]|conectad[oa]|"
    r"logad[oa]|registrat[oa]|zalogowan[ya]|loguję się|ingelogd|inloggad|logget (?:inn|ind)|angemeldet|eingeloggt|"
    r"melde mich|anmeldung)"
    rf" (?:as|under|als|comme|en tant que|sous|como|come|jako|som|with (?:the )?(?:user|login))(?: user)? {ANY_NAME}",
    re.IGNORECASE,
)
_AS_BEFORE = re.compile(
    r"\bals [\"'„]?(?P<name>[\w.-]{3,30})[\"'“]? (?:an)?(?:gemeldet|eingeloggt|registriert)", re.IGNORECASE
)
_GOES_BY = re.compile(
    rf"\b(?:go(?:es)? by|rename(?:d)?(?: (?:me|it|him|her|my account))? (?:from|to))(?: the (?:user|nick)?name)? {NAME}"
    rf"(?: to {NAME.replace('<name>', '<other>')})?",
    re.IGNORECASE,
)
_IS_MINE = re.compile(
    r"(?<![\w@.-])(?P<name>[\w.-]{3,30})[\"'`]? (?:is|ist|est|es|è|é) (?:my|mein|mon|mi|(?:il )?mio|(?:o )?meu|mijn) "
    rf"(?:\w{{3,10}} )?{_NOUN}",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:(?:(?:post|creat|modifi|updat|request|submit|report|approv|review|upload|committ|edit|clos|open|delet|own|"
    r"assign|writt|sign)(?:t?ed|en)?(?:[ _-]?off)?[ _-]?(?:by|to))|(?<!group )(?<!order )by|access to|under the name|"
    r"account under|(?:log|sign)(?:ging|ned)? ?in with|"
    r"(?:give|add|remove|ban|kick|block|invite|mute|unlock|hello|hi|hey|dm|signed|follow(?:ed)?(?: me)?|"
    r"blocked|reported|hacked|impersonating|tagged|messaged|named|called|(?:my|his|her|the) (?:channel|page|profile|"
    r"id)(?: is)?|"
    r"(?<!\w)id)|assignee|reporter|requester|"
    r"author|reviewer|owner|"
    rf"from user|ticket from|last seen|customer|client|player|member|seller|buyer)\b[\"']?[: ]{{1,3}}[\"']?@?{NAME}",
    re.IGNORECASE,
)
_SAYS = re.compile(
    rf"(?<![\w@.-]){NAME} (?:logged (?:in|out|on|off)|(?:has |just )?(?:joined|left)|said|wrote|posted|replied|"
    r"commented)(?![^\W_])"
)
_BY_SIGN = re.compile(
    r"\b(?:(?:created|posted|modified|updated|requested|submitted|reported|approved|uploaded|edited|closed)[ _]?by|"
    rf"assignee|assigned to|owner|reporter)(?::\s|=)@?{NAME}",
    re.IGNORECASE,
)
_TO_LOG_IN = re.compile(
    r"\b(?:user(?:name)? ?/ ?pass(?:word|wd)?|u/p|(?:log|sign)[ -]?in(?: with)?|credentials?(?: are)?|creds(?: are)?|"
    r"zugangsdaten|identifiants|credenciales|credenziali|inloggegevens)[: ]{1,2}"
    rf"[\"'`(]?{NAME.replace('@', '')}(?: ?/ ?|:|\s\|\s)(?!/)\S{{4}}",
    re.IGNORECASE,
)
_NO_NAME_TEXT = """
    string str required none null true false undefined name username and or the a is text email varchar int value your
    not my in on to for with an it this that at as be set admin
"""
_NO_NAME = frozenset(_NO_NAME_TEXT.split())
_WORD_TEXT = """
    user usrname login log-in logon handle screen uname account konto compte cuenta conto conta profile display nick
    gamer battletag lock nutzer anmeldename utilisateur identifiant pseudo usuario usuário utente utilizador gebruiker
    użytkownik użytkownik användar bruker bruger käyttäjät пользователя 用户名 ユーザー名
"""
_CUE = re.compile(
    rf"{'|'.join(_WORD_TEXT.split())}|(?:log(?:ged|ging|s)?|sign(?:ed|ing|s)?)[ -]?(?:in|on|up)\b| me (?:on|as)\b|"
    r"registe?r|authentic|known online|connecté|inscrit|conectad|logad|zalogowan|gelog|inlogg|logget|angemeldet|melde|"
    r"go(?:es)? by\b|renamed?\b|u/p\b|anmeld|loguj|utiliza|kennung|player|netw|net ?id|staff|clan|my @|"
    r"alias|\bign\b|in-?game|felhaszn|uživatel|"
    r"kullanıcı|логин|ник|summoner|uid|forum|gt\b|by:|assignee|assigned to|owner[=:]|"
    r"reporter:|cred|zugangsd|identif"
)
# The cheaper question first: most texts hold none of these.
_PARTS = Pieces("""
    user,usr,login,log-in,logon,log in,log on,logged,logging,logs in,sign in,sign-in,sign up,signed,signing,handle,
    screen,uname,account,konto,compte,cuenta,il conto,conta ,profile,display,nick,gamer,battletag,unlock,lock user,
    lock acc,nutzer,anmeld,utilisateur,identif,pseudo,usuario,usuário,utente,utilizador,gebruik,użytkow,använd,bruker,
    bruger,käyttäj,пользователя,用户名,ユーザー名,registe,registr,authentic,connecté,inscrit,conectad,logad,zalogow,loguj,
    gelog,inlogg,logget,angemeldet,melde,rename,u/p,cred,zugangsd, me on, me as,go by,goes by,known online,player,
    network,netid,net id,staff,clan,my @,kennung,alias,ign,in-game,ingame,uživatel,felhaszn,kullanıcı,логин,ник,
    summoner,uid,forum n,forum h,gt is,gt:,by:,assignee,assigned to:,owner=,owner:,reporter:
""")
# The words for who did something are everywhere, made-up names are not.
_MADE_UP_CUE = re.compile(r"[\d_.](?<=[^\W\d_].)(?!\s)")


def find_username(text: str) -> Iterator[Span]:
    """User names in `text`, without the `@`."""
    if "@" in text:
        yield from _judged(_HANDLE, text, 0.7, "an @ in front", _is_handle)
        yield from _judged(_IN_CODE, text, 0.6, "an @ in front", is_made_up)
    if "#" in text:
        yield from _judged(_TAGGED, text, 0.7, "a name with the four digits of a messenger", is_account)
    for start, part in near(text, _CUE) if says(text, _PARTS) else ():
        yield from moved(_beside_a_noun(part), start)
    for start, part in near(text, _MADE_UP_CUE, before=40, after=40):
        yield from moved(
            _judged(_BY, part, 0.65, "behind words for who did something", _is_made_up_and_no_variable), start
        )
        yield from moved(
            _judged(_SAYS, part, 0.6, "in front of words for what someone did", _is_made_up_and_no_variable), start
        )
    yield from find_on_sites(text)
    yield from find_in_places(text)


def _is_handle(value: str) -> bool:
    return value.lower() not in _NO_HANDLE and not NO_PERSON.fullmatch(value)


def _beside_a_noun(text: str) -> Iterator[Span]:
    for pattern in (_SAID, _HANDLE_ON):
        for match in pattern.finditer(text):
            group = _group(match)
            value = match[group]
            if value.lower() not in _NO_NAME and not value.isdigit() and _fits(text, match, value):
                yield _span(match, group, 0.75, "behind a word for user name")
    yield from _judged(_BESIDE, text, 0.6, "behind a word for user name", is_account)
    yield from _judged(_BEFORE_A_STOP, text, 0.6, "behind a word for user name", is_account)
    yield from _judged(_IS_MINE, text, 0.7, "said to be a user name", is_account)
    yield from _judged(_QUOTED_USER, text, 0.65, "in quotes behind a word for user", is_account)
    yield from _judged(_AFTER_USER, text, 0.55, "behind a word for a user or an account", is_made_up)
    for pattern, reason, judge in _SIGNS:
        yield from _judged(pattern, text, 0.65, reason, judge)


def _fits(text: str, match: re.Match[str], value: str) -> bool:
    """Whether `value` may be a user name: behind "username:" any word, in prose not every one."""
    if match.re is _HANDLE_ON:
        return is_account(value)
    by_a_sign = bool(match["sign"] and match["sign"].strip())
    if by_a_sign and not _VAGUE.fullmatch(match["noun"]):
        return True
    if not by_a_sign and _is_of_a_person(text, match):
        return is_made_up(value)
    # "My username is sunshine." tells one, "my username is taken" does not.
    is_told = "name" in match["noun"].lower() and _STOP.match(text, match.end()) and value.islower()
    return is_no_word(value) or bool(is_told and is_password_word(value))


def _is_of_a_person(text: str, match: re.Match[str]) -> bool:
    """Whether the noun means who uses something, and no one says "my": "the user is blocked" tells no name."""
    return bool(_A_PERSON.fullmatch(match["noun"])) and not _MY.search(text, max(0, match.start() - 8), match.start())


def _judged(
    pattern: re.Pattern[str], text: str, score: float, reason: str, judge: Callable[[str], bool]
) -> Iterator[Span]:
    """The names in all named groups of the matches that `judge` takes for names."""
    for match in pattern.finditer(text):
        for group, value in match.groupdict().items():
            if value and judge(value):
                yield _span(match, group, score, reason)


def _is_made_up_and_no_variable(value: str) -> bool:
    return is_made_up(value) and not is_name_of_code(value)


def _group(match: re.Match[str]) -> str:
    return "quoted" if match["quoted"] else "name"


def _span(match: re.Match[str], group: str, score: float, reason: str) -> Span:
    return Span(*match.span(group), USERNAME, score, reason)


_SIGNS: tuple[tuple[re.Pattern[str], str, Callable[[str], bool]], ...] = (
    (_AS, "behind words such as “logged in as”", is_account),
    (_AS_BEFORE, "behind words such as “logged in as”", is_account),
    (_SAYS, "in front of words for what someone did", is_unusual),
    (_BY_SIGN, "behind words for who did something", is_account),
    (_GOES_BY, "said to be a name that someone goes by", is_unusual),
    (_TO_LOG_IN, "beside a password to log in with", is_no_word),
)

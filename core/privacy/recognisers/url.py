"""Web addresses: with a scheme or `www.`, or a bare domain of a known top-level domain.

Bare domains under top-level domains that are also file endings or words of code (`.py`, `.sh`, `.id`, `.info`) count
only with a path behind them; names of files and methods (`main.py`, `user.name`) do not count at all.

Not found: hosts of one label (`http://localhost` aside), the host of an e-mail address, relative paths.
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import URL
from core.privacy.spans import Span

_TAIL = r"[^\s<>\"'`{}|\\^\[\]«»“”]"
_SCHEME = re.compile(rf"(?<![A-Za-z0-9])(?:https?|ftps?|sftp|wss?|hxxps?|git|ssh)://{_TAIL}{{2,2000}}+", re.IGNORECASE)
_WWW = re.compile(
    rf"(?<![\w@/.-])www\d?\.[^\W_][\w-]{{0,62}}(?:\.[\w-]{{2,63}}){{1,5}}(?::\d{{1,5}})?(?:[/?#]{_TAIL}{{0,2000}}+)?",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?<![\w@/.\\$-])(?:[^\W_](?:[\w-]{0,61}[^\W_])?+\.){1,5}([A-Za-z]{2,10})(?![\w@(-]|\.\w|\.?=)(?::\d{2,5})?"
    rf"(?:/{_TAIL}{{0,2000}}+)?",
)
_DOT = re.compile(r"\.[A-Za-z]{2}")
_END = ".,;:!?*_~'\""
_SURE_ENDINGS = """
    com org net edu gov mil int biz io co tv eu uk de fr nl ch at dk fi se es pt cz hu gr ie jp cn kr tw hk sg th vn
    ru ua kz br mx ar cl za nz au ca bg ro hr si sk lt lv ee tr il ae sa eg ng ke pk ph lu pe ec uy ve
    xyz online website tech cloud blog museum travel
"""
_OTHER_ENDINGS = """
    ly gl be it in is me to us no pl ai sh rs md cc so ps py app dev info name id im la fm gg gd ws st am as do my
    site shop store news live link page social club space wiki one world art design media agency email mobi pro
"""
_SURE, _WITH_PATH = frozenset(_SURE_ENDINGS.split()), frozenset(_OTHER_ENDINGS.split())
_LIBRARIES = frozenset({"asp.net", "vb.net", "ado.net", "ml.net", "socket.io", "java.io", "java.net", "system.io"})


def find_url(text: str) -> Iterator[Span]:
    """Web addresses in `text`, without the signs that end the sentence."""
    if "://" in text:
        for match in _SCHEME.finditer(text):
            yield _span(text, match, 0.95, "a scheme in front")
    if not _DOT.search(text):
        return
    if "www" in text or "WWW" in text or "Www" in text:
        for match in _WWW.finditer(text):
            yield _span(text, match, 0.9, "www in front")
    for match in _BARE.finditer(text):
        if _is_domain(match):
            yield _span(text, match, 0.75, "a domain name of a known top-level domain")


def _is_domain(match: re.Match[str]) -> bool:
    domain, path = match.group()[: match.end(1) - match.start()], match.group()[match.end(1) - match.start() :]
    ending = match.group(1)
    if not (ending.islower() or domain.isupper()) or domain.lower() in _LIBRARIES or domain.lower().startswith("www"):
        return False
    return ending.lower() in _SURE or (path.startswith("/") and len(path) > 1 and ending.lower() in _WITH_PATH)


def _span(text: str, match: re.Match[str], score: float, reason: str) -> Span:
    end = match.end()
    while end > match.start() + 4:
        last = text[end - 1]
        unopened = last == ")" and text.count("(", match.start(), end) < text.count(")", match.start(), end)
        if last not in _END and not unopened:
            break
        end -= 1
    return Span(match.start(), end, URL, score, reason)

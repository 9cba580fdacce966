"""Names in lists, chats and the names of files: "Attendees: Ann Lee, Bo Berg", "[12:01] Ann: hi", "cv_ann_lee.pdf"."""

import re
from collections.abc import Iterator
from itertools import pairwise

from core.privacy.clues import Words
from core.privacy.kinds import PERSON
from core.privacy.people.spelling import name_likeness
from core.privacy.people.words import Standing, counts, folded, standing
from core.privacy.plain import caseless, for_caseless, lowered
from core.privacy.recognisers.near import matches, starts_before
from core.privacy.recognisers.person.names import read_name
from core.privacy.spans import Span

MOST_NAMES = 60
MOST_LIKE_A_NAME = 0.8
MOST_COUNTED = 2500  # of an English word that is a name in the name of a file as well; see people/gate.py

_HEADING_WORDS_TEXT = """
    attendees attendee present absent apologies regrets participants participant invitees guests guest members
    reviewers reviewer approvers approver assignees speakers panelists panellists passengers players witnesses
    signatories contributors maintainers authors cc bcc to anwesend teilnehmer teilnehmerinnen entschuldigt participants
    présents présent excusés asistentes presentes presenti assenti partecipanti participantes aanwezig afwezig
    obecni nieobecni deltagare deltakere närvarande
"""
HEADING_WORDS = frozenset(_HEADING_WORDS_TEXT.split())
_HEADING = for_caseless(
    r"(?:^|(?<=[\n.;|(]))[ \t>*_#\-•]{0,6}+(?:\w{2,12} ){0,2}"
    rf"(?:{'|'.join(sorted(HEADING_WORDS, key=len, reverse=True))}|guest list|liste des présents)"
    r"[*_]{0,2}[ \t]?[:=][*_]{0,2}[ \t]{0,3}",
)
_HEADING_SIGNS = re.compile("[:=]")
_HEADING_STARTS = re.compile(r"[\n.;|(]")  # or where the text begins
_NEXT_NAME = re.compile(
    r"(?:[ \t]?\([^()\n]{1,40}\))?(?:[ \t]?<[^<>\n]{1,60}>)?"
    r"(?:,? (?:and|&|und|et|y|e|i|en|og|och) |[ \t]?[,;/&][ \t]{0,2})(?=[^\W\d_])",
    re.IGNORECASE,
)
_BULLETS = re.compile(r"[ \t]{0,3}\r?\n[ \t]{0,6}(?:[-*•+]|\d{1,2}[.)])[ \t]{1,3}")
_ITEM_ENDS = re.compile(r"[ \t*_]{0,3}(?:$|[\r\n,;/&(<.|)\-–—:]|(?:and|und|et|y|e|i|en|og|och) )")
# A line of a chat or a log of talk.
_SPEAKER = re.compile(
    r"(?m:^)[ \t>*_-]{0,4}+(?:(?P<time>[\[(]?(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?[ \t])?\d{1,2}:\d\d(?::\d\d)?"
    r"(?: ?[AaPp][Mm])?[\])]?)[ \t]{0,2}[-–]?[ \t]{0,2})?[*_]{0,2}(?P<angle><[ @+]?)?(?=[^\W\d_])"
)
_LINE_END = re.compile("\n")
_SPEAKER_ENDS = re.compile(r"(?:[ \t]\([^()\n]{1,24}\))?[*_]{0,2}(?P<sign>:[*_]{0,2}(?=\s)|>[ \t])")
_ET_AL = re.compile(r"(?<![\w'’-])(?=[A-ZÀ-Þ][^\W_]{1,30},? et al\b)")
_PLURAL = re.compile(
    r"he (?<=[Tt]he )(?<!\w[Tt]he )(?P<name>(?P<stem>[A-ZÀ-Þ][^\W\d_]{2,30}?)e?s)"
    r"(?=['’]? (?:are|were|have|had|moved|lived?|came|come|next door|upstairs|"
    r"downstairs|invited|said|arrived|left|and the)\b)"
)
_TODO = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|NOTE|@author|@owner|@assignee|@reviewer)(?:\(@?| @?)(?=[^\W\d_])")
_PIECES = re.compile(r"[^\W_]+(?:[_.+-][^\W_]+){1,8}+")
_PIECE = re.compile(r"[^\W\d_]{2,30}")
_FILE_ENDING = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|txt|csv|json|xml|html?|md|jpe?g|png|gif|heic|tiff?|mp[34]|mov|wav|m4a|zip|eml|"
    r"msg|vcf|ics)",
    re.IGNORECASE,
)
_FILE_END = re.compile(_FILE_ENDING.pattern + "$", re.IGNORECASE)
_LISTED = (Standing.GIVEN, Standing.SURNAME)
_HEADINGS, _ET, _AL, _THE = Words(HEADING_WORDS), Words(("et",)), Words(("al",)), Words(("the",))
_NOTES = Words(("todo", "fixme", "author", "owner", "hack", "xxx"))


def find_listed(text: str) -> Iterator[Span]:
    """The names of `text` in lists, before what is said in a chat, and in the names of files and addresses."""
    low = lowered(text)
    if ":" in text or "=" in text:
        if _HEADINGS.stand_in(low):
            yield from _below_headings(text)
        yield from _speakers(text)
    elif "> " in text:
        yield from _speakers(text)
    if _ET.stand_in(low) and _AL.stand_in(low):
        yield from _with_others(text)
    if _THE.stand_in(low):
        yield from _families(text)
    if _NOTES.stand_in(low):
        yield from _noted(text)
    if "/" in text or ("_" in text and _FILE_ENDING.search(text)) or ".pdf" in text or ".doc" in text:
        yield from _in_file_names(text)


def _below_headings(text: str) -> Iterator[Span]:
    for heading in matches(_HEADING, caseless(text), starts_before(_HEADING_SIGNS, _HEADING_STARTS, text)):
        position = heading.end()
        bullet = _BULLETS.match(text, position)
        is_bulleted = bullet is not None
        position = bullet.end() if bullet else position
        for _ in range(MOST_NAMES):
            name = read_name(text, position, lower=not is_bulleted, form=True)
            if not name or not name.possible or not _ITEM_ENDS.match(text, name.end):
                break
            if name.listed or (len(name.words) > 1 and text[position].isupper()):
                yield Span(position, name.end, PERSON, 0.8, "in a list of people")
            line_end = text.find("\n", name.end) if is_bulleted else -1
            more = _BULLETS.match(text, max(line_end, name.end)) if is_bulleted else _NEXT_NAME.match(text, name.end)
            if not more:
                break
            position = more.end()


def _speakers(text: str) -> Iterator[Span]:
    """The names at the beginning of lines, before a colon or in angle brackets."""
    starts = (0, *(end.end() for end in _LINE_END.finditer(text)))
    for line in matches(_SPEAKER, text, starts):
        if text.find(">" if line["angle"] else ":", line.end(), _line_end(text, line.end())) < 0:
            continue
        name = read_name(text, line.end(), lower=bool(line["angle"] or line["time"]), form=True)
        if not name or not name.possible:
            continue
        ends = _SPEAKER_ENDS.match(text, name.end)
        if not ends or (ends["sign"][0] == ">") != bool(line["angle"]):
            continue
        if name.first_is_given or (line["time"] and (name.listed or text[line.end()].isupper())):
            yield Span(line.end(), name.end, PERSON, 0.7, "says something in a conversation")


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _with_others(text: str) -> Iterator[Span]:
    for match in _ET_AL.finditer(text):
        name = read_name(text, match.start())
        if name and name.possible:
            yield Span(match.start(), name.end, PERSON, 0.75, "named with others (“et al.”)")


def _families(text: str) -> Iterator[Span]:
    for match in _PLURAL.finditer(text):
        plural, stem = folded(match["name"]), folded(match["stem"])
        is_known = standing(stem) is Standing.SURNAME or name_likeness(stem) >= MOST_LIKE_A_NAME
        if is_known and standing(plural) in (*_LISTED, Standing.UNKNOWN) and stem not in counts():
            yield Span(match.start("name"), match.end("name"), PERSON, 0.65, "a surname in the plural")


def _noted(text: str) -> Iterator[Span]:
    for match in _TODO.finditer(text):
        name = read_name(text, match.end(), lower=True)
        if name and name.listed:
            yield Span(match.end(), name.end, PERSON, 0.7, "named in a note")


def _in_file_names(text: str) -> Iterator[Span]:
    """A given name and a surname side by side: `cv_ann_lee.pdf`, `/team/ann-lee`."""
    for match in _PIECES.finditer(text):
        if text[match.start() - 1 : match.start()] != "/" and not _FILE_END.search(match.group()):
            continue
        if text[match.end() : match.end() + 1] == "@":
            continue
        pieces = list(_PIECE.finditer(text, *match.span()))
        for left, right in pairwise(pieces):
            if right.start() - left.end() == 1 and _are_a_name(left.group(), right.group()):
                yield Span(left.start(), right.end(), PERSON, 0.65, "a name in the name of a file or an address")


def _are_a_name(left: str, right: str) -> bool:
    ranks = [standing(folded(left)), standing(folded(right))]
    if Standing.GIVEN not in ranks or not all(rank in _LISTED for rank in ranks):
        return False
    return all(counts().get(folded(piece), 0) < MOST_COUNTED for piece in (left, right))

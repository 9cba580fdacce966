"""The HTML of a row as the model sees it: learned, only read, cut away, and tokens with a meaning of their own."""

import html
import re

from core.actions.train.seen import SeenRow

# What cannot be seen but is read by the model: control and direction marks, and spaces without width; not the joiners
# of which emoji and some scripts are made.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
LEGEND = (
    "<p class='legend'><mark>learned</mark><span class='read'>only read</span><del>cut away</del>"
    "<span class='read special'>special token</span><span>↵ line break</span></p>"
)
TAGS = {"learned": "mark", "read": "span", "cut": "del"}
# A red mixed with the ink of the page is darker on a light ground and lighter on a dark one: it keeps its contrast.
CSS = """
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 4px 0; font-size: .85em; }
pre { max-height: 460px; overflow: auto; margin: 0; padding: 8px; line-height: 1.6; border-radius: 8px;
  border: 1px solid var(--border-color-primary); unicode-bidi: plaintext; }
mark, del, .read { border-radius: 3px; padding: 1px 0; unicode-bidi: isolate; }
mark { background: #bbf7d0; color: #052e16; }
.read { color: var(--body-text-color-subdued); }
del { background: transparent; color: color-mix(in srgb, #dc2626 65%, var(--body-text-color));
  text-decoration: line-through; }
.special { outline: 1px solid currentColor; outline-offset: -1px; border-radius: 4px; padding: 1px 3px; }
.unseen { opacity: .65; font-size: .8em; }
.end::before { content: "↵"; opacity: .5; }
.hidden { display: block; text-align: center; font-style: italic; }
"""


def row_html(seen: SeenRow) -> str:
    """The row in its pieces under a line that says where it stands and what becomes of it."""
    where = f"Row {seen.number:,} of {seen.rows:,}"
    if seen.row != seen.number:
        where += f" (row {seen.row:,} of its file)"
    said = f"<p role='status'><b>{where}.</b> {html.escape(seen.said)}</p>"
    pieces = "".join(_piece(piece.text, piece.state, piece.tokens, piece.special) for piece in seen.pieces)
    return said + (f"<pre class='picture' tabindex='0'>{pieces}</pre>{LEGEND}" if pieces else "")


def _piece(text: str, state: str, tokens: int, special: bool) -> str:
    count = f"{tokens:,} token{'' if tokens == 1 else 's'}"
    if state == "not shown":
        return f"<span class='read hidden'>… {count} not shown …</span>"
    tag = TAGS[state]
    classes = " ".join([*(["read"] if state == "read" else []), *(["special"] if special else [])])
    said = {"learned": "learned", "read": "only read", "cut": "cut away"}[state]
    return f"<{tag} class='{classes}' title='{count}, {said}'>{visible(text)}</{tag}>"


def visible(text: str) -> str:
    """The text as HTML, with a mark at each line break and the code of each character that cannot be seen."""
    shown = UNSEEN.sub(lambda found: f"\0{ord(found[0]):04X}\0", text.replace("\0", "\ufffd"))
    shown = re.sub("\0([0-9A-F]+)\0", r"<span class='unseen'>U+\1</span>", html.escape(shown))
    return shown.replace("\n", "<span class='end'></span>\n")

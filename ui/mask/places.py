"""The HTML of the places of a value with their marks, and the scripts that hear clicks, keys and selections."""

import html

from core.actions.mask.reading import Places
from ui.mask.marks import STYLE, pieces_html

KEYS = {"a": "review-mask", "r": "review-keep", "u": "review-undo", "j": "review-next", "k": "review-previous"}
ARROWS = {"ArrowDown": KEYS["j"], "ArrowUp": KEYS["k"]}
KEY_WORDS = (
    "Keys: <kbd>a</kbd> mask, <kbd>r</kbd> keep, <kbd>u</kbd> undo, "
    "<kbd>j</kbd> or <kbd>↓</kbd> next value, <kbd>k</kbd> or <kbd>↑</kbd> previous value "
    "(arrows when the list was clicked)."
)
STYLE_ROW = (
    "<style>"
    ".places { display: grid; gap: 8px; margin-top: 6px; }"
    ".places .spot { border-top: 1px solid var(--border-color-primary); padding: 6px 4px 0; cursor: pointer; }"
    ".places .spot.chosen { border-left: 4px solid var(--color-accent); padding-left: 8px; }"
    ".places .head, .message .head { font-size: 12px; color: var(--body-text-color-subdued); margin: 0; }"
    ".places .head button { all: unset !important; cursor: pointer; text-decoration: underline !important; }"
    ".places .head button:focus-visible { outline: 2px solid var(--color-accent) !important; }"
    ".places .more, .message .more, .reading .more { margin: 4px 0; font-size: 13px; }"
    ".more button { all: unset !important; cursor: pointer; text-decoration: underline !important;"
    " margin-right: 16px !important; }"
    ".more button:focus-visible { outline: 2px solid var(--color-accent) !important; }"
    ".reading .why { margin: 2px 0 6px; font-size: 13px; }"
    ".message { border-top: 1px solid var(--border-color-primary); padding: 6px 0; }"
    "</style>"
)
# A click says which place it was on, or which step to more text or places; a click that ends a selection does not.
PICK_JS = """
element.addEventListener('click', (event) => {
  const spot = event.target.closest('[data-step], [data-place]');
  if (spot && window.getSelection().isCollapsed) trigger('click', {...spot.dataset});
});
"""
# The last selection within one message of the row, in characters as Python counts them.
WATCH_SELECTION_JS = (
    PICK_JS
    + """
const characters = (text) => Array.from(text).length;
const selected = () => {
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !element.isConnected) return;
  const range = selection.getRangeAt(0);
  const start = range.startContainer.parentElement || range.startContainer;
  const message = (range.startContainer.closest ? range.startContainer : start).closest('[data-message]');
  if (!message || !element.contains(message)) return;
  const before = document.createRange();
  before.selectNodeContents(message);
  before.setEnd(range.startContainer, range.startOffset);
  const text = range.toString();
  const first = Number(message.dataset.start) + characters(before.toString());
  const inside = message.contains(range.endContainer);
  const bounds = inside ? {start: first, end: first + characters(text)} : {};
  const place = {row: message.dataset.row, message: Number(message.dataset.message), ...bounds};
  window.reviewSelection = {...place, text: text};
};
if (window.reviewSelected) document.removeEventListener('selectionchange', window.reviewSelected);
window.reviewSelected = selected;
document.addEventListener('selectionchange', selected);
"""
)
# Puts the selection in place of the last input of the event.
TAKE_SELECTION_JS = """
(...inputs) => {
  const taken = window.reviewSelection || null;
  window.reviewSelection = null;
  return [...inputs.slice(0, -1), JSON.stringify(taken)];
}
"""


def places_html(found: Places, chosen: str = "") -> str:
    """The places of a value, each with the text around it; a click on one reads its row."""
    spots = "".join(
        f'<div class="spot{" chosen" if spot.place == chosen else ""}" data-place="{html.escape(spot.place)}">'
        f'<p class="head"><button type="button">Row {html.escape(spot.row)}</button>, {html.escape(spot.role)}</p>'
        f'<div class="marked">{pieces_html(spot.pieces, chosen)}</div></div>'
        for spot in found.places
    )
    of = f", page {found.page:,} of {found.pages:,}" if found.pages > 1 else ""
    count = f"{found.total:,} place{'' if found.total == 1 else 's'}"
    before = (f"{found.page - 1}", "Previous places") if found.page > 1 else None
    after = (f"{found.page + 1}", "More places") if found.page < found.pages else None
    head = f"<b>{html.escape(found.title)} · {count}{of}</b>"
    return f"{STYLE}{STYLE_ROW}{head}<div class='places'>{spots}{steps_html(before, after)}</div>"


def steps_html(*steps: tuple[str, str] | None) -> str:
    """Buttons for steps to more, each of where it leads and what it says; nothing where there are none."""
    buttons = "".join(
        f'<button type="button" data-step="{html.escape(step[0])}">{html.escape(step[1])}</button>'
        for step in steps
        if step
    )
    return f'<p class="more">{buttons}</p>' if buttons else ""

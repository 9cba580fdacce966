"""The HTML of a blind question, without a word on who gave which answer; and its keys."""

import html

from core.actions.blind import Asked, Result
from ui.compare.badge import badge

BUTTONS = (("A is better", "A", "blind-a", "1"), ("B is better", "B", "blind-b", "2"),
           ("Tie", "tie", "blind-tie", "0"), ("Both bad", "both bad", "blind-bad", "9"))  # fmt: skip
UNDO = "blind-undo"
KEYS = {key: element for _, _, element, key in BUTTONS} | {"u": UNDO, "Backspace": UNDO}
KEY_WORDS = (
    "Keys, outside of text fields: <kbd>1</kbd> A, <kbd>2</kbd> B, <kbd>0</kbd> tie, <kbd>9</kbd> both "
    "bad, <kbd>u</kbd> or <kbd>⌫</kbd> undo; <kbd>Esc</kbd> leaves a text field."
)
# Puts the ticket of the question that is on the page in place of the last input: a vote counts for what was read.
TAKE_TICKET_JS = """
(...inputs) => {
  const shown = document.querySelector('#blind-question [data-ticket]');
  return [...inputs.slice(0, -1), shown ? shown.dataset.ticket : ''];
}
"""
STYLE = """<style>
.blind .asked, .blind .answer { white-space: pre-wrap; overflow-wrap: anywhere; }
.blind .asked { border-left: 4px solid var(--color-accent); padding: 4px 12px; margin: 6px 0; }
.blind .two { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr)); }
.blind .answer { border: 1px solid var(--border-color-primary); border-radius: 8px; padding: 10px 12px;
  background: var(--block-background-fill); min-height: 90px; max-height: 420px; overflow-y: auto; }
.blind h3 { margin: 6px 0; font-size: 15px; }
.blind .far, .standing .note { color: var(--body-text-color-subdued); font-size: 13px; margin: 4px 0; }
.blind summary { cursor: pointer; font-size: 13px; margin-top: 8px; }
.standing p { margin: 4px 0; }
.standing summary { cursor: pointer; font-size: 13px; }
</style>"""
AGAIN = "You have voted on this one before, so you may know who is who; the vote is marked as such."


def question_html(asked: Asked | str) -> str:
    """A question with both answers, or the sentence that says why there is none."""
    if isinstance(asked, str):
        return f"{STYLE}<div class='blind' role='status'><p>{html.escape(asked)}</p></div>"
    chat = "".join(f"<div class='asked'>{_turn(turn)}</div>" for turn in asked.chat)
    answers = "".join(
        f"<section><h3>{name}</h3><div class='answer' tabindex='0'>{_text(text)}</div>{badge(found)}</section>"
        for name, text, found in zip("AB", (asked.a, asked.b), asked.found, strict=True)
    )
    expected = f"<details><summary>The answer in the row</summary>{_text(asked.expected)}</details>"
    return (
        f"{STYLE}<div class='blind' data-ticket='{html.escape(asked.ticket)}'>"
        f"<p class='far'>Question {html.escape(asked.far)}{'. ' + AGAIN if asked.again else ''}</p>"
        f"{chat}<div class='two'>{answers}</div>{expected if asked.expected.strip() else ''}</div>"
    )


def standing_html(result: Result) -> str:
    """How the votes stand; nothing before the first one, so that no name is on the page."""
    if not result.votes:
        return ""
    lines = [f"<p>{html.escape(one)}</p>" for one in result.of_set]
    lines += [f"<p class='note'>{html.escape(one)}</p>" for one in result.notes]
    if result.of_all:
        every = "".join(f"<p>{html.escape(one)}</p>" for one in result.of_all)
        lines.append(f"<details><summary>Over all prompt sets</summary>{every}</details>")
    return f"<div class='standing' role='status'>{''.join(lines)}</div>"


def _turn(turn: dict[str, str]) -> str:
    who = "" if turn["role"] == "user" else f"<b>{html.escape(turn['role'].capitalize())}:</b> "
    return who + _text(turn["content"])


def _text(text: str) -> str:
    return html.escape(text) if text.strip() else "<i>(empty)</i>"

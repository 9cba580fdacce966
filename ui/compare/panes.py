"""What stands under the answers: who gave them, their length and time, finds, examples, and their difference."""

import html
from collections.abc import Sequence

from core.actions.compare import Comparison, Reply
from core.actions.compare import Side as Asked
from core.records import Example
from core.words import counted, differences
from ui.compare.badge import badge

NO_ADAPTER = "No adapter was active: these are the base model's own weights."
WHOLE = "No adapter: a fully tuned model with weights of its own; {} from those of the base model."
CUT = " The answer was stopped, or cut at “Longest answer” in the settings."
WAITS = "Answers after the sides before it."
SPARED = "Stopped before this side began to answer."
NOTHING = "<p>Send a prompt, and choose two sides to see their last answers word by word.</p>"
MOST_TURNS_SHOWN = 20  # the whole history is sent with every update
MARKS = {"same": "span", "removed": "del", "added": "ins"}
STYLE = """<style>
.side-note p { margin: 2px 0; }
.side-note .lack { border-left: 4px solid #b45309; padding-left: 8px; }
.examples-shown div { white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0; }
</style>"""


def messages(prompts: Sequence[str], answers: Sequence[str]) -> list[dict[str, str]]:
    """The chat of one side, as text and not as HTML."""
    found = []
    for prompt, answer in list(zip(prompts, answers, strict=True))[-MOST_TURNS_SHOWN:]:
        said = {"user": prompt, "assistant": answer}
        found += [{"role": role, "content": html.escape(text, quote=False)} for role, text in said.items()]
    return found


def note(side: Asked, reply: Reply, found: Sequence[str], ended: bool) -> str:
    """Who gave the answer, as the model itself reports it; its length and time; what the detector found."""
    lack = f"<p class='lack'>{html.escape(side.lack)}</p>" if side.lack else ""
    about = f"<p class='active-adapter'>{_who(reply, ended)}</p><p>{_figures(reply)}</p>"
    return f"{STYLE}<div class='side-note'>{about}{lack}</div>{_badges(found)}"


def examples(shown: Sequence[Example]) -> str:
    """The few-shot examples of the last prompt, in their order."""
    if not shown:
        return "<p>None: this side sees the prompt alone.</p>"
    rows = "".join(
        f"<div><b>Row {row.row}</b> {html.escape(row.prompt[-1].content)}<br>→ {html.escape(row.answer)}</div>"
        for row in shown
    )
    return f"<div class='examples-shown'>{rows}</div>"


def speed(said: Comparison, unread: str = "") -> str:
    """How fast the answers came, and how they were asked; and what was not looked for in them."""
    rate = f"{said.tokens_per_second:.0f} tokens a second, {said.how}"
    line = f"<p>{said.tokens} tokens in {said.seconds:.1f} s · {html.escape(rate)}.</p>"
    return line + "".join(f"<p>{html.escape(note)}</p>" for note in (said.note, unread) if note)


def difference(first: str, second: str, labels: tuple[str, str]) -> str:
    """Two answers beside each other; what only one of them has is marked."""
    pieces = differences(first, second)
    if first == second:
        return "<p>Both answers are the same, word for word.</p>"
    sides = "".join(
        f"<div><p><b>{html.escape(label)}</b></p><div class='picture'>{_marked(pieces, own)}</div></div>"
        for label, own in zip(labels, ("removed", "added"), strict=True)
    )
    return f"<div class='pair'>{sides}</div>"


def _marked(pieces: Sequence[tuple[str, str]], own: str) -> str:
    shown = [(MARKS[kind], html.escape(text)) for kind, text in pieces if kind in ("same", own)]
    return "".join(f"<{mark}>{text}</{mark}>" for mark, text in shown) or "<i>nothing</i>"


def _who(reply: Reply, ended: bool) -> str:
    if not reply.begun:
        return SPARED if ended else WAITS
    if reply.adapter:
        said = f"Active adapter: <b>{html.escape(reply.adapter)}</b>."
    else:
        said = WHOLE.format(html.escape(reply.weights)) if reply.weights else NO_ADAPTER
    return said + (CUT if ended and not reply.finished else "")


def _figures(reply: Reply) -> str:
    if not reply.begun:
        return ""
    words, signs = len(reply.text.split()), len(reply.text)
    length = f"{counted(words, 'word')}, {counted(signs, 'character')}"
    return f"{counted(reply.tokens, 'token')} · {reply.seconds:.1f} s · {length}"


def _badges(found: Sequence[str]) -> str:
    """What the detector found in the answers of one side, with the number of the answer where there are several."""
    said = [(f"Answer {number}: " if len(found) > 1 else "") + text for number, text in enumerate(found, 1) if text]
    return "".join(map(badge, said[-MOST_TURNS_SHOWN:]))

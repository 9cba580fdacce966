"""Keys that press the buttons of a part of the page, while it is shown and nobody types."""

import json
from collections.abc import Collection, Mapping

import gradio as gr

STYLE = (
    "<style>.keys { margin: 0; color: var(--body-text-color-subdued); font-size: 13px; }"
    ".keys kbd { border: 1px solid var(--border-color-primary); border-radius: 4px; padding: 0 5px; }</style>"
)
# A key is left alone where somebody types, with a modifier, while another tab is shown; held down it counts once.
HEARD_JS = """
const typing = 'input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable=true], [role=listbox]';
const heard = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !element.isConnected) return;
  if (!element.offsetParent) return;
  const at = (where) => event.target.closest && event.target.closest(where);
  if (at(typing)) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const button = document.getElementById(buttons[event.key]);
  if (!button || (only[event.key] && !at(only[event.key]))) return;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat || repeated.includes(event.key)) button.click();
};
window.heardKeys = window.heardKeys || {};
if (window.heardKeys[part]) document.removeEventListener('keydown', window.heardKeys[part], true);
window.heardKeys[part] = heard;
document.addEventListener('keydown', heard, true);
"""


def build(
    name: str,
    words: str,
    buttons: Mapping[str, str],
    repeated: Collection[str] = (),
    only: Mapping[str, str] | None = None,
) -> gr.HTML:
    """A line that explains the keys, in HTML, and hears them: `buttons` are element ids by key.

    Keys in `repeated` count again while they are held down; those in `only` count inside of that CSS selector.
    """
    given = {"part": name, "buttons": dict(buttons), "repeated": sorted(repeated), "only": dict(only or {})}
    constants = "".join(f"const {key} = {json.dumps(value)};" for key, value in given.items())
    return gr.HTML(f"<p class='keys'>{words}</p>{STYLE}", js_on_load=constants + HEARD_JS, elem_id=name)

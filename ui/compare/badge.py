"""The badge of an answer that holds personal data."""

import html

STYLE = """<style>
.found { width: fit-content; margin: 6px 0; padding: 4px 10px; border: 1px solid #b45309; border-left-width: 4px;
  border-radius: 6px; background: var(--block-background-fill); font-weight: 600; }
</style>"""


def badge(said: str) -> str:
    """What the detector found in an answer, as a sentence with a sign; nothing where it found nothing."""
    return f"{STYLE}<p class='found' role='status'>⚠ {html.escape(said)}</p>" if said else ""

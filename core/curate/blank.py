"""What counts as no text."""

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_REMOVE = str.maketrans("", "", INVISIBLE)


def is_blank(text: str) -> bool:
    """Whether nothing can be seen: spaces, line ends and zero-width characters only."""
    return not text.translate(_REMOVE).strip()

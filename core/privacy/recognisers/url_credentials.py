"""User name and password in front of the host of a URL: `https://user:password@host`, `redis://:password@host`.

Not found: a user name alone (`ssh://git@host`), passwords holding an unescaped `/`, `?`, `#` or a space, and
placeholders such as `<user>:<password>` or `${USER}:${PASSWORD}`. Tokens in the query (`?token=`) are secrets.
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import URL_CREDENTIALS
from core.privacy.spans import Span

_USERINFO = re.compile(r"""(?<=://)([^\s/?#@:"'<>\[\]]{0,128}+):([^\s/?#"'<>]{1,256})@(?=[\w\[])""")
_PLACEHOLDER = re.compile(r"[$%{(*]|\[[A-Z_0-9]+\]")


def find_url_credentials(text: str) -> Iterator[Span]:
    """The `user:password` of URLs in `text`, without the `@`."""
    if "://" not in text:
        return
    for match in _USERINFO.finditer(text):
        if not _PLACEHOLDER.match(match.group(2)):
            yield Span(match.start(), match.end(2), URL_CREDENTIALS, 0.95, "user and password in a URL")

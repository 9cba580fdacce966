"""Keys that a provider marks with a prefix or another fixed part.

Forms are those that the providers or the public rules of secret scanners (gitleaks, GitHub secret scanning, trufflehog)
describe; where these give one length, some more and fewer characters are allowed, as providers change lengths and keep
prefixes. Every length has an upper bound, so that a hostile text costs linear time.

Not found: keys that are only so many random characters (Datadog, Cloudflare's older keys); they need a name in front.
"""

import re
from collections.abc import Iterator

from core.privacy.kinds import SECRET
from core.privacy.plain import longest_word
from core.privacy.recognisers.secret.keys_cloud import CLOUD_KEYS
from core.privacy.recognisers.secret.keys_models import MODEL_KEYS
from core.privacy.recognisers.secret.keys_tools import TOOL_KEYS
from core.privacy.recognisers.secret.keys_trade import TRADE_KEYS
from core.privacy.spans import Span

SHORTEST_KEY = 18
# `\n` written out, as in JSON within JSON, is not a letter in front of the key.
_BEFORE, _AFTER = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))", r"(?![A-Za-z0-9_-])"

PROVIDER_KEYS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (prefix, provider, re.compile(_BEFORE + "(?:" + form + ")" + _AFTER))
    for prefix, provider, form in (*MODEL_KEYS, *CLOUD_KEYS, *TOOL_KEYS, *TRADE_KEYS)
)


def find_provider_keys(text: str) -> Iterator[Span]:
    """Keys in `text` whose form names the provider."""
    if longest_word(text) < SHORTEST_KEY:
        return
    long_words = " ".join(word for word in text.split() if len(word) >= SHORTEST_KEY)
    for prefix, provider, pattern in PROVIDER_KEYS:
        if prefix in long_words:
            for match in pattern.finditer(text):
                # A form that allows dots takes that of the sentence as well.
                end = match.start() + len(match.group().rstrip("."))
                yield Span(match.start(), end, SECRET, 0.95, f"key of {provider}")

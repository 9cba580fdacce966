"""Batched, streamed, stoppable decoding over any mix of adapters of one loaded model.

`adapters`: which adapter answers which row; `reading`: prompts of unlike lengths; `decoding`: rows that end at
different times; `draws`: how a token is chosen; `products`: matrix products of a few rows. Imports torch: import this
package inside functions.
"""

from core.generate.adapters import BASE, can_mix
from core.generate.answers import Answers, Side, answer, check_context, end_ids, stream
from core.generate.products import quick_products

__all__ = ["BASE", "Answers", "Side", "answer", "can_mix", "check_context", "end_ids", "quick_products", "stream"]

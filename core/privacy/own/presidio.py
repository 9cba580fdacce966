"""Recognisers written for Presidio, plugged in: each by `module:Class`, or `module:function` that returns one.

Only the recogniser itself runs. Those that read what Presidio's language engine prepares (spaCy, Stanza, transformers)
find nothing without it and are left out.
"""

import importlib
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import FunctionType
from typing import Any

from core.privacy import kinds
from core.privacy.spans import Span

SPEC = re.compile(r"[A-Za-z_][\w.]{0,200}:[A-Za-z_]\w{0,100}")
LEAST = 0.3  # of a score; Presidio gives guesses such as "any 9 digits" 0.01 to 0.05 until a context word stands near
# Those of Presidio's LemmaContextAwareEnhancer, which only its engine would run.
CONTEXT_RAISES, LEAST_WITH_CONTEXT = 0.35, 0.4
CONTEXT_BEFORE = 60
OUR_KINDS = {
    "PERSON": kinds.PERSON,
    "EMAIL_ADDRESS": kinds.EMAIL,
    "PHONE_NUMBER": kinds.PHONE,
    "CREDIT_CARD": kinds.CARD,
    "IBAN_CODE": kinds.IBAN,
    "IP_ADDRESS": kinds.IP,
    "MAC_ADDRESS": kinds.MAC,
    "CRYPTO": kinds.CRYPTO,
    "URL": kinds.URL,
    "LOCATION": kinds.CITY,
    "ORGANIZATION": kinds.ORGANISATION,
    "DATE_TIME": kinds.DATE,
    "AGE": kinds.AGE,
    "US_SSN": kinds.SSN,
    "US_BANK_NUMBER": kinds.BANK,
    "ABA_ROUTING_NUMBER": kinds.BANK,
    "US_DRIVER_LICENSE": kinds.LICENSE,
    **dict.fromkeys(("US_PASSPORT", "IT_PASSPORT", "IN_PASSPORT", "UK_PASSPORT"), kinds.PASSPORT),
    **dict.fromkeys(("US_ITIN", "UK_NHS", "UK_NINO", "ES_NIF", "ES_NIE", "IT_FISCAL_CODE"), kinds.NATIONAL_ID),
    **dict.fromkeys(("PL_PESEL", "SG_NRIC_FIN", "AU_TFN", "AU_MEDICARE", "IN_PAN", "IN_AADHAAR"), kinds.NATIONAL_ID),
    **dict.fromkeys(("FI_PERSONAL_IDENTITY_CODE", "KR_RRN", "TH_TNIN"), kinds.NATIONAL_ID),
}


@dataclass(frozen=True)
class PlugIn:
    """A recogniser in Presidio's form, with the kinds that it can find."""

    name: str
    recogniser: Any = field(repr=False)

    @property
    def entities(self) -> list[str]:
        """The entities that it says it supports, in Presidio's names."""
        return [str(entity) for entity in getattr(self.recogniser, "supported_entities", [])]

    @property
    def kinds(self) -> frozenset[str]:
        """Its entities as kinds."""
        return frozenset(map(kind_of, self.entities))

    def find(self, text: str) -> list[Span]:
        """What it finds in `text`. Raises whatever it raises."""
        results = self.recogniser.analyze(text, self.entities, None) or []
        words = [str(word).lower() for word in getattr(self.recogniser, "context", None) or []]
        spans = [self._span(text, result, words) for result in results]
        return [span for span in spans if span.score >= LEAST and 0 <= span.start < span.end <= len(text)]

    def _span(self, text: str, result: Any, context: list[str]) -> Span:
        start, end, score = int(result.start), int(result.end), float(result.score)
        before = re.findall(r"\w+", text[max(0, start - CONTEXT_BEFORE) : start].lower())
        if context and not set(context).isdisjoint(before):
            score = max(score + CONTEXT_RAISES, LEAST_WITH_CONTEXT)
        return Span(start, end, kind_of(result.entity_type), min(score, 1.0), f"the recogniser {self.name}")


def kind_of(entity: Any) -> str:
    """Our kind for an entity of Presidio, or its own name in capitals where there is none."""
    name = re.sub(r"\W+", "_", str(entity)).upper()[:40]
    return OUR_KINDS.get(name, name)


def load(specs: Iterable[str]) -> tuple[list[PlugIn], list[str]]:
    """The recognisers of these names, and a sentence for each that cannot be used."""
    found: list[PlugIn] = []
    notes: list[str] = []
    for spec in specs:
        made = _made(spec)
        if isinstance(made, str):
            notes.append(made)
        else:
            found += made
    return found, notes


@lru_cache(maxsize=32)
def _made(spec: str) -> Sequence[PlugIn] | str:
    """The recognisers that a name stands for, made once in a process, or the reason why there are none."""
    module, _, name = spec.partition(":")
    try:
        named = getattr(importlib.import_module(module), name, None)
        if callable(named) and not isinstance(named, type | FunctionType):
            return f"The recogniser {spec} is left out: “{name}” is neither a class nor a function written in Python."
        made = named() if callable(named) else named
    except ModuleNotFoundError as error:
        return f"The recogniser {spec} is left out: {_missing(str(error.name))}"
    except Exception as error:  # it is code of the user; its message is not ours to show
        return f"The recogniser {spec} is left out: it broke when it was made ({type(error).__name__})."
    if named is None:
        return f"The recogniser {spec} is left out: {module} could be read, but there is no “{name}” in it."
    _keep_offline()
    many = list(made) if isinstance(made, list | tuple) else [made]
    if reason := next(filter(None, map(_unusable, many)), ""):
        return f"The recogniser {spec} is left out: {reason}"
    return [PlugIn(type(one).__name__, one) for one in many]


def _missing(module: str) -> str:
    if module.partition(".")[0] == "presidio_analyzer":
        return "Presidio is not installed (pip install presidio-analyzer)."
    return f"Python does not find {module[:60]}. Install it, or name its folder in PYTHONPATH."


def _unusable(made: Any) -> str:
    if not callable(getattr(made, "analyze", None)):
        return "it has no analyze(text, entities, nlp_artifacts)."
    if any(base.__name__ == "SpacyRecognizer" for base in type(made).__mro__):
        return "it needs Presidio's language engine, which does not run here; names are found without it."
    return ""


def _keep_offline() -> None:
    """Presidio's e-mail recogniser would fetch a list of domains from the network; the one in its package will do."""
    if extract := sys.modules.get("tldextract.tldextract"):
        extract.TLD_EXTRACTOR = extract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # type: ignore[attr-defined]

"""What a version's personal data was before it was masked: what no answer of a model may say."""

import polars as pl

from core.actions.mask.report import masking_of
from core.actions.mask.reviewed import to_mask
from core.errors import LabError
from core.mask.choices import KEEP
from core.mask.written import written
from core.workspace import Workspace

SHORTEST = 4  # characters; of shorter values nearly every text holds one


def masked_values(workspace: Workspace, version_id: str) -> tuple[list[tuple[str, str]], str]:
    """Kind and text of every value that was masked on the way to a version, each once; and why there are none, if so.

    They are read from the version before the masking and from what was decided there, and are kept nowhere.
    """
    version = masking_of(workspace, version_id)
    if version is None or version.parent is None:
        return [], "Nothing was masked in this version."
    kept = [kind for kind, choice in (version.settings.get("choices") or {}).items() if choice == KEEP]
    try:
        places = to_mask(workspace, version.parent, kept)
        texts = written(workspace.versions.load(version.parent), places)
    except LabError as error:
        return [], f"The masked values are not known any more: {error}"
    values = pl.DataFrame({"kind": places["kind"], "text": texts}).unique(maintain_order=True)
    return [(kind, text) for kind, text in values.iter_rows() if len(text.strip()) >= SHORTEST], ""

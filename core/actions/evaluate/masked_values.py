"""What a version's personal data was before it was masked: what no answer of a model may say."""

import polars as pl

from core.actions.mask.report import STAGE
from core.actions.mask.reviewed import to_mask
from core.errors import LabError
from core.lineage import ancestors, parents_of
from core.mask.choices import KEEP
from core.mask.written import written
from core.workspace import Version, Workspace

GONE = "Whether anything was masked in {0} or before it is not known any more: {0} was deleted."
UNKNOWN = "The values masked in {} are not known any more: {}"


def masked_values(workspace: Workspace, version_id: str) -> tuple[list[tuple[str, str]], str]:
    """Kind and text of every value that was masked on the way to a version, each once; and why some are not known.

    They are read from the versions before each masking and from what was decided there, and are kept nowhere. The
    reason is empty where all are known.

    Raises:
        NotFound: there is no such version.
    """
    line = ancestors(workspace, version_id)
    there = {version.id for version in line}
    found: dict[tuple[str, str], None] = {}
    why: list[str] = []
    for version in line:
        gone = [name for name in parents_of(version) if name not in there]
        if version.stage != STAGE:
            why += [GONE.format(name) for name in gone]
        elif gone:
            why.append(UNKNOWN.format(version.id, f"{gone[0]} was deleted."))
        elif version.parent:
            try:
                found |= dict.fromkeys(_masked_in(workspace, version, version.parent))
            except LabError as error:
                why.append(UNKNOWN.format(version.id, error))
    return list(found), " ".join(why)


def _masked_in(workspace: Workspace, version: Version, parent: str) -> list[tuple[str, str]]:
    """What one masking took away, from the version before it."""
    kept = [kind for kind, choice in (version.settings.get("choices") or {}).items() if choice == KEEP]
    places = to_mask(workspace, parent, kept)
    texts = written(workspace.versions.load(parent), places)
    values = pl.DataFrame({"kind": places["kind"], "text": texts}).unique(maintain_order=True)
    return [(kind, text) for kind, text in values.iter_rows() if text.strip()]

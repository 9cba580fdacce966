"""The lab: where workspaces and models lie, and the bounds of this place."""

import os
import re
import tempfile
from pathlib import Path

from core.errors import LabError
from core.settings import Limits
from core.workspace import Workspace

TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Lab:
    """One per process. At home there is one workspace; on a public Space every visitor has one of his own."""

    def __init__(self, home: Path, limits: Limits) -> None:
        self.home = home
        self.limits = limits
        self.models_folder = Path(os.environ.get("TUNEBENCH_MODELS") or home / "models")

    def workspace(self, visitor: str) -> Workspace:
        """The workspace of this visitor; `visitor` is a random token and only matters on a public Space.

        Raises:
            LabError: the token is missing or malformed.
        """
        if not self.limits.public:
            return Workspace(self.home)
        if not TOKEN.fullmatch(visitor or ""):
            raise LabError("This page has lost its visitor token. Reload the page to get a new workspace.")
        return Workspace(Path(tempfile.gettempdir()) / "tunebench-visitors" / visitor)

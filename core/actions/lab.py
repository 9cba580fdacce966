"""The lab: where workspaces and models lie, the bounds of this place, and what there is one of in a process."""

import os
import re
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from typing import Self

from core.actions.names import NameFinder
from core.compare import Playground
from core.errors import LabError
from core.jobs import Jobs
from core.models import StarterFetch
from core.settings import Limits, limits_here
from core.train.estimate import Estimator
from core.workspace import Workspace, default_home

TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
VISITOR_SECONDS = 24 * 3600


class Lab:
    """One per process. At home there is one workspace; on a public Space every visitor has one of his own."""

    def __init__(self, home: Path, limits: Limits) -> None:
        self.home = home
        self.limits = limits
        self.models_folder = Path(os.environ.get("TUNEBENCH_MODELS") or home / "models")
        self.jobs = Jobs()
        self.playground = Playground()
        self.estimator = Estimator()
        self.starter = StarterFetch(self.models_folder)
        self.names = NameFinder(self.models_folder)

    @classmethod
    def here(cls) -> Self:
        """The lab of this place: `TUNEBENCH_HOME` or the user's data folder, with the bounds that hold here."""
        return cls(default_home(), limits_here())

    def workspace(self, visitor: str) -> Workspace:
        """The workspace of this visitor; `visitor` is a random token and only matters on a public Space.

        Raises:
            LabError: the token is missing or malformed.
        """
        if not self.limits.public:
            return Workspace(self.home)
        if not TOKEN.fullmatch(visitor or ""):
            raise LabError("This page has lost its visitor token. Reload the page to get a new workspace.")
        return Workspace(_visitors() / visitor)

    def visitor(self, known: object) -> str:
        """The token of a visitor whose browser has kept `known`: that, or a new one if it is none; empty at home.

        Visitors of long ago are forgotten.
        """
        if not self.limits.public:
            return ""
        self.forget_old_visitors()
        return known if isinstance(known, str) and TOKEN.fullmatch(known) else secrets.token_urlsafe(24)

    def cache(self) -> Path:
        """A folder for what passes between browser and program, readable by its owner only."""
        folder = self.home / "cache"
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        return folder.resolve()

    def forget_old_visitors(self) -> None:
        """Delete the workspaces of visitors who have written nothing for a day."""
        for folder in _visitors().glob("*"):
            if time.time() - _last_written(folder) > VISITOR_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _visitors() -> Path:
    folder = Path(tempfile.gettempdir()) / "tunebench-visitors"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _last_written(folder: Path) -> float:
    try:
        return max(path.stat().st_mtime for path in [folder, *folder.rglob("*")])
    except FileNotFoundError:  # the visitor is writing right now
        return time.time()

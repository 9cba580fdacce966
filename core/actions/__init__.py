"""What each button does: one file per tab joins stages, jobs and workspace. All of core that ui imports."""

from core.actions.lab import Lab
from core.workspace import Workspace

__all__ = ["Lab", "Workspace"]

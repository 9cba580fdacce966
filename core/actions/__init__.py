"""What each button does: one file per tab joins stages, jobs and workspace. All of core that ui imports."""

from core.actions.lab import Lab

__all__ = ["Lab"]

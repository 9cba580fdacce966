"""Errors that a person at the screen can act on.

    Exception
    └── LabError             a sentence: what was wrong, with which value, and what to do
        ├── FileProblem      a file that cannot be read as examples
        ├── SettingProblem   a setting out of its bounds
        ├── NotFound         a dataset version, run or model that is not there
        └── Busy             something else holds what is needed

Everything else that is raised is a bug, and is shown as one.
"""


class LabError(Exception):
    """A sentence fit for the user's screen. Never carries a value found as personal data."""


class FileProblem(LabError):
    """A file that cannot be read; the sentence names the file and, where known, the row and the column."""


class SettingProblem(LabError):
    """A setting out of its bounds; the sentence names the field, the value and the bounds."""


class NotFound(LabError):
    """A dataset version, run or model that is not there; the sentence names it and what there is instead."""


class Busy(LabError):
    """Something else holds what is needed; the sentence says what, and when to try again."""

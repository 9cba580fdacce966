"""How the parts of the tab tell each other that there is something new to show."""

import time


def another() -> str:
    """Another text than before, for the state whose change the other parts follow."""
    return str(time.time_ns())

"""Who looks on while a dataset is searched, masked or checked: is told how far it is, and may stop it."""

from collections.abc import Callable

from core.errors import LabError

Progress = Callable[[float], None]
Stop = Callable[[], bool]


class Watch:
    """Tells the share done, 0 to 1, and ends the work when asked to, with the sentence `stopped`."""

    def __init__(self, progress: Progress | None, stop: Stop | None, stopped: str) -> None:
        self._progress, self._stop, self._stopped = progress, stop, stopped

    def tell(self, share: float) -> None:
        """Raises `LabError` if the work is to stop."""
        if self._stop and self._stop():
            raise LabError(self._stopped)
        if self._progress:
            self._progress(share)

"""How a number of rows is shared out."""

import numpy as np
import numpy.typing as npt


def quotas(weights: npt.NDArray[np.int64] | npt.NDArray[np.float64], wanted: int) -> list[int]:
    """`wanted` shared out in proportion to the weights, in whole numbers that sum up to it (largest remainders).

    No share is more than one away from the exact one. All shares are 0 where all weights are.
    """
    total = weights.sum()
    if not total:
        return [0] * len(weights)
    exact = weights * (wanted / total)
    floors = np.floor(exact + 1e-9).astype(np.int64)
    missing = wanted - int(floors.sum())
    floors[np.argsort(floors - exact, kind="stable")[:missing]] += 1
    return [int(share) for share in floors]

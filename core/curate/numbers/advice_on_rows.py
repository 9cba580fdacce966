"""Advice on how many rows there are, of what kind and on which side of the split."""

from core.curate.numbers.counts import SCARCE
from core.curate.numbers.known import ALARM, NOTE, Advice, Known, has, percent
from core.words import counted


def few_rows(known: Known) -> Advice | None:
    """Fewer than 50 rows to learn from; OpenAI's guide to fine-tuning saw clear improvements with 50 to 100."""
    rows = known.numbers.learnable
    if rows >= 50:
        return None
    return Advice(
        "few rows",
        ALARM,
        f"There {'is' if rows == 1 else 'are'} {counted(rows, 'row')} to learn from.",
        "From fewer than about 50 a model tends to learn the rows by heart and not the task.",
        "Add rows, even similar ones in other words; or put examples into the prompt in place of tuning.",
    )


def unanswered(known: Known) -> Advice | None:
    """Rows without an answer teach nothing; a tenth of a set is more than a slip."""
    rows, all_rows = known.numbers.unanswered, known.numbers.rows
    if not rows:
        return None
    return Advice(
        "no answer",
        ALARM if rows * 10 >= all_rows else NOTE,
        f"{counted(rows, 'row')} of {all_rows:,} {has(rows)} no answer.",
        "There is nothing in them to learn; training leaves them out.",
        "Leave them out, or look whether another column of the file holds the answer.",
    )


def majority(known: Known) -> Advice | None:
    """All other classes together at 20 % or less, "moderate" imbalance in Google's course on preparing data."""
    classes = known.classes
    if classes is None or classes.rows < 20 or classes.largest_share < 0.8:
        return None
    largest = classes.top[0]
    return Advice(
        "imbalance",
        ALARM,
        f"{percent(largest.rows, classes.rows)} of the rows are “{largest.name}”.",
        "A model that always says so is right that often, and has learned nothing.",
        "Take about as many rows of each class (Select, stratified), and read the results class by class.",
    )


def scarce(known: Known) -> Advice | None:
    """Labels with fewer than `SCARCE` rows."""
    labels = known.numbers.labels
    if not labels.scarce:
        return None
    return Advice(
        "scarce labels",
        NOTE,
        f"{counted(labels.scarce, 'label')} of {labels.distinct:,} {has(labels.scarce)} fewer than {SCARCE} rows; "
        f"the rarest has {labels.smallest:,}.",
        "That is little to learn from, and leaves one row or none to measure with.",
        "Add rows of them, join them to other labels, or leave them out.",
    )


def duplicates(known: Known) -> Advice | None:
    """Copies are 1 % of the set, or 10 %; C4's 3 % made models learn texts by heart (arXiv 2107.06499)."""
    rows, all_rows = known.duplicates, known.numbers.rows
    if rows * 100 < all_rows or not rows:
        return None
    return Advice(
        "duplicates",
        ALARM if rows * 10 >= all_rows else NOTE,
        f"{counted(rows, 'row')} ({percent(rows, all_rows)}) say{'s' if rows == 1 else ''} what another row says.",
        "They count twice in training; where one of a pair is held out, they make the result look better than it is.",
        "Leave the copies out on the board.",
    )


def held_out(known: Known) -> Advice | None:
    """Fewer than 30 held-out rows: a share measured on n rows is certain to 1.96·sqrt(0.25/n), 18 points for 30."""
    rows = known.numbers.held_out
    if rows >= 30:
        return None
    if not known.numbers.train + rows:
        return Advice(
            "not split",
            NOTE,
            "No rows are held out yet.",
            "Without them nobody can say whether the tuned model is better or knows the rows by heart.",
            "Hold some out when you save.",
        )
    points = f"by ±{min(50, round(98 / rows**0.5))} points" if rows else "by any amount"
    return Advice(
        "few held-out rows",
        ALARM,
        f"{counted(rows, 'row')} {'is' if rows == 1 else 'are'} held out.",
        f"A share measured on so few is uncertain {points}.",
        "Hold out 30 rows or more.",
    )


def length_bias(known: Known) -> Advice | None:
    """The better answer is the longer one in 75 % of 30 pairs or more (Park et al. 2024, arXiv 2403.19159)."""
    pairs, longer = known.numbers.pairs, known.numbers.chosen_longer
    if pairs < 30 or longer * 4 < pairs * 3:
        return None
    return Advice(
        "longer is better",
        NOTE,
        f"In {percent(longer, pairs)} of the pairs the better answer is the longer one.",
        "Training on preferences then learns to write more, not better.",
        "Add pairs in which the shorter answer is the better one.",
    )

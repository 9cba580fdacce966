"""The win rate: values worked out elsewhere, ties and bad pairs, coverage, and how many votes are missing."""

from math import comb

import pytest

from core.preferences.win_rate import LEAST_VOTES, WinRate, position_sentence, rate_of, wilson

# Wilson 1927 without continuity correction, as R's binom.confint(k, n, methods = "wilson") and Newcombe 1998,
# Statistics in Medicine 17, table I, give it.
KNOWN = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
    (7, 10, 0.3968, 0.8922),
]


@pytest.mark.parametrize(("wins", "votes", "low", "high"), KNOWN)
def test_the_interval_is_wilsons(wins: int, votes: int, low: float, high: float):
    assert WinRate(wins, votes - wins).interval == pytest.approx((low, high), abs=5e-5)


def test_the_other_side_sees_the_same_interval_from_its_end():
    low, high = WinRate(12, 3, ties=5).interval
    assert WinRate(3, 12, ties=5).interval == pytest.approx((1 - high, 1 - low))


def test_a_tie_is_half_a_win_and_two_bad_answers_are_no_vote_at_all():
    rate = rate_of(["win", "win", "tie", "tie", "loss", "both bad", "both bad"])
    assert (rate.wins, rate.losses, rate.ties, rate.both_bad, rate.votes) == (2, 1, 2, 2, 5)
    assert rate.rate == pytest.approx(3 / 5)
    assert rate.interval == wilson(3 / 5, 5)
    assert "Both were bad 2 times, counted apart." in rate.sentence("Tuned", "Base")


def chance(votes: int, wins: int, win: float) -> float:
    return comb(votes, wins) * win**wins * (1 - win) ** (votes - wins)


def test_the_interval_holds_the_true_rate_in_about_95_of_100_cases():
    covered = []
    for votes in (10, 20, 50, 100):
        for percent in range(50, 91, 5):
            true = percent / 100
            rates = [WinRate(wins, votes - wins) for wins in range(votes + 1)]
            inside = [rate.interval[0] <= true <= rate.interval[1] for rate in rates]
            covered.append(sum(chance(votes, wins, true) for wins, held in enumerate(inside) if held))
    assert min(covered) > 0.92
    assert max(covered) < 0.99
    assert sum(covered) / len(covered) == pytest.approx(0.95, abs=0.01)


def test_with_ties_the_interval_is_wider_than_it_need_be_never_narrower():
    votes, win, tie = 40, 0.4, 0.3
    held = 0.0
    for wins in range(votes + 1):
        for ties in range(votes - wins + 1):
            low, high = WinRate(wins, votes - wins - ties, ties).interval
            weight = comb(votes, wins) * comb(votes - wins, ties) * win**wins * tie**ties
            held += weight * (1 - win - tie) ** (votes - wins - ties) * (low <= win + tie / 2 <= high)
    assert 0.96 < held < 0.99


def test_votes_on_until_sure_sees_a_difference_of_equal_sides_as_often_as_the_docstring_says():
    open_cases, seen = {0: 1.0}, 0.0
    for votes in range(1, 101):
        after: dict[int, float] = {}
        for wins, weight in open_cases.items():
            for more in (0, 1):
                after[wins + more] = after.get(wins + more, 0) + weight / 2
        sure = {wins for wins in after if WinRate(wins, votes - wins).is_sure}
        seen += sum(after.pop(wins) for wins in sure)
        open_cases = after
    assert seen == pytest.approx(0.29, abs=0.005)


@pytest.mark.parametrize(
    ("rate", "missing"),
    [
        (WinRate(7, 3), 15),  # 25 votes at 70 %: (1.96 / 0.4)² = 24.01
        (WinRate(5, 4, ties=1), 375),  # 385 at 55 %: (1.96 / 0.1)² = 384.1
        (WinRate(4, 0), LEAST_VOTES - 4),
        (WinRate(9, 1), 0),
        (WinRate(5, 5), None),
        (WinRate(0, 0, ties=12), None),
        (WinRate(0, 0, both_bad=3), None),
    ],
)
def test_so_many_more_votes_at_this_rate_make_it_sure(rate: WinRate, missing: int | None):
    assert rate.votes_missing == missing
    if missing and rate.votes + missing > LEAST_VOTES:
        assert leaves_half(rate.rate, rate.votes + missing)
        assert not leaves_half(rate.rate, rate.votes + missing - 1)


def leaves_half(rate: float, votes: int) -> bool:
    low, high = wilson(rate, votes)
    return not low <= 0.5 <= high


def test_what_is_said_fits_the_counts():
    assert WinRate(0, 0).sentence("Tuned", "Base") == "No vote compares Tuned and Base yet."
    assert "1 win, 1 tie, 0 losses" in WinRate(1, 0, 1).sentence("Tuned", "Base")
    assert "At 50% no number of votes" in WinRate(5, 5).sentence("Tuned", "Base")
    assert "About 15 more votes at this rate" in WinRate(7, 3).sentence("Tuned", "Base")
    assert "fewer than 10 in all" in WinRate(4, 1).sentence("Tuned", "Base")
    assert "fewer than" not in WinRate(7, 3).sentence("Tuned", "Base")
    assert "more than 10,000 votes" in WinRate(501, 500).sentence("Tuned", "Base")
    assert "Tuned is better in these prompts" in WinRate(18, 2).sentence("Tuned", "Base")
    assert "Base is better in these prompts" in WinRate(2, 18).sentence("Tuned", "Base")


def test_a_liking_for_the_first_place_is_said_only_when_it_is_sure():
    assert position_sentence(0, 0) == ""
    assert "favour" not in position_sentence(6, 4)
    assert "you favour A, the first one read" in position_sentence(18, 2)
    assert "you favour B, the last one read" in position_sentence(2, 18)

"""Votes on answers whose sides are hidden, the win rate that follows from them, and rows for preference training."""

from core.preferences.blind import Pair, Question, pairs_of, questions, shown
from core.preferences.prompt_sets import About, AnsweredPrompt, Contender, Given, PromptSet, PromptSets, State, now
from core.preferences.tally import Standing, known_before, position_bias, standings
from core.preferences.votes import Preferences, Shown, Verdict, Vote, Votes, all_votes, new_id, to_preferences
from core.preferences.win_rate import LEAST_VOTES, METHOD, WinRate, position_sentence, rate_of, wilson

__all__ = [
    "LEAST_VOTES",
    "METHOD",
    "About",
    "AnsweredPrompt",
    "Contender",
    "Given",
    "Pair",
    "Preferences",
    "PromptSet",
    "PromptSets",
    "Question",
    "Shown",
    "Standing",
    "State",
    "Verdict",
    "Vote",
    "Votes",
    "WinRate",
    "all_votes",
    "known_before",
    "new_id",
    "now",
    "pairs_of",
    "position_bias",
    "position_sentence",
    "questions",
    "rate_of",
    "shown",
    "standings",
    "to_preferences",
    "wilson",
]

"""Blind votes for callers of the API: a question is named by its ticket, as the answers give it."""

from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions import answers as sets
from core.actions import blind as actions
from ui.common import Page


def build(page: Page) -> None:
    """Register the endpoints; nothing of them is shown."""

    def prompt_sets(workspace: Workspace) -> list[dict[str, str]]:
        """The prompt sets that have answers, newest first: label and id."""
        return [{"label": label, "id": set_id} for label, set_id in sets.sets(workspace)]

    def blind_question(workspace: Workspace, prompt_set: str, pair: str = actions.EVERY) -> dict[str, Any]:
        """The next question of a set without a vote: ticket, chat, answers a and b; or `done` and why there is none.
        `pair` is “every”, or the numbers of two sides like 1-3."""
        return actions.ask_as_dict(workspace, prompt_set, pair)

    def vote(
        workspace: Workspace, prompt_set: str, ticket: str, verdict: str, comment: str = "", edited: str = ""
    ) -> str:
        """Vote on a question: A, B, tie or both bad, with a comment and what the answer should have been. Returns who
        was who."""
        return actions.vote(workspace, prompt_set, ticket, verdict, comment, edited)

    def undo_vote(workspace: Workspace, prompt_set: str) -> str:
        """Take back the last vote on a set."""
        return actions.undo(workspace, prompt_set)

    def win_rates(workspace: Workspace, prompt_set: str) -> dict[str, Any]:
        """How the sides of a set stand: counts, rate, 95% interval and a sentence for each pair, and notes."""
        return actions.standing_as_dict(workspace, prompt_set)

    def votes_to_dataset(workspace: Workspace, prompt_set: str) -> tuple[str, str]:
        """Save the votes on a set as a dataset version with better and worse answers: its id and a sentence."""
        return actions.save(workspace, prompt_set)

    handler, said, found = page.handler, _text("Said"), gr.JSON(visible=False)
    prompt_set = _text("Prompt set")
    pair, ticket, verdict = _text("Pair", actions.EVERY), _text("Ticket"), _text("Verdict")
    texts = [_text("Comment"), _text("What it should have said")]
    own = [page.visitor, prompt_set]
    prompt_set.submit(handler(prompt_sets), [page.visitor], found, api_name="prompt_sets")
    prompt_set.submit(handler(blind_question), [*own, pair], found, api_name="blind_question")
    ticket.submit(handler(vote), [*own, ticket, verdict, *texts], said, api_name="vote")
    prompt_set.submit(handler(undo_vote), own, said, api_name="undo_vote")
    prompt_set.submit(handler(win_rates), own, found, api_name="win_rates")
    prompt_set.submit(handler(votes_to_dataset), own, [_text("Version"), said], api_name="votes_to_dataset")


def _text(label: str, value: str = "") -> gr.Textbox:
    return gr.Textbox(value, label=label, visible=False)

"""A run under examination: its two sides answer, read and differ as plain transformers code says they do."""

import numpy as np
import pytest
import torch

from core.errors import NotFound
from core.evaluate import Stopped, Watch
from core.evaluate.subject import Subject
from core.format import IGNORED
from core.records import Example, Message
from core.workspace import Run, Workspace

PROMPTS = ["Where is my parcel?", "My card was charged twice.", "Thank you."]
CHATS = [[Message("user", prompt)] for prompt in PROMPTS]


@pytest.fixture(scope="module")
def subject(taught_run: Run) -> Subject:
    return Subject.open(taught_run)


def taught(count: int) -> list[Example]:
    labels = ["track", "refund"]
    return [Example(f"r{row}", row, (*CHATS[row % 2], Message("assistant", labels[row % 2]))) for row in range(count)]


def test_answers_of_a_batch_are_those_of_plain_transformers_one_by_one(subject: Subject):
    for side in ("base", "tuned"):
        given = subject.answers(side, CHATS, 8)
        for chat, answer in zip(CHATS, given, strict=True):
            assert answer.text == plain_answer(subject, side, chat)
    assert subject.answers("tuned", CHATS, 8)[0].text.startswith("track")
    assert not subject.answers("base", CHATS, 8)[0].text.startswith("track")


def test_what_reading_shows_to_be_the_answer_is_not_decoded(fully_taught_run: Run, monkeypatch: pytest.MonkeyPatch):
    decoded, subject = Subject.open(fully_taught_run), Subject.open(fully_taught_run)
    most = 9  # of no other test: nothing is in the book yet
    rows = subject.rendered("tuned", taught(2))
    shown = subject.read("tuned", rows)
    assert all(each.likeliest.all() for each in shown)
    subject.remember("tuned", rows, shown, most)
    written = decoded.answers("tuned", CHATS[:2], most)
    monkeypatch.setattr(subject, "_answer", None)
    assert subject.answers("tuned", CHATS[:2], most) == written

    subject.remember("base", rows, subject.read("base", rows), most)
    with pytest.raises(TypeError):
        subject.answers("base", CHATS[:2], most)


def test_a_fully_tuned_model_answers_beside_its_base_model(fully_taught_run: Run):
    subject = Subject.open(fully_taught_run)
    assert [(each.text, each.finished) for each in subject.answers("tuned", CHATS[:2], 8)] == [
        ("track", True),
        ("refund", True),
    ]
    assert [each.text for each in subject.answers("base", CHATS[:2], 8)] != ["track", "refund"]


def plain_answer(subject: Subject, side: str, chat: list[Message]) -> str:
    tokenizer = subject.tokenizers["base"]
    inputs = tokenizer.apply_chat_template(
        [message.as_dict() for message in chat], add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    model = subject.model
    model.set_adapter(subject.run.id)
    if side == "base":
        with model.disable_adapter():
            out = model.generate(**inputs, max_new_tokens=8, do_sample=False)
    else:
        out = model.generate(**inputs, max_new_tokens=8, do_sample=False)
    return tokenizer.decode(out[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True).strip()


def test_losses_are_those_of_the_models_own_labels(subject: Subject):
    examples = taught(4)
    for side in ("base", "tuned"):
        read = subject.rendered(side, examples)
        found = subject.losses(side, read)
        for row, losses in zip(read, found, strict=True):
            assert len(losses) == row.trained
            assert losses.mean() == pytest.approx(plain_loss(subject, side, row), abs=1e-4)
    assert subject.losses("tuned", read)[0].mean() < subject.losses("base", read)[0].mean()


def plain_loss(subject: Subject, side: str, row) -> float:
    ids, labels = torch.tensor([row.ids]), torch.tensor([row.labels])
    with subject._as(side), torch.no_grad():
        return float(subject.model(input_ids=ids, labels=labels).loss)


def test_a_row_without_labels_has_no_losses_and_no_drift(subject: Subject):
    silent = subject.rendered("base", [Example("a", 1, (Message("user", "Hello"),))])
    assert all(label == IGNORED for label in silent[0].labels)
    assert [len(losses) for losses in subject.losses("base", silent)] == [0]
    assert subject.drift(silent) == [None]


def test_a_taught_label_is_likelier_and_likelihoods_are_sums_of_losses(subject: Subject):
    (base,), (tuned,) = (subject.likelihoods(side, [(CHATS[0], ["track", "refund"])]) for side in ("base", "tuned"))
    assert tuned[0].total > tuned[1].total
    assert tuned[0].total > base[0].total
    (row,) = subject.rendered("tuned", [Example("a", 1, (*CHATS[0], Message("assistant", "track")))])
    assert -tuned[0].total == pytest.approx(float(subject.losses("tuned", [row])[0].sum()), abs=1e-3)


def test_several_questions_are_read_together_as_each_alone(subject: Subject):
    asked = [(chat, options) for chat in CHATS for options in (["track", "refund"], ["track the parcel"])]
    together = subject.likelihoods("tuned", asked)
    for question, found in zip(asked, together, strict=True):
        (alone,) = subject.likelihoods("tuned", [question])
        assert [each.total for each in found] == pytest.approx([each.total for each in alone], abs=1e-3)
        assert [each.tokens for each in found] == [each.tokens for each in alone]


def test_what_cannot_be_packed_is_read_question_by_question(subject: Subject, monkeypatch: pytest.MonkeyPatch):
    asked = [(chat, ["track", "refund"]) for chat in CHATS]
    as_packed = subject.likelihoods("base", asked)
    monkeypatch.setattr(Subject, "_packs", lambda *_: False)
    padded = subject.likelihoods("base", asked)
    for one, other in zip(as_packed, padded, strict=True):
        assert [each.total for each in one] == pytest.approx([each.total for each in other], abs=1e-3)


def test_drift_is_the_divergence_of_the_two_distributions(subject: Subject):
    (row,) = subject.rendered("base", [Example("a", 1, (*CHATS[0], Message("assistant", "track")))])
    (moved,) = subject.drift([row])
    both = []
    for side in ("base", "tuned"):
        with subject._as(side), torch.no_grad():
            logits = subject.model(input_ids=torch.tensor([row.ids])).logits[0]
        both.append(torch.log_softmax(logits.double(), -1).numpy())
    learned = [place - 1 for place, label in enumerate(row.labels) if label != IGNORED]
    kl = np.mean([(np.exp(both[0][place]) * (both[0][place] - both[1][place])).sum() for place in learned])
    assert moved.kl == pytest.approx(kl, rel=1e-3)
    assert moved.tokens == len(learned)
    assert moved.tuned_loss < moved.base_loss


def test_an_answer_that_was_given_is_not_asked_again(
    subject: Subject, taught_run: Run, monkeypatch: pytest.MonkeyPatch
):
    first = subject.answers("tuned", CHATS, 8)
    monkeypatch.setattr(Subject, "_answer", None)  # asking would break
    assert Subject.open(taught_run).answers("tuned", CHATS, 8) == first


def test_stop_ends_it_and_keeps_what_was_done(taught_run: Run):
    watch = Watch()
    subject = Subject.open(taught_run, watch)
    watch.stop.set()
    with pytest.raises(Stopped, match="kept"):
        subject.answers("tuned", [[Message("user", "Something new?")]], 8)
    watch.stop.clear()
    assert subject.answers("tuned", CHATS, 8)[0].text.startswith("track")


def test_a_prompt_beyond_the_context_gets_no_answer(subject: Subject):
    given = subject.answers("base", [[Message("user", "parcel " * 2000)], CHATS[0]], 8)
    assert (given[0].text, given[0].tokens, given[0].finished) == ("", 0, False)
    assert given[1].tokens > 0


def test_a_run_without_a_result_is_refused(taught_run: Run, workspace: Workspace):
    recipe = taught_run.recipe
    with pytest.raises(NotFound, match="no result"):
        Subject.open(workspace.new_run("empty", recipe))

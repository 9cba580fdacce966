"""The page as a public Space serves it, called by visitors who mean well and by those who do not."""

import json
import re
import stat
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from core.actions.train import running
from core.workspace import FINISHED

# What a stranger can call, under a name or by its number: `api_visibility` hides, but does not protect. Nothing here
# deletes what is not the caller's own, names a path or a model outside of the short list, changes what others see, or
# sends anything away.
REVIEWED = {
    "js_fn",  # Gradio's own: a script of the page itself, which calls nothing
    *("token", "first", "refresh", "retry_starter", "starter_status"),
    *("load_sample", "load_file", "first_rows", "begin_reading", "say_again", "ready_again", "end_reading"),
    *("say_why", "ask_to_delete", "delete_version", "delete_asked", "withdraw"),
    *("stop_reading", "_ready", "form", "apply_mapping", "show_mapping", "show", "newest", "show_known"),
    *("tell", "open_tab"),
    *("board", "show_again", "scan_version", "choose", "decide", "set_threshold", "undo", "redo", "save_curated"),
    *("add_benchmark", "remove_benchmark", "listed"),
    *(
        "rows",
        "previous",
        "following",
        "row",
        "read_row",
        "forget_row",
        "clicked",
        "decide_row",
    ),
    *("turn_text", "edit_row", "add_row", "tag_rows", "untag_rows"),
    *("set_numbers", "count_tokens", "prompt_map", "drawing", "known", "read"),
    *("select_rows", "score_ifd", "stop_ifd", "instruct", "mix", "offer", "show_preview"),
    *("version_tree", "difference", "data_card", "save_card", "export_dataset", "recipe", "replay_recipe"),
    *("chosen", "turn"),
    *("scan_personal_data", "stop_search", "follow", "fetch_name_finder", "findings", "save_masked", "stop_masking"),
    "lambda",
    *("review_groups", "review_places", "review_row", "review_decide", "review_change_kind", "review_add_span"),
    *("review_undo", "review_redo", "review_always", "mask_rules", "save_mask_rules", "try_mask_rules"),
    *("always", "another", "begin", "change", "choose_all", "click", "collect", "followed", "look_again", "mark"),
    *("move", "opened", "pick", "renewed", "show_personal_data"),
    *("leftovers", "not_personal", "say", "renew", "recall", "ask", "look", "look_on"),
    *(
        "versions",
        "plan",
        "show_plan",
        "estimate",
        "show_estimate",
        "take",
        "show_buttons",
        "start_training",
        "runs",
        "stop_training",
    ),
    *("seen_row", "seen_lengths", "show_row", "show_next", "show_previous", "show_lengths", "take_few", "take_none"),
    *("training_recipe", "recipe_of_run", "load_training_recipe", "open_recipe", "save_recipe"),
    *("fill", "show_refused", "mark_choices"),
    *("start_sweep", "pause_training", "resume_training", "choices", "overlay", "compare_runs", "apply", "zip_model"),
    *("show_run", "follow_run", "run_status"),
    *("make_report", "stop_report", "read_report"),
    *("chat", "send_prompt", "stop_chat", "new_chat", "settle", "arrange", "_difference"),
    *("held_out_prompts", "download_adapter", "show_runs"),
    *("sources", "ask_prompt_set", "stop_prompt_set", "prompt_sets", "prompt_set_answers"),
    *("cast", "take_back", "make_dataset", "blind_question", "vote", "undo_vote", "win_rates", "votes_to_dataset"),
}


EVERY_ROW = ["", "all rows", "any decision", "row", False, "", ""]  # what the search and filter boxes hold


@pytest.fixture(scope="module")
def space(serve: Any) -> Iterator[Any]:
    with serve(space=True) as served:
        yield served


@pytest.fixture
def visit(space: Any) -> Any:
    """A visitor who calls from a program, in a session of his own."""
    return lambda: Client(space.url, verbose=False)


@pytest.fixture
def visitor(visit: Any) -> Client:
    return visit()


def load(visitor: Client) -> str:
    return visitor.predict("marketing_emails.jsonl", api_name="/load_sample")[0]


def call(space: Any, api_name: str, data: list[Any], session: Any) -> tuple[int, str]:
    """A call by number, as anybody can make it; a state in `data` is what the caller claims it to be."""
    config = json.loads(urllib.request.urlopen(space.url + "/config").read())
    number = next(one["id"] for one in config["dependencies"] if one["api_name"] == api_name)
    body = json.dumps({"fn_index": number, "data": data, "session_hash": session}).encode()
    asked = urllib.request.Request(space.url + "/gradio_api/run/predict", body, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_what_can_be_called_on_a_space_is_reviewed(space: Any):
    config = json.loads(urllib.request.urlopen(space.url + "/config").read())
    names = {re.sub(r"_\d+$", "", one["api_name"]) for one in config["dependencies"]}
    assert names == REVIEWED


def test_a_visitor_does_not_see_what_another_has(visit: Any):
    one, other = visit(), visit()
    version = load(one)
    for api_name in ("/rows", "/board", "/findings", "/save_curated", "/save_masked", "/start_training"):
        with pytest.raises(AppError, match=f"There is no dataset version “{version}”. Saved versions: none yet"):
            other.predict(version, api_name=api_name)


def test_a_visitor_deletes_his_own_versions_only(visit: Any):
    one, other = visit(), visit()
    version = load(one)
    with pytest.raises(AppError, match=f"There is no dataset version “{version}”. Saved versions: none yet"):
        other.predict(version, True, api_name="/delete_version")
    child = other.predict(load(other), held_out=0, api_name="/save_curated")[0]
    with pytest.raises(AppError, match=f"{version} is kept: {child} was made from it"):
        other.predict(version, True, api_name="/delete_version")
    said = f"{child} was deleted, with all that was found and decided in it."
    assert other.predict(child, True, api_name="/delete_version") == (version, said)
    with pytest.raises(AppError, match=f"The dataset version “{child}” was deleted"):
        other.predict(child, api_name="/rows")
    assert other.predict(version, True, api_name="/delete_version")[0] is None
    assert one.predict(version, api_name="/board")["sentence"] == "17 of 17 rows will be kept."


def test_a_visitors_files_are_his_own_and_not_served(space: Any, visitor: Client):
    load(visitor)
    folder = space.lab.workspace(visitor.session_hash).root
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    for path in (folder / "datasets/marketing_emails/v1/manifest.json", folder.parent, space.lab.home):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{space.url}/gradio_api/file={path}")
    assert not (space.lab.home / "datasets").exists()


@pytest.mark.parametrize("session", [None, "", "short", "../../../../etc", "a/b/c/d/e/f", "x" * 65])
def test_a_caller_without_a_session_of_the_right_form_has_no_workspace(space: Any, session: Any):
    status, said = call(space, "rows", [None, "x/v1", 1, *EVERY_ROW], session)
    assert (status, "lost its visitor token" in said) == (500, True)


def test_a_token_cannot_be_claimed(space: Any, visitor: Client):
    """The token is a state of the session: what a caller sends in its place is not looked at."""
    version = load(visitor)
    _, said = call(space, "rows", [visitor.session_hash, version, 1, *EVERY_ROW], "another-session")
    assert "There is no dataset version" in said


@pytest.mark.parametrize("kept", [None, "", "short", "../../x", ["a"], {"a": 1}, 5])
def test_a_browser_that_kept_no_token_gets_a_new_one(space: Any, kept: Any):
    _, said = call(space, "token", [kept], "some-session")
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", json.loads(said)["data"][0])


def test_a_browser_that_kept_a_token_keeps_it(space: Any):
    _, said = call(space, "token", ["kept-token-of-a-visitor"], "some-session")
    assert json.loads(said)["data"][0] == "kept-token-of-a-visitor"


@pytest.mark.parametrize("model", ["/etc/passwd", "../..", "~", "owner/model", "", None])
def test_only_models_of_the_short_list_are_chosen(visitor: Client, model: Any):
    version = load(visitor)
    with pytest.raises(AppError, match=r"cannot be chosen on this public page|Base model is None"):
        visitor.predict(version, model=model, api_name="/start_training")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"batch_size": "9"}, "Batch size is 9; this place takes at most 8."),
        ({"max_tokens": "1024"}, "Longest row (tokens) is 1,024; this place takes at most 512."),
        ({"lora_r": "65"}, "LoRA rank is 65; this place takes at most 64."),
        ({"evaluations": "11"}, "Evaluations is 11; this place takes at most 10."),
    ],
)
def test_a_run_is_bounded(visitor: Client, values: dict[str, str], sentence: str):
    with pytest.raises(AppError, match=re.escape(sentence)):
        visitor.predict(load(visitor), **values, api_name="/start_training")


def test_an_answer_is_bounded(visitor: Client):
    with pytest.raises(AppError, match=r"Longest answer \(tokens\) is 257; this place takes at most 256"):
        visitor.predict("any", "Hello", max_new_tokens=257, api_name="/chat")


def test_steps_are_bounded_and_the_plan_says_so(visitor: Client):
    version = load(visitor)
    said = visitor.predict(version, epochs="100", api_name="/plan")
    assert "**60 steps**" in said
    assert "Every run ends after 60 steps here" in said
    assert "Every run ends" not in visitor.predict(version, epochs="1", api_name="/plan")


def upload(visitor: Client, path: Path, data: bytes) -> Any:
    path.write_bytes(data)
    return visitor.predict(handle_file(str(path)), api_name="/load_file")


def test_rows_are_bounded(visitor: Client, tmp_path: Path):
    assert "2,000 rows were read" in upload(visitor, tmp_path / "a.csv", b"prompt,answer\n" + b"a,b\n" * 2000)[1]
    with pytest.raises(AppError, match="has more than 2,000 rows, the most that this place takes"):
        upload(visitor, tmp_path / "b.csv", b"prompt,answer\n" + b"a,b\n" * 2001)


def test_uploads_are_bounded(space: Any, visitor: Client, tmp_path: Path):
    with pytest.raises(AppError, match=r"has 5\.1 MB; this place takes at most 5 MB"):
        upload(visitor, tmp_path / "a.csv", b"prompt,answer\n" + b"a" * 5_100_000)
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
    form = {"content-type": "multipart/form-data; boundary=x"}
    large = urllib.request.Request(f"{space.url}/gradio_api/upload", head + b"a" * 6_000_000 + b"\r\n--x--\r\n", form)
    with pytest.raises(urllib.error.HTTPError, match="413"):
        urllib.request.urlopen(large)


def test_a_parquet_file_is_refused_for_what_it_may_unpack_to(visitor: Client, tmp_path: Path):
    with pytest.raises(AppError, match="a small Parquet file can unpack to more"):
        upload(visitor, tmp_path / "a.parquet", b"PAR1")


def wait_for(visitor: Client, run: str, states: tuple[str, ...]) -> dict[str, Any]:
    end = time.monotonic() + 60
    while (status := visitor.predict(run, api_name="/run_status"))["state"] not in states:
        assert time.monotonic() < end, status
        time.sleep(0.1)
    return status


def test_one_run_at_a_time_and_those_who_wait_are_told(space: Any, visit: Any, monkeypatch: pytest.MonkeyPatch):
    begun, may_end = threading.Event(), threading.Event()
    really = running.train_run

    def held_up(folder: Path) -> None:
        begun.set()
        may_end.wait(60)
        really(folder)

    monkeypatch.setattr(running, "train_run", held_up)
    one, two, three = visit(), visit(), visit()
    started = [each.predict(load(each), max_steps="1", api_name="/start_training") for each in (one, two, three)]
    assert begun.wait(60)
    told = [wait_for(each, run, ("queued",))["reason"] for each, run in zip((one, two, three), started, strict=True)]
    assert told == ["", "1 run is before this one.", "2 runs are before this one."]

    with pytest.raises(AppError, match=f"Your run {started[1]} is queued, and there is one at a time"):
        two.predict(load(two), api_name="/start_training")
    with pytest.raises(AppError, match="There is no run"):
        one.predict(started[1], api_name="/stop_training")
    three.predict(started[2], api_name="/stop_training")
    may_end.set()
    ended = [wait_for(each, run, FINISHED)["state"] for each, run in zip((one, two, three), started, strict=True)]
    assert ended == ["done", "done", "stopped"]
    for api_name in ("/run_status", "/download_adapter", "/held_out_prompts"):
        with pytest.raises(AppError, match="There is no run"):
            one.predict(started[1], api_name=api_name)
    with pytest.raises(AppError, match="There is no run"):
        one.predict(started[1], "Hello", api_name="/chat")

"""The page's endpoints, called as a program does: each wrong input gets a sentence, and nothing saved is lost.

The page runs at home, and its models are tiny; what core says in each case is tested with core.
"""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

ENDPOINTS = {
    *("starter_status", "retry_starter"),
    *("load_sample", "load_file", "load_path", "stop_reading", "apply_mapping", "delete_version"),
    *("board", "decide", "set_threshold", "undo", "redo", "add_benchmark", "remove_benchmark", "save_curated"),
    *("rows", "row", "edit_row", "add_row", "tag_rows", "untag_rows"),
    *("set_numbers", "count_tokens", "prompt_map", "select_rows", "score_ifd", "stop_ifd", "instruct", "mix"),
    *("version_tree", "difference", "data_card", "save_card", "export_dataset", "recipe", "replay_recipe"),
    *("scan_personal_data", "stop_search", "fetch_name_finder", "findings", "save_masked", "stop_masking"),
    *(
        "leftovers",
        "not_personal",
        "review_groups",
        "review_places",
        "review_row",
        "review_decide",
        "review_change_kind",
        "review_add_span",
    ),
    *("review_undo", "review_redo", "review_always", "mask_rules", "save_mask_rules", "try_mask_rules"),
    *("plan", "estimate", "seen_row", "seen_lengths", "training_recipe", "recipe_of_run", "load_training_recipe"),
    *("start_training", "start_sweep", "pause_training", "resume_training", "stop_training", "run_status"),
    *("compare_runs", "chat", "stop_chat", "held_out_prompts", "download_adapter", "zip_model"),
    *("make_report", "stop_report", "read_report"),
    *("ask_prompt_set", "stop_prompt_set", "prompt_sets", "prompt_set_answers"),
    *("blind_question", "vote", "undo_vote", "win_rates", "votes_to_dataset"),
}
Load = Callable[[str, bytes], tuple[str, str]]


@pytest.fixture(scope="module")
def served(serve: Any) -> Iterator[Any]:
    with serve() as page:
        yield page


@pytest.fixture(scope="module")
def client(served: Any) -> Client:
    return Client(served.url, verbose=False)


@pytest.fixture(scope="module")
def saved(client: Client) -> str:
    """A dataset version that was saved before anything went wrong."""
    version, _ = client.predict("intents.csv", api_name="/load_sample")
    return client.predict(version, held_out=10, api_name="/save_curated")[0]


@pytest.fixture(scope="module")
def saved_rows(client: Client, saved: str) -> Any:
    return client.predict(saved, api_name="/rows")


@pytest.fixture(autouse=True)
def nothing_is_lost(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test sends, the app goes on and the saved version is as it was."""
    if "client" not in request.fixturenames:
        yield
        return
    client, saved, rows = (request.getfixturevalue(name) for name in ("client", "saved", "saved_rows"))
    yield
    assert client.predict(saved, api_name="/rows") == rows


@pytest.fixture
def load(client: Client, tmp_path: Path) -> Load:
    """Uploads bytes under a name, and loads them."""

    def load_bytes(name: str, data: bytes) -> tuple[str, str]:
        (tmp_path / name).write_bytes(data)
        return client.predict(handle_file(str(tmp_path / name)), api_name="/load_file")

    return load_bytes


@pytest.fixture(scope="module")
def run(client: Client, saved: str, tiny_model_folder: Path) -> str:
    """A finished run of the tiny model, whose path was typed."""
    started = client.predict(saved, model=str(tiny_model_folder), max_steps="2", api_name="/start_training")
    end = time.monotonic() + 60
    while (status := client.predict(started, api_name="/run_status"))["state"] in ("queued", "running"):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert status["state"] == "done", status["reason"]
    return started


def test_the_public_endpoints_are_the_reviewed_ones(client: Client):
    about = client.view_api(return_format="dict", print_info=False)
    assert {name.lstrip("/") for name in about["named_endpoints"]} == ENDPOINTS
    assert about["unnamed_endpoints"] == {}


def test_no_endpoint_takes_a_workspace_or_a_token(client: Client):
    about = client.view_api(return_format="dict", print_info=False)
    names = {part["parameter_name"] for api in about["named_endpoints"].values() for part in api["parameters"]}
    assert not [name for name in names if re.search(r"visitor|^token|workspace|session|path|request|param_", name)]


REFUSED_FILES = {
    "empty.csv": (b"", "The file “empty.csv” is empty"),
    "blank.jsonl": (b" \n\n", "The file “blank.jsonl” is empty"),
    "header.csv": (b"prompt,answer\n", "has only a header and no rows"),
    "cut.json": (b'{"prompt": "a", "ans', "Row 1: this record is broken or cut off"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(200), "The file “picture.csv” is a picture"),
    "binary.csv": (bytes(range(256)) * 40, "“binary.csv” is not text but binary data"),
    "binary.parquet": (b"PAR1" + bytes(40), "“binary.parquet” is not a complete Parquet file"),
    "no_extension": (b"a,b\n1,2\n", "has no extension. Accepted files: CSV"),
    "code.pkl": (b"\x80\x04N.", "is a Python pickle, which can run code"),
    "none.jsonl": (b'{"prompt": \n{"answer": \n', "None of the first 2 rows"),
}


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_a_file_that_cannot_be_read_gets_a_sentence(load: Load, name: str):
    data, sentence = REFUSED_FILES[name]
    with pytest.raises(AppError, match=re.escape(sentence)):
        load(name, data)


LOADED_FILES = {
    "cut_list.json": (b'[{"prompt": "a", "answer": "b"}, {"prompt": "c", "ans', "1 cannot be read"),
    "broken.jsonl": (b'{"prompt": "a", "answer": "b"}\n{"pro\n{"prompt": "c", "answer": "d"}\n', "1 cannot be read"),
    "latin.csv": ("prompt,answer\nGrüße,Schön\nx,y\n".encode("latin-1"), "2 rows were read"),
    "bom.csv": (b"\xef\xbb\xbfprompt,answer\na,b\nc,d\n", "2 rows were read"),
    "nan.jsonl": (b'{"prompt": "a", "answer": NaN}\n{"prompt": null, "answer": "x"}\n', "2 rows were read"),
    "nested.jsonl": (b'{"in": {"q": "a"}, "out": {"a": "b"}}\n{"in": {"q": "c"}, "out": {"a": "d"}}\n', "2 rows"),
    "twice.csv": (b"prompt,answer,answer\na,b,c\nd,e,f\n", "2 rows were read"),
    "long.csv": (b"prompt,answer\n" + b"long " * 40_000 + b",short\nx,y\n", "2 rows were read"),
}


@pytest.mark.parametrize("name", LOADED_FILES)
def test_a_file_with_flaws_loads_and_can_be_shown_and_saved(client: Client, load: Load, name: str):
    data, sentence = LOADED_FILES[name]
    version, summary = load(name, data)
    assert sentence in summary
    client.predict(version, "fast", api_name="/scan_personal_data")
    for api_name in ("/rows", "/board", "/findings", "/review_groups"):
        client.predict(version, api_name=api_name)
    for line in client.predict(version, api_name="/board")["lines"]:
        if line["action"] == "leave out":
            client.predict(version, "keep", line["check"], api_name="/decide")
    assert client.predict(version, held_out=0, api_name="/save_curated")[0] != version


def test_a_long_row_is_shown_shortened(client: Client, load: Load):
    version, _ = load("long.csv", LOADED_FILES["long.csv"][0])
    shown, _, _ = client.predict(version, api_name="/rows")
    assert max(len(cell) for row in shown["data"] for cell in row) < 400


@pytest.mark.parametrize("named", [{}, {"url": "http://169.254.169.254/private.csv"}], ids=["path", "address"])
def test_a_path_outside_of_the_uploads_is_not_opened(client: Client, served: Any, tmp_path: Path, named: Any):
    private = tmp_path / "private.csv"
    private.write_text("prompt,answer\nsecret,b\n")
    file = {"path": str(private), "meta": {"_type": "gradio.FileData"}, **named}
    dependencies = json.loads(urllib.request.urlopen(served.url + "/config").read())["dependencies"]
    number = next(one["id"] for one in dependencies if one["api_name"] == "load_file")
    body = json.dumps({"fn_index": number, "data": [None, file], "session_hash": "session1"}).encode()
    call = urllib.request.Request(served.url + "/gradio_api/run/predict", body, {"content-type": "application/json"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(call)
    assert b"secret" not in refused.value.read()


WRONG = {
    "/rows": [
        ({"version": "nothing/v1"}, "There is no dataset version “nothing/v1”. Saved versions: "),
        ({"version": "../../etc/passwd"}, "There is no dataset version “../../etc/passwd”"),
        ({"version": 5}, "There is no dataset version “5”"),
        ({"page_number": "abc"}, "The page is “abc”; it must be a whole number"),
        ({"check": "nothing"}, "There is no check “nothing”"),
        ({"sort": "nothing"}, "Rows cannot be sorted by “nothing”"),
        ({"least": "abc"}, "“At least” is “abc”; it must be a number"),
    ],
    "/load_sample": [({"name": "../README.md"}, "There is no sample “../README.md”. Samples: ")],
    "/delete_version": [
        ({}, "Nothing was deleted: that takes a clear yes. Delete intents/v"),
        ({"sure": False}, "Nothing was deleted: that takes a clear yes"),
        ({"version": "nothing/v1", "sure": True}, "There is no dataset version “nothing/v1”"),
        ({"version": "../../etc", "sure": True}, "There is no dataset version “../../etc”"),
    ],
    "/save_curated": [
        ({"version": None}, "No dataset is loaded yet"),
        ({"held_out": "abc"}, "Held-out rows is “abc”; it must be a number of at least 0"),
        ({"held_out": 2.5}, "Held-out rows is 2.5; a count of rows is a whole number"),
        ({"seed": 1.5}, "Seed is 1.5; it must be a whole number"),
        ({"by": "nothing"}, "Hold out is “nothing”; it must be one of rows, category, label"),
        ({"few_shot": -1}, "Few-shot rows is -1; it must be a whole number of at least 0"),
    ],
    "/board": [({"version": "nothing/v1"}, "There is no dataset version “nothing/v1”")],
    "/decide": [
        ({"what": "burn"}, "“burn” is not a decision"),
        ({"what": "keep", "check": "nothing"}, "There is no check “nothing”"),
        ({"what": "keep", "rows": "abc"}, "“abc” is not a row number"),
        ({"what": "keep", "rows": "1-9999999"}, "“1-9999999” is not a range of rows"),
    ],
    "/set_threshold": [({"check": "near duplicate", "threshold": 5}, "it must be from 0.7 to 0.95")],
    "/row": [({"row": "999999"}, "There is no row 999999")],
    "/edit_row": [({"row": "1", "turn": 9, "text": "x"}, "Row 1 has no turn 9")],
    "/add_row": [({"prompt": "", "answer": "x"}, "A new row needs a prompt and an answer")],
    "/tag_rows": [({"rows": "1", "tag": ""}, "Name the rows and a tag")],
    "/apply_mapping": [
        ({"shape": "nothing"}, "There is no shape “nothing”"),
        ({"shape": None}, "There is no shape “”"),
        ({"column_1": "nothing"}, "has no column “nothing”"),
    ],
    "/save_masked": [
        ({"version": ""}, "Choose a dataset version first"),
        ({"choices": {"EMAIL": "nothing"}}, "The choice for EMAIL is “nothing”; it must be one of: tag, "),
        ({"choices": {"SECRET": "substitute"}}, "A substitute for SECRET cannot be invented"),
        ({"choices": "all"}, "choices"),
    ],
    "/scan_personal_data": [
        ({"version": "nothing/v1"}, "There is no dataset version “nothing/v1”"),
        ({"mode": "quick"}, "“quick”; it must be one of fast, normal, thorough"),
        ({"mode": "fast", "kinds": ["MOOD"]}, "MOOD"),
    ],
    "/leftovers": [({"page_number": "abc"}, "The page is “abc”; it must be a whole number")],
    "/not_personal": [({"key": "PERSON:0"}, "This is not among what is left over")],
    "/save_mask_rules": [({"rules": "patterns: [" * 3}, "Rules, line 1")],
    "/start_training": [
        ({"dataset": None}, "No dataset version is chosen"),
        ({"model": "no such/model"}, "There is no model “no such/model”"),
        ({"model": "/no/such/folder"}, "The model path “/no/such/folder” does not exist"),
        ({"learning_rate": "abc"}, "Learning rate is “abc”; it must be a number of more than 0 and at most 1"),
        ({"learning_rate": "-1"}, "Learning rate is “-1”"),
        ({"batch_size": "2.5"}, "Batch size is “2.5”; it must be a whole number"),
        ({"epochs": ""}, "Epochs is “”; it must be a number"),
        ({"schedule": "nothing"}, "Schedule is “nothing”; it must be one of cosine, linear, constant"),
    ],
    "/stop_training": [({"run": "nothing"}, "There is no run “nothing”")],
    "/compare_runs": [({"runs": ["nothing"]}, "There is no run “nothing”")],
    "/run_status": [({"run": "../../x"}, "There is no run “../../x”")],
    "/download_adapter": [({"run": "nothing"}, "There is no run “nothing”")],
    "/ask_prompt_set": [
        ({"run": None}, "No run is chosen"),
        ({"source": "typed", "text": " "}, "No prompt was typed"),
        ({"source": "file"}, "No file was chosen"),
        ({"source": "benchmark", "benchmark": "nothing"}, "There is no benchmark “nothing”"),
        ({"most": 10_000}, "How many is 10000; it must be a whole number of at least 1 and at most 1000"),
    ],
    "/prompt_set_answers": [({"prompt_set": "nothing"}, "There is no prompt set “nothing”")],
    "/blind_question": [({"prompt_set": ""}, "No prompt set is chosen")],
    "/vote": [
        ({"prompt_set": "../../x", "verdict": "A"}, "There is no prompt set “../../x”"),
        ({"verdict": "C"}, "The vote is “C”; it must be one of A, B, tie, both bad"),
    ],
    "/chat": [
        ({"run": None}, "No run is chosen"),
        ({"run": "nothing"}, "There is no run “nothing”"),
        ({"temperature": "abc"}, "Temperature is “abc”; it must be a number of at least 0 and at most 2"),
        ({"top_p": 0}, "Top-p is 0; it must be a number of more than 0 and at most 1"),
        ({"max_new_tokens": 9999}, "Longest answer (tokens) is 9999"),
        ({"prompt": "  "}, "The prompt is empty"),
        ({"prompt": None}, "The prompt is empty"),
        ({"prompt": "again " * 2000}, "this model reads 512 at most"),
        ({"weights_1": "nobody"}, "There is no run “nobody”"),
        ({"weights_2": "tuned@9"}, "has no checkpoint of step 9"),
        ({"few_shot_1": "many"}, "Side 1: Examples in the prompt is “many”; it must be a whole number"),
        ({"wording_3": "Hi"}, "Side 3: Wording is “Hi”; it must hold {prompt}"),
        ({"weights_1": "off", "weights_2": "off", "weights_3": "off"}, "No side is on"),
        ({"turns": [{"prompt": "Hi"}]}, "An earlier turn must be a prompt with its answers"),
    ],
}
CASES = [(api_name, values, sentence) for api_name, cases in WRONG.items() for values, sentence in cases]


@pytest.mark.parametrize(("api_name", "values", "sentence"), CASES)
def test_a_wrong_value_gets_a_sentence(
    client: Client, saved: str, run: str, api_name: str, values: dict[str, Any], sentence: str
):
    about = client.view_api(return_format="dict", print_info=False)["named_endpoints"][api_name]
    names = [part["parameter_name"] for part in about["parameters"]]
    right = {"version": saved, "dataset": saved, "run": run, "prompt": "Hello", "name": "intents.csv"}
    right |= {"shape": "text_label", "column_1": "text", "column_2": "", "column_3": "label"}
    sent = {**{name: right[name] for name in names if name in right}, **values}
    with pytest.raises(AppError, match=re.escape(sentence)):
        client.predict(**sent, api_name=api_name)


TOO_FEW = {
    "one.csv": (b"prompt,answer\nask,say\n", "There is 1 row to train on, and training needs at least 2"),
    "none.csv": (b"prompt,answer\nask,\nask again,\n", "There are no rows to train on"),
}


@pytest.mark.parametrize("name", TOO_FEW)
def test_training_on_too_few_rows_gets_a_sentence(client: Client, load: Load, tiny_model_folder: Path, name: str):
    data, sentence = TOO_FEW[name]
    version, _ = load(name, data)
    model = str(tiny_model_folder)
    with pytest.raises(AppError, match=sentence):
        client.predict(version, model=model, api_name="/start_training")
    assert sentence in client.predict(version, model=model, api_name="/plan")


def test_a_mistake_in_the_program_is_told_without_its_details(
    client: Client, saved: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: Any) -> Any:
        raise RuntimeError("jane@example.org")

    monkeypatch.setattr("core.actions.curate.board.board_as_dict", broken)
    with pytest.raises(AppError, match="Tunebench made a mistake here") as told:
        client.predict(saved, api_name="/board")
    assert "jane" not in str(told.value)
    assert "The action board_of broke" in caplog.text


def test_what_a_sentence_quotes_reaches_the_page_as_text(client: Client):
    with pytest.raises(AppError, match="&lt;img src=x&gt;") as told:
        client.predict("<img src=x>", api_name="/rows")
    assert "<img" not in str(told.value)


def test_a_finished_run_answers_on_all_sides_and_names_the_adapter(client: Client, run: str):
    said = client.predict(run, "Hello", max_new_tokens=4, api_name="/chat")
    assert [side["side"] for side in said["sides"]] == ["Base", "Base, 4 examples", "Tuned"]
    assert [side["adapter"] for side in said["sides"]] == [None, None, run]
    assert [len(side["examples"]) for side in said["sides"]] == [0, 4, 0]
    assert said["how"] == "all three in one batch"


def test_a_side_can_be_switched_off_and_another_worded_otherwise(client: Client, run: str):
    sides = {"weights_2": "off", "weights_4": "tuned", "wording_4": "Please: {prompt}", "name_4": "polite"}
    said = client.predict(run, "Hello", **sides, max_new_tokens=4, api_name="/chat")
    assert [side["side"] for side in said["sides"]] == ["Base", "Tuned", "polite"]

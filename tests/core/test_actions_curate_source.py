"""Loading: from a sample, an upload, a path or the Hub to a version, and again with another mapping."""

import gzip
import json
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.actions.background import Background, Watch
from core.actions.curate import source
from core.actions.curate.columns import mapping_of, most_fields, shapes
from core.actions.samples import samples
from core.errors import FileProblem, LabError, NotFound, SettingProblem
from core.ingest import Mapping, Stopped
from core.settings import HOME, SPACE, Limits
from core.workspace import Workspace, write_json

LINES = [{"prompt": f"What is {number}?", "completion": "A number."} for number in range(120)]


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "home")


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def upload(uploads):
    def write(name, content):
        path = uploads / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def jsonl(rows=LINES):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def loaded(workspace, upload, uploads):
    return source.load_files(workspace, HOME, upload("facts.jsonl", jsonl() + "{broken\n"), uploads)


def sources(workspace):
    return sorted(path.name for path in (workspace.root / "sources").glob("*"))


def test_every_sample_loads_without_a_question(workspace):
    assert len(samples()) >= 4
    for sample in samples():
        opened = source.load_sample(workspace, SPACE, sample.name)
        assert not opened.unsure, opened.questions
        assert opened.certainty.startswith("Recognised: ")
        assert opened.sentence.startswith(f"{workspace.versions.get(opened.version_id).rows} rows were read from")


def test_a_loaded_file_says_what_was_read_and_lists_what_was_not(workspace, loaded):
    assert loaded.sentence == "120 rows were read from facts.jsonl; 1 cannot be read and is left out."
    assert (loaded.shape, loaded.columns) == ("prompt_completion", ["prompt", "completion"])
    assert loaded.preview[0] == LINES[0]
    assert [field.column for field in loaded.fields][:2] == ["prompt", "completion"]
    version = workspace.versions.get(loaded.version_id)
    assert (version.stage, version.result) == ("ingest", {"unreadable": 1})
    assert version.settings["names"] == ["facts.jsonl"]
    assert version.settings["source"] == sources(workspace)
    (lost,) = source.unread(workspace, loaded.version_id)
    assert (lost.row, lost.check, lost.row_id) == (121, "broken line", None)
    assert workspace.versions.table(loaded.version_id, "unread").column_names == ["row", "check", "reason"]


def test_a_sample_that_was_loaded_before_is_opened_again_and_says_so(workspace):
    first = source.load_sample(workspace, HOME, "intents.csv")
    workspace.versions.save("intents", workspace.versions.load(first.version_id), "curate", parent=first.version_id)
    again = source.load_sample(workspace, HOME, "intents.csv")
    assert (first.again, again.again, again.version_id) == (False, True, "intents/v1")
    assert again.sentence == (
        "352 rows were read from intents.csv. It was loaded before: intents/v1 is shown again, with what was decided "
        "about it."
    )
    assert (len(workspace.versions.all()), len(sources(workspace))) == (2, 1)
    assert source.load_sample(workspace, HOME, "chats.jsonl").version_id == "chats/v1"


def test_a_sample_with_other_rows_than_before_becomes_a_new_version(workspace, upload, uploads):
    source.load_files(workspace, HOME, upload("intents.csv", "text,label\nhello,greet\nbye,leave\n"), uploads)
    loaded = source.load_sample(workspace, HOME, "intents.csv")
    mapping = mapping_of("text_label", ["label", None, "text"])
    other = source.remap(workspace, HOME, loaded.version_id, mapping)
    assert (loaded.version_id, other.version_id) == ("intents/v2", "intents/v3")
    assert source.load_sample(workspace, HOME, "intents.csv").version_id == "intents/v2"
    workspace.versions.delete("intents/v2")
    assert source.load_sample(workspace, HOME, "intents.csv").version_id == "intents/v4"


def test_a_single_row_is_said_right(workspace, upload, uploads):
    opened = source.load_files(workspace, HOME, upload("one.jsonl", jsonl(LINES[:1])), uploads)
    assert opened.sentence == "1 row was read from one.jsonl."


def test_several_files_become_one_version_that_can_be_read_again(workspace, upload, uploads):
    paths = [upload("a.jsonl", jsonl()), upload("b.csv.gz", gzip.compress(b"prompt,completion\nWhy?,Because.\n"))]
    opened = source.load_files(workspace, HOME, paths, uploads)
    assert opened.sentence == "121 rows were read from a.jsonl and 1 more file."
    assert len(sources(workspace)) == 2
    again = source.remap(workspace, HOME, opened.version_id, mapping_of("prompt_completion", ["completion", "prompt"]))
    rows = list(workspace.versions.load(again.version_id))
    assert (again.version_id, rows[-1].id, rows[-1].answer, rows[-1].source) == ("a/v2", "b-r000001", "Why?", "b.csv")
    assert len(sources(workspace)) == 2


def test_an_upload_is_kept_as_a_second_name_of_the_file_and_a_typed_path_as_a_copy(workspace, upload, uploads):
    path = Path(upload("a.jsonl", jsonl()))
    source.load_files(workspace, HOME, str(path), uploads)
    assert path.stat().st_nlink == 2
    source.load_typed(workspace, HOME, str(path))
    assert path.stat().st_nlink == 2
    assert len(sources(workspace)) == 2


def test_a_corrected_mapping_reads_the_kept_file_again_also_from_a_later_version(workspace, loaded, uploads):
    (uploads / "facts.jsonl").unlink()
    mapping = mapping_of("question_answer", ["completion", None, "prompt"])
    assert mapping == Mapping("question_answer", {"question": "completion", "answer": "prompt"})
    dataset = workspace.versions.load(loaded.version_id)
    later = workspace.versions.save("facts", dataset, "curate", parent=loaded.version_id)
    again = source.remap(workspace, HOME, later.id, mapping)
    assert again.version_id == "facts/v3"
    first = next(iter(workspace.versions.load(again.version_id)))
    assert (first.prompt[0].content, first.answer, first.id) == ("A number.", "What is 0?", "r000001")
    assert (again.unsure, again.questions, again.shape) == (False, [], "question_answer")


def test_the_form_offers_the_columns_that_fit_a_shape(workspace, loaded):
    assert [field.column for field in source.form(workspace, loaded.version_id, "prompt_completion")][:2] == [
        "prompt",
        "completion",
    ]
    assert [field.name for field in source.form(workspace, loaded.version_id, "alpaca")][:3] == [
        "instruction",
        "input",
        "output",
    ]
    with pytest.raises(SettingProblem, match="nonsense"):
        source.form(workspace, loaded.version_id, "nonsense")
    assert most_fields() == max(len(source.form(workspace, loaded.version_id, key)) for _, key in shapes())


def test_only_uploads_are_opened(workspace, uploads, tmp_path):
    outside = tmp_path / "private.jsonl"
    outside.write_text(jsonl())
    link = uploads / "link.jsonl"
    link.symlink_to(outside)
    for path in (outside, link, uploads / ".." / "private.jsonl", uploads, uploads / "gone.csv"):
        with pytest.raises(FileProblem, match="outside the workspace"):
            source.load_files(workspace, HOME, str(path), uploads)
        with pytest.raises(FileProblem, match="outside the workspace"):
            source.first_rows(HOME, [str(path)], uploads)
    for nothing in (None, "", []):
        with pytest.raises(FileProblem, match="No file"):
            source.load_files(workspace, HOME, nothing, uploads)
    assert workspace.versions.all() == []


def test_a_sample_is_named_and_never_a_path(workspace):
    with pytest.raises(NotFound, match="Samples: chats"):
        source.load_sample(workspace, HOME, "../pyproject.toml")


def parquet():
    out = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(LINES), out)
    return out.getvalue().to_pybytes()


@pytest.mark.parametrize("name", ["a.parquet", "misnamed.jsonl", "a.jsonl.gz", "misnamed.csv", "a.arrow", "a.zip"])
def test_a_public_place_opens_nothing_that_unpacks(workspace, upload, uploads, name):
    content = parquet() if name in ("a.parquet", "misnamed.jsonl") else gzip.compress(jsonl().encode())
    with pytest.raises(FileProblem, match="can unpack to more than this public page has room for"):
        source.load_files(workspace, SPACE, upload(name, content), uploads)
    if name.startswith(("a.parquet", "mis", "a.jsonl")):
        assert source.load_files(workspace, HOME, upload(name, content), uploads).shape == "prompt_completion"


def test_a_public_place_takes_small_files_only(workspace, upload, uploads):
    tight = Limits(public=True, upload_mb=1, rows=3, steps=1, new_tokens=1)
    with pytest.raises(FileProblem, match="more than 3 rows"):
        source.load_files(workspace, tight, upload("a.jsonl", jsonl(LINES[:4])), uploads)
    with pytest.raises(FileProblem, match=r"has 1\.1 MB; this place takes at most 1 MB"):
        source.load_files(workspace, tight, upload("a.jsonl", "x" * 1_100_000), uploads)
    halves = [upload(name, "x" * 600_000) for name in ("a.jsonl", "b.jsonl")]
    with pytest.raises(FileProblem, match=r"“2 files” has 1\.2 MB"):
        source.load_files(workspace, tight, halves, uploads)
    assert sources(workspace) == []


def test_a_typed_path_is_read_at_home_only(workspace, upload, tmp_path):
    path = upload("typed.jsonl", jsonl())
    with pytest.raises(FileProblem, match="not read on this public page"):
        source.load_typed(workspace, SPACE, path)
    assert source.load_typed(workspace, HOME, f' "{path}" ').version_id == "typed/v1"
    assert source.load_typed(workspace, HOME, str(Path(path).parent)).version_id == "typed/v2"
    with pytest.raises(FileProblem, match="There is no file or folder"):
        source.load_typed(workspace, HOME, str(tmp_path / "gone.csv"))
    with pytest.raises(FileProblem, match="Write the path"):
        source.load_typed(workspace, HOME, "  ")


def test_a_dataset_of_the_hub_is_kept_in_the_workspace(workspace, monkeypatch):
    def fetched(name, folder):
        folder.mkdir()
        (folder / "train.jsonl").write_text(jsonl())
        return [source.File(folder / "train.jsonl", "train.jsonl")], [f"from {name}"]

    monkeypatch.setattr(source, "download", fetched)
    opened = source.load_typed(workspace, HOME, "owner/name")
    assert opened.notes[0] == "from owner/name"
    assert len(sources(workspace)) == 1
    assert source.remap(workspace, HOME, opened.version_id, mapping_of("text", ["prompt"])).version_id == "train/v2"
    assert sorted(path.name for path in workspace.root.iterdir()) == ["datasets", "sources"]


def test_a_file_that_cannot_be_read_leaves_nothing_behind(workspace, upload, uploads):
    for name, content in {"a.csv": "prompt\n", "b.jsonl": "{broken\n", "c.json": "42"}.items():
        with pytest.raises(FileProblem):
            source.load_files(workspace, HOME, upload(name, content), uploads)
    assert sources(workspace) == []
    assert workspace.versions.all() == []
    assert list((workspace.root / "datasets").glob("*/v*")) == []


def test_reading_in_the_background_tells_how_far_it_is_and_can_be_stopped(workspace, upload, uploads):
    begun = threading.Event()

    def work(watch):
        def stopped():
            begun.set()
            time.sleep(0.01)
            return watch.stopped()

        endless = Watch(watch.progress, stopped)
        while True:
            source.load_files(workspace, HOME, path, uploads, None, endless)

    path = upload("a.jsonl", jsonl())
    reading = Background(workspace, source.READING, work)
    assert begun.wait(10)
    assert source.stop_reading(workspace) == "Reading is being stopped."
    assert all(0 <= share <= 1 for share in reading.shares())
    with pytest.raises(Stopped, match="Nothing of it was kept"):
        reading.result()
    assert source.stop_reading(workspace) == "Nothing is being read."


def test_reading_in_the_background_ends_with_the_version(workspace, upload, uploads):
    path = upload("a.jsonl", jsonl())
    reading = Background(
        workspace, source.READING, lambda watch: source.load_files(workspace, HOME, path, uploads, None, watch)
    )
    list(reading.shares())
    assert reading.result().version_id == "a/v1"
    assert reading.share == 1.0


def test_a_version_of_the_first_format_still_opens(workspace, upload):
    dataset = workspace.versions.load(source.load_sample(workspace, HOME, "intents.csv").version_id)
    kept = workspace.keep_source(Path(upload("old.csv", "text,label\nhello,greet\nbye,leave\n")), "old.csv")
    version = workspace.versions.save(
        "old",
        dataset,
        "ingest",
        settings={
            "source": kept.name,
            "name": "old.csv",
            "mapping": {"shape": "text_label", "columns": {"text": "text", "label": "label"}},
            "unsure": False,
        },
        result={"unreadable": 1, "checks": {"broken line": 1}},
    )
    for key, kept_then in {"columns": ["text", "label"], "notes": [], "preview": []}.items():
        workspace.versions.keep_extra(version.id, key, kept_then)
    problems = [
        {"row": 3, "check": "broken line", "reason": "line 4: cut", "row_id": None},
        {"row": 2, "check": "mojibake", "reason": "odd", "row_id": "r000002"},
    ]
    write_json(workspace.root / "datasets" / version.id / "problems.json", problems)
    found = source.opened(workspace, version.id)
    assert found.sentence == "352 rows were read from old.csv; 1 cannot be read and is left out."
    assert [field.column for field in found.fields if field.column] == ["text", "label"]
    assert [(lost.row, lost.reason) for lost in source.unread(workspace, version.id)] == [(3, "line 4: cut")]
    assert source.remap(workspace, HOME, version.id, mapping_of("text_label", ["label", None, "text"])).preview


UNKNOWN = [
    lambda workspace: source.opened(workspace, "gone/v1"),
    lambda workspace: source.form(workspace, "../../etc", "alpaca"),
    lambda workspace: source.remap(workspace, HOME, "gone/v1", Mapping("alpaca", {})),
]


@pytest.mark.parametrize("action", UNKNOWN)
def test_a_version_that_is_not_there_is_said(workspace, action):
    with pytest.raises(LabError, match="There is no dataset version"):
        action(workspace)


def test_a_version_that_was_not_read_from_a_file_has_no_columns_to_choose(workspace, loaded):
    made = workspace.versions.save("mixed", workspace.versions.load(loaded.version_id), "mix")
    with pytest.raises(NotFound, match="was not read from a file"):
        source.remap(workspace, HOME, made.id, Mapping("alpaca", {}))
    assert source.opened(workspace, made.id).fields == []

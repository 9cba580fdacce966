"""Folders that `datasets` has saved, folders of files, and what the Hub gives: the files in them, or a sentence."""

import json
import socket

import pyarrow as pa
import pytest

from core.errors import FileProblem
from core.ingest import download, files_of, ingest, is_hub_id
from core.records import SCHEMA, Dataset, with_schema

ROWS = [{"prompt": f"What is {n}?", "completion": "A number."} for n in range(7)]


def save(folder, rows, shards=1):
    """As `Dataset.save_to_disk` writes it."""
    folder.mkdir(parents=True)
    names = [f"data-{number:05}-of-{shards:05}.arrow" for number in range(shards)]
    for number, name in enumerate(names):
        table = pa.Table.from_pylist(rows[number::shards])
        with pa.ipc.new_stream(folder / name, table.schema) as writer:
            writer.write_table(table)
    (folder / "state.json").write_text(json.dumps({"_data_files": [{"filename": name} for name in names]}))
    (folder / "dataset_info.json").write_text("{}")


def load(files):
    tables = [SCHEMA.empty_table()]
    found = ingest(files, add=lambda table: tables.append(with_schema(table)))
    return Dataset(pa.concat_tables(tables)), found


def test_a_saved_dataset_is_read_with_plain_row_ids(tmp_path):
    save(tmp_path / "mine", ROWS)
    files, notes = files_of(tmp_path / "mine")
    dataset, found = load(files)
    assert [file.name for file in files] == ["mine.arrow"]
    assert [example.id for example in dataset][:2] == ["r000001", "r000002"]
    assert (len(dataset), notes, found.problems) == (7, [], [])


def test_the_splits_of_a_saved_dataset_are_told_apart_by_their_source(tmp_path):
    save(tmp_path / "both/train", ROWS[:5], shards=2)
    save(tmp_path / "both/test", ROWS[5:])
    (tmp_path / "both/dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    files, notes = files_of(tmp_path / "both")
    dataset, _ = load(files)
    assert [file.name for file in files] == ["train-1.arrow", "train-2.arrow", "test.arrow"]
    assert (
        sorted(example.source for example in dataset)
        == ["test.arrow"] * 2 + ["train-1.arrow"] * 3 + ["train-2.arrow"] * 2
    )
    assert len({example.id for example in dataset}) == 7
    assert "2 splits, “train”, “test”" in notes[0]


def test_the_tables_of_a_plain_folder_are_read_and_nothing_else(tmp_path):
    for name in ("b.jsonl", "a.csv", "readme.md", ".hidden.csv"):
        (tmp_path / name).write_text("prompt,completion\na,b\n")
    (tmp_path / "deeper.csv").mkdir()
    assert [file.name for file in files_of(tmp_path)[0]] == ["a.csv", "b.jsonl"]


def broken(tmp_path, state):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "state.json").write_text(state)
    return folder


@pytest.mark.parametrize(
    ("state", "part"),
    [
        ("nonsense", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"_data_files": []}', "names no data"),
        ('{"_data_files": [{"filename": "gone.arrow"}]}', "“gone.arrow” is missing"),
        ('{"_data_files": [{"filename": "../../etc/passwd"}]}', "outside of itself"),
    ],
)
def test_a_saved_dataset_that_is_not_complete_is_refused(tmp_path, state, part):
    with pytest.raises(FileProblem, match=part):
        files_of(broken(tmp_path, state))


def test_a_folder_without_tables_and_a_path_without_anything_are_said(tmp_path):
    with pytest.raises(FileProblem, match="holds no table"):
        files_of(tmp_path)
    with pytest.raises(FileProblem, match="There is no file or folder"):
        files_of(tmp_path / "gone.csv")


@pytest.mark.parametrize("text", ["owner/name", "squad", "owner/na.me:main", "a-b/c_d"])
def test_an_id_of_the_hub_is_known(text):
    assert is_hub_id(text)


@pytest.mark.parametrize("text", ["", "/etc/passwd", "../x", "a/b/c", "owner/", "https://x.y/z", ".", "a b"])
def test_what_is_no_id_of_the_hub_is_known(text, tmp_path):
    assert not is_hub_id(text)
    with pytest.raises(FileProblem, match="is no id"):
        download(text, tmp_path / "new")


def test_without_a_network_the_hub_is_not_waited_for(tmp_path, monkeypatch):
    def no_network(*_):
        raise socket.gaierror(-2, "Name or service not known")

    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    with pytest.raises(FileProblem, match=r"huggingface\.co cannot be reached"):
        download("owner/name", tmp_path / "new")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(FileProblem, match="HF_HUB_OFFLINE says"):
        download("owner/name", tmp_path / "new")


@pytest.mark.slow
def test_what_the_hub_gives_is_read_like_a_saved_dataset(tmp_path, monkeypatch):
    import datasets

    from core.ingest import hub

    def given(name, config):
        if config == "none":
            raise ValueError("BuilderConfig 'none' not found.\nAvailable: ['main']")
        if name == "owner/gone":
            raise datasets.exceptions.DatasetNotFoundError("gone")
        return datasets.DatasetDict({"train": datasets.Dataset.from_list(ROWS)})

    monkeypatch.setattr(hub, "_check_network", lambda name: None)
    monkeypatch.setattr(datasets, "load_dataset", given)
    files, _ = download("owner/name:main", tmp_path / "new")
    assert [example.prompt[0].content for example in load(files)[0]] == [row["prompt"] for row in ROWS]
    with pytest.raises(FileProblem, match="There is no dataset “owner/gone”"):
        download("owner/gone", tmp_path / "other")
    with pytest.raises(FileProblem, match=r"could not be loaded from the Hub: BuilderConfig 'none' not found. Avail"):
        download("owner/name:none", tmp_path / "third")

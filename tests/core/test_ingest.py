"""Files become a dataset: the mapping, several files at once, ids, problems, stopping, and what is said of it."""

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FileProblem, SettingProblem
from core.ingest import SHAPES, File, Mapping, Stopped, ingest, preview, read, stem
from core.ingest import contents as contents_module
from core.ingest.sink import Sink
from core.records import SCHEMA, Dataset, with_schema

PAIRS = [("What is a fjord?", "A sea inlet."), ("Name a noble gas.", "Neon."), ("Is ice solid?", "Yes.")]


def jsonl(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def pair_lines(pairs=PAIRS):
    return jsonl(*({"prompt": prompt, "completion": completion} for prompt, completion in pairs))


@pytest.fixture
def write(tmp_path):
    """Write contents under their names, for `ingest`."""

    def write_files(**files):
        found = []
        for key, content in files.items():
            name = key.replace("_", ".")
            path = tmp_path / f"{len(found)}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            found.append(File(path, name))
        return found

    return write_files


def load(files, mapping=None, **options):
    tables = [SCHEMA.empty_table()]
    found = ingest(files, mapping, add=lambda table: tables.append(with_schema(table)), **options)
    dataset = Dataset(pa.concat_tables(tables))
    assert len(dataset) == found.rows
    return dataset, found


def texts(dataset):
    return [tuple(message.content for message in example.messages) for example in dataset]


def test_a_small_file_is_read_in_one_call(write):
    (file,) = write(a_jsonl=pair_lines())
    dataset, found = read(file.path, file.name)
    assert texts(dataset) == PAIRS
    assert [example.id for example in dataset] == ["r000001", "r000002", "r000003"]
    assert (found.mapping.shape, found.columns, found.problems) == ("prompt_completion", ["prompt", "completion"], [])
    assert (found.notes, found.unsure, found.questions) == ([], False, [])


def test_a_preview_shows_the_first_rows_shortened_and_the_likeliest_shape(write):
    rows = [{"prompt": "x" * 200_000, "completion": "b"}, *({"prompt": "a", "completion": "b"} for _ in range(9))]
    found = preview(write(a_jsonl=jsonl(*rows)))
    assert found.mapping == Mapping("prompt_completion", {"prompt": "prompt", "completion": "completion"})
    assert len(found.preview) == 5
    assert len(found.preview[0]["prompt"]) < 300
    assert found.candidates[0].mapping == found.mapping


def test_two_columns_that_could_be_the_answer_are_asked_about(write):
    row = {"question": "What is a fjord?", "best_answer": "A long inlet.", "correct_answer": "An inlet of the sea."}
    found = preview(write(a_jsonl=jsonl(*[row] * 20)))
    assert found.unsure
    assert any("“best_answer”" in question and "“correct_answer”" in question for question in found.questions)


def test_a_mapping_decides_over_the_guess_and_is_not_unsure(write):
    content = jsonl({"prompt": "a", "completion": "b", "other": "c"})
    mapping = Mapping("question_answer", {"question": "other", "answer": "prompt"})
    dataset, found = load(write(a_jsonl=content), mapping)
    assert texts(dataset) == [("c", "a")]
    assert (found.mapping, found.unsure, found.questions) == (mapping, False, [])


WRONG = [
    (Mapping("nonsense", {}), "nonsense"),
    (Mapping("alpaca", {"instruction": "prompt"}), "“output”"),
    (Mapping("messages", {}), "“messages”"),
    (Mapping("prompt_completion", {"prompt": "prompt", "completion": "gone"}), "“gone”"),
    (Mapping("prompt_completion", {"prompt": "prompt", "completion": "completion", "x": "y"}), "“x”"),
]


@pytest.mark.parametrize(("mapping", "part"), WRONG)
def test_a_mapping_that_does_not_fit_is_refused(write, mapping, part):
    with pytest.raises(SettingProblem, match=part):
        load(write(a_jsonl=jsonl({"prompt": "a", "completion": "b"})), mapping)


def test_a_column_that_first_appears_late_is_offered(write):
    rows = [{"prompt": "a", "completion": "b"}] * 300 + [{"prompt": "a", "completion": "b", "late": "x"}]
    assert load(write(a_jsonl=jsonl(*rows)))[1].columns == ["prompt", "completion", "late"]


def test_several_files_of_the_same_columns_become_one_dataset(write):
    files = write(a_jsonl=pair_lines(), b_csv='completion,prompt\n"Two",One\n', c_json=json.dumps([{"prompt": "x"}]))
    with pytest.raises(FileProblem, match=r"“c\.json” has no column “completion”"):
        load(files)
    dataset, found = load(files[:2])
    assert texts(dataset) == [*PAIRS, ("One", "Two")]
    assert [(example.id, example.row, example.source) for example in dataset] == [
        ("a-r000001", 1, "a.jsonl"),
        ("a-r000002", 2, "a.jsonl"),
        ("a-r000003", 3, "a.jsonl"),
        ("b-r000001", 1, "b.csv"),
    ]
    assert "2 files were read as one dataset" in found.notes[0]


def test_the_ids_of_several_files_do_not_depend_on_their_order_and_never_meet(write):
    files = write(a_jsonl=pair_lines(), b_jsonl=pair_lines())
    one, other = load(files)[0], load(files[::-1])[0]
    assert {e.id for e in one if e.source == "a.jsonl"} == {e.id for e in other if e.source == "a.jsonl"}
    same = [File(file.path, name) for file, name in zip(files, ("x/a.jsonl", "a.json"), strict=True)]
    assert len({example.id for example in load(same)[0]}) == 6


def test_a_problem_in_one_of_several_files_names_the_file(write):
    found = load(write(a_jsonl=pair_lines(), b_jsonl=pair_lines() + "{broken\n"))[1]
    assert [(problem.row, problem.check) for problem in found.problems] == [(4, "broken line")]
    assert found.problems[0].reason.startswith("b.jsonl: this line is not valid JSON")


def test_more_rows_than_this_place_takes_are_refused(write):
    content = "prompt,completion\n" + "a,b\n" * 5
    assert len(load(write(a_csv=content), max_rows=5)[0]) == 5
    with pytest.raises(FileProblem, match="more than 4 rows"):
        load(write(a_csv=content), max_rows=4)
    with pytest.raises(FileProblem, match="more than 9 rows"):
        load(write(a_csv=content, b_csv=content), max_rows=9)


def test_reading_stops_when_it_is_told_to(write, monkeypatch):
    monkeypatch.setattr(contents_module, "FIRST_BYTES", 100)
    monkeypatch.setattr(contents_module, "BLOCK_BYTES", 100)
    asked = []
    with pytest.raises(Stopped, match="Nothing of it was kept"):
        load(write(a_jsonl=pair_lines() * 100), stopped=lambda: asked.append(1) or len(asked) > 5)
    assert len(asked) == 6


def test_progress_only_grows_and_ends_with_all(write, monkeypatch):
    monkeypatch.setattr(contents_module, "FIRST_BYTES", 500)
    monkeypatch.setattr(contents_module, "BLOCK_BYTES", 500)
    shares = []
    load(write(a_jsonl=pair_lines() * 50, b_csv="prompt,completion\n" + "a,b\n" * 300), progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) > 5


def test_an_error_of_the_sink_is_not_lost(write):
    def full(table):
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        ingest(write(a_jsonl=pair_lines()), add=full)


def test_the_sink_keeps_the_order_of_rows():
    handed = []
    with Sink(handed.append) as sink:
        for number in range(50):
            sink.add(pa.table({"id": [f"{number}"], "row": [number]}))
    assert pa.concat_tables(handed)["row"].to_pylist() == list(range(50))


REFUSED = [
    ("none.json", "[]", "no rows"),
    ("a.xlsx", b"PK\x03\x04", "Excel"),
    ("a.html", b"<html>", "web page"),
    ("a.pkl", b"\x80\x04", "pickle"),
    ("numbers.csv", b"a,b\n1,2\n3,4\n", "“a”, “b”"),
    ("words.jsonl", b"hello\nworld\n", "Row 1"),
    ("deep.json", b"[" * 5000, "Row 1"),
]


@pytest.mark.parametrize(("name", "content", "part"), REFUSED)
def test_a_file_without_examples_is_refused_by_name(write, name, content, part):
    (file,) = write(a=content)
    with pytest.raises(FileProblem) as error:
        load([File(file.path, name)])
    assert f"“{name}”" in str(error.value)
    assert part in str(error.value)
    assert str(error.value).endswith(".")


def test_no_file_is_said():
    with pytest.raises(FileProblem, match="No file"):
        load([])


def test_damage_inside_a_parquet_file_costs_the_row_it_is_in(write, tmp_path):
    text = pa.array([b"fine", b"\xf9\xff", b"too"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"prompt": text, "completion": text}), tmp_path / "t")
    dataset, found = load(write(a_parquet=(tmp_path / "t").read_bytes()))
    assert [example.row for example in dataset] == [1, 3]
    assert [problem.row for problem in found.problems] == [2]


def test_nothing_nan_and_none_are_empty_and_not_words(write):
    lines = '{"prompt": "a", "completion": null}\n{"prompt": "b", "completion": NaN}\n{"prompt": "c"}\n'
    assert [answer for _, answer in texts(load(write(a_jsonl=lines + pair_lines()))[0])][:3] == ["", "", ""]
    cells = "question,answer\na,NaN\nb,None\nc,\nd,fine\n"
    assert [answer for _, answer in texts(load(write(a_csv=cells))[0])] == ["", "", "", "fine"]


@pytest.mark.parametrize(
    ("name", "plain"), [("a.jsonl", "a"), ("a.b.csv.gz", "a.b"), ("x/train.arrow", "x/train"), ("notes", "notes")]
)
def test_the_stem_of_a_name_is_without_what_says_how_it_is_written(name, plain):
    assert stem(name) == plain


def test_every_shape_names_its_fields_once():
    for shape in SHAPES.values():
        names = [field.name for field in shape.fields]
        assert len(set(names)) == len(names)


CELL = st.one_of(st.none(), st.text(max_size=8), st.integers(), st.floats(), st.lists(st.integers(), max_size=2))
ROW = st.dictionaries(st.sampled_from(["prompt", "completion", "x"]), CELL, max_size=3)
LINE = st.one_of(ROW.map(json.dumps), st.text(max_size=20).map(lambda text: text.replace("\n", " ").replace("\r", " ")))


@settings(deadline=None, max_examples=60)
@given(lines=st.lists(LINE, max_size=30))
def test_every_line_is_a_row_or_a_problem_once(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    content = "\n".join([*pair_lines().splitlines(), *lines])
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    mapping = Mapping("prompt_completion", {"prompt": "prompt", "completion": "completion"})
    dataset, found = read(path, path.name, mapping)
    numbers = Counter([example.row for example in dataset] + [problem.row for problem in found.problems])
    there = [number for number, line in enumerate(path.read_bytes().splitlines(), 1) if line.strip()]
    assert numbers == Counter(there)


def test_the_dataset_is_the_same_however_the_file_is_cut_into_blocks(write, monkeypatch):
    files = write(a_jsonl=pair_lines([(f"question {n}", "é" * n) for n in range(200)]))
    hashes = set()
    for size in (50, 999, 1_000_000):
        monkeypatch.setattr(contents_module, "FIRST_BYTES", size)
        monkeypatch.setattr(contents_module, "BLOCK_BYTES", size)
        hashes.add(load(files)[0].content_hash())
    assert len(hashes) == 1
    assert Path(files[0].path).exists()


def test_of_several_files_those_without_rows_are_named(write):
    found = load(write(a_jsonl=pair_lines(), b_json="[]"))[1]
    assert found.notes == ["No rows are in “b.json”."]
    assert found.rows == 3

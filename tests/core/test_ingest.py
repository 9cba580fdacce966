"""Every accepted shape loads by itself, and every ugly file loads with a note or is refused with a sentence."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import FileProblem, SettingProblem
from core.ingest import SHAPES, Mapping, ingest

PAIRS = [("What is a fjord?", "A sea inlet."), ("Name a noble gas.", "Neon."), ("Is ice solid?", "Yes.")]


@pytest.fixture
def read(tmp_path):
    """Write the content under the name and read it."""

    def read_file(name, content, **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return ingest(path, name, **options)

    return read_file


def jsonl(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def texts(found):
    return [tuple(message.content for message in example.messages) for example in found.dataset]


def chat(*pairs, keys=("role", "content")):
    return [dict(zip(keys, pair, strict=True)) for pair in pairs]


OPENAI = chat(("system", "Be brief."), ("user", "Hello"), ("assistant", "Hi."))
SHAREGPT = chat(("human", "Hello"), ("gpt", "Hi."), keys=("from", "value"))

BY_SHAPE = [
    ("alpaca", {"instruction": "Add.", "input": "1 and 2", "output": "3"}, ("Add.\n\n1 and 2", "3")),
    ("alpaca", {"Instruction": "Add.", "OUTPUT": "3"}, ("Add.", "3")),
    ("dolly", {"instruction": "Sum up.", "context": "Long.", "response": "Short."}, ("Sum up.\n\nLong.", "Short.")),
    ("prompt_completion", {"prompt": "One", "completion": "Two"}, ("One", "Two")),
    ("question_answer", {"Question": "Why?", "Best Answer": "Because."}, ("Why?", "Because.")),
    ("text_label", {"message": "Where is my parcel?", "intent": "track"}, ("Where is my parcel?", "track")),
    ("messages", {"messages": OPENAI}, ("Be brief.", "Hello", "Hi.")),
    ("messages", {"chat": json.dumps(OPENAI)}, ("Be brief.", "Hello", "Hi.")),
    ("messages", {"chat": str(OPENAI)}, ("Be brief.", "Hello", "Hi.")),
    ("conversations", {"conversations": SHAREGPT}, ("Hello", "Hi.")),
]


@pytest.mark.parametrize(("shape", "row", "expected"), BY_SHAPE)
def test_each_shape_is_recognised_by_itself(read, shape, row, expected):
    found = read("a.jsonl", jsonl(row, row))
    assert found.mapping.shape == shape
    assert texts(found) == [expected, expected]
    assert not found.unsure


def test_roles_of_other_formats_become_ours(read):
    roles = [message.role for message in next(iter(read("a.json", json.dumps([{"c": SHAREGPT}])).dataset)).messages]
    assert roles == ["user", "assistant"]


def test_a_label_is_kept_beside_its_text(read):
    found = read("a.csv", "text,label\nhello,greeting\nbye,farewell\n")
    assert [example.label for example in found.dataset] == ["greeting", "farewell"]


FORMATS = {
    "a.csv": lambda: "prompt,completion\n" + "".join(f'"{a}","{b}"\n' for a, b in PAIRS),
    "a.tsv": lambda: "prompt\tcompletion\n" + "".join(f"{a}\t{b}\n" for a, b in PAIRS),
    "semicolons.csv": lambda: "prompt;completion\n" + "".join(f"{a};{b}\n" for a, b in PAIRS),
    "a.jsonl": lambda: jsonl(*({"prompt": a, "completion": b} for a, b in PAIRS)),
    "a.json": lambda: json.dumps([{"prompt": a, "completion": b} for a, b in PAIRS], indent=2),
    "wrapped.json": lambda: json.dumps({"version": 2, "data": [{"prompt": a, "completion": b} for a, b in PAIRS]}),
    "columns.json": lambda: json.dumps({"prompt": [a for a, _ in PAIRS], "completion": [b for _, b in PAIRS]}),
    "by_key.json": lambda: json.dumps({f"k{n}": {"prompt": a, "completion": b} for n, (a, b) in enumerate(PAIRS)}),
    "nested.json": lambda: json.dumps([{"data": {"prompt": a, "completion": b}} for a, b in PAIRS]),
    "lines.json": lambda: jsonl(*({"prompt": a, "completion": b} for a, b in PAIRS)),
    "list.jsonl": lambda: json.dumps([{"prompt": a, "completion": b} for a, b in PAIRS]),
    "bom.csv": lambda: "\ufeffprompt,completion\n" + "".join(f"{a},{b}\n" for a, b in PAIRS),
    "utf16.csv": lambda: ("prompt,completion\n" + "".join(f"{a},{b}\n" for a, b in PAIRS)).encode("utf-16"),
    "utf16_bare.csv": lambda: ("prompt,completion\n" + "".join(f"{a},{b}\n" for a, b in PAIRS)).encode("utf-16-le"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_rows_come_out_of_every_format(read, name):
    content = FORMATS[name]()
    if name == "nested.json":
        columns = {"prompt": "data.prompt", "completion": "data.completion"}
        found = read(name, content, mapping=Mapping("prompt_completion", columns))
    else:
        found = read(name, content)
    assert texts(found) == PAIRS
    assert [example.id for example in found.dataset] == ["r000001", "r000002", "r000003"]
    assert found.problems == []


def test_parquet_rows_come_out_the_same(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"prompt": [a for a, _ in PAIRS], "completion": [b for _, b in PAIRS]}), path)
    assert texts(ingest(path, path.name)) == PAIRS


def test_parquet_chats_come_out(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"messages": [OPENAI, OPENAI]}), path)
    assert texts(ingest(path, path.name)) == [("Be brief.", "Hello", "Hi.")] * 2


def test_damage_inside_a_parquet_file_is_said(tmp_path):
    path = tmp_path / "a.parquet"
    text = pa.array([b"fine", b"\xf9\xff"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"prompt": text, "completion": text}), path)
    with pytest.raises(FileProblem, match="is damaged"):
        ingest(path, path.name)


NOTED = [
    ("bom.csv", "\ufeffprompt,completion\na,b\n", "BOM"),
    ("u.csv", "prompt,completion\na,b\n".encode("utf-16"), "UTF-16"),
    ("l.csv", "prompt,completion\nCafé,Zürich\n".encode("cp1252"), "line 2"),
    ("d.csv", "prompt,completion,completion\na,b,c\n", "“completion (2)”"),
    ("s.csv", "prompt;completion\na;b\n", "semicolons"),
    ("n.jsonl", '{"prompt": "a", "completion": NaN}\n{"prompt": "a", "completion": "b"}\n', "NaN"),
    ("w.json", '{"rows": [{"prompt": "a", "completion": "b"}]}', "“rows”"),
    ("z.jsonl", '{"prompt": "a\\u0000b", "completion": "b"}\n', "NUL"),
    ("g.jsonl", '{"prompt": "a \\ud83d", "completion": "b"}\n', "surrogates"),
    ("o.jsonl", '{"foo": "some text", "bar": "more text"}\n', "guess"),
    ("h.csv", "Where is it?,track\nStill nothing.,track\nIt broke.,damage\nGone?,track\n", "row 1"),
    ("p.csv", "text,score\nhello,1\nbye,2\n", "“completion”"),
]


@pytest.mark.parametrize(("name", "content", "part"), NOTED)
def test_what_was_changed_or_guessed_is_said(read, name, content, part):
    found = read(name, content)
    assert any(part in note for note in found.notes), found.notes
    assert len(found.dataset) > 0


def test_a_plain_file_has_no_notes(read):
    assert read("a.csv", "prompt,completion\nCafé,日本 🙂\n").notes == []


def test_latin_1_is_read_right_even_beside_utf_8(read):
    content = b"prompt,completion\n" + "Café,one\n".encode("cp1252") + "Zürich,two\n".encode()
    assert texts(read("a.csv", content)) == [("Café", "one"), ("Zürich", "two")]


def test_nothing_nan_and_none_are_empty_and_not_words(read):
    lines = '{"prompt": "a", "completion": null}\n{"prompt": "b", "completion": NaN}\n{"prompt": "c"}\n'
    assert [answer for _, answer in texts(read("a.jsonl", lines))] == ["", "", ""]
    assert [answer for _, answer in texts(read("a.csv", "prompt,completion\na,NaN\nb,None\nc,\n"))] == ["", "", ""]


def test_numbers_become_text(read):
    assert texts(read("a.jsonl", '{"text": "three", "label": 3}\n')) == [("three", "3")]


def test_a_200_000_character_cell_is_read_whole(read):
    long = "x" * 200_000
    assert texts(read("a.csv", f"prompt,completion\n{long},b\n")) == [(long, "b")]
    assert len(read("b.jsonl", jsonl({"prompt": long, "completion": "b"})).preview[0]["prompt"]) < 300


REFUSED = [
    ("empty.csv", b"", "is empty"),
    ("blank.jsonl", b"  \n\n", "is empty"),
    ("bom_only.json", b"\xef\xbb\xbf", "is empty"),
    ("empty.parquet", b"", "is empty"),
    ("header.csv", b"prompt,completion\n", "only a header"),
    ("none.json", b"[]", "no rows"),
    ("number.json", b"42", "a number"),
    ("binary.csv", bytes(range(256)) * 20, "binary"),
    ("png.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "a picture"),
    ("zip.csv", b"PK\x03\x04" + bytes(200), "zip"),
    ("pickle.json", b"\x80\x04\x95\x10\x00", "pickle"),
    ("page.json", b"<!DOCTYPE html><html></html>", "web page"),
    ("a.xlsx", b"PK\x03\x04", "Excel"),
    ("a.html", b"<html>", "web page"),
    ("a.pkl", b"\x80\x04", "pickle"),
    ("a.docx", b"x", "“.docx”"),
    ("a", b"x", "no extension"),
    ("cut.parquet", b"PAR1" + bytes(50), "Parquet"),
    ("numbers.csv", b"a,b\n1,2\n3,4\n", "“a”, “b”"),
    ("words.jsonl", b"hello\nworld\n", "Row 1"),
    ("deep.json", b"[" * 5000, "Row 1"),
]


@pytest.mark.parametrize(("name", "content", "part"), REFUSED)
def test_a_file_that_cannot_be_read_is_refused_by_name(read, name, content, part):
    with pytest.raises(FileProblem) as error:
        read(name, content)
    assert f"“{name}”" in str(error.value)
    assert part in str(error.value)
    assert str(error.value).endswith(".")


def test_more_rows_than_this_place_takes_are_refused(read):
    content = "prompt,completion\n" + "a,b\n" * 5
    assert len(read("a.csv", content, max_rows=5).dataset) == 5
    with pytest.raises(FileProblem, match="more than 4 rows"):
        read("a.csv", content, max_rows=4)


def test_a_column_that_first_appears_late_is_offered(read):
    rows = [{"prompt": "a", "completion": "b"}] * 300 + [{"prompt": "a", "completion": "b", "late": "x"}]
    assert read("a.jsonl", jsonl(*rows)).columns == ["prompt", "completion", "late"]


def test_a_mapping_decides_over_the_guess(read):
    content = jsonl({"prompt": "a", "completion": "b", "other": "c"})
    found = read("a.jsonl", content, mapping=Mapping("question_answer", {"question": "other", "answer": "prompt"}))
    assert texts(found) == [("c", "a")]


WRONG = [
    (Mapping("nonsense", {}), "nonsense"),
    (Mapping("alpaca", {"instruction": "prompt"}), "“output”"),
    (Mapping("messages", {}), "“messages”"),
    (Mapping("prompt_completion", {"prompt": "prompt", "completion": "gone"}), "“gone”"),
    (Mapping("prompt_completion", {"prompt": "prompt", "completion": "completion", "x": "y"}), "“x”"),
]


@pytest.mark.parametrize(("mapping", "part"), WRONG)
def test_a_mapping_that_does_not_fit_is_refused(read, mapping, part):
    with pytest.raises(SettingProblem, match=part):
        read("a.jsonl", jsonl({"prompt": "a", "completion": "b"}), mapping=mapping)


def test_every_shape_names_its_fields_once():
    for shape in SHAPES.values():
        names = [field.name for field in shape.fields]
        assert len(set(names)) == len(names)

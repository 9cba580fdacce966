"""What is broken in a file costs only the rows it is in: every other row is read, and the broken ones are listed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FileProblem
from core.ingest import contents, json_document, json_pieces
from core.ingest.contents import contents_of
from core.ingest.formats import open_source
from core.ingest.source import File


class Read:
    """All that the reader of a file hands on."""

    def __init__(self, path, name):
        self.numbers, self.values, self.broken = [], [], []
        (content,), _ = contents_of(File(path, name))
        for batch in open_source(content).batches:
            self.numbers += batch.numbers
            self.values += batch.values
            self.broken += batch.broken

    @property
    def all_numbers(self):
        return sorted([*self.numbers, *(broken.number for broken in self.broken)])


@pytest.fixture
def read(tmp_path):
    """Write the content under the name and read it."""

    def read_file(name, content):
        (tmp_path / "file").write_text(content, encoding="utf-8", newline="")
        return Read(tmp_path / "file", name)

    return read_file


def jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def csv_text(rows):
    cells = (",".join(f'"{cell}"' for cell in row.values()) for row in rows)
    return "\n".join(["prompt,completion", *cells, ""])


RAGGED = [
    ("too many cells", "a,b,c", 1),
    ("too few cells", "a", 0),
    ("a quote that is never closed", 'a,"b', 1),
    ("a quote inside a cell", '"say "hi" now",b', 1),
    ("empty cells", ",", 0),
    ("trailing empty cells", "a,b,,", 0),
    ("a blank line", "", 0),
]


@pytest.mark.parametrize(("what", "line", "broken"), RAGGED)
@pytest.mark.parametrize("block", [8, 1_000_000])
def test_a_ragged_csv_row_costs_at_most_itself(read, monkeypatch, what, line, broken, block):
    monkeypatch.setattr(contents, "FIRST_BYTES", block)
    monkeypatch.setattr(contents, "BLOCK_BYTES", block)
    found = read("a.csv", f"prompt,completion\nfirst,one\n{line}\nlast,two\nvery last,three\n")
    answers = [row.get("completion") for row in found.values]
    assert answers[:1] + answers[-2:] == ["one", "two", "three"]
    assert len(found.broken) == broken
    assert all(one.reason.startswith("line 3: ") for one in found.broken)
    assert found.all_numbers == list(range(1, 4 if what == "a blank line" else 5))


def test_a_quoted_cell_may_hold_line_ends_and_separators(read):
    found = read("a.csv", 'prompt,completion\n"one,\ntwo\r\n","three ""3"""\n\nfour,five\n"si\nx",seven,eight\n')
    assert [list(row.values()) for row in found.values] == [["one,\ntwo\r\n", 'three "3"'], ["four", "five"]]
    assert "line 7: it has 3 cells" in found.broken[0].reason


def test_a_quote_that_is_never_closed_in_a_long_file_costs_one_row(read):
    lines = [f"question {n},answer {n}" for n in range(100_000)]
    lines[60_000] = 'question,"answer'
    found = read("a.csv", "prompt,completion\n" + "\n".join(lines))
    assert [broken.number for broken in found.broken] == [60_001]
    assert len(found.values) == 99_999


def test_broken_lines_are_listed_by_line_number_and_the_others_are_read(read):
    lines = ['{"a": 1}', '{"a": "cut', '{"a": 3}', "", "[1, 2]", '{"a": NaN}', "null", "{'a': 'b'}", '{"a": "\t"}']
    found = read("a.jsonl", "\n".join(lines))
    assert found.numbers == [1, 3, 6, 9]
    assert [broken.number for broken in found.broken] == [2, 5, 7, 8]
    assert "single quotation marks" in found.broken[-1].reason


def test_a_reason_never_quotes_the_broken_text(read):
    found = read("a.jsonl", '{"prompt": "a"}\n{"prompt": "call +44 161 496 0718\n')
    assert "496" not in found.broken[0].reason


def chats(rows, **options):
    turns = [{"role": "user", "content": "a {b}, {c}"}, {"role": "assistant", "content": 'd"}, {"role": "e'}]
    return [{"messages": turns, "id": number, **options} for number in range(rows)]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("pieces", [0, 300, 32_000_000])
def test_complete_records_of_a_cut_off_list_are_salvaged(read, monkeypatch, indent, pieces):
    monkeypatch.setattr(json_document, "WHOLE_BYTES", pieces)
    monkeypatch.setattr(contents, "FIRST_BYTES", 100)
    monkeypatch.setattr(contents, "BLOCK_BYTES", 300)
    text = json.dumps({"data": chats(20)}, indent=indent)
    found = read("a.json", text[: int(len(text) * 0.72)])
    assert found.values == chats(20)[: len(found.values)]
    assert (len(found.values), [broken.number for broken in found.broken]) == (14, [15])


@pytest.mark.parametrize("pieces", [0, 32_000_000])
def test_a_broken_record_in_the_middle_of_a_list_costs_only_itself(read, monkeypatch, pieces):
    monkeypatch.setattr(json_document, "WHOLE_BYTES", pieces)
    rows = [json.dumps(row) for row in chats(300)]
    rows[7] = '{"messages": "x" "id": 7}'
    rows[150] = '{"messages": [{"role": "user", "content": "x}], "id": 7}'
    rows[280] = "[1, 2]"
    found = read("a.json", f"[{', '.join(rows)}]")
    assert [broken.number for broken in found.broken] == [8, 151, 281]
    assert [row["id"] for row in found.values] == [n for n in range(300) if n not in (7, 150, 280)]


def test_a_large_list_is_read_in_pieces_without_the_slow_way(read, monkeypatch):
    monkeypatch.setattr(json_document, "WHOLE_BYTES", 0)
    slow = []
    slowly = json_pieces._slowly
    monkeypatch.setattr(json_pieces, "_slowly", lambda *args: slow.append(args) or slowly(*args))
    for options in ({"indent": 1}, {}, {"separators": (",", ":")}):
        found = read("a.json", json.dumps({"count": 5, "rows": chats(5_000)}, **options))
        assert found.values == chats(5_000)
    assert len(slow) < 20


def test_a_large_value_that_is_no_list_is_refused(read, monkeypatch):
    monkeypatch.setattr(json_document, "WHOLE_BYTES", 10)
    monkeypatch.setattr(json_document, "MOST_BYTES", 100)
    monkeypatch.setattr(contents, "FIRST_BYTES", 100)
    with pytest.raises(FileProblem, match="Save it as JSON lines"):
        read("a.json", json.dumps({str(n): {"a": n} for n in range(100)}))


DAMAGE = st.lists(st.tuples(st.integers(0, 5_000), st.sampled_from(["", '"', "{", "}", "\n", ",", "[", "\\", "é"])))


@settings(deadline=None, max_examples=60)
@given(damage=DAMAGE, block=st.integers(16, 4_000), seed=st.integers(0, 3))
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.json"])
def test_no_row_is_lost_and_blocks_do_not_matter(tmp_path_factory, name, damage, block, seed):
    rows = [{"prompt": f"What {n}, {seed}?", "completion": "yes\n" * (n % 3)} for n in range(40)]
    text = {"a.jsonl": jsonl(rows), "a.csv": csv_text(rows), "a.json": json.dumps(rows)}[name]
    begin = text.index("\n") if name == "a.csv" else 1
    for place, mark in damage:
        place = begin + place % (len(text) - begin)
        text = text[:place] + mark + text[place + 1 :]
    path = tmp_path_factory.mktemp("mangled") / "file"
    path.write_text(text, encoding="utf-8", newline="")
    found = {}
    for size in (block, 1_000_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(contents, "FIRST_BYTES", size)
            patch.setattr(contents, "BLOCK_BYTES", size)
            patch.setattr(json_document, "WHOLE_BYTES", 0 if size == block else 32_000_000)
            try:
                read = Read(path, name)
            except FileProblem as error:
                found[size] = str(error)
                continue
        assert len(set(read.all_numbers)) == len(read.all_numbers)
        if name == "a.jsonl":
            there = [number for number, line in enumerate(text.encode().splitlines(), 1) if line.strip()]
            assert read.all_numbers == there
        else:
            assert read.all_numbers == list(range(1, len(read.all_numbers) + 1))
        found[size] = read.values, [broken.number for broken in read.broken]
    assert found[block] == found[1_000_000]

"""Every reader gives the same rows for the same table, and says what it changed or why it refuses a file."""

import bz2
import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from core.errors import FileProblem
from core.ingest import contents, json_document
from core.ingest import read as read_whole
from core.ingest.contents import contents_of
from core.ingest.formats import open_source
from core.ingest.source import File

PAIRS = [
    ("What is a fjord?", "A sea inlet."),
    ("Name a noble gas.", "Neon 日本 🙂."),
    ("Is ice solid?", 'Yes, "quite".'),
]
ROWS = [{"prompt": prompt, "completion": completion} for prompt, completion in PAIRS]


class Read:
    """All that a reader hands on."""

    def __init__(self, path, name):
        parts, self.notes = contents_of(File(path, name))
        self.numbers, self.values, self.broken = [], [], []
        for part in parts:
            source = open_source(part)
            for batch in source.batches:
                assert len(batch.numbers) == len(batch.values)
                self.numbers += batch.numbers
                self.values += batch.values
                self.broken += batch.broken
            self.notes += source.notes

    @property
    def all_numbers(self):
        return sorted([*self.numbers, *(broken.number for broken in self.broken)])


@pytest.fixture
def read(tmp_path):
    """Write the content under the name and read it."""

    def read_file(name, content):
        path = tmp_path / "file"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return Read(path, name)

    return read_file


def csv_text(delimiter=",", rows=PAIRS):
    cells = [("prompt", "completion"), *rows]
    return "".join(delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) + "\n" for row in cells)


def jsonl(rows=ROWS, **options):
    return "".join(json.dumps(row, **options) + "\n" for row in rows)


def arrow(kind, table=None):
    out = io.BytesIO()
    table = pa.Table.from_pylist(ROWS) if table is None else table
    if kind == "parquet":
        pq.write_table(table, out)
    else:
        with (pa.ipc.new_file if kind == "file" else pa.ipc.new_stream)(out, table.schema) as writer:
            writer.write_table(table)
    return out.getvalue()


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            name = "[Content_Types].xml" if name == "excel" else name.replace("__", "/").replace("_", ".")
            archive.writestr(name, data)
    return out.getvalue()


FORMATS = {
    "a.csv": csv_text,
    "a.tsv": lambda: csv_text("\t"),
    "semicolons.csv": lambda: csv_text(";"),
    "bars.csv": lambda: csv_text("|"),
    "excel.csv": lambda: "sep=;\n" + csv_text(";"),
    "windows.csv": lambda: csv_text().replace("\n", "\r\n"),
    "old_mac.csv": lambda: csv_text().replace("\n", "\r"),
    "bom.csv": lambda: "\ufeff" + csv_text(),
    "utf16.csv": lambda: csv_text().encode("utf-16"),
    "utf16_big.csv": lambda: b"\xfe\xff" + csv_text().encode("utf-16-be"),
    "utf32.jsonl": lambda: jsonl().encode("utf-32"),
    "a.jsonl": jsonl,
    "a.ndjson": lambda: jsonl(ensure_ascii=False),
    "windows.jsonl": lambda: jsonl().replace("\n", "\r\n"),
    "no_last_end.jsonl": lambda: jsonl().rstrip(),
    "a.json": lambda: json.dumps(ROWS),
    "indented.json": lambda: json.dumps(ROWS, indent=2),
    "wrapped.json": lambda: json.dumps({"version": "1.0", "count": 3, "data": ROWS}),
    "two_lists.json": lambda: json.dumps({"train": ROWS[:2], "test": ROWS[2:]}),
    "columns.json": lambda: json.dumps({"prompt": [a for a, _ in PAIRS], "completion": [b for _, b in PAIRS]}),
    "split.json": lambda: json.dumps({"columns": ["prompt", "completion"], "index": [0, 1, 2], "data": PAIRS}),
    "pandas.json": lambda: json.dumps({key: {str(n): row[key] for n, row in enumerate(ROWS)} for key in ROWS[0]}),
    "by_key.json": lambda: json.dumps({f"k{n}": row for n, row in enumerate(ROWS)}),
    "lines.json": jsonl,
    "list.jsonl": lambda: json.dumps(ROWS),
    "list_by_line.jsonl": lambda: "[\n" + ",\n".join(map(json.dumps, ROWS)) + "\n]",
    "one_after_the_other.json": lambda: "\n".join(json.dumps(row, indent=2) for row in ROWS),
    "two_texts.json": lambda: json.dumps(ROWS[:2]) + "\n" + json.dumps(ROWS[2:]),
    "a.parquet": lambda: arrow("parquet"),
    "misnamed.csv": lambda: arrow("parquet"),
    "a.arrow": lambda: arrow("file"),
    "a.feather": lambda: arrow("file"),
    "stream.arrow": lambda: arrow("stream"),
    "a.csv.gz": lambda: gzip.compress(csv_text().encode()),
    "a.jsonl.zst": lambda: zstandard.compress(jsonl().encode()),
    "misnamed.jsonl": lambda: gzip.compress(jsonl().encode()),
    "parts.jsonl.gz": lambda: b"".join(gzip.compress(json.dumps(row).encode() + b"\n") for row in ROWS),
    "parts.jsonl.zst": lambda: b"".join(zstandard.compress(json.dumps(row).encode() + b"\n") for row in ROWS),
    "lines.csv": jsonl,
    "list.txt": lambda: json.dumps(ROWS),
    "indented.txt": lambda: json.dumps(ROWS, indent=2),
    "no_ending.gz": lambda: gzip.compress(csv_text().encode()),
    "a.parquet.gz": lambda: gzip.compress(arrow("parquet")),
    "a.zip": lambda: zipped(a_csv=csv_text()),
    "parquet.zip": lambda: zipped(a_parquet=arrow("parquet")),
    "mac.zip": lambda: zipped(a_jsonl=jsonl(), __MACOSX___a_jsonl=b"x", readme_md=b"hello"),
    "two.zip": lambda: zipped(a_jsonl=jsonl(ROWS[:2]), b_jsonl=jsonl(ROWS[2:])),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_rows_come_out_of_every_format(read, name):
    found = read(name, FORMATS[name]())
    assert found.values == ROWS
    assert found.broken == []
    assert found.numbers == ([1, 2, 1] if name == "two.zip" else [1, 2, 3])


@pytest.mark.parametrize("name", [name for name in FORMATS if "json" in name or "csv" in name])
def test_the_same_rows_come_out_however_small_the_pieces_are(read, name, monkeypatch):
    monkeypatch.setattr(contents, "FIRST_BYTES", 16)
    monkeypatch.setattr(contents, "BLOCK_BYTES", 5)
    monkeypatch.setattr(json_document, "WHOLE_BYTES", 40)
    found = read(name, FORMATS[name]())
    assert (found.values, found.broken, found.numbers) == (ROWS, [], [1, 2, 3])


NOTED = [
    ("bom.csv", "\ufeffprompt,completion\na,b\n", "BOM"),
    ("u.csv", "prompt,completion\na,b\n".encode("utf-16"), "UTF-16"),
    ("l.csv", "prompt,completion\nCafé,Zürich\n".encode("cp1252"), "From line 2 on"),
    ("l.jsonl", '{"prompt": "a"}\n{"prompt": "Café"}\n'.encode("cp1252"), "From line 2 on"),
    ("l.json", '[{"prompt": "Café"}]'.encode("cp1252"), "not UTF-8"),
    ("d.csv", "prompt,completion,completion\na,b,c\n", "“completion (2)”"),
    ("s.csv", "prompt;completion\na;b\n", "semicolons"),
    ("w.json", '{"rows": [{"prompt": "a", "completion": "b"}]}', "“rows”"),
    ("f.json", '{"features": [{"name": "a"}], "rows": [{"a": "b"}, {"a": "c"}]}', "Not read"),
    ("c.json", '{"prompt": ["a", "b"], "completion": ["c", "d"]}', "a list for each column"),
    ("h.csv", "Where is it?,track\nStill nothing.,track\nIt broke.,damage\nGone?,track\n", "row 1"),
    ("twice.jsonl", '{"prompt": "a", "prompt": "b"}\n', "A key stands twice in 1 row;"),
    ("twice.json", '[{"prompt": "a", "prompt": "b"}, {"prompt": "c"}]', "A key stands twice in 1 row;"),
    ("cut.json", '[{"prompt": "a"}, {"prom', "not complete JSON"),
    ("cut.csv.gz", gzip.compress(csv_text(rows=PAIRS * 50).encode())[:-20], "breaks off"),
    ("other.zip", zipped(a_csv="a,b\nc,d\n", readme_md="hello"), "“readme.md”"),
]


@pytest.mark.parametrize(("name", "content", "part"), NOTED, ids=[name for name, _, _ in NOTED])
def test_what_was_changed_is_said(read, name, content, part):
    found = read(name, content)
    assert any(part in note for note in found.notes), found.notes
    assert found.values


def test_a_key_that_stands_twice_keeps_both_values(read):
    text = '{"a": "x", "a": "y \\": z"}\n{"a": "has \\":\\": inside", "b": 1}\n'
    assert read("a.jsonl", text).values == [{"a": "x", "a (2)": 'y ": z'}, {"a": 'has ":": inside', "b": 1}]
    assert read("a.json", '[{"a": "x", "a": "y"}]').values == [{"a": "x", "a (2)": "y"}]


def test_latin_1_is_read_right_even_beside_utf_8(read):
    content = b"prompt,completion\n" + "Café,one\n".encode("cp1252") + "Zürich,two\n".encode()
    assert [row["prompt"] for row in read("a.csv", content).values] == ["Café", "Zürich"]


def test_missing_values_of_a_csv_are_no_words(read):
    cells = "".join(f"a,{cell}\n" for cell in ("NaN", "None", " null ", "NULL", "#N/A", "none taken", ""))
    assert [row["label"] for row in read("a.csv", "text,label\n" + cells).values] == [None] * 5 + ["none taken", ""]


def test_nested_columns_get_dotted_names_but_trees_stay_whole(read):
    row = {"in": {"q": "a", "deep": {"er": 1}}, "prompt": {"text": "x", "replies": []}}
    assert read("a.jsonl", jsonl([row])).values == [{"in.q": "a", "in.deep.er": 1, "prompt": row["prompt"]}]


def test_class_numbers_of_datasets_become_their_names(read):
    features = {"info": {"features": {"label": {"names": ["bad", "good"], "_type": "ClassLabel"}}}}
    schema = pa.schema([("text", pa.string()), ("label", pa.int64())], {"huggingface": json.dumps(features)})
    table = pa.Table.from_pylist([{"text": "a", "label": 1}, {"text": "b", "label": None}], schema=schema)
    for kind, name in (("stream", "a.arrow"), ("parquet", "a.parquet")):
        found = read(name, arrow(kind, table))
        assert [row["label"] for row in found.values] == ["good", None]
        assert "“label”" in found.notes[0]


def test_a_text_that_is_not_utf_8_costs_only_its_row_of_a_parquet_file(read):
    text = pa.array([b"fine", b"\xf9\xff", b"too"], pa.binary()).view(pa.string())
    found = read("a.parquet", arrow("parquet", pa.table({"prompt": text})))
    assert (found.numbers, [broken.number for broken in found.broken]) == ([1, 3], [2])


REFUSED = [
    ("empty.csv", b"", "is empty"),
    ("blank.jsonl", b"  \n\n", "is empty"),
    ("bom_only.json", b"\xef\xbb\xbf", "is empty"),
    ("empty.parquet", b"", "is empty"),
    ("empty.csv.gz", gzip.compress(b""), "is empty"),
    ("header.csv", b"prompt,completion\n", "only a header"),
    ("quote.csv", b'"prompt"x,completion\na,b\n', "no header that can be read (line 1"),
    ("number.json", b"42", "a number"),
    ("binary.csv", bytes(range(256)) * 20, "binary"),
    ("png.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "a picture"),
    ("page.json", b"<!DOCTYPE html><html></html>", "web page"),
    ("pickle.json", b"\x80\x04\x95\x10\x00", "pickle"),
    ("feather.arrow", b"FEA1" + bytes(50), "not a complete Arrow file"),
    ("a.docx", b"x", "“.docx”"),
    ("a", b"x", "no extension"),
    ("cut.parquet", b"PAR1" + bytes(50), "not a complete Parquet file"),
    ("cut.arrow", arrow("file")[:-30], "not a complete Arrow file"),
    ("cut_stream.arrow", arrow("stream")[:50], "not a complete Arrow file"),
    ("tar.csv", b"a.csv".ljust(257, b"\0") + b"ustar\0" + b"x" * 3000, "tar archive"),
    ("a.csv.bz2", bz2.compress(b"a,b\n"), "bzip2"),
    ("cut.zip", zipped(a_csv="a,b\nc,d\n")[:-30], "not a complete zip archive"),
    ("zeros.csv", b"PK\x03\x04" + bytes(200), "not a complete zip archive"),
    ("none.zip", zipped(), "holds no table"),
    ("readme.zip", zipped(readme_md="hello"), "holds no table"),
    ("nested.zip", zipped(a_zip=zipped(a_csv="a,b\n")), "holds another, “a.zip”"),
    ("excel.zip", zipped(excel="x"), "is an Excel or Word file"),
    ("cut.csv.gz", gzip.compress(b"a,b\nc,d\n")[:8], "cannot be unpacked"),
    ("cut.csv.zst", zstandard.compress(b"a,b\nc,d\n")[:6], "cannot be unpacked"),
    ("twice.csv.gz", gzip.compress(gzip.compress(b"a,b\n")), "packed more than once"),
]


@pytest.mark.parametrize(("name", "content", "part"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_a_file_that_cannot_be_read_is_refused_by_name(read, name, content, part):
    with pytest.raises(FileProblem) as error:
        read(name, content)
    assert f"“{name.removesuffix('.gz').removesuffix('.zst')}" in str(error.value)
    assert part in str(error.value)
    assert str(error.value).endswith(".")


def test_a_bomb_is_refused_before_it_has_gone_off(read, monkeypatch):
    monkeypatch.setattr(contents, "FREE_BYTES", 100_000)
    much = b"prompt,completion\n" + b"a,b\n" * 1_000_000
    for name, bomb in {
        "a.csv.gz": gzip.compress(much),
        "a.csv.zst": zstandard.compress(much),
        "a.zip": zipped(a_csv=much),
    }.items():
        with pytest.raises(FileProblem, match="200 times its size"):
            read(name, bomb)
    monkeypatch.setattr(contents, "RATIO", 1_000_000)
    monkeypatch.setattr(contents, "UNPACKED_BYTES", 1_000_000)
    with pytest.raises(FileProblem, match="more than 8 GB"):
        read("a.csv.gz", gzip.compress(much))


def test_an_archive_with_a_password_or_the_same_name_twice_is_refused(read):
    plain = bytearray(zipped(a_csv="a,b\nc,d\n"))
    for start in (plain.index(b"PK\x03\x04") + 6, plain.index(b"PK\x01\x02") + 8):
        plain[start] |= 1
    with pytest.raises(FileProblem, match="is encrypted"):
        read("a.zip", bytes(plain))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", "a,b\nc,d\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", "a,b\ne,f\n")
    with pytest.raises(FileProblem, match=r"two files called “a\.csv”"):
        read("a.zip", out.getvalue())


def test_what_comes_before_the_damage_of_a_packed_file_is_read(read):
    rows = [{"prompt": f"question {n}", "completion": f"{n * 7919 % 1000003}"} for n in range(60_000)]
    whole = jsonl(rows).encode()
    for name, packed in {"a.jsonl.gz": gzip.compress(whole), "a.jsonl.zst": zstandard.compress(whole)}.items():
        found = read(name, packed[: len(packed) // 2])
        assert 10_000 < len(found.values) < 55_000
        assert found.values == rows[: len(found.values)]
        assert found.all_numbers == list(range(1, len(found.all_numbers) + 1))
        assert "breaks off" in found.notes[-1]


def test_a_packed_file_that_breaks_off_says_so_as_a_row_that_cannot_be_read(tmp_path):
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(csv_text(rows=PAIRS * 50).encode())[:-20])
    dataset, found = read_whole(path, path.name)
    assert "breaks off" in found.problems[-1].reason
    assert found.problems[-1].row == len(dataset) + len(found.problems)
    assert sum("breaks off" in note for note in found.notes) == 1

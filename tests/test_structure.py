"""The shape of the program: which part may import which, what stays small, and what importing it must not load."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("ui/**/*.py"), ROOT / "app.py"])
TESTS = sorted(ROOT.glob("tests/**/*.py"))
MOST_LINES = 350
MOST_FUNCTION_LINES = 60
MOST_PARAMETERS = 8

# Rows of core, from the ground up; an import only points to a lower row. `errors` and `words` are open to all.
ROWS = [
    {"records", "settings", "chart", "packing", "journal"},
    {"ingest", "privacy", "format", "models", "generate", "few_shot", "workspace"},
    {"curate", "mask", "train", "compare", "export", "lineage"},
    {"select", "jobs", "evaluate", "preferences"},
    {"compose"},
    {"actions"},
]
MAY_IMPORT = {
    "errors": set(),
    "words": set(),
    "records": set(),
    "settings": set(),
    "chart": set(),
    "packing": set(),
    "journal": set(),
    "workspace": {"records", "settings"},
    "ingest": {"records"},
    "privacy": {"records"},
    "format": {"records", "settings"},
    "models": {"settings"},
    "generate": {"settings"},
    "curate": {"records", "journal"},
    "mask": {"records", "settings", "privacy", "journal"},
    "train": {"records", "settings", "packing", "workspace", "format", "models", "generate"},
    "few_shot": {"records"},
    "compare": {"records", "settings", "few_shot", "workspace", "format", "models", "generate"},
    "export": {"workspace", "models", "generate"},
    "lineage": {"records", "workspace"},
    "select": {"records", "settings", "curate", "format", "models"},
    "compose": {"records", "settings", "select"},
    "jobs": {"settings", "workspace"},
    "evaluate": {
        *("records", "settings", "packing", "few_shot", "workspace", "format", "models", "generate"),
        *("privacy", "curate", "mask", "compare"),
    },
    "preferences": {"records", "workspace"},
    "actions": set().union(*ROWS[:-1]),
}
UI_MAY_IMPORT = {"actions", "errors", "settings", "records"}
HEAVY = {
    *("torch", "transformers", "datasets", "peft", "trl", "bitsandbytes", "sklearn", "scipy"),
    *("onnx", "onnxruntime", "faker", "tokenizers", "spellchecker", "presidio_analyzer"),
}
DISK = {"read_text", "read_bytes", "write_text", "write_bytes", "open", "mkdir", "unlink", "rename", "iterdir", "glob"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Dotted names of everything imported, at the top or inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def core_parts(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(tree_of(path)) if name.startswith("core.")} - {"errors", "words"}


def part_of(path: Path) -> str:
    return path.relative_to(ROOT / "core").parts[0].removesuffix(".py")


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_the_import_table_only_points_down(part: str):
    rows = [number for number, row in enumerate(ROWS) if part in row] or [0]
    assert MAY_IMPORT[part] <= set().union(*ROWS[: rows[0]])


@pytest.mark.parametrize("path", sorted(ROOT.glob("core/**/*.py")), ids=name_of)
def test_core_imports_what_its_table_allows(path: Path):
    part = part_of(path)
    if part == "__init__":
        assert core_parts(path) == set()
    else:
        assert part in MAY_IMPORT, f"{part} is new: give it a row and a line in the table"
        assert core_parts(path) - {part} <= MAY_IMPORT[part]


@pytest.mark.parametrize("path", sorted(ROOT.glob("core/**/*.py")), ids=name_of)
def test_core_knows_no_screen(path: Path):
    tops = {name.split(".")[0] for name in imported(tree_of(path))}
    assert not tops & {"gradio", "ui", "app"}


@pytest.mark.parametrize("path", [*sorted(ROOT.glob("ui/**/*.py")), ROOT / "app.py"], ids=name_of)
def test_the_ui_knows_no_disk_and_only_the_front_of_core(path: Path):
    tree = tree_of(path)
    assert core_parts(path) <= UI_MAY_IMPORT
    tops = {name.split(".")[0] for name in imported(tree)}
    assert not tops & HEAVY
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    plain = {call.id for call in calls if isinstance(call, ast.Name)}
    methods = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    assert "open" not in plain
    assert not methods & DISK


def test_the_window_opens_without_torch():
    code = f"import sys, app, ui.page; print(sorted(set({sorted(HEAVY)}) & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr


def test_importing_the_app_does_not_import_gradio_before_its_environment_is_set():
    code = "import sys, app; print('gradio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "False", done.stderr


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name_of)
def test_a_file_stays_readable(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_function_stays_small(path: Path):
    functions = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [
        f"{node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in functions
        if node.name != "build" and (node.end_lineno or 0) - node.lineno >= MOST_FUNCTION_LINES
    ]
    wide = [
        f"{node.name} has {len(names)} parameters"
        for node in functions
        if len(names := {arg.arg for arg in [*node.args.args, *node.args.kwonlyargs]} - {"self", "cls"})
        > MOST_PARAMETERS
    ]
    assert not long + wide


def test_folders_of_the_program_are_packages_and_those_of_the_tests_are_not():
    folders = {path.parent for path in SOURCES} - {ROOT}
    assert [name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
    assert [name_of(path) for path in TESTS if path.name == "__init__.py"] == []

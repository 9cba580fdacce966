"""requirements.txt, which a Space installs, is the one list of dependencies: whole, bounded, and read by pyproject."""

import ast
import importlib.metadata
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINES = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
REQUIREMENTS = [Requirement(line) for line in LINES if line.strip() and not line.startswith("#")]
OWN = {"core", "ui", "app"}
UPPER = {"<", "<=", "==", "~="}


def imports_of_the_program() -> dict[str, str]:
    """Top-level module → a file that imports it, third-party modules only."""
    found: dict[str, str] = {}
    for path in [*ROOT.glob("core/**/*.py"), *ROOT.glob("ui/**/*.py"), ROOT / "app.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found.update({name.split(".")[0]: str(path.relative_to(ROOT)) for name in names})
    return {name: path for name, path in found.items() if name not in OWN | set(sys.stdlib_module_names)}


def test_pyproject_takes_its_dependencies_from_requirements_txt():
    assert "dependencies" in PROJECT["project"]["dynamic"]
    assert "dependencies" not in PROJECT["project"]
    assert PROJECT["tool"]["setuptools"]["dynamic"]["dependencies"] == {"file": ["requirements.txt"]}


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.name)
def test_a_requirement_is_bounded_above_and_installed_within_its_bounds(requirement: Requirement):
    assert {part.operator for part in requirement.specifier} & UPPER
    assert importlib.metadata.version(requirement.name) in requirement.specifier


@pytest.mark.parametrize(("module", "path"), sorted(imports_of_the_program().items()))
def test_what_is_imported_is_required(module: str, path: str):
    required = {canonicalize_name(requirement.name) for requirement in REQUIREMENTS}
    providers = {canonicalize_name(name) for name in importlib.metadata.packages_distributions().get(module, [])}
    assert providers & required, f"{path} imports {module}, which no line of requirements.txt names"


def test_the_space_asks_for_a_gradio_that_the_requirements_allow():
    front = (ROOT / "README.md").read_text(encoding="utf-8").split("---")[1]
    version = next(line.split(":")[1].split("#")[0].strip() for line in front.splitlines() if "sdk_version" in line)
    assert version in next(r for r in REQUIREMENTS if r.name == "gradio").specifier

"""The catalogue: what a typed model name stands for, at home and on a public page."""

import json
from pathlib import Path

import pytest

from core.errors import LabError, NotFound
from core.models import choices, resolve, starter
from core.settings import HOME, SPACE

COMMIT = "a" * 40


@pytest.fixture
def models_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / starter.FOLDER
    folder.mkdir(parents=True)
    (folder / "source.json").write_text("{}")
    return tmp_path / "models"


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No network, and an empty cache of the Hub's."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def test_the_starter_is_a_local_folder_with_an_honest_name(models_folder: Path):
    source = resolve("starter", models_folder, SPACE)
    assert source.path_or_id == str(models_folder / starter.FOLDER)
    assert source.is_local
    assert "dequantised" in source.title
    assert [choice.title for choice in choices()] == ["SmolLM2-135M-Instruct from Q4_1"]


def test_a_starter_that_is_not_there_yet_says_where_to_look(tmp_path: Path):
    with pytest.raises(NotFound, match="not on this machine yet"):
        resolve("starter", tmp_path, HOME)


@pytest.mark.parametrize("typed", ["owner/name", "/etc", "./model", "", "gpt2", "STARTER", "../../etc/passwd"])
def test_a_public_page_takes_nothing_but_its_short_list(models_folder: Path, typed: str):
    with pytest.raises(NotFound, match=r"cannot be chosen on this public page.*starter"):
        resolve(typed, models_folder, SPACE)


def test_a_public_page_does_not_tell_whether_a_path_exists(models_folder: Path, tmp_path: Path):
    sentences = set()
    for path in (tmp_path, tmp_path.with_name("other")):
        with pytest.raises(NotFound) as caught:
            resolve(str(path), models_folder, SPACE)
        sentences.add(str(caught.value).replace(str(path), "PATH"))
    assert len(sentences) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "There is no model “”"),
        ("a b", "There is no model “a b”"),
        ("owner/name/more", "There is no model"),
        ("https://huggingface.co/owner/name", "There is no model"),
        ("name\x00", "There is no model"),
        ("/no/such/folder", "does not exist"),
        ("~/no/such/folder", "does not exist"),
        ("~nobody-of-that-name/x", "does not exist"),
        ("/x\x00", "does not exist"),
        ("x" * 5000, "There is no model"),
        ("/" + "x" * 5000, "does not exist"),
        ("/dev/null", "is not a folder or a .gguf file"),
    ],
)
def test_what_is_no_model_gets_a_sentence_naming_what_works(models_folder: Path, typed: str, sentence: str):
    with pytest.raises(NotFound) as caught:
        resolve(typed, models_folder, HOME)
    assert sentence in str(caught.value)
    assert "starter" in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "has no config.json"),
        (["config.json"], "has no .safetensors file"),
        (["config.json", "pytorch_model.bin"], "can run code"),
        (["adapter_config.json", "adapter_model.safetensors"], "holds an adapter"),
    ],
)
def test_a_folder_that_is_no_model_gets_a_sentence(tmp_path: Path, files: list[str], sentence: str):
    for name in files:
        (tmp_path / name).write_text("")
    with pytest.raises(NotFound, match=sentence):
        resolve(str(tmp_path), tmp_path, HOME)


def test_a_folder_and_a_gguf_file_are_taken_at_home(tiny_model_folder: Path, tmp_path: Path):
    folder = resolve(str(tiny_model_folder), tmp_path, HOME)
    assert (folder.path_or_id, folder.gguf_file) == (str(tiny_model_folder), None)
    (tmp_path / "my.gguf").write_bytes(b"GGUF")
    file = resolve(str(tmp_path / "my.gguf"), tmp_path, HOME)
    assert (file.path_or_id, file.gguf_file, file.title) == (str(tmp_path), "my.gguf", "my.gguf")


def test_a_hub_id_without_a_network_gets_a_sentence(models_folder: Path, offline: Path):
    with pytest.raises(NotFound, match=r"owner/name.*cannot be reached.*HF_HUB_OFFLINE"):
        resolve("owner/name", models_folder, HOME)


def test_a_hub_id_in_the_cache_works_without_a_network(models_folder: Path, offline: Path):
    repository = offline / "models--owner--name"
    (repository / "snapshots" / COMMIT).mkdir(parents=True)
    (repository / "snapshots" / COMMIT / "config.json").write_text(json.dumps({}))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    source = resolve("owner/name", models_folder, HOME)
    assert (source.path_or_id, source.revision, source.is_local) == ("owner/name", COMMIT, False)


class FakeInfo:
    """What the Hub tells about a repository: its commit and files."""

    def __init__(self, *files: str) -> None:
        self.sha = COMMIT
        self.siblings = [type("File", (), {"rfilename": name}) for name in files]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [(["model.safetensors"], "no config.json"), (["config.json", "pytorch_model.bin"], "no safetensors")],
)
def test_a_hub_repository_that_cannot_be_loaded_is_refused_early(
    models_folder: Path, monkeypatch: pytest.MonkeyPatch, files: list[str], sentence: str
):
    monkeypatch.setattr("huggingface_hub.model_info", lambda *args, **rest: FakeInfo(*files))
    with pytest.raises(NotFound, match=sentence):
        resolve("owner/name", models_folder, HOME)


def test_a_hub_id_is_pinned_to_its_commit(models_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "huggingface_hub.model_info", lambda *args, **rest: FakeInfo("config.json", "model.safetensors")
    )
    assert resolve("owner/name", models_folder, HOME).revision == COMMIT


@pytest.mark.parametrize(
    ("status", "code", "kind", "sentence"),
    [
        (404, "RepoNotFound", NotFound, "no public model “owner/name”"),
        (404, "RevisionNotFound", NotFound, "has no revision “v9”"),
        (403, "GatedRepo", LabError, "accepted its terms"),
        (500, "", LabError, "refused to tell"),
    ],
)
def test_what_the_hub_refuses_gets_a_sentence(
    models_folder: Path, monkeypatch: pytest.MonkeyPatch, status: int, code: str, kind: type, sentence: str
):
    from huggingface_hub import errors

    classes = {"RepoNotFound": "RepositoryNotFoundError", "RevisionNotFound": "RevisionNotFoundError"}
    name = {**classes, "GatedRepo": "GatedRepoError"}.get(code, "HfHubHTTPError")
    error = getattr(errors, name)("refused", response=type("Response", (), {"headers": {}, "request": None})())

    def refuse(*args: object, **rest: object) -> None:
        raise error

    monkeypatch.setattr("huggingface_hub.model_info", refuse)
    with pytest.raises(kind, match=sentence):
        resolve("owner/name", models_folder, HOME, revision="v9")

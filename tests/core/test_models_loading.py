"""Loading: what comes out, and the sentences for what cannot be loaded."""

import shutil
from pathlib import Path

import pytest

from core.errors import LabError, NotFound
from core.models import ModelSource, import_heavy, load_model, load_tokenizer
from core.models.loading import device_for


def source_of(folder: Path, gguf_file: str | None = None) -> ModelSource:
    return ModelSource(str(folder), "local folder", gguf_file, folder.name)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_model_is_loaded_for_use_in_the_asked_precision(tiny_model_folder: Path, dtype: str):
    model = load_model(source_of(tiny_model_folder), dtype=dtype)
    assert str(model.dtype) == f"torch.{dtype}"
    assert not model.training


def test_auto_keeps_the_stored_precision(tiny_model_folder: Path):
    assert str(load_model(source_of(tiny_model_folder)).dtype) == "torch.float32"


def test_4_bit_takes_less_memory(tiny_model_folder: Path):
    plain = load_model(source_of(tiny_model_folder), dtype="bfloat16")
    small = load_model(source_of(tiny_model_folder), dtype="bfloat16", quantization="4bit")
    assert small.get_memory_footprint() < 0.8 * plain.get_memory_footprint()


def test_the_tokenizer_writes_a_chat_and_can_pad(tiny_model_folder: Path):
    tokenizer = load_tokenizer(source_of(tiny_model_folder))
    text = tokenizer.apply_chat_template([{"role": "user", "content": "Hi"}], tokenize=False)
    assert "<|im_start|>user\nHi<|im_end|>" in text
    assert tokenizer.pad_token


def test_a_base_model_has_no_chat_template_and_is_loaded_all_the_same(tiny_model_folder: Path, tmp_path: Path):
    folder = tmp_path / "base-model"
    shutil.copytree(tiny_model_folder, folder)
    (folder / "chat_template.jinja").unlink()
    assert not load_tokenizer(source_of(folder)).chat_template


def test_pickled_weights_are_never_read(tiny_model_folder: Path, tmp_path: Path):
    folder = tmp_path / "pickled"
    shutil.copytree(tiny_model_folder, folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(NotFound, match="pickled weights are refused"):
        load_model(source_of(folder))


def test_truncated_weights_give_a_sentence(tiny_model_folder: Path, tmp_path: Path):
    folder = tmp_path / "torn"
    shutil.copytree(tiny_model_folder, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(LabError, match="torn cannot be loaded"):
        load_model(source_of(folder))


def test_a_model_that_brings_its_own_code_is_refused(tiny_model_folder: Path, tmp_path: Path):
    folder = tmp_path / "own-code"
    shutil.copytree(tiny_model_folder, folder)
    ran = tmp_path / "ran"
    (folder / "code.py").write_text(f"open({str(ran)!r}, 'w').close()\nclass M: ...\nclass C: ...\n")
    (folder / "config.json").write_text(
        '{"model_type": "unheard_of", "auto_map": {"AutoConfig": "code.C", "AutoModelForCausalLM": "code.M"}}'
    )
    with pytest.raises(LabError, match="own-code cannot be loaded"):
        load_model(source_of(folder))
    assert not ran.exists()


def test_a_gguf_file_is_not_quantised_a_second_time(tmp_path: Path):
    with pytest.raises(LabError, match="is a GGUF file, which cannot be loaded in 4bit"):
        load_model(source_of(tmp_path, "model.gguf"), quantization="4bit")


def test_a_package_that_does_not_work_here_is_a_sentence(tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise ImportError("bitsandbytes has no library for this machine")

    monkeypatch.setattr("transformers.AutoModelForCausalLM.from_pretrained", broken)
    with pytest.raises(LabError, match=r"cannot be loaded in this way.*no library for this machine"):
        load_model(source_of(tiny_model_folder), quantization="8bit")


@pytest.mark.parametrize(
    ("cuda", "mps", "plain", "small"),
    [(False, False, "cpu", "cpu"), (True, False, "cuda", "cuda"), (False, True, "mps", "cpu")],
)
def test_a_quantised_model_stays_on_the_cpu_beside_an_apple_gpu(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, plain: str, small: str
):
    import_heavy()
    monkeypatch.setattr("torch.cuda.is_available", lambda: cuda)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: mps)
    assert (device_for("none"), device_for("4bit"), device_for("8bit")) == (plain, small, small)


@pytest.mark.starter
@pytest.mark.slow
def test_the_starter_model_answers(starter: ModelSource):
    model, tokenizer = load_model(starter, dtype="float32"), load_tokenizer(starter)
    chat = [{"role": "user", "content": "What is the capital of France?"}]
    ids = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    answer = model.generate(**ids, max_new_tokens=8, do_sample=False)[0, ids["input_ids"].shape[1] :]
    assert "Paris" in tokenizer.decode(answer)

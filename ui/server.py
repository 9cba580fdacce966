"""The server: its environment, its hardening, and the launch options. Reasons are measured in gradio 6.31.

Who may reach it: at home only this machine (127.0.0.1). GRADIO_SERVER_NAME may name another loopback address or
localhost; anything else opens the lab to other machines, so TUNEBENCH_AUTH=name:password must be set as well.
"""

import ipaddress
import os
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.actions import Lab
from core.errors import LabError

ENVIRONMENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SSR_MODE": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}

CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; frame-src 'none'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; connect-src 'self' data: blob:"
)
CSP_AT_HOME = "; frame-ancestors 'none'"
CSP_ON_A_SPACE = (
    " https://huggingface.co"  # adds to connect-src: the page asks how its Space is; it sits in a frame there
)
PRIVATE = ("datasets", "runs", "sources", "votes", "comparisons", "benchmarks", "key")  # parts of the workspace
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
SPACE_HOSTS = (".hf.space",)
VISITOR_QUEUE = 16
CACHE_SECONDS = {True: (600, 3600), False: (3600, 24 * 3600)}  # how often to look, and what age is deleted; by public


def prepare(lab: Lab) -> None:
    """Set the environment; call it before gradio is imported.

    Raises:
        LabError: GRADIO_VIBE_MODE is set, which lets the page run any code.
    """
    if os.environ.get("GRADIO_VIBE_MODE"):
        raise LabError("GRADIO_VIBE_MODE lets a page run any code on this machine. Unset it and start again.")
    os.environ.update(ENVIRONMENT, GRADIO_TEMP_DIR=str(lab.cache()))


class Guard:
    """Pure ASGI, so that streams stay streams: checks who asks, and adds headers that bind the page to this server."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], headers: dict[str, str]) -> None:
        self._app = app
        self._hosts = hosts
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse an unknown Host with 400 and a write from another site with 403; pass on everything else."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not is_known_host(headers.get("host", ""), self._hosts):
            await _refuse(send, 400, b"unknown host")
        elif scope["method"] not in SAFE_METHODS and is_cross_site(headers):
            await _refuse(send, 403, b"cross-origin request refused")
        else:
            await self._app(scope, receive, self._with_headers(send))

    def _with_headers(self, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        return send_with_headers


def is_known_host(host: str, known: tuple[str, ...]) -> bool:
    """Whether a Host header names this server: an address, localhost, or a name in `known` ("*": any, ".x": below x).

    A page that rebinds its own name to 127.0.0.1 sends that name; an address cannot be rebound.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if "*" in known or name == "localhost" or _address(name):
        return True
    return any(name == one or (one.startswith(".") and name.endswith(one)) for one in known)


def is_cross_site(headers: dict[str, str]) -> bool:
    """Whether a request was sent by a page of another origin; programs send neither header."""
    origin = headers.get("origin")
    elsewhere = origin is not None and origin.split("://", 1)[-1] != headers.get("host")
    return elsewhere or headers.get("sec-fetch-site") == "cross-site"


def launch_options(lab: Lab) -> dict[str, Any]:
    """The arguments of `Blocks.launch`, from the lab's limits and the environment.

    Raises:
        LabError: the address would open the lab to other machines without a password, or the port is no number.
    """
    name, auth = os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1", _auth()
    if not (lab.limits.public or auth or _is_loopback(name)):
        raise LabError(
            f"GRADIO_SERVER_NAME is “{name}”, which opens Tunebench and all its data to other machines. "
            "Set TUNEBENCH_AUTH=name:password as well, or leave GRADIO_SERVER_NAME at 127.0.0.1."
        )
    hosts = SPACE_HOSTS if lab.limits.public else ("*",) if auth else ()
    return {
        "server_name": name,
        "server_port": _port(),
        "auth": auth,
        "share": False,
        "run_history": False,
        "footer_links": [],
        "enable_monitoring": False,
        "ssr_mode": False,
        "show_error": False,
        "max_file_size": f"{lab.limits.upload_mb}mb",
        "strict_cors": True,
        "mcp_server": False,
        "pwa": False,
        "num_workers": 0,  # workers for static files would listen on ports of their own, without the guard
        "allowed_paths": [str(lab.home.resolve() / "exports")],
        "blocked_paths": [str(lab.home.resolve() / part) for part in PRIVATE],
        "app_kwargs": {"middleware": [Middleware(Guard, hosts=hosts, headers=_headers(lab))]},
    }


def queue_options(lab: Lab) -> dict[str, Any]:
    """The arguments of `Blocks.queue`; call that on an empty page, for it makes the server anew for what is there."""
    public = lab.limits.public
    return {"max_size": VISITOR_QUEUE if public else None, "default_concurrency_limit": 2 if public else 4}


def launch(blocks: Any, lab: Lab, prevent_thread_lock: bool = False) -> str:
    """Serve `blocks` and return the address; blocks the thread afterwards unless `prevent_thread_lock`.

    Raises:
        LabError: see `launch_options`; or the port is taken.
    """
    from ui.theme import CSS, theme

    options = launch_options(lab)
    try:
        _, url, _ = blocks.launch(prevent_thread_lock=True, quiet=True, theme=theme(), css=CSS, **options)
    except OSError as error:
        where = f"{options['server_name']}:{options['server_port'] or '7860 and the ports after it'}"
        raise LabError(
            f"Tunebench cannot listen on {where}: it is taken or not an address of this machine. "
            "End the other program, or set GRADIO_SERVER_PORT and GRADIO_SERVER_NAME."
        ) from error
    if not prevent_thread_lock:
        blocks.block_thread()
    return str(url)


def _headers(lab: Lab) -> dict[str, str]:
    return {
        "content-security-policy": CSP + (CSP_ON_A_SPACE if lab.limits.public else CSP_AT_HOME),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
    }


def _auth() -> tuple[str, str] | None:
    name, _, password = os.environ.get("TUNEBENCH_AUTH", "").partition(":")
    return (name, password) if name and password else None


def _port() -> int | None:
    port = os.environ.get("GRADIO_SERVER_PORT")
    if not port:
        return None
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise LabError(f"GRADIO_SERVER_PORT is “{port}”; it must be a whole number of 1 to 65535.")
    return int(port)


def _is_loopback(name: str) -> bool:
    address = _address(name)
    return name == "localhost" or bool(address and address.is_loopback)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None


async def _refuse(send: Send, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": body})

"""Tunebench: make the lab, build the page, serve it. Also the entry of the Space."""

import sys

from core.actions import Lab
from core.errors import LabError
from ui import server


def main() -> None:
    """Serve the page until Ctrl+C, and fetch the starter model meanwhile."""
    lab = Lab.here()
    server.prepare(lab)  # before gradio is imported, which ui.page does
    from ui.page import build

    blocks = build(lab)
    url = server.launch(blocks, lab, prevent_thread_lock=True)
    print(f"Tunebench is open at {url.rstrip('/')} (workspace: {lab.home}). Ctrl+C ends it.", flush=True)
    lab.starter.start()
    blocks.block_thread()


if __name__ == "__main__":
    try:
        main()
    except LabError as error:
        sys.exit(str(error))

"""Tunebench: make the lab, build the page, serve it. Also the entry of the Space."""

import gc
import sys

from core.actions import Lab
from core.errors import LabError
from ui import server


def main() -> None:
    """Serve the page until Ctrl+C; meanwhile fetch the starter model, and train what waited when the last one ended."""
    lab = Lab.here()
    gc.disable()  # what is made from here on stays: to look for garbage in it takes a fifth of the time to the page
    server.prepare(lab)  # before gradio is imported, which ui.page does
    from core.actions.train import queue_again
    from ui.page import build

    blocks = build(lab)
    url = server.launch(blocks, lab, prevent_thread_lock=True)
    gc.freeze()
    gc.enable()
    print(f"Tunebench is open at {url.rstrip('/')} (workspace: {lab.home}). Ctrl+C ends it.", flush=True)
    lab.starter.start()
    queue_again(lab)
    blocks.block_thread()


if __name__ == "__main__":
    try:
        main()
    except LabError as error:
        sys.exit(str(error))

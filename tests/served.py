"""A web server for tests, as plain as those that course sites lie on: folders under an address, and nothing else."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit


@contextmanager
def served(folders: Mapping[str, Path]) -> Iterator[str]:
    """Serve folders by the beginning of their paths, ``"/"`` for all others; give the address, without a slash.

    The longest beginning that fits decides.
    """

    class Handler(http.server.SimpleHTTPRequestHandler):
        extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
            ".mjs": "text/javascript",
            ".wasm": "application/wasm",
        }

        def translate_path(self, path: str) -> str:
            plain = unquote(urlsplit(path).path)
            prefix = max((each for each in folders if plain.startswith(each)), key=len, default="")
            return str(folders.get(prefix, Path("/nowhere")) / plain.removeprefix(prefix).lstrip("/"))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is there
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

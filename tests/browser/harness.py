"""A real Streamlit server and a real headless Chromium."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "artifacts"
"""Screenshots of the last run, outside git."""

RUNNING = '[data-testid="stApp"][data-test-script-state="running"]'
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(home: Path) -> Iterator[str]:
    """Serve the dashboard over a MADO_HOME; yields the address."""
    port = free_port()
    log = ARTIFACTS / f"server-{port}.log"
    ARTIFACTS.mkdir(exist_ok=True)
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "MADO_HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_healthy(port, server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_until_healthy(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise AssertionError(f"the server ended: {log.read_text()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer: {log.read_text()}")


@dataclass
class Watched:
    """A browser page, with everything that went wrong in it."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open a path of the dashboard and wait until it has been drawn."""
        self.page.goto(self.address + path, wait_until="domcontentloaded")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has ended and nothing shows that it is still loading."""
        self.page.wait_for_selector(READY, timeout=60_000)
        self.page.wait_for_timeout(250)
        self.page.wait_for_selector(READY, timeout=60_000)
        self.page.wait_for_function(
            "() => !document.querySelector('[data-testid=\"stSkeleton\"]')", timeout=30_000
        )
        self.page.wait_for_timeout(250)

    def overflow(self) -> int:
        """Pixels by which the page is wider than the screen."""
        return int(
            self.page.evaluate(
                "() => Math.max(document.documentElement.scrollWidth,"
                " document.body.scrollWidth) - window.innerWidth"
            )
        )

    def note_console(self, message: ConsoleMessage) -> None:
        """Note an error, but for Streamlit's own search for its server.

        Opened by a deep address, Streamlit first asks under that address whether the server
        lives there, gets a 404, and goes on to ask at the root.
        """
        address = urlsplit(message.location.get("url", "")).path
        if message.type == "error" and not re.fullmatch(r"/[a-z]+/_stcore/[a-z-]+", address):
            self.problems.append(f"console: {message.text} {address}")

    def note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        local = parts.hostname in {"127.0.0.1", "localhost"}
        if not local and parts.scheme not in {"data", "blob", "about"}:
            self.problems.append(f"request to the outside: {request.url}")


@contextmanager
def watch(browser: Browser, address: str, width: int) -> Iterator[Watched]:
    """Open a browser page of a width and note console errors and requests to the outside."""
    height = 844 if width < 600 else 900
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="ja-JP", timezone_id="Asia/Tokyo"
    )
    page = context.new_page()
    watched = Watched(page, address)
    page.on("console", watched.note_console)
    page.on("pageerror", lambda error: watched.problems.append(f"page error: {error}"))
    page.on("request", watched.note_request)
    yield watched
    context.close()

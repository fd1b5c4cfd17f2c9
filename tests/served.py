"""A real server over an archive, and what a browser complained of: for the tests of our own pages."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page

import app
from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from tests.conftest import RuleReader


@contextmanager
def serving(archive: Archive, settings: Settings) -> Iterator[str]:
    """The address of a server; it has ended when this does."""
    desk = LocalDesk(archive, Assistant(archive, RuleReader()))
    ready = threading.Event()
    servers: list[app.Server] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            # Made where it runs: Playwright keeps an event loop in the thread of the tests.
            servers.append(app.Server(app.create_site(desk, settings, "token"), ready.set))
            servers[0].run([listener])

        thread = threading.Thread(target=serve)
        thread.start()
        assert ready.wait(20)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            servers[0].should_exit = True
            thread.join(20)
            assert not thread.is_alive()


class Watched:
    """A page that remembers what it asked for and what it complained of."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.page: Page = context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: (
                self.complaints.append(said.text) if said.type in {"error", "warning"} else None
            ),
        )

    def foreign(self) -> list[str]:
        """The requests that went elsewhere."""
        own = (f"{self.url}/", "data:", f"blob:{self.url}/")
        return [request for request in self.requests if not request.startswith(own)]

"""A real server over an archive, and what a browser complained of: for the tests of our own pages."""

from contextlib import AbstractContextManager

from playwright.sync_api import BrowserContext, Page

import app
from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from tests.conftest import RuleReader, running


def serving(archive: Archive, settings: Settings) -> AbstractContextManager[str]:
    """The address of a server over an archive."""
    desk = LocalDesk(archive, Assistant(archive, RuleReader()))
    return running(
        lambda: app.Server(app.create_site(desk, settings, "token"), say_ready=lambda: None)
    )


# A script by which a browser does as one that is told to block what sites store.
NOTHING_STORED = """
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, {
    configurable: true,
    get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
  });
}
"""


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

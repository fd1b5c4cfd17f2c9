"""Makes the pictures of the README: `make pictures`. A real server over samples/, a real browser."""

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

import app
from qa.desk import LocalDesk
from qa.settings import Settings
from web.start import add_samples

_HERE = Path(__file__).parent
_FLAGS = "--no-sandbox --disable-background-networking --disable-component-update --no-proxy-server"


def main() -> None:
    """Write the pictures beside this file."""
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as url:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS.split())
            wide = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
            wide.goto(url)
            _ask(wide, "钱塘高新技术产业投资增长多少")
            wide.screenshot(path=_HERE / "answer.png")
            _ask(wide, "国家高新技术企业有多少家")
            _ask(wide, "望江区2024年地区生产总值是多少")
            wide.screenshot(path=_HERE / "refusal.png")
            library = browser.new_page(
                viewport={"width": 1280, "height": 800}, locale="zh-CN", color_scheme="dark"
            )
            library.goto(f"{url}/library")
            expect(library.get_by_text("统计公报.pdf").first).to_be_visible()
            library.screenshot(path=_HERE / "library.png")
            browser.close()


def _ask(page: Page, question: str) -> None:
    answers = page.locator("#yj-chat .yj-answer")
    before = answers.count()
    box = page.locator("#yj-question textarea")
    box.fill(question)
    box.press("Enter")
    expect(answers).to_have_count(before + 1, timeout=30_000)
    # What is suggested comes after.
    page.wait_for_timeout(3000)


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    settings = Settings(data=folder)
    with (
        closing(LocalDesk.open(settings)) as desk,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        add_samples(desk, Path("samples"), settings)
        ready = threading.Event()
        servers: list[app.Server] = []

        def serve() -> None:
            servers.append(app.Server(app.create_site(desk, settings, "token"), ready.set))
            servers[0].run([listener])

        thread = threading.Thread(target=serve)
        thread.start()
        ready.wait(60)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        servers[0].should_exit = True
        thread.join()


if __name__ == "__main__":
    main()

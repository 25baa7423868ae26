"""Fixtures that many tests share, and the rule that CI skips nothing by itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from tests import provide
from tests.browsing import OfflinePage
from tests.database import database_server

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser

REPO = Path(__file__).resolve().parents[1]
# the plan documents are not ours to publish, so a test of them may be skipped even in CI
OPTIONAL_FIXTURES = frozenset({"documents", "spec"})


class QgisPython(Protocol):
    """Run a Python script in a QGIS without a screen and return what it prints."""

    def __call__(self, script: str, *arguments: str | Path) -> str:
        """Run the text of a script with these arguments."""


class Gdal(Protocol):
    """Run a command of the system's GDAL, such as ``ogrinfo``, and return what it prints."""

    def __call__(self, *command: str | Path) -> str:
        """Run the command."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure in CI, unless the test is about the plan documents."""
    report = yield
    fixtures = getattr(item, "fixturenames", ())
    is_skip = report.skipped and not hasattr(report, "wasxfail")
    if is_skip and provide.in_ci() and OPTIONAL_FIXTURES.isdisjoint(fixtures):
        report.outcome = "failed"
        report.longrepr = f"CI runs every test, and this one was skipped: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def repo() -> Path:
    """Give the folder of the checkout."""
    return REPO


@pytest.fixture(scope="session")
def documents() -> Path:
    """Give the folder of the plan documents, as plain text."""
    return _folder_beside("TAIXIN_DOCUMENTS", "seeds")


@pytest.fixture(scope="session")
def spec() -> Path:
    """Give the folder of the inventory of what the plan documents name."""
    return _folder_beside("TAIXIN_SPEC", "spec")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page of the project's own plans to a folder of its own."""
    from tests import samples

    path = tmp_path_factory.mktemp("site") / "index.html"
    path.write_text(samples.own_page(), encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all browser tests."""
    from playwright.sync_api import sync_playwright

    chromium = provide.find_chromium()
    if chromium is None or not provide.playwright_starts():
        pytest.skip("no Chromium that Playwright can start; `python -m tests` obtains one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=provide.CHROMIUM_FLAGS, timeout=60_000
        )
        yield browser
        browser.close()


@pytest.fixture
def offline_page(browser: Browser) -> Iterator[OfflinePage]:
    """Give a fresh page that can not reach the network and records what it asks for.

    Whatever a test does on it, the page's content security policy must not have to stop anything.
    """
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True
    )
    context.set_offline(offline=True)
    context.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    opened = OfflinePage(context.new_page())
    yield opened
    if not opened.page.is_closed():
        opened.page.evaluate("1")  # an answer comes after all that was reported before
    context.close()
    assert opened.violations == [], "the page does what its own policy forbids"


@pytest.fixture(scope="session")
def qgis_python(tmp_path_factory: pytest.TempPathFactory) -> QgisPython:
    """Give a function that runs a script in a QGIS without a screen, with a profile of its own."""
    python = provide.find_qgis()
    if python is None:
        pytest.skip("no QGIS for the system's python3; as root, `python -m tests` installs it")
    home = tmp_path_factory.mktemp("qgis-home")
    environment = {
        **provide.qgis_environment(),
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run(script: str, *arguments: str | Path) -> str:
        command = [python, "-c", script, *map(str, arguments)]
        result = subprocess.run(
            command,
            env=environment,
            cwd=home,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


@pytest.fixture(scope="session")
def gdal() -> Gdal:
    """Give a function that runs a command of the system's GDAL and returns what it prints."""
    folder = provide.find_gdal()
    if folder is None:
        pytest.skip("no ogrinfo of the system; as root, `python -m tests` installs it")

    def run(*command: str | Path) -> str:
        result = subprocess.run(
            [f"{folder}/{command[0]}", *map(str, command[1:])],
            env=provide.qgis_environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout + result.stderr

    return run


@pytest.fixture(scope="session")
def postgis() -> Iterator[str]:
    """Start a PostgreSQL with PostGIS on loopback and give the address of an empty database."""
    folder = provide.find_postgis()
    if folder is None:
        pytest.skip("no PostgreSQL with PostGIS; as root, `python -m tests` installs it")
    with database_server(Path(folder)) as address:
        yield address


def _folder_beside(variable: str, name: str) -> Path:
    """Find a folder that is not in the repository: named in a variable, or beside the checkout."""
    named = os.environ.get(variable)
    folder = Path(named) if named else REPO.parent / "shared" / name
    if not folder.is_dir():
        pytest.skip(f"{variable} names no folder, and there is none beside the checkout")
    return folder

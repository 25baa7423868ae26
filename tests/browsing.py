"""A page in a browser without a network, and everything it says and asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

# these never leave the page
INNER_SCHEMES = ("about:", "blob:", "data:")
# what the page's own policy forbids is reported to the page; pass it on, past every reload
POLICY_MARK = "against the policy: "
LISTEN = f"""document.addEventListener("securitypolicyviolation", (event) => console.debug(
    "{POLICY_MARK}" + event.effectiveDirective + " " + event.blockedURI + " " + event.sample));"""


@dataclass
class OfflinePage:
    """A page that can not reach the network, with a record of what went on in it.

    Parameters
    ----------
    page
        Playwright's page.
    requests
        Every address asked for, in order; those within the page are left out.
    console_errors
        Every error or warning written to the console.
    page_errors
        Every exception that nobody caught.
    violations
        Everything that the page's content security policy had to stop.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    console_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(LISTEN)
        self.page.on("request", lambda request: self._note_request(request.url))
        self.page.on("websocket", lambda socket: self._note_request(socket.url))
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self.page_errors.append(str(error)))

    def open(self, path: Path | str) -> Page:
        """Open a file of this machine as a planner does, from ``file://``."""
        self.page.goto(Path(path).resolve().as_uri(), wait_until="load")
        return self.page

    def assert_quiet(self) -> None:
        """Assert that the page asked for nothing but files and nothing went wrong in it."""
        asked = [url for url in self.requests if not url.startswith("file:")]
        assert (asked, self.console_errors, self.page_errors) == ([], [], [])
        assert len(self.requests) <= 1, f"the page asked for other files: {self.requests[1:]}"

    def _note_request(self, url: str) -> None:
        if not url.startswith(INNER_SCHEMES):
            self.requests.append(url)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.text.startswith(POLICY_MARK):
            self.violations.append(message.text.removeprefix(POLICY_MARK))
        if message.type in {"error", "warning"}:
            self.console_errors.append(f"{message.type}: {message.text}")

"""A Firefox driven by WebDriver BiDi, the protocol that every released Firefox speaks by itself.

Playwright's own Firefox is a build of its own that only its servers have; a browser test there
would say nothing of the Firefox that is on a planner's desk.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import re
import subprocess
import time
from typing import TYPE_CHECKING, Any, Final

from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from websockets.sync.client import ClientConnection

START_S: Final = 60
ANSWER_S: Final = 60
_ADDRESS: Final = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
# nothing that a fresh profile would fetch by itself
_PREFERENCES: Final = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """One tab of a Firefox.

    Parameters
    ----------
    socket
        Where the browser listens; a session is begun on it.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.said: list[str] = []
        """Every error of the page, caught by nobody or written to the console."""
        self.requests: list[str] = []
        """Every address asked for."""
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self._tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **parameters: Any) -> Any:  # noqa: ANN401 - JSON both ways
        """Send a command and wait for its answer, noting what happens meanwhile."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        self._socket.send(json.dumps(command))
        while True:
            message = json.loads(self._socket.recv(timeout=ANSWER_S))
            if message.get("type") == "event":
                self._note(message["method"], message["params"])
            elif message.get("id") == number:
                if message["type"] == "error":
                    raise AssertionError(f"Firefox, asked for {method}: {message['message']}")
                return message["result"]

    def tab(self, method: str, **parameters: Any) -> Any:  # noqa: ANN401 - JSON both ways
        """Send a command to the tab."""
        return self.ask(f"browsingContext.{method}", context=self._tab, **parameters)

    def open(self, path: Path, size: tuple[int, int]) -> None:
        """Open a file in a window of a size and wait until the page says that it is drawn."""
        self.tab("setViewport", viewport={"width": size[0], "height": size[1]})
        self.tab("navigate", url=path.resolve().as_uri(), wait="complete")
        self.wait_until("document.documentElement.dataset.ready === 'true'")

    def run(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        """Evaluate JavaScript in the page and give what comes out, by way of JSON."""
        answer = self.ask(
            "script.evaluate",
            expression=f"JSON.stringify({expression}) ?? 'null'",
            target={"context": self._tab},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise AssertionError(f"{expression}: {answer['exceptionDetails']['text']}")
        return json.loads(answer["result"]["value"])

    def wait_until(self, condition: str) -> None:
        """Wait for an expression to be true."""
        deadline = time.monotonic() + ANSWER_S
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < deadline, f"never true: {condition}"
            time.sleep(0.05)

    def press(self, keys: str) -> None:
        """Press keys one after the other; named ones by their code of WebDriver."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.ask("input.performActions", context=self._tab, actions=[source])

    def click(self, selector: str) -> None:
        """Click with the mouse in the middle of a node."""
        x, y = self.run(
            f"""(() => {{
                const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();
                return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
            }})()"""
        )
        actions = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        source = {"type": "pointer", "id": "mouse", "actions": actions}
        self.ask("input.performActions", context=self._tab, actions=[source])

    def picture(self) -> bytes:
        """Take a picture of the window, as PNG."""
        return base64.b64decode(self.tab("captureScreenshot")["data"])

    def printed(self, width_cm: float, height_cm: float) -> bytes:
        """Print the page, as PDF."""
        margin = dict.fromkeys(("top", "bottom", "left", "right"), 0)
        page = {"width": width_cm, "height": height_cm}
        data = self.tab("print", page=page, margin=margin, background=True, shrinkToFit=False)
        return base64.b64decode(data["data"])

    def _note(self, method: str, event: dict[str, Any]) -> None:
        if method == "log.entryAdded" and event["level"] in {"error", "warn"}:
            self.said.append(f"{event['level']}: {event['text']}")
        elif method == "network.beforeRequestSent":
            self.requests.append(event["request"]["url"])


@contextlib.contextmanager
def started(program: str, home: Path) -> Iterator[Firefox]:
    """Start a Firefox without a window, with a fresh profile, and end it afterwards."""
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in _PREFERENCES.items()]
    (home / "user.js").write_text("".join(lines), encoding="utf-8")
    log = home / "log.txt"
    command = [program, "--headless", "--no-remote", "--remote-debugging-port", "0"]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--profile", str(home)],
            env={**os.environ, "HOME": str(home), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
    try:
        with connect(f"{_address(log, process)}/session", max_size=None, proxy=None) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Wait until the browser says where it listens."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        if found := _ADDRESS.search(log.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"Firefox did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")

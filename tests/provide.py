"""What the tests need beyond Python packages: browsers, Chinese fonts, QGIS, GDAL, PostGIS.

``find_…`` looks for what is there and returns None when there is nothing; ``obtain_…`` also
installs it where that is possible and raises `Unobtainable` with a sentence otherwise.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CHROMIUM_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
# where desktop installers put them without touching the PATH
CHROMIUM_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
        r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
        r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
    ),
}
FIREFOX_NAMES = ("firefox", "firefox-esr")
FIREFOX_PLACES = {
    "darwin": "/Applications/Firefox.app/Contents/MacOS/firefox",
    "win32": r"%ProgramFiles%\Mozilla Firefox\firefox.exe",
}
# quiet, and without the sandbox, as Playwright starts it anyway: it opens only files of our own
CHROMIUM_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)
DOWNLOAD_LIMIT_S = 600
INSTALL_LIMIT_S = 1200


class Unobtainable(Exception):  # noqa: N818 - it is no mistake of anybody's
    """Something the tests need can not be had here; the message says what to do."""


def in_ci() -> bool:
    """Tell whether this run is a CI run, where nothing may be missing."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def is_root() -> bool:
    """Tell whether this process may install packages of the system."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def find_chromium() -> str | None:
    """Find a Chromium that starts; one named in TAIXIN_CHROMIUM goes before all others."""
    named = os.environ.get("TAIXIN_CHROMIUM")
    candidates = iter([named]) if named else _chromiums()
    return next((path for path in candidates if _starts(path)), None)


def playwright_starts() -> bool:
    """Tell whether Playwright's driver, a Node of its own, finds the libraries it needs."""
    return _succeeds([sys.executable, "-m", "playwright", "--version"], {}, 60)


def obtain_chromium() -> str:
    """Find a Chromium, or let Playwright download one, or install the distribution's."""
    _obtain_playwright()
    if found := find_chromium():
        return found
    if named := os.environ.get("TAIXIN_CHROMIUM"):
        raise Unobtainable(f"TAIXIN_CHROMIUM names {named}, and no Chromium starts from there.")
    _tell("no Chromium here, asking Playwright for its own")
    _succeeds(
        [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"],
        {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000"},
        DOWNLOAD_LIMIT_S,
    )
    if found := find_chromium():
        return found
    reason = _install("chromium")
    if found := find_chromium():
        return found
    raise Unobtainable(
        "The browser tests need a Chromium. None starts from the PATH, Playwright's download did "
        f"not arrive, and {reason or 'the one of the distribution does not start'}. Install "
        "Chromium, Chrome or Edge, or name one in TAIXIN_CHROMIUM. To run the tests that need no "
        "browser: python -m pytest"
    )


def find_firefox() -> str | None:
    """Find a Firefox that starts; one named in TAIXIN_FIREFOX goes before all others."""
    named = os.environ.get("TAIXIN_FIREFOX")
    place = os.path.expandvars(FIREFOX_PLACES.get(sys.platform, ""))
    candidates = [named] if named else [*map(shutil.which, FIREFOX_NAMES), place]
    works = (path for path in candidates if path and _succeeds([path, "--version"], {}, 60))
    return next(works, None)


def obtain_firefox() -> str:
    """Find a Firefox, or install the distribution's."""
    if found := find_firefox():
        return found
    reason = _install("firefox-esr")
    if found := find_firefox():
        return found
    raise Unobtainable(
        "There is no Firefox to open the page in, and "
        f"{reason or 'the one of the distribution does not start'}. Install Firefox, or name one "
        "in TAIXIN_FIREFOX."
    )


def find_chinese_font() -> str | None:
    """Find a font for simplified Chinese; desktops other than Linux bring one."""
    if sys.platform in {"darwin", "win32"}:
        return "of the system"
    if shutil.which("fc-list") is None:
        return None
    result = subprocess.run(
        ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False
    )
    return next(iter(sorted(result.stdout.splitlines())), None)


def obtain_chinese_font() -> str:
    """Find a font for simplified Chinese, or install the distribution's."""
    if found := find_chinese_font():
        return found
    reason = _install("fontconfig", "fonts-noto-cjk")
    if found := find_chinese_font():
        return found
    raise Unobtainable(
        "There is no font for simplified Chinese, so labels are boxes on this machine, and "
        f"{reason or 'the one of the distribution is not listed by fc-list'}. Install Noto Sans "
        "CJK and fontconfig."
    )


def find_qgis() -> str | None:
    """Find a Python that imports QGIS; the system's, as QGIS is no package of the index."""
    named = os.environ.get("TAIXIN_QGIS_PYTHON")
    python = named or shutil.which("python3", path=os.defpath)
    if python is None:
        return None
    works = _succeeds([python, "-c", "import qgis.core"], qgis_environment(), 120, alone=True)
    return python if works else None


def obtain_qgis() -> str:
    """Find a Python that imports QGIS, or install the distribution's."""
    if found := find_qgis():
        return found
    reason = _install("python3-qgis")
    if found := find_qgis():
        return found
    raise Unobtainable(
        "QGIS is not here to open what was written: the system's python3 does not import "
        f"qgis.core, and {reason or 'the one of the distribution does not start'}. Install "
        "python3-qgis, or name a Python that has it in TAIXIN_QGIS_PYTHON."
    )


def qgis_environment() -> dict[str, str]:
    """Give the whole environment for a QGIS without a screen, free of this Python's variables."""
    foreign = ("PYTHON", "VIRTUAL_ENV", "PROJ_", "GDAL_", "UV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "PATH": os.defpath}


def find_gdal() -> str | None:
    """Find the commands of a GDAL that is not the one our Python packages bring."""
    named = os.environ.get("TAIXIN_GDAL_BIN")
    ogrinfo = shutil.which("ogrinfo", path=named or os.defpath)
    return str(Path(ogrinfo).parent) if ogrinfo else None


def obtain_gdal() -> str:
    """Find GDAL's commands, or install the distribution's."""
    if found := find_gdal():
        return found
    reason = _install("gdal-bin", "python3-gdal")
    if found := find_gdal():
        return found
    raise Unobtainable(
        f"There is no ogrinfo to read back what was written, and {reason or 'none was installed'}. "
        "Install gdal-bin, or name its folder in TAIXIN_GDAL_BIN."
    )


def find_postgis() -> str | None:
    """Find the programs of a PostgreSQL that has PostGIS, newest first."""
    if named := os.environ.get("TAIXIN_POSTGRES_BIN"):
        return named if Path(named, "initdb").is_file() else None
    controls = Path("/usr/share/postgresql").glob("*/extension/postgis.control")
    versions = sorted((path.parts[4] for path in controls), key=float, reverse=True)
    folders = [Path("/usr/lib/postgresql") / version / "bin" for version in versions]
    return next((str(folder) for folder in folders if (folder / "initdb").is_file()), None)


def obtain_postgis() -> str:
    """Find a PostgreSQL with PostGIS, or install the distribution's."""
    if found := find_postgis():
        return found
    reason = _install("postgresql-postgis")
    if found := find_postgis():
        return found
    raise Unobtainable(
        f"There is no PostgreSQL with PostGIS to write into, and {reason or 'none was installed'}. "
        "Install postgresql-postgis, or name its folder of programs in TAIXIN_POSTGRES_BIN."
    )


def _obtain_playwright() -> None:
    if playwright_starts():
        return
    reason = _install("libatomic1")
    if not playwright_starts():
        raise Unobtainable(
            "The browser tests need Playwright, and its driver does not start: most often "
            f"libatomic.so.1 is missing, and {reason or 'installing libatomic1 did not help'}. "
            "`python -m playwright --version` says what is."
        )


def _chromiums() -> Iterator[str]:
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            yield path
    for place in CHROMIUM_PLACES.get(sys.platform, ()):
        if Path(path := os.path.expandvars(place)).is_file():
            yield path
    yield from _playwrights_own()


def _playwrights_own() -> Iterator[str]:
    from playwright.sync_api import sync_playwright

    if not playwright_starts():
        return
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if Path(path).is_file():
        yield path


def _starts(chromium: str) -> bool:
    command = [chromium, "--headless", *CHROMIUM_FLAGS, "--dump-dom", "data:text/html,started"]
    return _succeeds(command, {}, 60, expected="started")


def _install(*packages: str) -> str | None:
    """Install packages of Debian or Ubuntu; return why that could not be done, if so."""
    apt = shutil.which("apt-get")
    if apt is None or not is_root():
        return f"{', '.join(packages)} can be installed here only by root, with apt-get"
    _tell(f"installing {', '.join(packages)} with apt-get")
    _update_package_lists(apt)
    command = [apt, "install", "--yes", "--no-install-recommends", *packages]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    if _succeeds([*command, "-o", "DPkg::Lock::Timeout=120"], quiet, INSTALL_LIMIT_S):
        return None
    return f"apt-get install {' '.join(packages)} failed"


@functools.cache
def _update_package_lists(apt: str) -> None:
    _succeeds([apt, "update"], {}, INSTALL_LIMIT_S)


def _succeeds(
    command: Sequence[str],
    environment: Mapping[str, str],
    limit_s: int,
    *,
    alone: bool = False,
    expected: str = "",
) -> bool:
    """Run a command within a time limit; ``alone`` keeps this process's environment out."""
    try:
        result = subprocess.run(
            command,
            env=dict(environment) if alone else {**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0 and expected.encode() in result.stdout


def _tell(sentence: str) -> None:
    print(f"tests: {sentence}", flush=True)

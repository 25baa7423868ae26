"""Serves a built site to browsers, with the byte ranges that tiles are read by.

Starlette and uvicorn do the work: Python's own server knows no ranges, and the small packages that
teach it some follow links out of the folder and list what is in it. Here nothing is listed, nothing
outside the folder and nothing whose name begins with a dot is given out, and unless another address
is asked for, only this machine is answered, whatever name a page elsewhere has its address under.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from taixin.errors import InputError, Problem, TaixinError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from starlette.responses import Response
    from starlette.types import Scope

__all__ = ["is_loopback", "serve"]

#: What kinds of file there are in a site; a system's own table may know less, or other things.
_TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".pmtiles": "application/vnd.pmtiles",
    ".gpkg": "application/geopackage+sqlite3",
    ".parquet": "application/vnd.apache.parquet",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".kmz": "application/vnd.google-earth.kmz",
    ".dxf": "image/vnd.dxf",
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
    ".pdf": "application/pdf",
    ".png": "image/png",
}
_OTHER: Final = "application/octet-stream"
_HEADERS: Final[Mapping[str, str]] = {
    "cache-control": "no-cache",  # a site built anew is seen at once; what is the same is not sent
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
_LAST_WORDS_S: Final = 2


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach an address.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def serve(folder: Path, host: str, port: int, ready: Callable[[str], object]) -> None:
    """Serve a folder until the program is interrupted.

    Parameters
    ----------
    folder
        A built site.
    host
        The address to listen at.
    port
        The port; 0 for any that is free.
    ready
        Told the address of the page once it is answered.

    Raises
    ------
    InputError
        If there is no site in the folder.
    TaixinError
        If nothing can listen there.
    """
    if not (folder / "index.html").is_file():
        message, remedy = "there is no index.html inside", "build the site: taixin build --out"
        raise InputError([Problem(str(folder), "", message, f"{remedy} {folder}")])
    known = ["127.0.0.1", "localhost", "::1", "[::1]", host] if is_loopback(host) else ["*"]
    guard = Middleware(TrustedHostMiddleware, allowed_hosts=known, www_redirect=False)
    site = Starlette(routes=[Mount("/", _Site(directory=folder, html=True))], middleware=[guard])
    config = uvicorn.Config(
        site,
        host=host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LAST_WORDS_S,
    )
    server = _Server(config, ready)
    try:
        server.run()
    except SystemExit:
        message = f"Nothing can listen at {host}, port {port}; choose another one with --port."
        raise TaixinError(message) from None


class _Server(uvicorn.Server):
    """A server that says where it can be reached."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], object]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Start, then tell the address."""
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        self._ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")


class _Site(StaticFiles):
    """The files of a site; links out of it and hidden files are not there."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file, unless a part of its name begins with a dot, here or where a link leads."""
        found, state = super().lookup_path(path)
        top = Path(self.directory or "").resolve()
        parts = (*PurePath(path).parts, *(Path(found).relative_to(top).parts if state else ()))
        hidden = any(part.startswith(".") and part != "." for part in parts)
        return ("", None) if hidden else (found, state)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Answer with a file, its kind and what a browser may do with it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        kind = _TYPES.get(Path(full_path).suffix.lower(), _OTHER)
        response.headers.update({"content-type": kind, **_HEADERS})
        return response

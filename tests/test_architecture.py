"""The shape of the code: import order, single doors, sizes, names.

The tables at the top are the rules; the tests below only read them. A new module gets its place
in ``ORDER``, an exception gets a line with its reason.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

REPO = Path(__file__).resolve().parents[1]
PACKAGE = REPO / "src" / "taixin"
VIEWER = PACKAGE / "viewer"

# A module imports only from those above it, for types as well.
ORDER = (
    "errors",
    "vocabulary",
    "pinyin",
    "model",
    "zones",
    "crs",
    "plane",
    "rules",
    "staging",
    "files",
    "streams",
    "overview",
    "pack",
    "notation",
    "archives",
    "refined",
    "facts",
    "mending",
    "plans",
    "resolve",
    "build",
    "dictionary",
    "units",
    "hosts",
    "symbols",
    "tilesets",
    "assets",
    "manifest",
    "exports",
    "intake",
    "tiling",
    "serving",
    "surveys",
    "overlays",
    "atlas",
    "site",
    "improve",
    "measures",
    "audit",
    "sheets",
    "refresh",
    "schema",
    "starter",
    "commands",
    "cli",
    "__main__",
)

# Each heavy import has an owner; who else may use it stands there with a reason.
OWNERS = {
    "pydantic": {"model", "facts", "plans"},  # facts and plans tell its errors as sentences
    "pydantic_core": {"plans", "mending"},  # the type of such an error
    "pyproj": {
        "crs",
        "plane",  # many geometries at once: one plane, geodesic distances
        "intake",  # what users say their coordinates are
    },
    "shapely": {  # geometry passes through these; texts, styles and the command never see one
        *(
            "crs",
            "plane",
            "rules",
            "files",
            "overview",
            "pack",
            "refined",
            "facts",
            "resolve",
            "build",
            "units",
            "hosts",
            "manifest",
        ),
        *(
            "exports",
            "intake",
            "site",
            "measures",
            "surveys",
            "audit",
            "sheets",
            "refresh",
            "starter",
            "improve",
            "tiling",
        ),
    },
    "geopandas": {  # the exchange type; reading and writing with it is checked below
        *("files", "build", "exports", "intake", "surveys", "overlays"),
        *("site", "audit", "sheets", "refresh"),
    },
    # writing deliveries and tables of answers, reading users' files in a child process
    "pyogrio": {"exports", "intake", "site"},
    "folium": {"overlays", "atlas"},
    "branca": {"overlays", "atlas"},
    "jinja2": {"atlas", "symbols", "exports", "site", "starter"},  # styles, READMEs, reports
    "ezdxf": {"exports"},
    "openpyxl": {"exports"},
    "distributed": {"site"},  # the Dask cluster of whoever has one
    "psycopg": {"exports"},
    "pyarrow": {"exports", "intake", "site"},  # batches of features in, tables of answers out
    "fpdf": {"sheets"},
    "fontTools": {"sheets"},
    "pypdfium2": {"sheets"},
    "frykit": {"refresh"},
    "pypinyin": {"pinyin"},
    "pmtiles": {"tilesets"},
    "starlette": {"serving"},
    "uvicorn": {"serving"},
    "click": {"cli", "commands"},
    "rich": {"commands"},
}
# The program makes no request: whatever needs the network is not part of it.
NETWORK = {"aiohttp", "ftplib", "http", "httpx", "requests", "socket", "urllib", "urllib3"}

# One module touches the disk and GDAL.
DISK_CALLS = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir"),
    *("rmtree", "copytree", "copyfile", "read_file", "to_file", "read_dataframe"),
    *("write_dataframe", "read_parquet", "to_parquet", "read_csv", "to_csv", "to_excel"),
}
DISK_OWNERS = {"staging", "files", "archives"}  # archives reads what it packs
# Libraries that write by themselves do so into a stage that `files` gave.
DISK_EXCEPTIONS = {
    "exports/containers.py": {"mkdir"},
    "exports/geoparquet.py": {"to_parquet"},
    # what users bring is copied, unpacked and read apart from everything else
    "intake/unpack.py": {"open", "copyfile", "read_bytes", "unlink"},
    "intake/formats.py": {"read_bytes"},
    "site/tables.py": {"open"},  # a table of a million rows grows chunk by chunk
    "site/report.py": {"read_text"},  # its template, from the package
    "tilesets.py": {"open"},  # a gigabyte of tiles is copied piece by piece
    "tiling/make.py": {"open"},  # features wait in a stage while it is learnt what they are like
}

# These words say nothing about what is inside.
EMPTY_NAMES = {"common", "data2", "handle", "helper", "helpers", "info", "manager", "misc"} | {
    *("process", "tools", "util", "utilities", "utils"),
}
# A quantity says its unit: width_m, bearing_deg, area_km2.
UNITLESS = {"accuracy", "bearing", "distance", "width"}
# branca and folium call these with arguments of their own
PASSES_KEYWORDS = {("overlays", "render"), ("atlas", "save"), ("atlas", "_repr_html_")}
# A table at module level stays as it was written.
CHANGES = {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove"} | {
    *("reverse", "setdefault", "sort", "update"),
}
# The command offers itself, not names.
OFFERS_NO_NAMES = {"cli", "__main__"}

LONGEST_FILE = 450
LONGEST_FUNCTION = 50

# Text reaches the page with textContent and style with el.style; nothing is evaluated.
FORBIDDEN_IN_VIEWER = (
    *("innerHTML", "outerHTML", "insertAdjacentHTML", "createContextualFragment", "srcdoc"),
    *("document.write", "eval(", "new Function", "javascript:", "XMLHttpRequest", "fetch("),
    *('setAttribute("style"', "setAttribute('style'", "setAttribute(`style`"),
)

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if VIEWER not in path.parents)
PYTHON_FILES = sorted(
    path
    for folder in ("src", "tests")
    for path in (REPO / folder).rglob("*.py")
    if "node_modules" not in path.parts
)
SCRIPTS = sorted(
    path
    for pattern in ("*.js", "*.mjs", "*.css")
    for path in VIEWER.rglob(pattern)
    if not {"node_modules", "dist"} & set(path.relative_to(VIEWER).parts)
)


def place_of(path: Path) -> str:
    """Give the name in ORDER: of the module, or of the package that it is a part of."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    return path.relative_to(REPO).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(tree: ast.Module) -> Iterator[str]:
    """Give every module that is imported anywhere in a file, types and functions included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            source = node.module or ""
            if source == "taixin":
                yield from (f"taixin.{alias.name}" for alias in node.names)
            else:
                yield source


def functions_of(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        yield argument.arg


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function; its docstring may be as long as its examples need."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    is_docstring = isinstance(first, ast.Expr) and ast.get_docstring(function) is not None
    return lines - ((first.end_lineno or first.lineno) - first.lineno + 1) * is_docstring


every_module = pytest.mark.parametrize("path", MODULES, ids=name_of)
every_python_file = pytest.mark.parametrize("path", PYTHON_FILES, ids=name_of)
every_script = pytest.mark.parametrize("path", SCRIPTS, ids=name_of)


def test_every_module_has_its_place() -> None:
    assert {place_of(path) for path in MODULES} - {"__init__"} <= set(ORDER)


@every_module
def test_imports_go_upwards_only(path: Path) -> None:
    place = place_of(path)
    if place == "__init__":
        assert_is_lazy(path)
        return
    above = {f"taixin.{name}" for name in ORDER[: ORDER.index(place)]}
    if path.parent != PACKAGE:
        above.add(f"taixin.{place}")  # the parts of one package know each other
    ours = {name for name in imports_of(tree_of(path)) if name.startswith("taixin.")}
    used = {".".join(name.split(".")[:2]) for name in ours}
    assert used - above - {"taixin.__version__"} == set()


def assert_is_lazy(path: Path) -> None:
    """Assert that the package's face names everything and imports nothing by itself."""
    top_level = [
        node for node in tree_of(path).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    names = [name for node in top_level for name in imports_of(ast.Module([node], []))]
    assert [name for name in names if name.startswith("taixin")] == []


@every_module
def test_public_face_is_for_users_only(path: Path) -> None:
    seen = {
        node.attr
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "taixin"
    }
    assert seen <= {"__version__"}


@every_module
def test_heavy_imports_stay_with_their_owners(path: Path) -> None:
    place = place_of(path)
    roots = {name.split(".")[0] for name in imports_of(tree_of(path))}
    assert roots & NETWORK == set()
    assert {root for root in roots if place not in OWNERS.get(root, {place})} == set()


@every_module
def test_one_module_touches_the_disk(path: Path) -> None:
    if place_of(path) in DISK_OWNERS:
        return
    found = []
    calls = DISK_CALLS - DISK_EXCEPTIONS.get(path.relative_to(PACKAGE).as_posix(), set())
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if called in calls and owner != "files":
                found.append(f"line {node.lineno}: {called}")
    assert found == []


@every_module
def test_nothing_at_module_level_changes(path: Path) -> None:
    tree = tree_of(path)
    tables = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    assert [change for node in ast.walk(tree) for change in changes_in(node, tables)] == []


def changes_in(node: ast.AST, tables: set[str]) -> Iterator[str]:
    """Give what a node of the tree changes: a global, an item of a table, a table."""
    if isinstance(node, ast.Global):
        yield f"line {node.lineno}: global {', '.join(node.names)}"
    is_item = isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load)
    is_method = isinstance(node, ast.Attribute) and node.attr in CHANGES
    changed = getattr(node, "value", None) if is_item or is_method else None
    if isinstance(changed, ast.Name) and changed.id in tables:
        yield f"line {changed.lineno}: {changed.id}"


@every_module
def test_every_module_says_what_it_offers(path: Path) -> None:
    targets = [
        ast.unparse(node.targets[0]) for node in tree_of(path).body if isinstance(node, ast.Assign)
    ]
    assert ("__all__" in targets) != (place_of(path) in OFFERS_NO_NAMES)


@every_module
def test_arguments_are_named_with_units_and_never_passed_through(path: Path) -> None:
    for function in functions_of(tree_of(path)):
        assert UNITLESS.isdisjoint(parameters_of(function)), function.name
        if (place_of(path), function.name) not in PASSES_KEYWORDS:
            assert function.args.kwarg is None, f"{function.name} takes any keyword"


def test_every_rule_shows_an_example_that_runs() -> None:
    tree = tree_of(PACKAGE / "rules.py")
    rules = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    bare = [
        rule.name
        for rule in rules
        if not rule.name.startswith("_") and ">>>" not in (ast.get_docstring(rule) or "")
    ]
    assert bare == []


@every_python_file
def test_python_files_and_functions_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    long = [node.name for node in functions_of(tree_of(path)) if length_of(node) > LONGEST_FUNCTION]
    assert long == []


@every_python_file
def test_python_files_are_called_by_what_is_inside(path: Path) -> None:
    assert path.stem not in EMPTY_NAMES


@every_script
def test_scripts_are_short_and_called_by_what_is_inside(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    assert path.name.split(".")[0] not in EMPTY_NAMES


# the linter's own settings name what they forbid and never enter the page
@pytest.mark.parametrize(
    "path", [path for path in SCRIPTS if path.name != "eslint.config.mjs"], ids=name_of
)
def test_scripts_write_text_and_never_markup(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    assert [word for word in FORBIDDEN_IN_VIEWER if word in code] == []
    assert re.findall(r"\b(?:https?:)?//[\w.-]+\.\w+/\S*\.(?:js|css)\b", code) == []

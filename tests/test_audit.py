"""The audit: its verdicts on a small world, what a contradiction of our own costs, its JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from taixin import cli
from taixin.audit import audit, summary
from tests import samples
from tests.samples import edit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from taixin.model import Finding

KEYS = ["id", "plan", "claim", "stated", "found", "unit", "deviation", "verdict", "severity"]
VERDICTS = {"agrees", "differs", "unverifiable", "conflict"}
SEVERITIES = {"info", "warning", "error"}
REFERENCE = "lake-2030/clusters"


class World(NamedTuple):
    """A folder of facts and one with a plan, to which checks may be added."""

    geo: Path
    plans: Path

    @property
    def plan(self) -> Path:
        """The folder of the one plan."""
        return self.plans / "lake-2030"

    def check(self, identifier: str, *lines: str) -> None:
        """Add a check to the plan."""
        claim = f'claim = {{ zh = "{identifier}", en = "{identifier}" }}'
        with (self.plan / "plan.toml").open("a", encoding="utf-8") as text:
            text.write("\n".join(["", "[[check]]", f'id = "{identifier}"', claim, *lines, ""]))

    def findings(self) -> dict[str, Finding]:
        """Audit the world, findings by id."""
        library, facts, layers = samples.build_small(self.geo, self.plans)
        return {finding.id: finding for finding in audit(library, layers, facts)}

    def finding(self, *lines: str) -> Finding:
        """Add one check and give what becomes of it."""
        self.check("asked", *lines)
        return self.findings()["lake-2030/asked"]


class Result(NamedTuple):
    """How a run of the command ended, and what it said."""

    code: int
    out: str
    err: str


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a small world that contradicts itself nowhere."""
    return World(samples.write_geo(tmp_path / "geo"), samples.write_plans(tmp_path / "layers"))


@pytest.fixture
def taixin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Result]:
    """Give the command as `main` runs it in this process."""

    def run(*arguments: str | Path) -> Result:
        monkeypatch.setattr(sys, "argv", ["taixin", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return run


# ---- verdicts -----------------------------------------------------------------------------------

OUTCOMES = {
    "just as stated": (["stated = 2", f"found = \"count('{REFERENCE}')\""], "agrees", "info", 0),
    "within the tolerance": (
        ["stated = 2.1", "tolerance = 0.05", f"found = \"count('{REFERENCE}')\""],
        *("agrees", "info", -0.047619),
    ),
    "beyond the tolerance": (
        ["stated = 2.2", "tolerance = 0.05", f"found = \"count('{REFERENCE}')\""],
        *("differs", "error", -0.090909),
    ),
    "the plan's own fault": (
        ["stated = 3", 'blame = "plan"', f"found = \"count('{REFERENCE}')\""],
        *("differs", "warning", -0.333333),
    ),
    "a matter of spelling": (
        ["stated = 3", 'blame = "spelling"', f"found = \"count('{REFERENCE}')\""],
        *("differs", "info", -0.333333),
    ),
    "at least as many, of an open list": (
        ["stated = 1", "at_least = true", f"found = \"count('{REFERENCE}')\""],
        *("agrees", "info", 1),
    ),
    "fewer than at least": (
        ["stated = 3", "at_least = true", f"found = \"count('{REFERENCE}')\""],
        *("differs", "error", -0.333333),
    ),
    "nothing stated, nothing found": (
        ["stated = 0", f"found = \"overlap_m2('{REFERENCE}') / 1000000000\""],
        *("agrees", "info", 0),
    ),
    "nothing stated, something found": (
        ["stated = 0", f"found = \"count('{REFERENCE}')\""],
        *("differs", "error", 2),
    ),
}


@pytest.mark.parametrize(
    ("lines", "verdict", "severity", "deviation"), OUTCOMES.values(), ids=OUTCOMES
)
def test_a_number_is_judged(
    lines: list[str], verdict: str, severity: str, deviation: float, world: World
) -> None:
    finding = world.finding(*lines)

    assert (finding.verdict, finding.severity) == (verdict, severity)
    assert finding.deviation == pytest.approx(deviation, abs=1e-6)


def test_what_can_not_be_tested_says_why(world: World) -> None:
    finding = world.finding('stated = "部分"', 'reason = { zh = "没有边界", en = "no boundary" }')

    assert (finding.verdict, finding.severity) == ("unverifiable", "info")
    assert (finding.found, finding.deviation, finding.where) == (None, None, "没有边界")


STATEMENTS = {
    "the same": ("4", "spelling", "agrees", "info"),
    "something else": ("5", "layers", "conflict", "warning"),
    "another name for it": ("5", "spelling", "differs", "info"),
}


@pytest.mark.parametrize(
    ("value", "blame", "verdict", "severity"), STATEMENTS.values(), ids=STATEMENTS
)
def test_another_document_says(
    value: str, blame: str, verdict: str, severity: str, world: World
) -> None:
    other = f'other = [{{ document = "hill-text", value = {value} }}]'
    finding = world.finding("stated = 4", f'blame = "{blame}"', other)

    assert (finding.verdict, finding.severity) == (verdict, severity)
    assert finding.found == f"hill-text: {value}"
    assert finding.deviation is None


def test_a_count_without_names_is_a_warning_of_the_plan(world: World) -> None:
    path = world.plan / "nature.toml"
    head = '\n[[count]]\nwhat = { zh = "园", en = "Parks" }\nstated = 5\nnamed = 2\n\n[[layer]]'
    edit(path, "\n[[layer]]", head)
    finding = world.findings()["lake-2030/nature-count-1"]

    assert (finding.stated, finding.found, finding.deviation) == (5, 2, -0.6)
    assert (finding.verdict, finding.severity) == ("differs", "warning")
    assert finding.where == "lake-2030/nature"


# ---- what must hold in any plan -----------------------------------------------------------------


def test_a_sound_world_has_no_contradiction(world: World) -> None:
    found = world.findings()

    assert {finding.verdict for finding in found.values()} == {"agrees"}
    assert "lake-2030/parks/lakeside#in-host" in found
    assert "lake-2030/clusters#valid" in found
    assert "lake-2030/clusters#unique" in found


def test_a_point_outside_its_host_is_an_error_with_the_distance(world: World) -> None:
    edit(world.geo / "places.csv", "112.6,38.1,6000", "112.3,38.1,6000")
    finding = world.findings()["lake-2030/parks/lakeside#in-host"]

    assert (finding.verdict, finding.severity) == ("differs", "error")
    assert finding.stated == "东县"
    metres = float(str(finding.found).removesuffix(" m"))
    assert metres == pytest.approx(17_550, abs=50)  # a fifth of a degree at 38° N
    assert finding.where == "lake-2030/parks/lakeside"


def test_a_point_off_its_host_by_less_than_its_accuracy_agrees(world: World) -> None:
    edit(world.geo / "places.csv", "112.6,38.1,6000", "112.45,38.1,6000")

    assert world.findings()["lake-2030/parks/lakeside#in-host"].verdict == "agrees"


def test_a_line_that_misses_a_member_is_an_error_that_names_it(world: World) -> None:
    path = world.plan / "structure.toml"
    edit(path, 'rule = { route = "湖路", within = "clusters" }', 'rule = { river = "湖河" }')
    edit(path, '  aliases = ["L1轴"]', '  members = ["西县", "东县"]\n  aliases = ["L1轴"]')
    assert world.findings()["lake-2030/axes/lake-axis#through-members"].verdict == "agrees"

    river = world.geo / "rivers.geojson"
    edit(river, "[112.9, 38.1]", "[112.2, 38.1]")
    finding = world.findings()["lake-2030/axes/lake-axis#through-members"]

    assert (finding.verdict, finding.severity) == ("differs", "error")
    assert (finding.stated, finding.found) == ("西县、东县", "未经过 东县")


def test_a_feature_that_stands_twice_is_an_error_of_its_layer(world: World) -> None:
    path = world.plan / "structure.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index('  [[layer.feature]]\n  id = "west"')
    block = text[start : text.index('  [[layer.feature]]\n  id = "east"')]
    again = block.replace('id = "west"', 'id = "west-again"')
    path.write_text(text[:start] + again + text[start:], encoding="utf-8")
    finding = world.findings()["lake-2030/clusters#unique"]

    assert (finding.verdict, finding.severity) == ("differs", "error")
    assert (finding.stated, finding.found, finding.where) == (3, 2, "西区")


def test_findings_are_counted_by_verdict_and_by_severity(world: World) -> None:
    world.check("wrong", "stated = 9", f"found = \"count('{REFERENCE}')\"")
    found = list(world.findings().values())
    total = summary(found)

    assert total["findings"] == len(found)
    assert (total["differs"], total["error"]) == (1, 1)
    assert sum(total[word] for word in VERDICTS) == len(found)
    assert sum(total[word] for word in SEVERITIES) == len(found)


# ---- expressions that can not be carried out ----------------------------------------------------

MISTAKES = {
    "an unknown word": ("cuont('lake-2030/axes')", "'cuont' is unknown; did you mean 'count'"),
    "an unknown layer": (
        "count('lake-2030/axis')",
        "there is no 'lake-2030/axis'; did you mean 'lake-2030/axes'",
    ),
    "what is not located": (
        "area_km2('lake-2030/parks/forest')",
        "nothing of 'lake-2030/parks/forest' is located",
    ),
    "a broken expression": ("count(", "'count(' is no expression"),
    "Python that is no arithmetic": ("__import__('os').system('true')", "may not stand"),
    "a figure that is not stated": (
        "figure('lake-2030/clusters/east', 'area_km2')",
        "states no number under 'area_km2'",
    ),
}


@pytest.mark.parametrize(("expression", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_an_expression_is_refused_with_its_file_and_key(
    expression: str, sentence: str, world: World, taixin: Callable[..., Result]
) -> None:
    world.check("asked", "stated = 1", f'found = "{expression}"')
    result = taixin("audit", "--plans", world.plans, "--geo", world.geo)

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("lake-2030/plan.toml: check.asked.found: ")
    assert sentence in result.err
    assert "Traceback" not in result.err


def test_all_expressions_that_fail_are_told_at_once(
    world: World, taixin: Callable[..., Result]
) -> None:
    for name in ("first", "second"):
        world.check(name, "stated = 1", "found = \"count('lake-2030/none')\"")
    result = taixin("audit", "--plans", world.plans, "--geo", world.geo)

    assert result.code == 2
    assert [line.split(": ")[1] for line in result.err.splitlines()] == [
        "check.first.found",
        "check.second.found",
    ]


# ---- the command on the project's own plans -----------------------------------------------------


@pytest.fixture(scope="module")
def own_json() -> dict[str, Any]:
    """Give what the audit of the project's own plans says, as the command prints it."""
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr(sys, "argv", ["taixin", "audit", "--json"])
        patch.setattr("click.echo", lambda text="", **_: printed.append(str(text)))
        cli.main()
    return dict(json.loads("\n".join(printed)))


def test_the_json_has_the_keys_of_the_contract(own_json: dict[str, Any]) -> None:
    assert list(own_json) == ["findings", "summary"]
    for finding in own_json["findings"]:
        assert list(finding) == [*KEYS, "where"]
        assert finding["verdict"] in VERDICTS
        assert finding["severity"] in SEVERITIES
        assert isinstance(finding["claim"], str)
        assert finding["where"]


def test_the_json_counts_what_it_lists(own_json: dict[str, Any]) -> None:
    found = own_json["findings"]
    total = own_json["summary"]

    assert total["findings"] == len(found) == len({finding["id"] for finding in found})
    assert total["error"] == 0
    assert total["conflict"] == len([f for f in found if f["verdict"] == "conflict"])


def test_our_own_plans_end_with_exit_code_0(taixin: Callable[..., Result]) -> None:
    result = taixin("audit")

    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[-1].endswith("0 error")
    assert not [line for line in result.out.splitlines() if line.startswith("error")]


def test_a_wrong_member_of_a_cluster_ends_with_exit_code_1(
    tmp_path: Path, taixin: Callable[..., Result]
) -> None:
    plans = samples.copy_plans(tmp_path / "layers", ["taixin-2035"])
    wrong = 'counties = ["繁峙县", "代县", "定襄县"]'
    edit(plans / "taixin-2035" / "structure.toml", 'counties = ["繁峙县", "代县", "五台县"]', wrong)
    cut_references(plans / "taixin-2035")
    result = taixin("audit", "--json", "--plans", plans)
    errors = {
        finding["id"]: finding
        for finding in json.loads(result.out)["findings"]
        if finding["severity"] == "error"
    }

    assert (result.code, result.err) == (1, "")
    assert {"taixin-2035/clusters-tile", "taixin-2035/clusters-apart"} <= errors.keys()
    assert errors["taixin-2035/clusters-tile"]["found"] > 1e9  # a county of 2,870 km²


def test_a_point_moved_to_another_county_ends_with_exit_code_1(
    tmp_path: Path, taixin: Callable[..., Result]
) -> None:
    plans = samples.copy_plans(tmp_path / "layers", ["taixin-2035"])
    path = plans / "taixin-2035" / "startup.toml"
    edit(path, 'rule = { place = "大盂镇" }', 'rule = { place = "古交市" }')
    cut_references(plans / "taixin-2035")
    result = taixin("audit", "--plans", plans)
    (line,) = [line for line in result.out.splitlines() if line.startswith("error")]

    assert (result.code, result.err) == (1, "")
    assert "阳曲县大盂镇" in line


def cut_references(plan: Path) -> None:
    """Take the links to other plans out of a plan that stands alone, and checks that need them."""
    for path in plan.glob("*.toml"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.strip().startswith("see_also = ")]
        path.write_text("".join(kept), encoding="utf-8")

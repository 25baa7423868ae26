"""Everything shipped or needed states a licence we may use, and the published list says it."""

from __future__ import annotations

from tests import licences


def test_the_list_is_what_the_records_say() -> None:
    assert licences.LIST.read_text(encoding="utf-8") == licences.text(), (
        "run `python -m tests.licences`"
    )


def test_every_python_package_that_runs_states_a_licence_we_may_use() -> None:
    assert {"branca", "folium", "psycopg"} <= licences.all_needed()
    stated = {name: licences.licences(name) for name in licences.all_needed()}
    assert {name for name, found in stated.items() if not found} == set()
    assert {n: f for n, f in stated.items() if not set(f) <= licences.ALLOWED} == {}


def test_every_npm_package_in_the_page_states_a_licence_and_brings_its_text() -> None:
    packages = licences.of_page()
    assert "leaflet" in {package["name"] for package in packages}
    for package in packages:
        assert licences._family(package["licence"]) in licences.ALLOWED, package["name"]
        assert "opyright" in package["text"], package["name"]


def test_every_source_of_facts_states_its_terms() -> None:
    assert len(licences.sources()) > 10
    assert [source["id"] for source in licences.sources() if not source.get("licence")] == []


def test_a_licence_that_forbids_is_not_taken_for_one_that_allows() -> None:
    words = ("GPL-3.0-only", "GNU Affero General Public License v3", "LGPL-3.0-only", "All mine")
    assert [licences._family(each) for each in words] == ["GPL", "AGPL", "LGPL", None]
    assert {"GPL", "AGPL"} & licences.ALLOWED == set()

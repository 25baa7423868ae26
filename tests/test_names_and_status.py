"""Names that differ, misprints and status: difficulties 10 and 11 of the documents."""

from __future__ import annotations

from typing import Final

import pytest

from taixin.audit import audit
from tests import samples
from tests.told import CL, FC, TP, TX, TY, are_linked, features, told

ALIASES: Final = {
    "大孟镇": f"{TX}/start-up-areas/dayu",
    "大孟产业新城": f"{CL}/city-new-towns/dayu",
    "代州黄酒": f"{CL}/chain-towns/daixian-rice-wine",
    "代县黄酒": f"{FC}/specialty-towns/daizhou-wine",
    "忻太大道": f"{CL}/road-trunk/taixin-avenue",
    "太忻大道": f"{TP}/roads/g208",
    "国家超级计算太原中心": f"{CL}/box2-data-centres/advanced-computing-taiyuan",
    "国家先进计算太原中心": f"{CL}/data-economy/supercomputing-taiyuan",
    "中北高新区": f"{TY}/layout-cores/zhongbei",
    "中北高新技术产业开发园区": f"{CL}/parks-zones/zhongbei",
    "山西合成生物产业生态园": f"{TY}/yangqu-parks/synthetic-biology-park",
    "山西合成生物园": f"{TP}/box2-projects/synthetic-biology",
    "太原粮食物流园": f"{TX}/agri-platforms/taiyuan-grain-logistics",
}
SAME: Final = {
    "Dayu": (
        *(f"{TX}/start-up-areas/dayu", f"{TX}/access-blocks/dayu"),
        *(f"{TY}/dayu-extents/new-town", f"{CL}/city-new-towns/dayu"),
    ),
    "rice wine": (f"{CL}/chain-towns/daixian-rice-wine", f"{FC}/specialty-towns/daizhou-wine"),
    "Taixin Avenue": (
        *(f"{CL}/road-trunk/taixin-avenue", f"{TP}/roads/g208", f"{TX}/national-roads/g208"),
    ),
    "computing centres": (
        f"{CL}/box2-data-centres/advanced-computing-taiyuan",
        f"{CL}/data-economy/supercomputing-taiyuan",
    ),
    "Zhongbei": (
        *(f"{TX}/start-up-areas/zhongbei-extension", f"{TY}/layout-cores/zhongbei"),
        *(f"{CL}/parks-zones/zhongbei", f"{TP}/industry-bases/zhongbei"),
    ),
    "synthetic biology": (
        *(
            f"{CL}/manufacturing-sites/synthetic-biology-park",
            f"{TY}/layout-firms/synthetic-biology",
        ),
        *(f"{TY}/yangqu-parks/synthetic-biology-park", f"{TP}/box2-projects/synthetic-biology"),
    ),
    "waste bases": (
        *(f"{CL}/chains-environment/national-waste-bases", f"{CL}/industry-bases/bulk-waste"),
        *(f"{CL}/environment-sites/waste-bases", f"{TY}/gujiao-zones/solid-waste-base"),
    ),
}


@pytest.mark.parametrize(("alias", "identifier"), ALIASES.items(), ids=ALIASES)
def test_the_other_name_of_a_thing_is_its_alias(alias: str, identifier: str) -> None:
    record = told(identifier)

    assert alias in record["aliases"]
    assert alias != record["term"]


@pytest.mark.parametrize("group", SAME.values(), ids=SAME)
def test_one_thing_under_several_names_is_linked_and_not_merged(group: tuple[str, ...]) -> None:
    assert are_linked(*group)


def test_a_misprint_stays_in_the_term_and_is_corrected_in_the_name() -> None:
    record = told(f"{FC}/taiyuan-roads/gujiao-loufan-fangshan")

    assert record["term"] == "古交一类烦一方山"
    assert "古交—娄烦—方山" in record["name"]
    assert record["members"] == ["古交市", "娄烦县", "方山县"]
    assert not [name for name in features() if "类烦" in str(told(name)["name"])]


def test_a_name_split_by_a_layout_jump_is_put_together_again() -> None:
    record = told(f"{TY}/layout-energy/hekou-wind")

    assert record["name"] == "中润智晟河口分散式风电"
    assert record["name"].endswith(record["term"])


def test_what_is_unclear_or_not_said_is_not_drawn() -> None:
    along = f"{TP}/industry-clusters/taiyuan-new-materials"
    river = f"{CL}/box6-projects/qingshui"

    assert features()[along].geometry is None
    assert "大湛沿线" in told(along)["note"]
    assert features()[river].geometry is None
    assert told(river)["host"] == samples.own()[0].plan(CL).short.zh
    assert told(river)["see_also"] == []  # a link would say which river it is


# ---- 11: status ----------------------------------------------------------------------------------


def test_a_status_always_has_a_document_and_a_date() -> None:
    with_status = [name for name in features() if told(name)["status"] is not None]

    assert len(with_status) == 265
    for name in with_status:
        assert told(name)["status_document"], name
        assert told(name)["status_date"], name


def test_one_road_has_a_status_of_its_own_in_each_document() -> None:
    earlier, later = f"{CL}/road-complete/qixian-lishi", f"{FC}/lvliang-roads/qixian-lishi"
    states = [
        (told(name)["status"], told(name)["status_document"], told(name)["status_date"])
        for name in (earlier, later)
    ]

    assert states == [("under_construction", CL, "2022-11-09"), ("resumed", FC, "2023")]
    assert are_linked(earlier, later)


def test_each_contradiction_between_documents_is_shown_with_both() -> None:
    library, facts, layers = samples.own()
    conflicts = [each for each in audit(library, layers, facts) if each.verdict == "conflict"]

    assert len(conflicts) == 11
    assert all(each.stated and each.found for each in conflicts)
    assert all(f"{each.plan}:" not in str(each.found) for each in conflicts)

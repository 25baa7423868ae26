"""What the documents make hard, and that it is handled and not smoothed over: 1 to 9 of eleven.

Names, misprints and status, 10 and 11, are in `tests.test_names_and_status`.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

import pyproj
import pytest
import shapely

from tests import samples
from tests.told import CL, FC, TP, TX, TY, are_linked, count_of, features, system_of, told

if TYPE_CHECKING:
    from collections.abc import Iterator


GEOD: Final = pyproj.Geod(ellps="GRS80")


def texts() -> Iterator[tuple[str, str]]:
    """Give every text of a recipe that a reader sees, with where it stands."""
    for layer in samples.own()[2]:
        caption = layer.recipe.caption
        yield layer.id, layer.recipe.title.zh
        yield layer.id, layer.recipe.title.en
        if caption:
            yield layer.id, caption.zh
            yield layer.id, caption.en
        for feature in layer.features:
            for key in ("name", "name_en", "summary", "summary_en", "note"):
                yield feature.id, str(feature.properties[key] or "")


# ---- 1: the zone takes only parts of the twelve counties ----------------------------------------


def test_every_layer_of_whole_counties_has_a_caption_that_says_so() -> None:
    layers = [
        layer
        for layer in samples.own()[2]
        if any(feature.properties["basis"] == "boundary" for feature in layer.features)
    ]

    assert len(layers) > 25
    assert [layer.id for layer in layers if layer.recipe.caption is None] == []


@pytest.mark.parametrize(
    "layer",
    [f"{TX}/scope", f"{TY}/area", f"{TP}/goals-zone", f"{TP}/cluster-engine", f"{FC}/layout-wings"],
)
def test_a_union_for_the_zone_is_captioned_as_counties_and_not_as_a_boundary(layer: str) -> None:
    caption = samples.own_layer(layer).recipe.caption

    assert caption is not None
    assert re.search(r"涉|县域", caption.zh)
    assert re.search(r"不是.*边界", caption.zh)


def test_no_name_and_no_title_calls_anything_the_boundary_of_a_zone() -> None:
    kinds = samples.own()[0].kinds.values()
    titles = [layer.recipe.title for layer in samples.own()[2]]
    names = [
        *(text for title in titles for text in (title.zh, title.en)),
        *(text for kind in kinds for text in (kind.label.zh, kind.label.en)),
        *(str(told(name)[key]) for name in features() for key in ("name", "name_en")),
    ]

    # one street ends at the boundary of a city, which is another thing
    assert [name for name in names if re.search(r"边界|界线|[Bb]oundary|[Oo]utline", name)] == [
        "Street from Dongfeng Road to the Yuci boundary"
    ]


def test_wherever_the_boundary_of_the_zone_is_spoken_of_it_is_denied() -> None:
    claimed = [
        (place, text)
        for place, text in texts()
        if "经济区边界" in text and not re.search(r"不是经济区边界|经济区边界未公布", text)
    ]

    assert claimed == []


def test_each_of_the_twelve_counties_is_said_to_be_in_only_partly() -> None:
    counties = samples.own_layer(f"{TX}/counties").features

    assert len(counties) == 12
    assert all("部分区域" in str(county.properties["summary"]) for county in counties)


# ---- 2: counts without names ---------------------------------------------------------------------

COUNTS: Final = {
    "reserves": (f"{TX}/ecology", "自然保护区", 5, 1, "nature-reserves"),
    "nature parks": (f"{TX}/ecology", "自然公园", 22, 1, "nature-parks"),
    "historic towns": (f"{TX}/heritage", "省级历史文化名镇", 3, 1, "historic-towns"),
    "traditional villages": (f"{TX}/heritage", "中国传统村落", 15, 1, "traditional-villages"),
    "historic villages": (f"{TX}/heritage", "省级历史文化名村", 2, 1, "historic-villages"),
    "protected sites": (f"{TX}/heritage", "省级及以上文物保护单位", 111, 0, "protected-sites"),
}


@pytest.mark.parametrize(
    ("system", "what", "stated", "named", "layer"), COUNTS.values(), ids=COUNTS
)
def test_what_is_counted_without_names_has_one_total_and_no_invented_sites(
    system: str, what: str, stated: int, named: int, layer: str
) -> None:
    count = count_of(system, what)
    found = samples.own_layer(f"{TX}/{layer}").features
    totals = [each for each in found if each.id.endswith("-stated")]
    (total,) = totals

    assert (count.stated, count.named) == (stated, named)
    assert (total.properties["stated_count"], total.properties["named_count"]) == (stated, named)
    assert total.geometry is None
    assert len(found) - len(totals) == named
    assert len(samples.own_layer(f"{TX}/{layer}").located) <= named


def test_of_36_development_zones_nine_are_named_and_only_nine_are_features() -> None:
    named = [
        feature.id
        for layer in (f"{CL}/parks-zones", f"{CL}/parks-agri")
        for feature in samples.own_layer(layer).features
    ]
    count = count_of(f"{CL}/parks", "省级以上开发区")

    assert (count.stated, count.named) == (36, 9)
    assert len(named) == 9
    assert features()[f"{CL}/base-zones/provincial-zones"].geometry is None


def test_no_tributary_of_the_fen_is_drawn_for_those_that_are_only_counted() -> None:
    counts = [(c.stated, c.named) for c in system_of(f"{TP}/box4-fen").count if "支流" in c.what.zh]
    landscape = told(f"{TP}/box4-projects/basin-landscape")

    assert counts == [(16, 0), (96, 0)]
    assert (landscape["major_tributaries"], landscape["minor_tributaries"]) == (16, 96)
    assert len(samples.own_layer(f"{TP}/box4-projects").features) == 3


def test_the_ten_rail_lines_of_a_pattern_without_a_list_are_not_drawn() -> None:
    (count,) = system_of(f"{TP}/rail").count
    named = samples.own_layer(f"{TP}/rail-lines").features

    assert (count.stated, count.named) == (10, 0)
    assert len(named) == 4
    assert not [each for each in named if re.search("环|横|纵", str(each.properties["term"]))]


# ---- 3: start-up areas ---------------------------------------------------------------------------


def test_eleven_start_up_areas_lie_in_nine_of_the_twelve_counties_and_the_list_is_open() -> None:
    areas = samples.own_layer(f"{TX}/start-up-areas").features
    hosts = {str(area.properties["host"]) for area in areas}
    twelve = {str(told(name)["name"]) for name in features() if name.startswith(f"{TX}/counties/")}
    count = count_of(f"{TX}/startup", "启动区")

    assert (len(areas), len(hosts)) == (11, 9)
    assert twelve - hosts == {"杏花岭区", "迎泽区", "万柏林区"}
    assert (count.stated, count.open_ended) == (11, True)


# ---- 4: structures that differ between documents -------------------------------------------------


def test_three_sets_of_clusters_stay_three_layers_that_refer_to_each_other() -> None:
    sizes = [
        len(samples.own_layer(layer).features)
        for layer in (f"{TX}/clusters", f"{TY}/layout-clusters", f"{CL}/clusters")
    ]

    assert sizes == [4, 2, 5]
    assert are_linked(f"{TX}/clusters/xinfu-dingxiang-yuanping", f"{CL}/clusters/xin-ding-yuan")
    for name in ("jiancaoping-yangqu-gujiao", "xinghualing-yingze-wanbailin"):
        assert are_linked(f"{TX}/clusters/{name}", f"{TY}/layout-clusters/{name}")
    assert are_linked(f"{TX}/clusters/fanshi-daixian-wutai", f"{CL}/belts/xiong-xin")


def test_two_sets_of_axes_stay_apart_and_share_only_national_road_108() -> None:
    own = {str(told(name)["term"]) for name in features() if name.startswith(f"{TX}/axes/")}
    other = {str(told(name)["term"]) for name in features() if name.startswith(f"{TY}/layout-axis")}

    assert own == {"雄忻高铁", "108国道"}
    assert other == {"108国道", "阳兴大道", "滨河路"}
    assert are_linked(f"{TX}/axes/g108", f"{TY}/layout-axis/g108")


def test_the_core_is_taiyuan_in_one_plan_and_taiyuan_yuci_taigu_in_two_others() -> None:
    cores = (
        f"{TX}/core/taiyuan",
        f"{CL}/core/taiyuan-yuci-taigu",
        f"{FC}/layout-nucleus/taiyuan-yuci-taigu",
    )
    dimensions = [shapely.get_dimensions(features()[name].geometry) for name in cores]

    assert are_linked(*cores)
    assert dimensions == [0, 2, 2]


RINGS: Final = (
    f"{TX}/rail-lines/hub-east-ring",
    f"{TP}/box5-rail/passenger-ring",
    f"{FC}/taiyuan-rail/west-ring",
)


def test_three_ring_railways_are_three_features_and_never_merged() -> None:
    terms = [told(name)["term"] for name in RINGS]
    shapes = [features()[name].geometry for name in RINGS]
    known_as = [{told(name)["term"], *told(name)["aliases"]} for name in RINGS]

    assert ["东环" in terms[0], "客运环线" in terms[1], "西环线" in terms[2]] == [True] * 3
    assert are_linked(*RINGS)
    assert shapes[2] is None  # no waypoints are given
    assert not shapely.equals(shapes[0], shapes[1])
    assert all(not a & b for a, b in itertools.combinations(known_as, 2))


def test_taiyuan_to_wutai_is_a_light_rail_in_one_plan_and_a_suburban_train_in_another() -> None:
    light, suburban = (
        f"{TX}/rail-lines/taiyuan-wutai-light-rail",
        f"{CL}/transit-suburban/taiyuan-wutai",
    )

    assert are_linked(light, suburban)
    assert "轻轨" in told(light)["term"]
    assert "市域（郊）列车" in told(suburban)["name"]


def test_three_corridors_from_beijing_to_taiyuan_keep_their_own_waypoints() -> None:
    corridors = {
        f"{TP}/technology-corridor/beijing-taiyuan": ["北京", "天津", "石家庄", "雄安", "太原市"],
        f"{CL}/innovation-corridor/beijing-taiyuan": [
            *("北京", "天津", "石家庄", "雄安", "忻州市", "太原市"),
        ],
        f"{FC}/xinzhou-corridor/new-energy": ["北京", "保定", "雄安", "忻州市", "太原市"],
    }

    assert {name: told(name)["members"] for name in corridors} == corridors
    assert are_linked(*corridors)


# ---- 5: the farm park ----------------------------------------------------------------------------

PARK, PARK_145 = f"{TY}/farm-park/park", f"{TP}/box5-agri/nongtou-park"
#: The same building in the two documents, in m².
BUILDINGS: Final = {
    "display-greenhouse": (9450, "greenhouse1_m2", 9537),
    "growing-greenhouse": (95940, "greenhouse2_m2", 96310),
    "arch-sheds": (84982, "arch_m2", 7193),
    "solar-greenhouses": (33390, "solar_m2", 145_325),
    "seedling-multispan": (30368, "nursery_m2", 23074),
    "seedling-centre": (2304, "seedling_m2", 2349),
    "control-packing-centre": (9432, "control_m2", 2852),
    "coir-centre": (1728, "coir_m2", 1767),
}


@pytest.mark.parametrize(("building", "figures"), BUILDINGS.items(), ids=BUILDINGS)
def test_a_building_of_the_farm_park_keeps_the_figures_of_both_documents(
    building: str, figures: tuple[int, str, int]
) -> None:
    stated, key, other = figures

    assert told(f"{TY}/farm-buildings/{building}")["area_m2"] == stated
    assert told(PARK_145)[key] == other
    assert stated != other


def test_the_farm_park_has_one_investment_and_land_in_one_document_only() -> None:
    assert told(PARK)["invest_100m_cny"] == told(PARK_145)["invest_100m_cny"] == 4.1
    assert told(PARK)["area_mu"] == 809
    assert not {key for key in told(PARK_145) if key.endswith("_mu")}
    assert are_linked(PARK, PARK_145, f"{CL}/box3-projects/yangqu-park")


# ---- 6: Jiancaoping ------------------------------------------------------------------------------


def test_the_38_km2_of_xiangyang_are_freed_by_relocation_and_not_usable_land() -> None:
    xiangyang = told(f"{TY}/jiancaoping-extents/xiangyang")

    assert xiangyang["releasable_km2"] == 38
    assert xiangyang.get("usable_km2") is None
    assert xiangyang.get("area_km2") is None
    assert "不是可用土地" in xiangyang["note"]


def test_the_groups_of_jiancaoping_add_up_to_the_stated_totals() -> None:
    pair, trio = (told(f"{TY}/jiancaoping-groups/{name}") for name in ("it-pair", "equipment-trio"))

    assert (pair["area_km2"], trio["area_km2"]) == (18.35, 71.65)
    assert (pair["usable_km2"], trio["usable_km2"]) == (4.4, 1.83)
    assert are_linked(
        f"{TY}/jiancaoping-extents/xiangyang", f"{CL}/environment-sites/explosives-works"
    )


# ---- 7: Yangqu -----------------------------------------------------------------------------------


def test_new_materials_and_dayu_new_town_are_never_added() -> None:
    expressions = [
        check.found for plan in samples.own()[0].plans for check in plan.check if check.found
    ]
    numbers = {value for name in features() for value in told(name).values() if value == 153.45}

    assert not [e for e in expressions if "yangqu-clusters" in e and "dayu" in e]
    assert numbers == set()


def test_the_clusters_of_yangqu_are_four_sizes_without_a_place_and_without_a_sum() -> None:
    clusters = samples.own_layer(f"{TY}/yangqu-clusters").features
    sizes = [each.properties["area_km2"] for each in clusters]
    sums = [name for name in features() if 255.65 in told(name).values()]

    assert sizes == [28.8, 77.45, 141.4, 8]
    assert [each.geometry for each in clusters] == [None] * 4
    assert sums == []


# ---- 8: names and amounts that reach farther than the place --------------------------------------


def test_the_hundred_kilometre_reach_is_33_km_in_taiyuan() -> None:
    reach = f"{TP}/box4-projects/middle-reach"
    drawn_km = GEOD.geometry_length(features()[reach].geometry) / 1e3

    assert told(reach)["length_km"] == 33
    assert drawn_km == pytest.approx(33, abs=2)


def test_the_landscape_project_of_89_7_billion_is_basin_wide() -> None:
    landscape = told(f"{TP}/box4-projects/basin-landscape")

    assert landscape["invest_100m_cny"] == 897
    assert "全流域" in landscape["summary"]
    assert landscape["host"] != "太原市"


# ---- 9: outside the region -----------------------------------------------------------------------


def test_tongfang_plaza_is_in_beijing_and_has_no_geometry() -> None:
    naming = [name for name in features() if "同方" in str(told(name))]

    assert naming == [f"{TP}/box1-innovation/jing-jin-electronics"]
    assert features()[naming[0]].geometry is None
    assert "不在太原" in told(naming[0])["note"]
    assert told(naming[0])["host"] not in samples.own()[1].cities

"""The tree of unions, its search, and the campaigns."""
import pytest

import campaigns


def codes(items):
    return [item["code"] for item in items]


def test_without_parent_the_tops_are_listed(anybody):
    page = anybody.get("/v1/unions").ok()
    assert codes(page["items"]) == ["630000", "C00000"] and page["next"] is None


def test_children_are_listed_by_code(anybody):
    items = anybody.get("/v1/unions", parent="630100").ok()["items"]
    assert codes(items) == ["630102", "630103", "630104"]
    assert [item["members"] for item in items] == [40, 20, None]
    assert "path" not in items[0]


def test_members_below_are_the_known_ones_of_the_subtree(anybody):
    below = {code: anybody.get(f"/v1/unions/{code}").ok() for code in
             ("630000", "630100", "630104", "632600", "632800", "C00000")}
    assert {code: union["members_below"] for code, union in below.items()} == {
        "630000": 470, "630100": 60, "630104": None, "632600": None, "632800": 410,
        "C00000": 1000}
    assert below["630000"]["members"] is None and below["630000"]["n_children"] == 3


def test_one_union_has_its_path_from_the_top(anybody):
    union = anybody.get("/v1/unions/632801").ok()
    assert union["path"] == ["青海省总工会", "海西州总工会", "格尔木市总工会"]
    assert union["parent"] == "632800"


@pytest.mark.parametrize("words, found", [
    ("西宁", ["630100"]), ("市总工会", ["630100", "632801", "632802"]), ("6328", [
        "632800", "632801", "632802"]), ("邮政", ["C00001"]), ("不存在的工会", [])])
def test_unions_are_found_by_name_and_code(anybody, words, found):
    items = anybody.get("/v1/unions", search=words).ok()["items"]
    assert sorted(codes(items)) == found
    for item in items:
        assert item["path"][-1] == item["name"]


@pytest.mark.parametrize("how", [{"parent": "630000"}, {"search": "总工会"}, {}])
def test_pages_join_to_the_whole_list(anybody, how):
    whole = anybody.get("/v1/unions", limit=200, **how).ok()["items"]
    assert anybody.pages("/v1/unions", limit=1, **how) == whole
    assert anybody.pages("/v1/unions", limit=2, **how) == whole


@pytest.mark.parametrize("asked, code", [
    ({"parent": "630000", "search": "西宁"}, "parameter_bad"),
    ({"limit": 0}, "parameter_bad"), ({"limit": 201}, "parameter_bad"),
    ({"limit": "many"}, "parameter_bad"), ({"limit": "1.5"}, "parameter_bad"),
    ({"limit": "99999999999999999999"}, "parameter_bad"), ({"search": ""}, "parameter_bad"),
    ({"cursor": "x"}, "cursor_bad"), ({"cursor": "A" * 3000}, "cursor_bad"),
    ({"page": 2}, "parameter_unknown")])
def test_a_bad_parameter_is_refused(anybody, asked, code):
    anybody.get("/v1/unions", **asked).problem(400, code)


def test_an_unknown_union_is_missing(anybody):
    anybody.get("/v1/unions/999999").problem(404, "union_unknown")
    anybody.get("/v1/unions", parent="999999").problem(404, "union_unknown")


def test_all_campaigns_are_listed_with_their_rules(anybody):
    items = {item["campaign"]: item for item in anybody.get("/v1/campaigns").ok()["items"]}
    assert set(items) == {rules["campaign"] for rules in campaigns.CAMPAIGNS}
    for slug, item in items.items():
        assert anybody.get(f"/v1/campaigns/{slug}").ok() == item


def test_a_campaign_tells_its_rules(anybody):
    found = anybody.get("/v1/campaigns/open").ok()
    assert found == {
        "campaign": "open", "title": "活动 open", "description": "谁都可以参加。", "revision": 1,
        "window": {"opens": campaigns.LONG_AGO, "closes": campaigns.FAR_AWAY},
        "status": "open", "time_zone_offset": "+08:00",
        "quota": {"total": None, "per_day": None},
        "clock": {"limit_seconds": 600, "grace_seconds": 5},
        "paper": {"questions": campaigns.N_QUESTIONS, "full_points": 100,
                  "sections": campaigns.SECTIONS},
        "counts": "best",
        "order": {"keys": ["score", "duration", "reached"], "ties": "strict"},
        "boards": {"periods": ["overall", "day", "week", "month"]},
        "unions": {"within": None, "changes": 1}, "reveal": "after_hand_in",
        "practice": "open", "participants": 0, "attempts": 0}


def test_a_campaign_tells_whether_it_is_open(anybody):
    def status(slug):
        return anybody.get(f"/v1/campaigns/{slug}").ok()["status"]
    assert (status("upcoming"), status("open"), status("over")) == ("upcoming", "open", "closed")
    assert anybody.get("/v1/campaigns/xining").ok()["unions"] == {"within": "630100", "changes": 0}
    assert anybody.get("/v1/campaigns/two-a-day").ok()["quota"] == {"total": None, "per_day": 2}


def test_participants_and_attempts_are_counted(world, anybody):
    for _ in range(2):
        player = world.player("last")
        player.play("last")
    player.play("last")
    found = anybody.get("/v1/campaigns/last").ok()
    assert (found["participants"], found["attempts"]) == (2, 3)


def test_an_unknown_campaign_is_missing(anybody, player):
    anybody.get("/v1/campaigns/nowhere").problem(404, "campaign_unknown")
    anybody.get("/v1/campaigns/nowhere/boards/people").problem(404, "campaign_unknown")
    player.post("/v1/campaigns/nowhere/attempts").problem(404, "campaign_unknown")
    player.get("/v1/campaigns/OPEN/participation").problem(404, "campaign_unknown")

"""Choosing a union within a campaign, and changing it."""
from concurrent.futures import ThreadPoolExecutor


def test_before_choosing_there_is_no_participation(world):
    person = world.person()
    person.get("/v1/campaigns/open/participation").problem(409, "union_not_chosen")
    person.post("/v1/campaigns/open/attempts").problem(409, "union_not_chosen")


def test_the_first_choice_is_made_and_told(world):
    person = world.person("630102")
    chosen = person.choose("open", "630104").ok(201)
    assert chosen["union"] == {"code": "630104", "name": "城西区总工会",
                               "path": ["青海省总工会", "西宁市总工会", "城西区总工会"]}
    assert (chosen["union_changes_left"], chosen["started"], chosen["counted"]) == (1, 0, 0)
    assert chosen["left_today"] is None and chosen["left_total"] is None
    assert chosen["open_attempt"] is None
    read = person.get("/v1/campaigns/open/participation").ok()
    assert {**read, "now": None} == {**chosen, "now": None}


def test_the_same_union_again_changes_nothing(world):
    person = world.person()
    person.choose("open", "630104").ok(201)
    assert person.choose("open", "630104").ok(200)["union_changes_left"] == 1


def test_changes_are_counted_and_end(world):
    person = world.person()
    person.choose("wanderers", "630102").ok(201)
    assert person.choose("wanderers", "630103").ok(200)["union_changes_left"] == 1
    assert person.choose("wanderers", "630102").ok(200)["union_changes_left"] == 0
    person.choose("wanderers", "632801").problem(409, "union_fixed")
    assert person.choose("wanderers", "630102").ok(200)["union"]["code"] == "630102"


def test_a_union_outside_the_campaign_is_not_eligible(world):
    person = world.person()
    for code in ("632801", "630000", "C00001"):
        person.choose("xining", code).problem(403, "union_not_eligible")
    person.choose("xining", "630103").ok(201)
    person.choose("xining", "630102").problem(409, "union_fixed")


def test_the_top_of_a_campaign_itself_is_eligible(world):
    world.person().choose("xining", "630100").ok(201)


def test_an_unknown_union_is_missing(world):
    world.person().choose("open", "999999").problem(404, "union_unknown")


def test_a_campaign_that_is_over_takes_nobody(world):
    world.person().choose("over").problem(409, "campaign_closed")


def test_a_campaign_that_is_not_open_yet_lets_one_choose(world):
    person = world.person()
    person.choose("upcoming").ok(201)
    person.post("/v1/campaigns/upcoming/attempts").problem(409, "campaign_not_open")


def test_participation_tells_the_open_attempt_and_what_is_left(world):
    player = world.player("two-a-day")
    attempt = player.start("two-a-day")
    found = player.get("/v1/campaigns/two-a-day/participation").ok()
    assert found["open_attempt"] == {name: attempt[name] for name in
                                     ("ordinal", "started_at", "deadline_at")}
    assert (found["started"], found["counted"], found["left_today"]) == (1, 0, 1)
    player.hand_in(attempt, []).ok()
    found = player.get("/v1/campaigns/two-a-day/participation").ok()
    assert (found["started"], found["counted"], found["open_attempt"]) == (1, 1, None)


def test_a_change_takes_the_standing_along(world):
    mover, stayer = world.person(), world.person()
    for person in (mover, stayer):
        person.choose("wanderers", "632801").ok(201)
        person.play("wanderers", 4)

    def heads(code):
        board = mover.get("/v1/campaigns/wanderers/boards/people", union=code).ok()
        return board["of"]
    before = {code: heads(code) for code in ("632801", "632800", "632621", "630000", "C00001")}
    mover.choose("wanderers", "632621").ok()
    after = {code: heads(code) for code in before}
    assert {code: after[code] - before[code] for code in before} == {
        "632801": -1, "632800": -1, "632621": 1, "630000": 0, "C00001": 0}
    units = {row["code"]: row for row in mover.get(
        "/v1/campaigns/wanderers/boards/unions", parent="632600").ok()["items"]}
    assert units["632621"]["heads"] == 1
    mover.choose("wanderers", "C00001").ok()
    assert heads("630000") == before["630000"] - 1 and heads("C00001") == before["C00001"] + 1
    standing = mover.standing("wanderers")
    assert [union["code"] for union in standing["unions"]] == ["C00000", "C00001"]
    world.verify()


def test_choosing_at_once_from_many_connections_makes_one_choice(world):
    person, n = world.person(), 8
    copies = [person.at(world.server) for _ in range(n)]
    with ThreadPoolExecutor(n) as pool:
        replies = list(pool.map(lambda copy: copy.choose("open", "630102"), copies))
    assert sorted(reply.status for reply in replies) == [200] * (n - 1) + [201]
    assert person.get("/v1/campaigns/open/participation").ok()["union_changes_left"] == 1

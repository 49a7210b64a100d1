"""Boards of people: order, ties, pages, one's own line, periods, unions, unchanged pages."""
import datetime

import pytest

import campaigns
import model
import moments
from server import wait_until

PATH = "/v1/campaigns/{}/boards/people"
TREE = model.Tree()


@pytest.fixture(scope="module")
def crowd(world):
    """Forty people who played "open" once, with the results."""
    people, attempts = [], []
    for i in range(40):
        person = world.player("open", campaigns.HOMES[i % 7])
        result = person.play("open", i * 5 % 9)
        people.append(person)
        attempts.append(model.Attempt.of(person, result))
    return people, attempts


def expected(attempts, union=None):
    chosen = [one for one in attempts if not union or TREE.within(one.union, union)]
    return model.board(model.standings(chosen)["overall"]) if chosen else []


def figures(items):
    return [(row["rank"], round(row["score"] * 100), row["duration_ms"],
             moments.ms_of(row["reached_at"])) for row in items]


def figures_of(rows):
    return [(rank, figure.score, figure.duration_ms, figure.reached_at)
            for rank, _, figure in rows]


def test_a_board_stands_in_the_order_of_the_rules(anybody, crowd):
    board = anybody.get(PATH.format("open"), limit=100).ok()
    assert board["of"] == len(crowd[1]) and board["next"] is None
    assert (board["campaign"], board["period"], board["union"]) == ("open", "overall", None)
    assert figures(board["items"]) == figures_of(expected(crowd[1]))


@pytest.mark.parametrize("limit", [1, 3, 20, 39, 40, 41])
def test_pages_join_to_the_whole_board(anybody, crowd, limit):
    whole = anybody.get(PATH.format("open"), limit=100).ok()["items"]
    assert anybody.pages(PATH.format("open"), limit=limit) == whole


def test_a_page_has_twenty_lines_unless_asked_otherwise(anybody, crowd):
    assert len(anybody.get(PATH.format("open")).ok()["items"]) == 20


@pytest.mark.parametrize("union", ["630000", "630100", "630102", "632800", "632801", "632600",
                                   "C00000", "C00001", "630104"])
def test_a_union_has_its_own_board_of_its_whole_subtree(anybody, crowd, union):
    board = anybody.get(PATH.format("open"), union=union, limit=100).ok()
    rows = expected(crowd[1], union)
    assert (board["union"], board["of"]) == (union, len(rows))
    assert figures(board["items"]) == figures_of(rows)
    assert all(TREE.within(row["union"]["code"], union) for row in board["items"])


def test_names_are_masked_and_no_id_is_shown(anybody, crowd):
    for row in anybody.get(PATH.format("open"), limit=100).ok()["items"]:
        assert "*" in row["name"] and not row["is_me"]
        assert set(row) == {"rank", "name", "union", "score", "duration_ms", "reached_at", "is_me"}


def test_my_own_line_is_marked(crowd):
    person = crowd[0][7]
    mine = [row for row in person.pages(PATH.format("open"), limit=15) if row["is_me"]]
    assert len(mine) == 1
    assert mine[0]["rank"] == person.standing("open")["overall"]["rank"]


@pytest.mark.parametrize("limit", [1, 4, 5, 11])
def test_around_me_has_me_in_the_middle(anybody, crowd, limit):
    whole = anybody.get(PATH.format("open"), limit=100).ok()["items"]
    for person in crowd[0][::6]:
        page = person.get(PATH.format("open"), around="me", limit=limit).ok()
        places = [row["rank"] for row in page["items"]]
        mine = [i for i, row in enumerate(page["items"]) if row["is_me"]]
        assert len(mine) == 1 and page["of"] == len(whole)
        assert places == list(range(places[0], places[0] + len(places)))
        my_rank = places[mine[0]]
        if limit // 2 < my_rank <= len(whole) - limit // 2:
            assert mine[0] == limit // 2
        if places[0] + limit - 1 <= len(whole):
            assert len(places) == limit


def test_around_me_goes_on_by_cursor(anybody, crowd):
    person = crowd[0][3]
    page = person.get(PATH.format("open"), around="me", limit=5).ok()
    if page["next"]:
        following = person.get(PATH.format("open"), cursor=page["next"], limit=5).ok()["items"]
        assert following[0]["rank"] == page["items"][-1]["rank"] + 1


@pytest.mark.parametrize("limit", [1, 4, 15, 100])
def test_around_me_goes_back_by_cursor_to_the_top(anybody, crowd, limit):
    whole = anybody.get(PATH.format("open"), limit=100).ok()["items"]
    person = crowd[0][21]
    page = person.get(PATH.format("open"), around="me", limit=limit).ok()
    ranks = [row["rank"] for row in page["items"]]
    while page["previous"]:
        page = anybody.get(PATH.format("open"), cursor=page["previous"], limit=limit).ok()
        ranks = [row["rank"] for row in page["items"]] + ranks
    assert ranks == [row["rank"] for row in whole][:len(ranks)]


def test_back_and_on_are_each_others_reverse(anybody, crowd):
    first = anybody.get(PATH.format("open"), limit=7).ok()
    second = anybody.get(PATH.format("open"), limit=7, cursor=first["next"]).ok()
    again = anybody.get(PATH.format("open"), limit=7, cursor=second["previous"]).ok()
    assert first["previous"] is None and again == first


def test_around_me_within_a_union(crowd):
    person = crowd[0][10]
    page = person.get(PATH.format("open"), around="me", union=person.union).ok()
    assert [row["is_me"] for row in page["items"]].count(True) == 1
    assert {row["union"]["code"] for row in page["items"]} == {person.union}
    other = next(code for code in campaigns.HOMES if code != person.union)
    assert person.get(PATH.format("open"), around="me", union=other).ok()["items"] == []


def test_around_me_needs_a_sign_in_and_is_empty_for_who_is_not_there(world, anybody, crowd):
    anybody.get(PATH.format("open"), around="me").problem(401, "sign_in_required")
    newcomer = world.player("open")
    page = newcomer.get(PATH.format("open"), around="me").ok()
    assert page["items"] == [] and page["next"] is None


def test_a_page_that_has_not_changed_is_not_sent_again(world, anybody, crowd):
    first = anybody.ask("GET", PATH.format("open"))
    tag = first.headers["ETag"]
    for headers in ({"If-None-Match": tag}, {"If-None-Match": f'"x", {tag}'},
                    {"If-None-Match": "*"}, {"If-None-Match": "W/" + tag}):
        again = anybody.ask("GET", PATH.format("open"), headers=headers)
        assert again.status == 304 and again.headers["ETag"] == tag and not again.content
    assert anybody.ask("GET", PATH.format("open"), headers={"If-None-Match": '"x"'}).status == 200
    assert "no-store" not in first.headers.get("Cache-Control", "")
    crowd[1].append(played(world, 8))
    changed = anybody.ask("GET", PATH.format("open"), headers={"If-None-Match": tag})
    assert changed.status == 200 and changed.headers["ETag"] != tag


def played(world, n_right):
    person = world.player("open")
    return model.Attempt.of(person, person.play("open", n_right))


def test_another_page_has_another_etag(anybody, crowd):
    tags = {anybody.ask("GET", PATH.format("open"), params=params).headers["ETag"]
            for params in ({}, {"limit": 3}, {"union": "630102"}, {"period": "today"})}
    assert len(tags) == 4


def test_today_is_the_day_of_the_campaign(anybody, crowd):
    today = anybody.get(PATH.format("open"), period="today", limit=100).ok()
    named = anybody.get(PATH.format("open"), period=crowd[1][0].day, limit=100).ok()
    assert today["period"] == named["period"] == crowd[1][0].day
    assert today["items"] == named["items"] and today["of"] == len(crowd[1])


@pytest.mark.parametrize("i", [1, 2, 3], ids=["day", "week", "month"])
def test_a_period_by_its_name(anybody, crowd, i):
    period = crowd[1][0].periods[i]
    board = anybody.get(PATH.format("open"), period=period, limit=100).ok()
    assert board["period"] == period and figures(board["items"]) == \
        figures_of(model.board(model.standings(crowd[1])[period]))


def test_a_day_on_which_nobody_played_is_empty(anybody, crowd):
    yesterday = datetime.date.fromisoformat(crowd[1][0].day) - datetime.timedelta(1)
    board = anybody.get(PATH.format("open"), period=yesterday.isoformat()).ok()
    assert (board["of"], board["items"], board["next"]) == (0, [], None)


@pytest.mark.parametrize("period", ["today", "2026-05-13", "2026-W20", "2026-05", "stage-1"])
def test_a_board_that_the_rules_do_not_have_is_missing(anybody, crowd, period):
    anybody.get(PATH.format("score-only"), period=period).problem(404, "board_unknown")


@pytest.mark.parametrize("period", ["", "yesterday", "2026-13-01", "2026-02-30", "2026-W54",
                                    "2026-W00", "2026-00", "2026", "2026-1-1", "overall "])
def test_a_period_that_is_none_is_refused(anybody, crowd, period):
    anybody.get(PATH.format("open"), period=period).problem(400, "parameter_bad")


@pytest.mark.parametrize("asked, status, code", [
    ({"limit": 0}, 400, "parameter_bad"), ({"limit": 101}, 400, "parameter_bad"),
    ({"limit": -1}, 400, "parameter_bad"), ({"cursor": "x"}, 400, "cursor_bad"),
    ({"cursor": "AAAA"}, 400, "cursor_bad"), ({"cursor": ""}, 400, "cursor_bad"),
    ({"around": "you"}, 400, "parameter_bad"), ({"union": "999999"}, 404, "union_unknown"),
    ({"measure": "sum"}, 400, "parameter_unknown")])
def test_bad_parameters_are_refused(anybody, crowd, asked, status, code):
    anybody.get(PATH.format("open"), **asked).problem(status, code)


def test_a_cursor_of_another_list_is_refused(anybody, crowd):
    cursor = anybody.get("/v1/unions", limit=1).ok()["next"]
    anybody.get(PATH.format("open"), cursor=cursor).problem(400, "cursor_bad")


def test_a_cursor_goes_on_though_people_move(world, anybody, crowd):
    page = anybody.get(PATH.format("open"), limit=10).ok()
    before = anybody.get(PATH.format("open"), limit=100).ok()["items"]
    crowd[1].append(played(world, 8))  # somebody enters above or below
    following = anybody.get(PATH.format("open"), limit=100, cursor=page["next"]).ok()["items"]
    rows = [{**row, "rank": 0} for row in following]
    missing = [row for row in before[10:] if {**row, "rank": 0} not in rows]
    assert missing == []


def test_the_best_of_several_attempts_stands(world):
    player = world.player("best")
    player.play("best", 2)
    good = player.play("best", 7)
    player.play("best", 4)
    standing = player.standing("best")["overall"]
    assert (standing["score"], standing["duration_ms"], standing["reached_at"]) == \
        (good["score"], good["duration_ms"], good["finished_at"])


def test_ties_share_a_rank_where_the_rules_say_so(world, anybody):
    scores = [8, 5, 8, 5, 2, 8]
    for n_right in scores:
        world.player("shared-ties").play("shared-ties", n_right)
    ranks = [row["rank"] for row in anybody.get(PATH.format("shared-ties")).ok()["items"]]
    assert ranks == [1, 1, 1, 4, 4, 6]
    assert [row["rank"] for row in anybody.pages(PATH.format("shared-ties"), limit=2)] == ranks


def test_ties_are_broken_by_person_where_they_are_strict(world, anybody):
    people = [world.player("strict-ties") for _ in range(6)]
    for person in reversed(people):
        person.play("strict-ties", 5)
    ranks = [person.standing("strict-ties")["overall"]["rank"] for person in people]
    assert ranks == [1, 2, 3, 4, 5, 6]


def test_my_standing_is_the_line_of_every_board(crowd):
    for person in crowd[0][::8]:
        standing = person.standing("open")
        path = TREE.path(person.union)
        assert [union["code"] for union in standing["unions"]] == path
        for code, place in [(None, standing["overall"])] + [
                (union["code"], union["overall"]) for union in standing["unions"]]:
            rows = expected(crowd[1], code)
            rank = next(rank for rank, who, _ in rows if who == int(person.id))
            assert (place["rank"], place["of"]) == (rank, len(rows))
        assert standing["today"]["rank"] == standing["overall"]["rank"]


def test_who_has_not_played_stands_nowhere(world):
    standing = world.player("open").standing("open")
    assert standing["overall"] is None and standing["today"] is None
    assert all(union["overall"] is None for union in standing["unions"])


def test_yesterdays_board_stays_readable(world, later):
    player = world.player("sum")
    first = player.play("sum", 4)
    day = moments.periods(first["started_at"])[1]
    there = player.at(later(86400 + 60))
    there.sign_in()
    there.play("sum", 8)
    board = there.get(PATH.format("sum"), period=day).ok()
    assert [row["score"] for row in board["items"]] == [first["score"]]
    assert there.get(PATH.format("sum"), period="today").ok()["items"][0]["score"] == 100
    assert there.standing("sum")["overall"]["score"] == first["score"] + 100
    assert player.standing("sum")["today"]["score"] == first["score"]


def test_another_server_shows_the_same_board(world, crowd, later):
    there = world.anybody(later(1))
    here = world.anybody()

    def both():
        return [client.get(PATH.format("open"), limit=100).ok()["items"]
                for client in (here, there)]
    one, other = both()
    assert one == other
    crowd[1].append(played(world, 6))
    wait_until(lambda: len({str(items) for items in both()}) == 1, 10, "the boards stay apart")
    one, other = both()
    assert one == other and len(one) == len(crowd[1])

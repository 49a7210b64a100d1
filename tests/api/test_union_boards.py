"""Boards of unions: what each measure says, and in which order."""
import random

import pytest

import model

PATH = "/v1/campaigns/open/boards/unions"
MEASURES = ["sum", "mean", "rate", "heads"]
TREE = model.Tree()


@pytest.fixture(scope="module")
def crowd(world):
    chance = random.Random(4)
    attempts = []
    for i, home in enumerate(["630102"] * 7 + ["630103"] * 3 + ["632801"] * 3 + ["632802"] * 4
                             + ["C00001"] * 2 + ["630100"]):
        person = world.person()
        person.choose("open", home).ok(201)
        person.union = home
        for _ in range(chance.choice([1, 1, 2])):
            attempts.append(model.Attempt.of(person, person.play(
                "open", right=[n for n in range(1, 9) if chance.random() < 0.5])))
    return attempts


def rows_of(crowd, parent, period="overall"):
    found = model.standings(crowd)[period]
    union_of = {one.person: one.union for one in crowd}
    return model.union_rows(TREE, TREE.children(parent), found, union_of)


def check(items, expected, measure):
    assert {row["code"] for row in items} == set(expected)
    for row in items:
        wanted = expected[row["code"]]
        for name in ("heads", "attempts", "members", "sum"):
            assert row[name] == wanted[name], f"{row['code']} {name}"
        for name in ("mean", "rate"):
            if wanted[name] is None:
                assert row[name] is None
            else:
                assert abs(row[name] - wanted[name]) < 0.00501, f"{row['code']} {name}"

    def order(row):
        value = row[measure]
        return (value is None, -(value or 0), -row["heads"], row["code"])
    assert [row["code"] for row in items] == [row["code"] for row in sorted(items, key=order)]
    for i, row in enumerate(items):
        same = i and [items[i - 1][name] for name in (measure, "heads")] == \
            [row[name] for name in (measure, "heads")]
        assert row["rank"] == i + 1 or same and row["rank"] == items[i - 1]["rank"]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("parent", ["630000", "630100", "632800", "632600", "C00000", "632801"])
def test_children_stand_in_the_order_of_the_measure(anybody, crowd, parent, measure):
    board = anybody.get(PATH, parent=parent, measure=measure).ok()
    assert (board["parent"], board["measure"], board["period"]) == (parent, measure, "overall")
    check(board["items"], rows_of(crowd, parent), measure)


def test_without_parent_the_tops_stand(anybody, crowd):
    board = anybody.get(PATH).ok()
    assert board["parent"] is None and board["measure"] == "sum"
    check(board["items"], rows_of(crowd, None), "sum")


@pytest.mark.parametrize("measure", MEASURES)
def test_unions_that_are_equal_stand_by_code_and_share_the_rank(anybody, measure):
    items = anybody.get("/v1/campaigns/first/boards/unions", parent="630000",
                        measure=measure).ok()["items"]
    known = [row for row in items if row["rate"] is not None]
    assert [row["code"] for row in items] == (["630100", "632800", "632600"] if measure == "rate"
                                              else ["630100", "632600", "632800"])
    assert {row["rank"] for row in known} == {1}


def test_without_parent_a_campaign_within_a_union_shows_its_children(anybody, crowd):
    board = anybody.get("/v1/campaigns/xining/boards/unions").ok()
    assert [row["code"] for row in board["items"]] == ["630102", "630103", "630104"]


@pytest.mark.parametrize("i", [1, 2, 3], ids=["day", "week", "month"])
def test_a_period_has_its_own_board(anybody, crowd, i):
    period = crowd[0].periods[i]
    board = anybody.get(PATH, parent="630000", period=period).ok()
    assert board["period"] == period
    check(board["items"], rows_of(crowd, "630000", period), "sum")


@pytest.mark.parametrize("measure", MEASURES)
def test_pages_join_to_the_whole_board(anybody, crowd, measure):
    whole = anybody.get(PATH, parent="630100", measure=measure).ok()["items"]
    for limit in (1, 2):
        assert anybody.pages(PATH, parent="630100", measure=measure, limit=limit) == whole


def test_a_board_that_has_not_changed_is_not_sent_again(world, anybody, crowd):
    first = anybody.ask("GET", PATH)
    tag = first.headers["ETag"]
    assert anybody.ask("GET", PATH, headers={"If-None-Match": tag}).status == 304
    person = world.player("open", "C00001")
    crowd.append(model.Attempt.of(person, person.play("open", 3)))
    assert anybody.ask("GET", PATH, headers={"If-None-Match": tag}).status == 200


@pytest.mark.parametrize("asked, status, code", [
    ({"measure": "median"}, 400, "parameter_bad"), ({"parent": "999999"}, 404, "union_unknown"),
    ({"period": "stage"}, 400, "parameter_bad"), ({"cursor": "x"}, 400, "cursor_bad"),
    ({"limit": 0}, 400, "parameter_bad"), ({"limit": 201}, 400, "parameter_bad"),
    ({"union": "630000"}, 400, "parameter_unknown")])
def test_bad_parameters_are_refused(anybody, crowd, asked, status, code):
    anybody.get(PATH, **asked).problem(status, code)


def test_a_period_that_the_rules_do_not_have_is_missing(anybody, crowd):
    anybody.get("/v1/campaigns/score-only/boards/unions", period="today") \
        .problem(404, "board_unknown")

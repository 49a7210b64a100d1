"""The feed: every result once, in order, whatever the page size and whoever writes."""
from concurrent.futures import ThreadPoolExecutor

import pytest


PATH = "/v1/results"


def read_all(organizer, after=None, limit=200):
    """All items behind a mark, and the mark to go on from."""
    items = []
    while True:
        asked = {"limit": limit, **({"after": after} if after else {})}
        page = organizer.get(PATH, **asked).ok()
        items += page["items"]
        after = page["next"]
        if not page["items"]:
            return items, after


@pytest.fixture
def mark(organizer):
    """Where the feed stands before the test."""
    return read_all(organizer)[1]


def test_every_hand_in_comes_once_with_who_it_was(world, organizer, mark):
    player = world.player("open", "632801")
    results = [player.play("open", n) for n in (3, 8, 5)]
    items, _ = read_all(organizer, mark)
    assert [item["kind"] for item in items] == ["handed_in"] * 3
    for item, result in zip(items, results):
        assert (item["person"], item["ordinal"]) == (player.id, result["ordinal"])
        assert (item["score"], item["duration_ms"]) == (result["score"], result["duration_ms"])
        assert (item["campaign"], item["union"]) == ("open", "632801")
        assert item["at"] >= result["finished_at"]
        assert item["identities"] == [{"provider": "roster",
                                       "subject": f"632801/{player.staff_number}"}]
    assert [item["overall"]["score"] for item in items] == [30, 100, 100]
    assert [item["overall"]["attempts"] for item in items] == [1, 2, 3]
    assert items[2]["overall"]["reached_at"] == results[1]["finished_at"]


def test_asking_again_gives_the_same_and_the_end_gives_a_mark_too(world, organizer, mark):
    world.player("open").play("open", 3)
    once, end = read_all(organizer, mark)
    again, same_end = read_all(organizer, mark)
    assert once == again and end == same_end and len(once) == 1
    assert organizer.get(PATH, after=end).ok() == {"items": [], "next": end}
    world.player("open").play("open", 4)
    assert len(read_all(organizer, end)[0]) == 1


@pytest.mark.parametrize("limit", [1, 2, 7, 1000])
def test_pages_of_any_size_give_the_whole_feed(world, organizer, limit):
    if limit == 1:
        for n in range(5):
            world.player("open").play("open", n)
    whole, _ = read_all(organizer, limit=200)
    assert read_all(organizer, limit=limit)[0] == whole and len(whole) >= 5


def test_what_ran_out_comes_when_it_counts(world, organizer, mark, later):
    saver, idler = world.player("brief"), world.player("brief")
    attempt = saver.start("brief")
    saver.save(attempt, world.bank.answers(attempt, 2)).ok()
    lost = idler.start("brief")
    server = later(11)
    for player, one in ((saver, attempt), (idler, lost)):
        player.at(server).hand_in(one, []).problem(409, "hand_in_late")
    items, _ = read_all(organizer, mark)
    assert [(item["kind"], item["person"], item["score"]) for item in items] == \
        [("expired", saver.id, 20)]


def test_a_voided_attempt_comes_with_the_new_standing(world, organizer, mark):
    player = world.player("open")
    for n in (8, 3):
        player.play("open", n)
    for ordinal in (1, 2):
        organizer.post(f"/v1/organizer/campaigns/open/people/{player.id}/attempts/{ordinal}/void",
                       {"reason": "测试"}).ok()
    items = read_all(organizer, mark)[0][2:]
    assert [(item["kind"], item["ordinal"]) for item in items] == [("voided", 1), ("voided", 2)]
    assert items[0]["overall"]["score"] == 30 and items[0]["overall"]["attempts"] == 1
    assert items[1]["overall"] is None


def test_a_union_change_comes_with_the_new_union(world, organizer, mark):
    player = world.player("wanderers", "630102")
    player.choose("wanderers", "630103").ok()  # nothing stands yet: nothing to tell
    player.play("wanderers", 3)
    player.choose("wanderers", "632801").ok()
    items, _ = read_all(organizer, mark)
    assert [(item["kind"], item["union"]) for item in items] == \
        [("handed_in", "630103"), ("union_changed", "632801")]
    assert (items[1]["ordinal"], items[1]["score"], items[1]["duration_ms"]) == (None, None, None)
    assert items[1]["overall"]["score"] == 30


def test_a_repeat_and_a_refusal_add_nothing(world, organizer):
    player = world.player("open")
    attempt = player.start("open")
    answers = world.bank.answers(attempt, 3)
    player.hand_in(attempt, answers).ok()
    _, mark = read_all(organizer)
    player.hand_in(attempt, answers).ok()
    player.hand_in(attempt, []).problem(409, "already_handed_in")
    assert read_all(organizer, mark)[0] == []


def test_reading_while_many_write_misses_nothing(world, organizer, mark):
    people = [world.player("open") for _ in range(16)]
    read, after = [], mark
    with ThreadPoolExecutor(16) as pool:
        runs = [pool.submit(lambda person=person: [person.play("open", n)["ordinal"]
                                                   for n in range(4)]) for person in people]
        while not all(run.done() for run in runs):
            page = organizer.get(PATH, after=after, limit=3).ok()
            read, after = read + page["items"], page["next"]
        for run in runs:
            run.result()
    read += read_all(organizer, after)[0]
    assert sorted((item["person"], item["ordinal"]) for item in read) == \
        sorted((person.id, n) for person in people for n in (1, 2, 3, 4))
    assert read == read_all(organizer, mark)[0]


def test_the_feed_makes_the_boards(world, organizer):
    figures = {}
    for item in read_all(organizer)[0]:
        if item["campaign"] == "open":
            figures[int(item["person"])] = item["overall"]
    board = [(int(row["person"]), row["score"], row["duration_ms"], row["reached_at"]) for row in
             organizer.pages("/v1/organizer/campaigns/open/people", limit=1000)]
    assert sorted(board) == sorted((person, one["score"], one["duration_ms"], one["reached_at"])
                                   for person, one in figures.items() if one)


@pytest.mark.parametrize("asked, code", [
    ({"after": "x"}, "cursor_bad"), ({"after": ""}, "cursor_bad"), ({"after": "A" * 4000},
                                                                    "cursor_bad"),
    ({"after": "__________8"}, "cursor_bad"), ({"limit": 0}, "parameter_bad"),
    ({"limit": 1001}, "parameter_bad"), ({"cursor": "x"}, "parameter_unknown")])
def test_bad_parameters_are_refused(organizer, asked, code):
    organizer.get(PATH, **asked).problem(400, code)


def test_only_an_organizer_reads_it(anybody, player):
    anybody.get(PATH).problem(401, "sign_in_required")
    player.get(PATH).problem(403, "forbidden")

"""The wall's stream: what it says, when, and to how many."""
import concurrent.futures
import datetime
import json
import select
import time

import pytest

import moments
from server import CLOCK_OFFSET_MS, wait_until
from watching import Watcher

MEASURES = ["sum", "mean", "rate", "heads"]


def metric(client, name):
    line = next(line for line in client.get("/metrics").ok().splitlines()
                if line.startswith(name + " "))
    return float(line.split(" ")[1])


def check_against_boards(state, anybody, slug):
    """It says the same as the endpoints that tell of it one by one."""
    campaign = anybody.get(f"/v1/campaigns/{slug}").ok()
    for name in ("campaign", "title", "status", "window", "participants", "attempts"):
        assert state[name] == campaign[name], name
    people = anybody.get(f"/v1/campaigns/{slug}/boards/people", limit=10).ok()["items"]
    assert state["people"] == [{name: row[name] for name in
                                ("rank", "name", "union", "score", "duration_ms")}
                               for row in people]
    unions = anybody.get(f"/v1/campaigns/{slug}/boards/unions", limit=12,
                         measure=state["measure"]).ok()["items"]
    assert state["unions"] == unions


@pytest.fixture(scope="module")
def crowd(world):
    people = [world.player("best", home) for home in
              ["630102", "630103", "632801", "C00001", "630104", "632802"] * 2]
    for i, person in enumerate(people):
        person.play("best", i % 9)
    return people


def test_the_head_says_what_it_is(world):
    with Watcher(world.server, "open") as watcher:
        watcher.first()
        assert watcher.headers["Content-Type"] == "text/event-stream"
        assert watcher.headers["Cache-Control"] == "no-store"
        assert watcher.headers["X-Accel-Buffering"] == "no"
        assert watcher.headers["X-Request-Id"]


def test_nobody_has_played_yet(world, anybody):
    with Watcher(world.server, "first") as watcher:
        state = watcher.first()
    check_against_boards(state, anybody, "first")
    assert (state["participants"], state["attempts"], state["people"]) == (0, 0, [])
    assert all(union["heads"] == 0 for union in state["unions"])


@pytest.mark.parametrize("measure", [None, *MEASURES])
def test_it_says_what_the_boards_say(world, anybody, crowd, measure):
    with Watcher(world.server, "best", measure) as watcher:
        state = watcher.first()
    assert state["measure"] == (measure or "sum")
    assert state["participants"] == len(crowd) and len(state["people"]) == 10
    check_against_boards(state, anybody, "best")


def test_only_the_top_that_takes_part_is_shown(world, anybody):
    with Watcher(world.server, "xining") as watcher:
        state = watcher.first()
    assert {union["code"] for union in state["unions"]} == {"630102", "630103", "630104"}
    check_against_boards(state, anybody, "xining")


@pytest.mark.parametrize("slug, status", [("open", "open"), ("upcoming", "upcoming"),
                                          ("over", "closed")])
def test_it_says_whether_the_contest_is_on(world, slug, status):
    with Watcher(world.server, slug) as watcher:
        assert watcher.first()["status"] == status


def test_a_hand_in_shows_soon_on_every_wall(world, anybody):
    watchers = [Watcher(world.server, "sum", measure) for measure in MEASURES]
    for watcher in watchers:
        watcher.first()
    person = world.player("sum")
    for n in range(1, 3):
        person.play("sum", 8)
        for watcher in watchers:
            state = watcher.until(lambda state: state["attempts"] == n, 5)
            assert state["people"][0]["score"] == 100 * n
    for watcher in watchers:
        check_against_boards(watcher.states[-1][1], anybody, "sum")
        assert [number for number, _ in watcher.states] == \
            list(range(watcher.states[0][0], watcher.states[-1][0] + 1))
        watcher.close()


def test_names_are_masked_until_their_bearer_agrees(world):
    person = world.player("strict-ties")
    person.play("strict-ties", 8)
    with Watcher(world.server, "strict-ties") as watcher:
        assert watcher.first()["people"][0]["name"] != person.name
        person.patch("/v1/me", {"shows_name": True}).ok()
        watcher.until(lambda state: state["people"][0]["name"] == person.name, 5)


def test_a_changed_title_shows(world):
    rules = json.loads((world.program.folder / "last.json").read_text(encoding="utf-8"))
    with Watcher(world.server, "last") as watcher:
        assert watcher.first()["title"] == "活动 last"
        path = world.program.folder / "last-again.json"
        path.write_text(json.dumps({**rules, "title": "另一个题目"}), encoding="utf-8")
        world.program.run("import", "campaign", path)
        watcher.until(lambda state: state["title"] == "另一个题目")


def test_nothing_new_is_not_told_and_much_is_told_once_a_second(world):
    people = [world.player("last") for _ in range(4)]
    with Watcher(world.server, "last") as watcher:
        watcher.first()
        quiet = time.monotonic() + 1.5
        while time.monotonic() < quiet:
            watcher.read(0.1)
        n, began, played = len(watcher.states), time.monotonic(), 0
        with concurrent.futures.ThreadPoolExecutor(len(people)) as pool:
            while time.monotonic() < began + 3:
                list(pool.map(lambda person: person.play("last", 1), people))
                played += len(people)
                while select.select([watcher], [], [], 0)[0]:
                    watcher.read()
        watcher.until(lambda state: state["participants"] == len(people))
        seconds = time.monotonic() - began
        assert played > 10 and 1 <= len(watcher.states) - n <= seconds + 1.5
        n = len(watcher.states)
        for _ in range(15):
            watcher.read(0.1)
        assert len(watcher.states) <= n + 1


def test_who_comes_later_is_told_the_time_it_is(world):
    def lag(state):
        now = datetime.datetime.now().timestamp() * 1000 + CLOCK_OFFSET_MS
        return now - moments.ms_of(state["now"])

    with Watcher(world.server, "partial") as first:
        first.first()
        time.sleep(2.5)
        with Watcher(world.server, "partial") as later:
            assert -1000 < lag(later.first()) < 1500
            assert later.states[0][0] == first.states[0][0]
        first.read(0.3)
        assert len(first.states) == 1  # it was no news


def test_hundreds_watch_and_cost_no_request_in_flight(world, anybody):
    watchers = [Watcher(world.server, "daily") for _ in range(400)]
    try:
        for watcher in watchers:
            watcher.first()
        assert metric(anybody, "jingda_http_watchers") == 400
        assert metric(anybody, "jingda_http_requests_in_flight") == 1
        world.player("daily").play("daily", 8)
        for watcher in watchers:
            watcher.until(lambda state: state["attempts"] == 1)
        assert len({json.dumps(watcher.states[-1]) for watcher in watchers}) == 1
        for watcher in watchers[::2]:
            watcher.close()
        wait_until(lambda: metric(anybody, "jingda_http_watchers") == 200)
    finally:
        for watcher in watchers:
            watcher.close()
    wait_until(lambda: metric(anybody, "jingda_http_watchers") == 0)


def test_a_wrong_measure_or_campaign_is_told(anybody):
    anybody.get("/v1/campaigns/open/wall", measure="most").problem(400, "parameter_bad")
    anybody.get("/v1/campaigns/open/wall", period="today").problem(400, "parameter_unknown")
    anybody.get("/v1/campaigns/nowhere/wall").problem(404, "campaign_unknown")


def test_head_does_not_watch(anybody):
    reply = anybody.ask("HEAD", "/v1/campaigns/open/wall")
    reply.ok()
    assert reply.headers["Content-Type"] == "text/event-stream"
    anybody.get("/healthz").ok()


def test_http_1_0_watches_without_chunks(world):
    with Watcher(world.server, "open", version="1.0") as watcher:
        watcher.first()
        assert "Transfer-Encoding" not in watcher.headers


def test_beyond_the_limit_one_is_asked_to_come_later(worlds):
    world = worlds.make()
    world.program.settings["JINGDA_MAX_WATCHERS"] = "3"
    try:
        anybody = world.anybody()
        watchers = [Watcher(world.server, "open") for _ in range(3)]
        for watcher in watchers:
            watcher.first()
        reply = anybody.get("/v1/campaigns/open/wall")
        reply.problem(503, "busy")
        assert reply.headers["Retry-After"] == "30"
        watchers.pop().close()
        wait_until(lambda: metric(anybody, "jingda_http_watchers") == 2)
        with Watcher(world.server, "open") as watcher:
            watcher.first()
    finally:
        world.close()
        worlds.cluster.drop(world.database)


def test_a_server_that_stops_ends_its_streams_at_once(world, later):
    server = later(1)
    watchers = [Watcher(server, "open") for _ in range(100)]
    for watcher in watchers:
        watcher.first()
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 3
    for watcher in watchers:
        while watcher.read(1):
            pass
        assert watcher.is_over  # with the last chunk, not cut off
        watcher.close()


def test_the_window_opens_while_people_watch(worlds):
    """Two servers, one of which lives at the very end of the contest."""
    world = worlds.make()
    try:
        end = moments.parse("2099-01-01T00:00:00+08:00").timestamp()
        ahead = end - (time.time() + CLOCK_OFFSET_MS / 1000) - 4
        server = world.serve(ahead)
        with Watcher(server, "open") as watcher:
            assert watcher.first()["status"] == "open"
            watcher.until(lambda state: state["status"] == "closed", 15)
    finally:
        world.close()
        worlds.cluster.drop(world.database)

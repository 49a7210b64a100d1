"""The database goes away and comes back; the server stays, and loses nothing."""
from concurrent.futures import ThreadPoolExecutor

import pytest

from cluster import Cluster
from client import path_of
from server import WORKERS, wait_until
from world import Worlds


@pytest.fixture(scope="module")
def fragile(tmp_path_factory):
    """A world over a PostgreSQL of its own, which the tests may stop."""
    cluster = Cluster()
    try:
        world = Worlds(cluster, tmp_path_factory.mktemp("outage")).make()
        try:
            yield world
        finally:
            world.close()
    finally:
        cluster.close()


@pytest.fixture(params=["fast", "immediate"])
def outage(fragile, request):
    """Stops the database; the value brings it back and waits until the server has it."""
    server = fragile.server
    client = fragile.anybody()
    is_over = False

    def end():
        nonlocal is_over
        if not is_over:
            is_over = True
            fragile.cluster.start()
            wait_until(lambda: client.get("/readyz").status == 200, 60,
                       lambda: f"the server does not recover:\n{server.log()}")

    def begin():
        fragile.cluster.stop(request.param)
        return end
    yield begin
    end()
    assert server.process.poll() is None


def away(reply):
    reply.problem(503, "database_unavailable" if reply.body["code"] != "busy" else "busy")
    assert 1 <= int(reply.headers["Retry-After"]) <= 60


def test_without_a_database_the_server_says_so_and_recovers(fragile, outage):
    person, stranger = fragile.player("open"), fragile.people[-1]
    attempt = person.start("open")
    answers = fragile.bank.answers(attempt, 5)
    anybody, organizer = fragile.anybody(), fragile.organizer()
    begin_again = outage()
    anybody.get("/healthz").ok()
    wait_until(lambda: anybody.get("/readyz").status == 503, 30)
    there = [person.at(fragile.server) for _ in range(6)]
    asked = [
        lambda: fragile.anybody().get("/readyz"),
        lambda: fragile.anybody().post("/v1/sessions", {"union": stranger[0], "name": stranger[2],
                                                        "staff_number": stranger[1]}),
        lambda: there[0].choose("sum"),
        lambda: there[1].post("/v1/campaigns/open/attempts"),
        lambda: there[2].save(attempt, answers),
        lambda: there[3].hand_in(attempt, answers),
        lambda: there[4].get(path_of(attempt)),
        lambda: there[5].get("/v1/me"),
        lambda: organizer.get("/v1/results")]
    with ThreadPoolExecutor(len(asked)) as pool:
        for reply in pool.map(lambda ask: ask(), asked):
            away(reply)
    anybody.get("/v1/campaigns/open").ok()
    begin_again()
    result = person.hand_in(attempt, answers).ok()
    assert result["right"] == 5 and person.hand_in(attempt, answers).ok() == result
    assert person.get("/v1/campaigns/open/participation").ok()["counted"] == 1
    person.get("/v1/me").ok()
    fragile.verify()


def test_boards_follow_again_after_the_outage(fragile, outage):
    person = fragile.player("best")
    person.play("best", 3)
    outage()()
    assert person.play("best", 8)["standing"]["overall"]["score"] == 100
    board = person.get("/v1/campaigns/best/boards/people", around="me").ok()["items"]
    assert [row["score"] for row in board if row["is_me"]] == [100]
    fragile.verify()


def test_a_hand_in_under_way_when_the_database_stops_is_answered(fragile, outage):
    people = [fragile.player("last") for _ in range(12)]
    attempts = [person.start("last") for person in people]
    answers = [fragile.bank.answers(attempt, 4) for attempt in attempts]

    def hand_in(i):
        replies = []
        while True:
            reply = people[i].hand_in(attempts[i], answers[i], claimed_ms=i)
            replies.append(reply)
            if reply.status == 200:
                return replies
            away(reply)
    with ThreadPoolExecutor(12) as pool:
        runs = [pool.submit(hand_in, i) for i in range(12)]
        outage()()
        for i, run in enumerate(runs):
            assert run.result(60)[-1].body["right"] == 4
    for person in people:
        assert person.get("/v1/campaigns/last/participation").ok()["counted"] == 1
    fragile.verify()


def test_connections_that_are_cut_are_dialled_again(fragile):
    person = fragile.player("sum")
    for _ in range(3):
        fragile.sql("select pg_terminate_backend(pid) from pg_stat_activity "
                    "where pid <> pg_backend_pid() and datname = current_database()")
        anybody = fragile.anybody()
        wait_until(lambda: anybody.get("/readyz").status == 200, 30)
        wait_until(lambda: person.post("/v1/campaigns/sum/attempts").status in (200, 201), 30)
        attempt = person.get("/v1/campaigns/sum/participation").ok()["open_attempt"]
        opened = person.get(f"/v1/campaigns/sum/attempts/{attempt['ordinal']}").ok()
        wait_until(lambda: person.hand_in(opened, []).status == 200, 30)
    assert person.get("/v1/campaigns/sum/participation").ok()["counted"] == 3


def test_what_another_server_wrote_is_seen_after_cut_connections(fragile):
    """The listening connection is dialled again too, and nothing is missed between."""
    other = fragile.serve(1)
    try:
        player = fragile.player("first")
        there = player.at(other)
        fragile.sql("select pg_terminate_backend(pid) from pg_stat_activity "
                    "where pid <> pg_backend_pid() and datname = current_database()")
        wait_until(lambda: player.post("/v1/campaigns/first/attempts").status in (200, 201), 30)
        opened = player.get("/v1/campaigns/first/attempts/1").ok()
        wait_until(lambda: player.hand_in(opened, fragile.bank.answers(opened)).status == 200, 30)
        wait_until(lambda: (there.get("/v1/campaigns/first/standing").body or {}).get("overall"),
                   30, "the other server does not follow")
    finally:
        other.stop()


def test_a_sign_out_is_learned_though_the_listening_connection_was_cut(fragile):
    other = fragile.serve(1)
    try:
        person = fragile.person()
        there = person.at(other)
        there.get("/v1/me").ok()
        listening = "from pg_stat_activity where query ilike 'listen %'"
        wait_until(lambda: fragile.sql("select count(*) " + listening) == [(2 * WORKERS,)])
        fragile.sql("select pg_terminate_backend(pid) " + listening)
        person.delete("/v1/sessions/current").ok(204)
        wait_until(lambda: there.get("/v1/me").status == 401, 20,
                   "the other server lets a session in that was ended")
        there.get("/v1/me").problem(401, "session_ended")
    finally:
        other.stop()


def test_a_server_asked_to_end_finishes_and_ends_with_zero(fragile):
    server = fragile.serve(1)
    assert server.stop() == 0

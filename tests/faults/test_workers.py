"""Several workers on one port: each has every board, a person's own hand-in shows in that
person's next read whoever answers, and one that dies is replaced."""
import concurrent.futures
import random
import signal
import time

import pytest

import campaigns
import model
from client import Person
from crowd import compare_boards
from proxy import Between
from server import free_port, wait_until
from stage import send, worker_of
from watching import Watcher

N_WORKERS = 3
# What others see of a hand-in: after this much at the latest.  Told by the feed it takes
# milliseconds; when the telling fails the feed is read again at least every two seconds.
STALENESS_SECONDS = 5


@pytest.fixture(scope="module")
def stage(make_stage):
    made = make_stage(N_WORKERS)
    made.server
    return made


def asked_at(stage, worker, person=None):
    """A client, or this person, whose connection leads to that worker."""
    stage.pinned = worker
    try:
        if not person:
            return stage.anybody()
        client = stage.pin(person.at(stage.server))
        stage.clients.append(client)
        return client
    finally:
        stage.pinned = None


def whole_board(client, slug):
    items = client.pages(f"/v1/campaigns/{slug}/boards/people", limit=100)
    return [(row["rank"], round(row["score"] * 100), row["duration_ms"],
             model.moments.ms_of(row["reached_at"])) for row in items]


def board_of_database(stage, slug):
    found = model.standings(model.Attempt.kept(stage, slug)).get("overall", {})
    return [(rank, figure.score, figure.duration_ms, figure.reached_at)
            for rank, _, figure in model.board(found)]


def test_every_worker_serves(stage):
    seen = set()

    def is_all():
        with stage.anybody().session as session:
            reply = session.get(stage.server.url + "/healthz", timeout=10)
        seen.add(worker_of(reply.headers["X-Request-Id"]))
        return len(seen) == N_WORKERS
    wait_until(is_all, 30)
    assert seen == {pid & 0x3fffff for pid in stage.server.worker_pids()}


def test_my_own_hand_in_shows_in_my_next_read_of_any_worker(stage):
    workers = stage.server.worker_pids()
    people = [stage.player("open") for _ in range(24)]
    at = [{worker: asked_at(stage, worker, person) for worker in workers} for person in people]

    def play(i):
        chance, best = random.Random(i), 0
        for _ in range(6):
            there = at[i][chance.choice(workers)]
            result = there.play("open", chance.randrange(9))
            best = max(best, result["score"])
            for worker in chance.sample(workers, N_WORKERS):
                reader = at[i][worker]
                assert reader.standing("open")["overall"]["score"] == best
                board = reader.get("/v1/campaigns/open/boards/people", around="me").ok()
                assert [row["score"] for row in board["items"] if row["is_me"]] == [best]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        for run in [pool.submit(play, i) for i in range(len(people))]:
            run.result(120)


def test_ranks_of_any_worker_are_those_of_the_database_soon(stage):
    """While people play, each worker's board is one that the database had not long ago."""
    workers = stage.server.worker_pids()
    readers = [asked_at(stage, worker) for worker in workers]
    people = [stage.player("sum") for _ in range(8)]
    late = []
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for n in range(6):
            list(pool.map(lambda person: person.play("sum", n), people))
            # all of it was acknowledged: whoever is asked must have it within the time stated
            rows = stage.sql("select score, duration_ms, reached_at from participation p "
                             "join campaign c on c.id = p.campaign where c.slug = 'sum' "
                             "order by score desc, duration_ms, reached_at, person")
            wanted = [(place, *row) for place, row in enumerate(rows, 1)]
            for reader in readers:
                began = time.monotonic()
                wait_until(lambda: whole_board(reader, "sum") == wanted, STALENESS_SECONDS,
                           "a worker's board is older than stated")
                late.append(time.monotonic() - began)
    print(f"slowest of {len(late)} looks: {max(late) * 1000:.0f} ms", flush=True)


def test_the_wall_moves_whichever_worker_is_watched(stage):
    """A few hundred watch; what one worker takes in shows on the walls of all."""
    watchers = [Watcher(stage.server, "daily") for _ in range(300)]
    try:
        for watcher in watchers:
            watcher.first()
        assert {worker_of(watcher.headers["X-Request-Id"]) for watcher in watchers} == \
            {pid & 0x3fffff for pid in stage.server.worker_pids()}
        people = [stage.player("daily") for _ in range(3)]
        for n in range(1, 4):
            for person in people:
                person.play("daily", n)
            for watcher in watchers:
                watcher.until(lambda state: state["attempts"] == n * len(people),
                              STALENESS_SECONDS)
        lines = {tuple((row["rank"], row["score"]) for row in watcher.states[-1][1]["people"])
                 for watcher in watchers}
        assert len(lines) == 1
        stage.server.kill_all()  # whoever watched hears of it, and comes back
        for watcher in watchers:
            wait_until(lambda: not watcher.read(1), 10, "the stream goes on without a server")
        stage.server.start()
        with Watcher(stage.server, "daily") as watcher:
            assert watcher.first()["attempts"] == 9
    finally:
        for watcher in watchers:
            watcher.close()


def test_a_killed_worker_is_replaced_and_has_the_boards(stage):
    for _ in range(2):
        before = stage.server.worker_pids()
        send(before[0], signal.SIGKILL)
        new = wait_until(lambda: set(stage.server.worker_pids()) - set(before), 30,
                         "no new worker").pop()
        client = wait_until(lambda: asked_at(stage, new), 30)
        assert whole_board(client, "open") == board_of_database(stage, "open")
        assert set(before[1:]) < set(stage.server.worker_pids())
    assert stage.server.process.poll() is None


def test_all_workers_killed_at_once_come_back(stage):
    before = stage.server.worker_pids()
    for pid in before:
        send(pid, signal.SIGKILL)
    wait_until(lambda: len(set(stage.server.worker_pids()) - set(before)) == N_WORKERS, 30)
    wait_until(stage.server.is_ready, 30)
    person = stage.player("open")
    assert person.play("open", 8)["standing"]["overall"]["score"] == campaigns.FULL_POINTS


def test_boards_of_every_worker_in_full(stage):
    attempts = model.Attempt.kept(stage, "open")
    stage.pinned = stage.server.worker_pids()[-1]
    try:
        compare_boards(stage, "open", attempts)
    finally:
        stage.pinned = None
    stage.verify()


@pytest.fixture
def cut_off(make_stage, cluster):
    """Two workers that reach the database through a proxy."""
    between = Between(free_port(), cluster.socket)
    stage = make_stage(2, {"JINGDA_CONNECTIONS": "1"})
    stage.serve_url = f"postgresql://postgres@127.0.0.1:{between.port}/{stage.database}"
    try:
        yield stage, between
    finally:
        stage.close()
        between.close()


def backend_of_the_other(stage, player):
    """Of two connections that follow the feed, the one that this player does not ask."""
    player.get("/v1/campaigns/open/attempts").ok()
    last = ("select pid from pg_stat_activity where datname = current_database() "
            "and query not like '%pg_stat_activity%' and query like ")
    asked = stage.sql(last + "'select % from attempt a where %'")
    found = stage.sql(last + "'select seq, % from feed where %'")
    return found if len(asked) == len(found) == 1 else None


def test_boards_follow_although_reading_the_feed_failed(cut_off, cluster):
    """What was told once and could not be read then is read again, though nobody writes."""
    stage, _ = cut_off
    writer, reader = stage.server.worker_pids()
    player, board = asked_at(stage, writer, stage.player("open")), asked_at(stage, reader)
    player.play("open", 1)
    followers = wait_until(lambda: backend_of_the_other(stage, player), 30)
    for pid, in followers:  # it does not answer the other worker in time
        assert pid in cluster.processes() and send(pid, signal.SIGSTOP)
    try:
        player.play("open", 8)
        wait_until(lambda: "query.overdue" in stage.server.log(), 30)
    finally:
        for pid, in followers:
            send(pid, signal.SIGCONT)
    wait_until(lambda: whole_or_none(board) == board_of_database(stage, "open"),
               2 * STALENESS_SECONDS, lambda: f"it does not follow:\n{stage.server.log()}")


def whole_or_none(client):
    try:
        return whole_board(client, "open")
    except AssertionError:
        return None  # 503: names of people are read from the database


def test_a_session_ended_while_nobody_listened_is_over_everywhere(cut_off):
    stage, between = cut_off
    person = stage.player("open")
    at = [asked_at(stage, worker, person) for worker in stage.server.worker_pids()]
    session = stage.sql("select max(id) from session where person = %s", int(person.id))[0][0]
    for pid in stage.server.worker_pids():
        send(pid, signal.SIGSTOP)
    between.tell("sever")
    wait_until(lambda: not stage.cluster.backends(stage.database), 30)
    stage.sql("select end_session(%s)", session)
    for pid in stage.server.worker_pids():
        send(pid, signal.SIGCONT)
    wait_until(lambda: all(one.get("/v1/campaigns/open/standing").status == 401 for one in at),
               20, "the ended session is still served")

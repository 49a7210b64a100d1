"""The server, or one of its workers, is killed in the middle of a rush and starts again:
nothing that was acknowledged is lost, and nothing is there twice."""
import asyncio
import collections
import random

import pytest

import campaigns
import model
from crowd import Crowd, compare_boards
from packed import unpacked
from server import wait_until

N_PEOPLE, N_ATTEMPTS, N_KILLS = 300, 4, 4


@pytest.fixture(scope="module", params=["the server", "a worker"])
def world(worlds, request):
    made = worlds.make()
    made.victim = request.param
    made.serve(workers=1 if made.victim == "the server" else 2)
    yield made
    made.close()
    worlds.cluster.drop(made.database)


@pytest.fixture(scope="module")
def ledger(world):
    """(person, ordinal) -> what the client was told, by every hand-in that was answered."""
    crowd = Crowd(world.server, campaigns.roster(N_PEOPLE))
    told = collections.defaultdict(list)
    n_told, n_killed = 0, 0

    async def play(player):
        nonlocal n_told
        chance = random.Random(int(player.staff_number))
        await player.sign_in()
        await player.choose("open")
        for _ in range(N_ATTEMPTS):
            attempt = await player.start("open")
            right = [number for number in range(1, 9) if chance.random() < 0.6]
            answers = world.bank.answers(attempt, right=right)
            await player.save(attempt, answers[:3], 1)
            for _ in range(chance.choice([1, 1, 2])):
                result = await player.hand_in(attempt, answers)
                told[int(player.id), attempt["ordinal"]].append(result)
                n_told += 1

    async def kill():
        """Again and again, each time when some more was acknowledged."""
        nonlocal n_killed
        total = N_PEOPLE * N_ATTEMPTS
        for i in range(N_KILLS):
            while n_told < total * (i + 1) // (N_KILLS + 1):
                await asyncio.sleep(0.001)
            if world.victim == "a worker":
                await asyncio.to_thread(world.server.kill_worker)
            else:
                world.server.kill()
                await asyncio.to_thread(world.server.start)
            n_killed += 1

    async def both():
        await asyncio.gather(crowd.play_all(play), kill())
    asyncio.run(both())
    crowd.settle("open", N_PEOPLE * N_ATTEMPTS)
    assert n_killed == N_KILLS
    return crowd, told


def test_the_kills_hit_requests_under_way(ledger):
    assert ledger[0].n_lost > 0


def test_every_acknowledged_hand_in_is_kept_as_it_was_told(world, ledger):
    kept = {(one.person, one.ordinal): one for one in model.Attempt.kept(world, "open")}
    rows = {(person, ordinal): (score, right) for person, ordinal, score, right in
            world.sql("select person, ordinal, score, n_right from attempt")}
    for key, results in ledger[1].items():
        assert key in kept, f"{key} was acknowledged and is lost"
        assert rows[key] == (round(results[0]["score"] * 100), results[0]["right"])


def test_a_repeat_after_a_lost_reply_gets_the_one_result(ledger):
    for key, results in ledger[1].items():
        stored = [{**result, "standing": None} for result in results]
        assert stored.count(stored[0]) == len(stored), key


def test_nothing_is_counted_twice(world, ledger):
    counts = world.sql("select count(*), count(distinct (person, ordinal)) from attempt")[0]
    assert counts == (N_PEOPLE * N_ATTEMPTS,) * 2
    assert world.sql("select distinct n_started, n_counted from participation") == \
        [(N_ATTEMPTS, N_ATTEMPTS)]
    feed = world.sql("select count(*), count(distinct (person, ordinal)), max(seq), min(seq) "
                     "from feed")[0]
    assert feed == (N_PEOPLE * N_ATTEMPTS, N_PEOPLE * N_ATTEMPTS, N_PEOPLE * N_ATTEMPTS, 1)


def test_every_board_is_what_the_attempts_make(world, ledger):
    compare_boards(world, "open", model.Attempt.kept(world, "open"))


def test_every_attempt_is_in_the_statistics_once(world, ledger):
    wait_until(world.are_counted, 30, "the statistics do not follow")
    n = N_PEOPLE * N_ATTEMPTS
    n_right, score = world.sql("select sum(n_right), sum(score) from attempt")[0]
    for which in ("union_id = 0", "union_id <> 0"):
        shown, right, scores = world.sql(f"""select sum(shown), sum(n_right), sum(score)
            from question_stat where {which}""")[0]
        assert (shown, right, scores) == (n * campaigns.N_QUESTIONS, n_right,
                                          score * campaigns.N_QUESTIONS), which
        assert world.sql(f"select sum(attempts) from turnout_stat where {which}") == [(n,)]
        (packed,), = world.sql(f"select sum(histogram) from question_stat where {which}")
        counters = unpacked(packed)
        assert (sum(counters[::2]), sum(counters[1::2])) == (shown, right), which


def test_every_reply_keeps_to_the_document(ledger):
    ledger[0].check()


def test_verify_finds_no_difference(world, ledger):
    world.verify()

"""Everything breaks while people play; afterwards the ledger of what they were told is
compared with the database and with every board: lost 0, double 0, wrong rank 0.

JINGDA_FAULTS_SEED repeats a run (as far as chance is ours), JINGDA_FAULTS_SECONDS makes it
long."""
import asyncio
import os
import random

import pytest

import campaigns
import model
from crowd import compare_boards
from maker import Maker
from phones import Street
from proxy import Between
from server import free_port
from stage import IS_LONG, SECONDS, Hurt, Stage, fill

N_PEOPLE = 200
SHORT_SECONDS = 1  # one round of every fault


@pytest.fixture(scope="module")
def seed():
    chosen = int(os.environ.get("JINGDA_FAULTS_SEED") or random.SystemRandom().randrange(10**9))
    print(f"\nJINGDA_FAULTS_SEED={chosen}", flush=True)
    return chosen


@pytest.fixture(scope="module")
def ruins(tmp_path_factory, seed):
    """(stage, ledger, maker) after all that."""
    cluster = Hurt(megabytes=300 + int(SECONDS))
    stage = between = None
    try:
        fill(cluster, "hurt", tmp_path_factory.mktemp("hurt"))
        between = Between(free_port(), cluster.socket)
        stage = Stage(cluster, "hurt", tmp_path_factory.getbasetemp() / "hurt0", workers=2)
        stage.serve_url = f"postgresql://postgres@127.0.0.1:{between.port}/hurt"
        yield (stage, *live_through(stage, between, seed))
    finally:
        if stage:
            stage.close()
        if between:
            between.close()
        cluster.close()


def live_through(stage, between, seed):
    server = stage.server
    street = Street(server.url, stage.bank, campaigns.roster(N_PEOPLE), seed)
    maker = Maker(stage, between, street.ledger, seed)
    asyncio.run(street.live(lambda: maker.run(SECONDS if IS_LONG else SHORT_SECONDS)))
    ledger = street.ledger
    print(f"\nfaults: {maker.done}\nhand-ins acknowledged: {ledger.n_told}, requests without "
          f"reply: {ledger.n_unanswered}, statuses: {dict(ledger.statuses)}\nslowest to "
          f"recover, with the fault itself: "
          f"{[(round(took, 1), name) for took, name in sorted(maker.recoveries)[-5:]]}",
          flush=True)
    return ledger, maker


@pytest.fixture(scope="module")
def kept(ruins):
    rows = ruins[0].sql("""
        select a.person, a.ordinal, a.score, a.n_right, a.duration_ms, a.started_at,
               a.finished_at, a.state
          from attempt a join campaign c on c.id = a.campaign where c.slug = 'open'""")
    return {(person, ordinal): rest for person, ordinal, *rest in rows}


def test_every_fault_struck_while_people_played(ruins):
    _, ledger, maker = ruins
    assert set(maker.done) == {kind.__name__ for kind in maker.kinds()}
    assert ledger.n_told > 50 and ledger.n_reads > 10


def test_nobody_was_told_what_is_not_so(ruins):
    assert ruins[1].wrong == []


def test_no_acknowledged_hand_in_is_lost(ruins, kept):
    lost, other = [], []
    for key, deed in ruins[1].deeds.items():
        if not deed.told:
            continue
        told = model.Attempt.of(HeldBy(deed), deed.told)
        if key not in kept:
            lost.append(key)
        elif kept[key] != [told.score, deed.told["right"], told.duration_ms,
                           model.moments.ms_of(deed.told["started_at"]), told.finished_at, 1]:
            other.append((key, kept[key], deed.told))
    assert (lost, other) == ([], [])


class HeldBy:
    def __init__(self, deed):
        self.id, self.union = deed.person, deed.union


def test_no_acknowledged_start_is_lost(ruins, kept):
    stage, ledger, _ = ruins
    opened = {(person, ordinal): at for person, ordinal, at in stage.sql(
        "select person, open_ordinal, open_started_at from participation "
        "where open_ordinal is not null")}
    for key, deed in ledger.deeds.items():
        at = model.moments.ms_of(deed.started["started_at"])
        assert (kept[key][3] if key in kept else opened.get(key)) == at, key


def test_nothing_is_there_twice_and_nothing_that_nobody_did(ruins, kept):
    stage, ledger, _ = ruins
    assert set(kept) <= set(ledger.deeds)
    assert stage.sql("select count(*) from attempt") == [(len(kept),)]
    assert stage.sql("""
        select p.person from participation p
         where p.n_counted <> (select count(*) from attempt a where a.person = p.person)
            or p.n_started <> p.n_counted + (p.open_ordinal is not null)::integer""") == []
    assert stage.sql("select count(*), count(distinct (person, ordinal)), coalesce(max(seq), 0),"
                     " coalesce(min(seq), 1) from feed") == [(len(kept), len(kept), len(kept), 1)]


def test_every_hand_in_was_answered_in_the_end(ruins):
    assert [deed.path for deed in ruins[1].deeds.values() if deed.n_tries and not deed.told] == []


def test_every_worker_has_every_board_right(ruins):
    stage = ruins[0]
    attempts = model.Attempt.kept(stage, "open")
    for worker in stage.server.worker_pids():
        stage.pinned = worker
        compare_boards(stage, "open", attempts)
    stage.pinned = None


def test_verify_finds_no_difference(ruins):
    ruins[0].verify()

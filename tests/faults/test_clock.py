"""Midnight, the ends of weeks, months and years, a leap day, a clock that is put back, a
database in another part of the world: boards by day and quotas stay right.

Each moment is a server whose clock shows it; all of them serve one database."""
import collections
import datetime

import pytest

import campaigns
import model
from client import Person
from crowd import compare_boards
from server import BEGINNING_MS

ZONE = datetime.timezone(datetime.timedelta(hours=8))


def at(text):
    """Seconds from the tests' beginning to this moment, in the campaigns' zone."""
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE)
    return moment.timestamp() - BEGINNING_MS / 1000


# A little before and after: the tests take seconds, and the clocks run on.
MOMENTS = {
    "before midnight": "2026-05-13 23:57:00",
    "after midnight": "2026-05-14 00:00:10",
    "the end of a week": "2026-05-17 23:57:00",
    "the next week": "2026-05-18 00:00:10",
    "the end of a month": "2026-05-31 23:57:00",
    "the next month": "2026-06-01 00:00:10",
    "the end of a year": "2026-12-31 23:57:00",
    "the new year, in the same week": "2027-01-01 00:00:10",
    "before a leap day": "2028-02-28 23:57:00",
    "a leap day": "2028-02-29 00:00:10",
    "the end of a leap day": "2028-02-29 23:57:00",
    "after a leap day": "2028-03-01 00:00:10",
}


class Travels:
    def __init__(self, stage):
        self.stage, self.servers, self.token_of = stage, {}, {}

    def server(self, moment):
        if moment not in self.servers:
            self.servers[moment] = self.stage.serve(at(moment))
        return self.servers[moment]

    def person(self, one, moment):
        """The same person, signed in by that clock."""
        key = (one, moment)
        if key not in self.token_of:
            self.token_of[key] = Person(self.server(moment), *one).sign_in()
            self.stage.clients.append(self.token_of[key])
        return self.token_of[key]


@pytest.fixture(scope="module")
def travels(make_stage):
    stage = make_stage(1, {"JINGDA_CONNECTIONS": "2"})
    # whoever connects is elsewhere, unless he says otherwise
    stage.sql(f"alter database {stage.database} set timezone to 'Pacific/Kiritimati'")
    stage.sql(f"alter database {stage.database} set datestyle to 'German'")
    return Travels(stage)


@pytest.fixture(scope="module")
def roster():
    return campaigns.roster(60)


def starts(travels, one, moment, n):
    """Tries n times to start in a campaign of two a day; what came of it."""
    person, outcomes = travels.person(one, moment), []
    for _ in range(n):
        reply = person.post("/v1/campaigns/two-a-day/attempts")
        outcomes.append(reply.status)
        if reply.status == 201:
            person.hand_in(reply.body, []).ok()
        else:
            reply.problem(409 if reply.status == 409 else 403, "quota_day")
    return [status == 201 for status in outcomes]


def test_boards_fall_on_the_days_of_the_campaign(travels, roster):
    """Played at every moment; and begun before each midnight, handed in after it."""
    for i, moment in enumerate(MOMENTS.values()):
        for k in range(3):
            person = travels.person(roster[(i + k) % 5], moment)
            person.choose("open")
            person.play("open", (i * 3 + k) % 9)
    moments = list(MOMENTS.values())
    for i in range(0, len(moments), 2):
        one = roster[5 + i % 3]
        before, after = (travels.person(one, moment) for moment in moments[i:i + 2])
        before.choose("open")
        attempt = before.start("open")
        result = after.hand_in(attempt, travels.stage.bank.answers(attempt, 4)).ok()
        assert result["started_at"][:10] == moments[i][:10]
        assert result["finished_at"][:10] == moments[i + 1][:10]
    found = model.standings(model.Attempt.kept(travels.stage, "open"))
    days = {moment[:10] for moment in moments}
    assert {name for name in found if len(name) == 10} == days
    assert {"2026-W20", "2026-W21", "2026-W53", "2028-W09", "2026-05", "2026-06", "2026-12",
            "2027-01", "2028-02", "2028-03"} <= set(found)
    # every server has them all, the first, in the past of the others, too
    for server in (travels.stage.servers[0], travels.stage.servers[-1]):
        anybody = travels.stage.anybody(server)
        for period, figures in found.items():
            board = anybody.get("/v1/campaigns/open/boards/people", period=period).ok()
            assert board["of"] == len(figures), period
            assert [round(row["score"] * 100) for row in board["items"]] == \
                [figure.score for _, _, figure in model.board(figures)][:20], period


def test_all_boards_in_full(travels):
    compare_boards(travels.stage, "open", model.Attempt.kept(travels.stage, "open"))


def test_the_board_of_today_is_that_of_the_clock(travels, roster):
    for moment in ("2026-05-31 23:57:00", "2026-06-01 00:00:10", "2028-02-29 00:00:10"):
        one = roster[11]
        person = travels.person(one, moment)
        person.choose("open")
        assert person.standing("open")["today"] is None
        person.play("open", 3)
        assert person.standing("open")["today"]["of"] >= 1


def test_a_quota_of_the_day_begins_anew_at_midnight(travels, roster):
    one = roster[20]
    travels.person(one, "2026-05-13 23:57:00").choose("two-a-day")
    for moment in MOMENTS.values():
        wanted = [True, True, False]
        if moment == "2028-02-29 23:57:00":  # the same day as the moment before it
            wanted = [False] * 3
        assert starts(travels, one, moment, 3) == wanted, moment


def test_a_clock_put_back_over_midnight_gives_no_more_starts(travels, roster):
    """NTP sets the clock back by some minutes: of no day are more than two begun."""
    for i, path in enumerate(["abab", "aabb", "baba", "bab", "aabab", "abbaab"]):
        one = roster[30 + i]
        clock = {"a": "2026-05-13 23:57:00", "b": "2026-05-14 00:00:10"}
        travels.person(one, clock[path[0]]).choose("two-a-day")
        for step in path:
            starts(travels, one, clock[step], 1 + i % 2)
        person = travels.person(one, clock["a"]).id
        days = collections.Counter(
            attempt.day for attempt in model.Attempt.kept(travels.stage, "two-a-day")
            if attempt.person == int(person))
        assert days and max(days.values()) <= 2, (path, days)


def test_a_clock_that_was_years_ahead_takes_no_starts_away(travels, roster):
    one = roster[40]
    travels.person(one, "2028-02-29 00:00:10").choose("two-a-day")
    assert starts(travels, one, "2028-02-29 00:00:10", 3) == [True, True, False]
    assert starts(travels, one, "2026-05-18 00:00:10", 3) == [True, True, False]


def test_a_clock_put_back_while_an_attempt_is_open(travels, roster):
    """It takes no time, and no less; it is scored and ranked all the same."""
    one = roster[41]
    later, earlier = (travels.person(one, moment) for moment in
                      ("2026-05-14 00:00:10", "2026-05-13 23:57:00"))
    later.choose("open")
    attempt = later.start("open")
    result = earlier.hand_in(attempt, travels.stage.bank.answers(attempt, 5)).ok()
    assert result["right"] == 5 and result["duration_ms"] == 0
    assert earlier.standing("open")["overall"]["score"] == result["score"]


def test_verify_finds_no_difference(travels):
    compare_boards(travels.stage, "open", model.Attempt.kept(travels.stage, "open"))
    travels.stage.verify()

"""Which attempts count: every mode, over days, weeks and months, against plain Python."""
import random

import pytest

import campaigns
import model
import moments
from server import wait_until

RULES = {rules["campaign"]: rules for rules in campaigns.CAMPAIGNS}
MODES = {"best": "best", "sum": "sum", "first": "first", "last": "last",
         "daily": "sum_of_daily_best", "daily-overall": "sum_of_daily_best",
         "score-only": "best", "reached-first": "best"}
# From now on, in days: within a week, over weeks, over months.
DAYS = [0, 1, 8, 45]


def keys_of(slug):
    return RULES[slug].get("order", {}).get("keys", ["score", "duration", "reached"])


def ties_of(slug):
    return RULES[slug].get("order", {}).get("ties", "strict")


def rows_of(items):
    return [(row["rank"], int(row["person"]), round(row["score"] * 100), row["duration_ms"],
             moments.ms_of(row["reached_at"])) for row in items]


def expected(figures, slug):
    return [(rank, person, figure.score, figure.duration_ms, figure.reached_at)
            for rank, person, figure in model.board(figures, keys_of(slug), ties_of(slug))]


def catch_up(organizer, slug, attempts):
    """Another server wrote: this one has it once it has read the feed."""
    found = model.standings(attempts, MODES[slug], keys_of(slug))
    path = f"/v1/organizer/campaigns/{slug}/people"
    wait_until(lambda: rows_of(organizer.pages(path, period="overall", limit=7)) ==
               expected(found["overall"], slug), why="the feed was not followed")


def compare(organizer, slug, attempts):
    """Every board of the campaign, as the organizer sees it, is that of the model."""
    found = model.standings(attempts, MODES[slug], keys_of(slug))
    path = f"/v1/organizer/campaigns/{slug}/people"
    has_periods = "periods" not in RULES[slug]["boards"] or RULES[slug]["boards"]["periods"]
    for period, figures in found.items():
        if period == "overall" or has_periods:
            assert rows_of(organizer.pages(path, period=period, limit=7)) == \
                expected(figures, slug), f"{slug} {period}"
    return found


@pytest.mark.parametrize("slug", MODES)
def test_boards_hold_what_the_rules_count(world, slug, later):
    chance = random.Random(slug)
    people = [world.player(slug, campaigns.HOMES[i % 7]) for i in range(6)]
    attempts = []
    for day in DAYS:
        server = later(day * 86400 + 3600) if day else world.server
        for person in people:
            there = person.at(server)
            there.sign_in()
            for _ in range(chance.choice([0, 1, 1, 2, 3])):
                right = [number for number in range(1, 9) if chance.random() < 0.6]
                result = there.play(slug, right=right)
                attempts.append(model.Attempt.of(person, result))
        compare(world.organizer(server), slug, attempts)
    assert len({one.day for one in attempts}) == len(DAYS)
    organizer = world.organizer()
    catch_up(organizer, slug, attempts)
    found = compare(organizer, slug, attempts)

    # what is voided counts no longer, whether it made the figure or not
    for one in chance.sample(attempts, len(attempts) // 3):
        one.is_counted = False
        standing = organizer.post(f"/v1/organizer/campaigns/{slug}/people/{one.person}"
                                  f"/attempts/{one.ordinal}/void", {"reason": "核对"}).ok()
        found = model.standings(attempts, MODES[slug], keys_of(slug))
        figure = found.get("overall", {}).get(one.person)
        told = standing["standing"]["overall"]
        assert (told is None) == (figure is None)
        if told:
            assert (round(told["score"] * 100), told["duration_ms"]) == figure[:2]
    compare(organizer, slug, attempts)
    world.verify()

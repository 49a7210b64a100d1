"""What is shown of an attempt that is over, by the rules; and nothing of one that is not."""
import json

import pytest

import campaigns
from client import path_of
from moments import ms_of


@pytest.mark.parametrize("slug, has_score, has_questions", [
    ("reveal-nothing", False, False), ("reveal-score", True, False),
    ("reveal-at-once", True, True), ("reveal-late", True, False)])
def test_a_result_shows_what_the_rules_reveal(world, slug, has_score, has_questions):
    player = world.player(slug)
    result = player.play(slug, 4)
    read = player.get(f"/v1/campaigns/{slug}/attempts/1").ok()
    listed = player.get(f"/v1/campaigns/{slug}/attempts").ok()["items"][0]
    for shown in (result, read, listed):
        expected = (sum(campaigns.POINTS[:4]), 4) if has_score else (None, None)
        assert (shown["score"], shown["right"]) == expected
    for shown in (result, read):
        assert (shown["questions"] is not None) == has_questions
    assert listed["questions"] is None


def test_after_the_close_the_rest_is_shown(world, later):
    player = world.player("reveal-late")
    result = player.play("reveal-late", 4)
    ahead = (ms_of(campaigns.FAR_AWAY) - ms_of(result["finished_at"])) // 1000
    there = player.at(later(ahead + 60)).sign_in()
    read = there.get("/v1/campaigns/reveal-late/attempts/1").ok()
    assert [marked["right"] for marked in read["questions"]] == [True] * 4 + [False] * 4


def test_a_late_result_shows_no_more_than_the_rules_reveal(world, later):
    for slug, has_score, has_questions in [("reveal-nothing", False, False),
                                           ("reveal-score", True, False),
                                           ("reveal-at-once", True, True)]:
        player = world.player(slug)
        attempt = player.start(slug)
        player.save(attempt, world.bank.answers(attempt, 4)).ok()
        late = player.at(later(700)).hand_in(attempt, []).problem(409, "hand_in_late")["attempt"]
        assert (late["score"] is not None) == has_score
        assert (late["questions"] is not None) == has_questions


@pytest.mark.parametrize("slug", ["reveal-nothing", "reveal-score", "reveal-late"])
def test_no_key_leaves_before_it_may(world, slug):
    player = world.player(slug)
    attempt = player.start(slug)
    answers = world.bank.answers(attempt)
    for reply in (player.save(attempt, answers), player.hand_in(attempt, answers),
                  player.hand_in(attempt, answers), player.hand_in(attempt, []),
                  player.get(path_of(attempt)), player.get(f"/v1/campaigns/{slug}/attempts")):
        text = json.dumps(reply.body, ensure_ascii=False)
        assert '"key"' not in text and '"explanation"' not in text
        for question in attempt["questions"]:
            assert world.bank.by_stem[question["stem"]]["explanation"] not in text


def test_an_open_attempt_reveals_nothing_in_any_reply(world):
    """Every reply of the client is searched; here every way to ask is tried."""
    player = world.player("reveal-at-once")
    attempt = player.start("reveal-at-once")
    path = "/v1/campaigns/reveal-at-once"
    telling = {world.bank.by_stem[question["stem"]]["id"] for question in attempt["questions"]}
    replies = [
        player.post(f"{path}/attempts"), player.get(path_of(attempt)),
        player.get(f"{path}/attempts"), player.get(f"{path}/participation"),
        player.get(f"{path}/standing"), player.get(path), player.choose("reveal-at-once"),
        player.save(attempt, world.bank.answers(attempt)),
        player.save(attempt, [{"number": 1, "choices": ["Z"]}]),
        player.save(attempt, [{"number": 8, "choices": ["A"]}]),
        player.hand_in(attempt, [{"number": 1, "choices": ["A", "B"]}]),
        player.hand_in(attempt, [{"number": 99, "text": "x"}]),
        player.get(path_of(attempt))]
    for reply in replies:
        text = json.dumps(reply.body, ensure_ascii=False)
        assert '"key"' not in text and '"explanation"' not in text and '"right"' not in text
        assert not [one for one in world.bank.explanations if one in text]
        assert not [one for one in telling if one in text], reply
    player.hand_in(attempt, []).ok()

"""Practice, mistakes, favourites, reviews and retention."""
import collections
import concurrent.futures
import csv
import datetime
import io
import random

import pytest

import campaigns
import recall
from client import Client
from moments import parse
from server import BEGINNING_MS, wait_until

DAY = 86400
OVER = {"opens": campaigns.LONG_AGO, "closes": "2021-01-01T00:00:00+08:00"}
SOON = "2026-05-13T12:00:00+08:00"  # two hours after the tests begin
SIX = {"repeat": "independent", "sections": [
    {"type": "single", "topics": ["union-law", "history"], "count": 3, "points": 10},
    {"type": "multiple", "topics": ["union-law", "history"], "count": 1, "points": 10},
    {"type": "judge", "topics": ["union-law", "history"], "count": 1, "points": 10},
    {"type": "blank", "topics": ["union-law", "history"], "count": 1, "points": 10}]}
ONE_TOPIC = {"sections": [{"topics": ["notice"], "count": 5, "points": 10}]}
RULES = [
    campaigns.campaign("drill", paper=SIX, practice="open"),
    campaigns.campaign("drill-too", paper=SIX, practice="open"),
    campaigns.campaign("drill-all", practice="open"),
    campaigns.campaign("barred", window=OVER, practice="never", reveal="score"),
    campaigns.campaign("barred-shown", paper=SIX, practice="never", window=OVER),
    campaigns.campaign("past", window=OVER, practice="after_close"),
    campaigns.campaign("coming", practice="open", window={
        "opens": SOON, "closes": campaigns.FAR_AWAY}),
    # while it runs it keeps the questions of this topic from being practised anywhere
    campaigns.campaign("closing", paper=ONE_TOPIC, practice="after_close", window={
        "opens": campaigns.LONG_AGO, "closes": SOON}),
]


@pytest.fixture(scope="module")
def world(worlds):
    made = worlds.make()
    for rules in RULES:
        worlds.import_campaign(made.program, rules)
    yield made
    made.close()
    worlds.cluster.drop(made.database)


@pytest.fixture
def person(world):
    return world.person("630102")


class Drill:
    """Somebody who practises in a campaign, with what the bank knows."""

    def __init__(self, world, person, campaign="drill"):
        self.bank, self.person, self.campaign = world.bank, person, campaign

    def get(self, **asked):
        return self.person.get(f"/v1/campaigns/{self.campaign}/practice", **asked).ok()["items"]

    def body(self, shown, right=True, **more):
        one = {**shown, "number": 1}
        if shown["choices"] is None:
            del one["choices"]
        given = (self.bank.right if right else self.bank.wrong)(one)
        del given["number"]
        return {"revision": shown["revision"], "turn": shown["turn"], **given, **more}

    def send(self, shown, body):
        campaign = shown.get("campaign", self.campaign)
        return self.person.post(f"/v1/campaigns/{campaign}/practice/{shown['question']}", body)

    def answer(self, shown, right=True, **more):
        return self.send(shown, self.body(shown, right, **more)).ok()

    def again(self, shown):
        """The question as it comes at its next turn: it is starred, so as to be found."""
        self.person.put(f"/v1/me/favourites/{shown['question']}").ok(204)
        return next(one for one in self.get(only="favourites", limit=50)
                    if one["question"] == shown["question"])


def cards(world, person, campaign="drill"):
    """question -> (last_turn, n_right, n_wrong, lapses, is_right)"""
    return {question: tuple(rest) for question, *rest in world.sql(
        "select question, last_turn, n_right, n_wrong, lapses, is_right from recall r "
        "join campaign c on c.id = r.campaign where person = %s and slug = %s",
        int(person.id), campaign)}


def day_after(ms, days):
    """Midnight in Qinghai, so many days after the one of `ms`."""
    zone = datetime.timezone(datetime.timedelta(hours=8))
    day = datetime.datetime.fromtimestamp(ms / 1000, zone).date()
    return datetime.datetime.combine(day + datetime.timedelta(days=days), datetime.time(), zone)


# ---- what may be practised ----

def test_topics_have_all_questions_of_the_campaign(world, person):
    told = person.get("/v1/campaigns/drill-all/topics").ok()
    by_topic = collections.Counter(one["topic"] for one in world.bank.by_id.values())
    assert {one["topic"]: one["questions"] for one in told["items"]} == by_topic
    assert (told["practice"], told["is_open"]) == ("open", True)
    for one in told["items"]:
        kept = one["topic"] == "notice"  # by the campaign "closing"
        assert one["practisable"] == (0 if kept else one["questions"])
        assert one["mine"] == {"seen": 0, "due": 0, "known": 0}


def test_topics_count_what_one_has_seen(world, person):
    drill = Drill(world, person)
    shown = drill.get(topic="history", limit=3)
    for one, right in zip(shown, (True, True, False)):
        drill.answer(one, right)
    topics = {one["topic"]: one["mine"] for one in
              person.get("/v1/campaigns/drill/topics").ok()["items"]}
    assert topics == {"history": {"seen": 3, "due": 0, "known": 2},
                      "union-law": {"seen": 0, "due": 0, "known": 0}}


def test_rules_say_whether_and_when(world, person, later):
    topics = person.get("/v1/campaigns/barred/topics").ok()
    assert (topics["is_open"], topics["opens_at"]) == (False, None)
    assert {one["mine"] for one in topics["items"]} == {None}
    person.get("/v1/campaigns/barred/practice").problem(403, "practice_never")
    for slug in ("coming", "closing"):
        topics = person.get(f"/v1/campaigns/{slug}/topics").ok()
        assert (topics["is_open"], topics["opens_at"]) == (False, SOON)
        problem = person.get(f"/v1/campaigns/{slug}/practice").problem(409, "practice_not_open")
        assert SOON in problem["detail"]
    there = person.at(later(2 * 3600 + 60)).sign_in()
    for slug in ("coming", "closing"):
        assert there.get(f"/v1/campaigns/{slug}/topics").ok()["is_open"]
        assert there.get(f"/v1/campaigns/{slug}/practice").ok()["items"]
    assert person.get("/v1/campaigns/past/practice").ok()["items"]


@pytest.mark.parametrize("slug, status, code", [
    ("barred", 403, "practice_never"), ("closing", 409, "practice_not_open"),
    ("coming", 409, "practice_not_open"), ("drill-all", 409, "question_kept_back")])
def test_no_key_leaves_by_an_answer_where_practice_is_not_open(world, person, slug, status, code):
    question = next(one for one in world.bank.by_id.values()
                    if one["topic"] == "notice" and one["type"] == "single")
    reply = person.post(f"/v1/campaigns/{slug}/practice/{question['id']}",
                        {"revision": 1, "turn": 1, "choices": ["A"]})
    reply.problem(status, code)
    assert question["explanation"] not in reply.content.decode()
    assert world.sql("select count(*) from recall where person = %s", int(person.id)) == [(0,)]


def test_what_a_running_campaign_keeps_back_comes_back_after_it(world, person, later):
    assert Drill(world, person, "drill-all").get(topic="notice") == []
    there = Drill(world, person.at(later(2 * 3600 + 60)).sign_in(), "drill-all")
    shown = there.get(topic="notice", limit=1)[0]
    assert there.answer(shown)["right"]


# ---- questions and answers ----

def test_questions_come_whole_and_without_keys(world, person):
    """Every reply is searched for keys by the contract too."""
    drill = Drill(world, person)
    kinds = set()
    for one in drill.get(limit=50):
        known = world.bank.by_id[one["question"]]
        kinds.add(one["type"])
        assert (one["stem"], one["topic"], one["revision"], one["turn"]) == \
            (known["stem"], known["topic"], 1, 1)
        assert known["topic"] in ("union-law", "history")
        if one["type"] == "blank":
            assert one["choices"] is None
        elif one["type"] == "judge":
            assert [choice["text"] for choice in one["choices"]] == ["正确", "错误"]
        else:
            assert sorted(choice["text"] for choice in one["choices"]) == \
                sorted(known["choices"])
    assert kinds == {"single", "multiple", "judge", "blank"}


def test_a_topic_and_a_limit(world, person):
    drill = Drill(world, person)
    assert len(drill.get()) == 10
    shown = drill.get(topic="union-law", limit=7)
    assert [one["topic"] for one in shown] == ["union-law"] * 7
    assert drill.get(topic="no-such-topic") == []
    reply = person.get("/v1/campaigns/drill/practice", topic="history", limit=1).ok()
    assert reply["matching"] == sum(one["topic"] == "history"
                                    for one in world.bank.by_id.values())


@pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": 51}, {"only": "all"},
                                   {"only": ""}])
def test_bad_parameters(person, asked):
    person.get("/v1/campaigns/drill/practice", **asked).problem(400, "parameter_bad")


def test_the_order_of_choices_hangs_on_person_and_turn(world, person):
    drill, other = Drill(world, person), Drill(world, world.person())
    mine = {one["question"]: one["choices"] for one in drill.get(limit=50)}
    assert mine == {one["question"]: one["choices"] for one in drill.get(limit=50)}
    shuffled = [question for question in mine
                if world.bank.by_id[question]["type"] in ("single", "multiple")][:20]
    assert len(shuffled) == 20
    for question in shuffled:
        person.put(f"/v1/me/favourites/{question}").ok(204)
        other.person.put(f"/v1/me/favourites/{question}").ok(204)
    theirs = {one["question"]: one for one in other.get(only="favourites", limit=50)}
    assert sum(mine[one] != theirs[one]["choices"] for one in shuffled) > 10
    for one in theirs.values():
        other.answer(one)
    seconds = {one["question"]: one for one in other.get(only="favourites", limit=50)}
    assert {one["turn"] for one in seconds.values()} == {2}
    assert sum(seconds[one]["choices"] != theirs[one]["choices"] for one in shuffled) > 10


def test_the_key_comes_in_the_labels_shown(world, person):
    drill = Drill(world, person)
    for one in drill.get(limit=25):
        body = drill.body(one)
        for right in (False, True):
            told = drill.answer(one, right)
            assert told["right"] is right
            known = world.bank.by_id[one["question"]]
            assert told["explanation"] == known["explanation"]
            assert told["source"] == {name: known["source"][name]
                                      for name in ("document", "locator")}
            if one["type"] == "blank":
                assert told["key"] == {"text": known["key"][0]}
            else:
                assert told["key"] == {"choices": sorted(body["choices"])}


def test_practice_goes_on_where_it_was_left(world, person):
    drill = Drill(world, person)
    first = drill.get(limit=5)
    for one in first:
        drill.answer(one)
    second = drill.get(limit=5)
    assert not {one["question"] for one in first} & {one["question"] for one in second}
    assert {one["turn"] for one in second} == {1}


def test_boards_and_attempts_know_nothing_of_practice(world, person):
    before = world.checksums()
    drill = Drill(world, person)
    drill.answer(drill.get(limit=1)[0])
    after = world.checksums()
    changed = {table for table in after if after[table] != before.get(table)}
    assert changed == {"recall", "review_week", "reviewing"}


def test_not_knowing_is_wrong(world, person):
    drill = Drill(world, person)
    for one in drill.get(limit=50):
        empty = {"text": ""} if one["type"] == "blank" else {"choices": []}
        told = drill.send(one, {"revision": 1, "turn": 1, **empty}).ok()
        assert told["right"] is False


@pytest.mark.parametrize("change, code, where", [
    ({"choices": ["Z"]}, "choice_unknown", "/choices/0"),
    ({"choices": ["A", "A"]}, "choice_twice", "/choices/1"),
    ({"choices": ["A", "B"]}, "choice_count", "/choices"),
    ({"choices": "A"}, "field_type", "/choices"),
    ({"choices": None}, "field_type", "/choices"),
    ({"text": "x"}, "answer_kind", None),
    ({"rating": "again"}, "field_choice", "/rating"),
    ({"turn": 0}, "field_range", "/turn"),
    ({"turn": 1.5}, "field_type", "/turn"),
    ({"spent_ms": -1}, "field_range", "/spent_ms"),
    ({"spent_ms": 3600001}, "field_range", "/spent_ms"),
    ({"colour": 1}, "field_unknown", "/colour")])
def test_a_bad_answer_changes_nothing(world, person, change, code, where):
    drill = Drill(world, person)
    shown = next(one for one in drill.get(limit=50) if one["type"] == "single")
    problem = drill.send(shown, {**drill.body(shown), **change}).problem(400, code)
    assert problem.get("where") == where
    assert cards(world, person) == {}


def test_what_is_missing_or_unknown(world, person):
    drill = Drill(world, person)
    shown = next(one for one in drill.get(limit=50) if one["type"] == "single")
    drill.send(shown, {"turn": 1, "choices": ["A"]}).problem(400, "field_missing")
    drill.send(shown, {"turn": 1, "revision": 1}).problem(400, "answer_kind")
    drill.send({"question": "no-such-one"}, {}).problem(404, "question_missing")
    drill.send({"question": "labour-law-001"}, {}).problem(404, "question_missing")
    drill.send({**shown, "campaign": "none"}, {}).problem(404, "campaign_unknown")
    drill.send(shown, {**drill.body(shown), "revision": 2}).problem(409, "question_revised")
    drill.send(shown, {**drill.body(shown), "turn": 2}).problem(409, "turn_unknown")
    assert cards(world, person) == {}


def test_all_of_it_is_for_people_who_are_signed_in(world, organizer, anybody):
    addresses = ["/v1/campaigns/drill/topics", "/v1/campaigns/drill/practice", "/v1/me/reviews",
                 "/v1/me/mistakes", "/v1/me/favourites", "/v1/me/retention"]
    for address in addresses:
        anybody.get(address).problem(401, "sign_in_required")
        organizer.get(address).problem(403, "forbidden")
    for client, status, code in ((anybody, 401, "sign_in_required"),
                                 (organizer, 403, "forbidden")):
        client.put("/v1/me/favourites/history-001").problem(status, code)
        client.delete("/v1/me/favourites/history-001").problem(status, code)
        client.post("/v1/campaigns/drill/practice/history-001", {}).problem(status, code)
    path = "/v1/organizer/campaigns/drill/retention"
    anybody.get(path).problem(401, "sign_in_required")
    world.person().get(path).problem(403, "forbidden")


# ---- memory ----

def test_a_turn_sent_twice_changes_memory_once(world, person):
    drill = Drill(world, person)
    shown = drill.get(limit=1)[0]
    first = drill.answer(shown, True, rating="hard", spent_ms=1000)
    assert drill.answer(shown, True, rating="hard", spent_ms=1000) == first
    # nor does another answer to the same turn, though it is judged
    other = drill.answer(shown, False)
    assert other["right"] is False and other["review"] == first["review"]
    assert cards(world, person) == {shown["question"]: (1, 1, 0, 0, True)}
    assert world.sql("select n_answers, spent_ms, n_reviews from review_week where person = %s",
                     int(person.id)) == [(1, 1000, 0)]


def test_an_old_turn_tells_what_stands_now(world, person):
    drill = Drill(world, person)
    shown = drill.get(limit=1)[0]
    drill.answer(shown)
    second = drill.again(shown)
    assert second["turn"] == 2
    now = drill.answer(second, False)
    assert drill.answer(shown)["review"] == now["review"]
    assert cards(world, person)[shown["question"]][:3] == (2, 1, 1)


def test_many_at_once_with_one_turn_change_memory_once(world, person):
    drill = Drill(world, person)
    shown = drill.get(limit=1)[0]
    body = drill.body(shown)

    def send(_):
        client = Client(world.server, person.token)
        reply = client.post(f"/v1/campaigns/drill/practice/{shown['question']}", body)
        client.close()
        return reply
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = [reply.ok() for reply in pool.map(send, range(16))]
    assert replies.count(replies[0]) == 16
    assert cards(world, person) == {shown["question"]: (1, 1, 0, 0, True)}


def test_the_schedule_is_that_of_fsrs(world, person):
    """Six questions answered over months, each by a history of its own, some on the same day."""
    chance = random.Random(7)
    drill = Drill(world, person)
    shown = drill.get(limit=6)
    histories = {one["question"]: recall.Card() for one in shown}
    last = {}
    names = {recall.HARD: "hard", recall.GOOD: "good", recall.EASY: "easy"}
    n_reviews = 0
    for day in (0, 0, 1, 3, 4, 12, 12, 45, 130):
        server = world.serve(day * DAY) if day else world.server
        there = Drill(world, person.at(server).sign_in())
        for one in shown:
            question = one["question"]
            if question in last and chance.random() < 0.2:
                continue
            rating = chance.choice([1, 2, 3, 3, 4])
            more = {"rating": names[rating]} if rating > 1 else {}
            told = there.answer(there.again(one), rating > 1, **more)
            card, days = histories[question], day - last.get(question, day)
            card.answer(rating, days)
            n_reviews += days > 0
            last[question] = day
            review = told["review"]
            assert review["stability_days"] == pytest.approx(card.stability, abs=1e-5)
            assert review["difficulty"] == pytest.approx(card.difficulty, abs=1e-5)
            assert review["retrievability"] == (card.predicted and pytest.approx(
                card.predicted, abs=1e-5))
            assert parse(review["due_at"]) == day_after(BEGINNING_MS, day + card.days)
        if day:
            server.stop()
    assert n_reviews > 20
    weeks = person.get("/v1/me/retention", campaign="drill").ok()["items"]
    assert sum(week["reviews"] for week in weeks) == n_reviews


# ---- mistakes ----

def book(person, **asked):
    return {one["question"]: one for one in person.pages("/v1/me/mistakes", **asked)}


def test_mistakes_of_attempts_are_listed_until_they_are_right(world, person):
    person.choose("drill").ok(201)
    result = person.play("drill", right=[1, 2])
    mistakes = book(person, campaign="drill")
    wrong = {one["question"]: one for one in result["questions"] if not one["right"]}
    assert set(mistakes) == set(wrong) and len(wrong) == 4
    for question, one in mistakes.items():
        for name in ("type", "stem", "key", "answer", "explanation", "source", "revision"):
            assert one[name] == wrong[question][name], name
        assert one["choices"] == wrong[question].get("choices")
        assert (one["campaign"], one["given_in"], one["times_wrong"]) == ("drill", "attempt", 1)
        assert one["may_practise"] and one["wrong_at"] == result["finished_at"]
    drill = Drill(world, person)
    shown = drill.get(only="mistakes", limit=50)
    assert {one["question"] for one in shown} == set(wrong)
    drill.answer(shown[0])
    assert set(book(person)) == set(wrong) - {shown[0]["question"]}
    drill.answer(shown[1], False)
    again = book(person)[shown[1]["question"]]
    assert (again["times_wrong"], again["given_in"]) == (2, "practice")
    assert again["choices"] == shown[1]["choices"]
    body = drill.body(shown[1], False)
    assert again["answer"] == {name: body[name] for name in ("choices", "text") if name in body}


def test_what_was_left_out_is_a_mistake(world, person):
    person.choose("drill").ok(201)
    attempt = person.start("drill")
    person.hand_in(attempt, []).ok()
    assert [one["answer"] for one in book(person).values()] == [None] * 6


def test_a_later_attempt_that_is_right_ends_a_mistake(world, person):
    """Both of "same-paper", whose questions are always the same."""
    person.choose("same-paper").ok(201)
    person.play("same-paper", 0)
    assert len(book(person, campaign="same-paper")) == campaigns.N_QUESTIONS
    person.play("same-paper", 5)
    left = book(person, campaign="same-paper")
    assert {one["times_wrong"] for one in left.values()} == {2} and len(left) == 3
    assert book(person, campaign="drill") == {}


@pytest.mark.parametrize("slug", ["reveal-nothing", "reveal-score", "reveal-late"])
def test_mistakes_tell_no_more_than_the_rules_reveal(world, slug):
    player = world.player(slug)
    player.play(slug, 0)
    assert book(player, campaign=slug) == {} == book(player)


def test_mistakes_come_in_pages_the_latest_first(world, person):
    person.choose("drill").ok(201)
    for _ in range(3):
        person.play("drill", 0)
    whole = person.get("/v1/me/mistakes", limit=100).ok()
    assert whole["total"] == len(whole["items"]) > 6 and whole["next"] is None
    assert [one["wrong_at"] for one in whole["items"]] == \
        sorted((one["wrong_at"] for one in whole["items"]), reverse=True)
    assert person.pages("/v1/me/mistakes", limit=4) == whole["items"]
    person.get("/v1/me/mistakes", cursor="x").problem(400, "cursor_bad")
    person.get("/v1/me/mistakes", campaign="none").problem(404, "campaign_unknown")


def test_a_practised_mistake_is_hidden_while_a_running_campaign_keeps_it(world, person):
    there = Drill(world, person, "past")
    shown = there.get(topic="expositions", limit=1)[0]
    there.answer(shown, False)
    assert set(book(person)) == {shown["question"]}
    world.sql("update recall set question = (select question_ids[1] from campaign_revision r "
              "join campaign c on c.id = r.campaign where slug = 'closing') where person = %s",
              int(person.id))
    assert book(person) == {}


# ---- favourites ----

def test_favourites_are_kept_and_given_up(world, person):
    drill = Drill(world, person)
    shown = drill.get(limit=3)
    for one in shown + shown:
        assert person.put(f"/v1/me/favourites/{one['question']}").ok(204) is None
    told = person.get("/v1/me/favourites").ok()
    assert told["total"] == 3
    assert {one["question"] for one in told["items"]} == {one["question"] for one in shown}
    for one in told["items"]:
        known = world.bank.by_id[one["question"]]
        assert one["explanation"] == known["explanation"] and one["may_practise"]
        assert [choice["text"] for choice in one["choices"] or []] == \
            (["正确", "错误"] if one["type"] == "judge" else known.get("choices", []))
        if one["type"] in ("single", "multiple"):
            assert one["key"] == {"choices": list(known["key"])}
    assert all(one["is_favourite"] for one in drill.get(limit=3))
    assert {one["question"] for one in drill.get(only="favourites")} == \
        {one["question"] for one in shown}
    assert person.pages("/v1/me/favourites", limit=1) == told["items"]
    for _ in range(2):
        person.delete(f"/v1/me/favourites/{shown[0]['question']}").ok(204)
    assert person.get("/v1/me/favourites").ok()["total"] == 2


def test_only_what_one_may_see_can_be_starred(world, person):
    hidden = next(one["id"] for one in world.bank.by_id.values() if one["topic"] == "notice")
    for question in (hidden, "no-such-one", "%E9%A2%98", "x" * 65, "A"):
        person.put(f"/v1/me/favourites/{question}").problem(404, "question_missing")
    assert person.get("/v1/me/favourites").ok()["total"] == 0


def test_what_an_attempt_revealed_can_be_starred_though_not_practised(world, person):
    person.choose("closing").ok(201)
    result = person.play("closing", 5)
    question = result["questions"][0]["question"]
    person.put(f"/v1/me/favourites/{question}").ok(204)
    told = person.get("/v1/me/favourites").ok()["items"]
    assert [(one["question"], one["may_practise"], one["campaign"]) for one in told] == \
        [(question, False, "closing")]
    assert person.get("/v1/me/favourites", campaign="drill").ok()["total"] == 0
    assert person.get("/v1/me/reviews").ok()["new"] == 0
    # another person has not seen it
    other = world.person()
    other.put(f"/v1/me/favourites/{question}").problem(404, "question_missing")


def test_a_thousand_favourites_are_all(world, person):
    world.sql("insert into favourite select 0, %s, 'made-up-' || i, 0 "
              "from generate_series(1, 1000) i", int(person.id))
    shown = Drill(world, person).get(limit=1)[0]
    person.put(f"/v1/me/favourites/{shown['question']}").problem(409, "favourites_full")
    person.delete("/v1/me/favourites/made-up-7").ok(204)
    person.put(f"/v1/me/favourites/{shown['question']}").ok(204)
    person.put(f"/v1/me/favourites/{shown['question']}").ok(204)


# ---- reviews ----

def test_new_reviews_come_from_mistakes_and_favourites(world, person):
    assert person.get("/v1/me/reviews").ok() == {"due": 0, "new": 0, "done_today": 0, "items": []}
    person.choose("drill").ok(201)
    result = person.play("drill", right=[1, 2, 3])
    wrong = {one["question"] for one in result["questions"] if not one["right"]}
    drill = Drill(world, person)
    starred = next(one for one in drill.get(limit=50) if one["question"] not in wrong)
    person.put(f"/v1/me/favourites/{starred['question']}").ok(204)
    told = person.get("/v1/me/reviews").ok()
    assert (told["due"], told["new"], told["done_today"]) == (0, 4, 0)
    assert {one["question"] for one in told["items"][:3]} == wrong
    assert told["items"][3]["question"] == starred["question"]
    assert all(one["is_new"] and one["due_at"] is None for one in told["items"])
    drill.answer(told["items"][0])
    left = person.get("/v1/me/reviews", limit=2).ok()
    assert (left["due"], left["new"], left["done_today"]) == (0, 3, 1)
    assert [one["question"] for one in left["items"]] == \
        [one["question"] for one in told["items"][1:3]]


def test_a_day_takes_twenty_new_ones(world, person):
    drill = Drill(world, person)
    for one in drill.get(limit=30):
        person.put(f"/v1/me/favourites/{one['question']}").ok(204)
    assert person.get("/v1/me/reviews", limit=100).ok()["new"] == 20
    for one in person.get("/v1/me/reviews", limit=15).ok()["items"]:
        drill.answer(one)
    told = person.get("/v1/me/reviews").ok()
    assert (told["new"], len(told["items"]), told["done_today"]) == (5, 5, 15)


def test_what_is_due_comes_most_overdue_first_and_not_again(world, person, later):
    drill = Drill(world, person)
    wrong, right = drill.get(limit=2)
    drill.answer(wrong, False)
    drill.answer(right)
    assert person.get("/v1/me/reviews").ok()["due"] == 0
    there = Drill(world, person.at(later(1 * DAY)).sign_in())
    assert [one["question"] for one in there.person.get("/v1/me/reviews").ok()["items"]] == \
        [wrong["question"]]
    # the day begins at midnight, fourteen hours from when the tests begin
    midnight = Drill(world, person.at(later(14 * 3600 + 60)).sign_in())
    assert midnight.person.get("/v1/me/reviews").ok()["due"] == 1
    after = Drill(world, person.at(later(9 * DAY)).sign_in())
    told = after.person.get("/v1/me/reviews").ok()
    assert [(one["question"], one["turn"], one["is_new"]) for one in told["items"]] == \
        [(wrong["question"], 2, False), (right["question"], 2, False)]
    assert parse(told["items"][0]["due_at"]) == day_after(BEGINNING_MS, 1)
    topics = {one["topic"]: one["mine"]["due"] for one in
              after.person.get("/v1/campaigns/drill/topics").ok()["items"]}
    assert sum(topics.values()) == 2
    after.answer(told["items"][0], False)
    told = after.person.get("/v1/me/reviews", campaign="drill").ok()
    assert ([one["question"] for one in told["items"]], told["done_today"]) == \
        ([right["question"]], 1)
    assert after.person.get("/v1/me/reviews", campaign="drill-too").ok()["items"] == []


# ---- others, and other campaigns ----

def test_campaigns_that_share_questions_keep_memories_apart(world, person):
    one, two = Drill(world, person), Drill(world, person, "drill-too")
    shown = one.get(limit=1)[0]
    one.answer(shown, False)
    same = two.again(shown)
    assert same["turn"] == 1
    two.answer(same)
    assert cards(world, person) == {shown["question"]: (1, 0, 1, 0, False)}
    assert cards(world, person, "drill-too") == {shown["question"]: (1, 1, 0, 0, True)}
    assert [each["campaign"] for each in book(person).values()] == ["drill"]
    weeks = person.get("/v1/me/retention").ok()["items"]
    assert [week["answers"] for week in weeks] == [2]
    assert person.get("/v1/me/retention", campaign="drill").ok()["items"][0]["answers"] == 1


def test_nobody_else_is_touched(world, person):
    other = world.person("630103")
    mine, theirs = Drill(world, person), Drill(world, other)
    shown = theirs.get(limit=1)[0]
    theirs.answer(shown, False)
    other.put(f"/v1/me/favourites/{shown['question']}").ok(204)

    def told():
        return [other.get(address).ok() for address in (
            "/v1/me/mistakes", "/v1/me/favourites", "/v1/me/reviews", "/v1/me/retention",
            "/v1/campaigns/drill/topics", "/v1/campaigns/drill/practice")]
    before = told()
    for one in mine.get(limit=50):
        mine.answer(one)
    person.delete(f"/v1/me/favourites/{shown['question']}").ok(204)
    mine.answer(mine.again(shown))
    assert told() == before


def test_five_thousand_cards_are_all(world, person):
    drill = Drill(world, person)
    known, new = drill.get(limit=2)
    drill.answer(known)
    world.sql("insert into recall select bucket, campaign, person, 'made-up-' || i, revision, "
              "stability, difficulty, due_at, made_at, last_at, last_turn, is_right, predicted, "
              "n_right, n_wrong, lapses, answer from recall, generate_series(1, 4999) i "
              "where person = %s", int(person.id))
    drill.send(new, drill.body(new)).problem(409, "cards_full")
    second = drill.again(known)
    assert second["turn"] == 2 and drill.answer(second)["right"]


def test_what_was_acknowledged_outlives_a_kill(worlds):
    made = worlds.make()
    try:
        worlds.import_campaign(made.program, RULES[0])
        person = made.person()
        drill, told = Drill(made, person), []
        for one in drill.get(limit=20):
            told.append((one, drill.body(one), drill.answer(one)))
            if len(told) % 5 == 0:
                made.server.kill()
                made.server.start()
        assert len(cards(made, person)) == 20
        for one, body, before in told:  # as if no reply had come
            assert drill.send(one, body).ok() == before
        assert set(cards(made, person).values()) == {(1, 1, 0, 0, True)}
        assert made.sql("select n_answers from review_week") == [(20,)]
    finally:
        made.close()
        worlds.cluster.drop(made.database)


def test_a_corrected_key_is_the_one_that_is_practised(worlds):
    made = worlds.make()
    try:
        worlds.import_campaign(made.program, RULES[0])
        person, organizer = made.person(), made.organizer()
        drill = Drill(made, person)
        shown = next(one for one in drill.get(limit=50) if one["type"] == "judge")
        question = shown["question"]
        body = drill.body(shown)
        assert drill.answer(shown)["right"]
        address = f"/v1/organizer/questions/{question}"
        mended = organizer.get(address).ok()["revisions"][0]["question"]
        organizer.put(address, {**mended, "key": not mended["key"]}).ok(201)
        organizer.post("/v1/organizer/campaigns/drill/corrections",
                       {"questions": [question], "reason": "答案有误"})
        wait_until(lambda: drill.again(shown)["revision"] == 2)
        drill.send(shown, body).problem(409, "question_revised")
        # what was right is a mistake now, judged by the answer that was given
        one = book(person)[question]
        assert (one["answer"], one["times_wrong"]) == ({"choices": body["choices"]}, 1)
        assert one["key"] != one["answer"]
        second = drill.again(shown)
        told = drill.send(second, {**body, "revision": 2, "turn": 2}).ok()
        assert told["right"] is False and told["key"] == one["key"]
        told = drill.send(drill.again(shown), {"revision": 2, "turn": 3, **one["key"]}).ok()
        assert told["right"] is True and book(person) == {}
    finally:
        made.close()
        worlds.cluster.drop(made.database)


# ---- how much there is to review, as kept ----

def counts_of(client):
    """Without questions, which is as kept, and with them, which is counted."""
    kept = client.get("/v1/me/reviews", limit=0).ok()
    counted = client.get("/v1/me/reviews", limit=1).ok()
    assert kept["items"] == []
    return [[one[name] for name in ("due", "new", "done_today")] for one in (kept, counted)]


def test_the_counts_kept_are_those_counted_whatever_one_does(world, person):
    """A walk by chance; a day later; when a campaign closes that kept its questions."""
    chance = random.Random(7)
    assert counts_of(person) == [[0, 0, 0]] * 2
    person.choose("drill").ok(201)
    drill, seen = Drill(world, person), set()
    for step in range(30):
        act = chance.choice(["play", "new", "again", "star", "unstar", "nothing"])
        if act == "play" and step < 15:
            person.play("drill", chance.randint(0, 6))
        elif act == "new":
            drill.answer(drill.get(limit=1)[0], chance.random() < 0.5)
        elif act == "again":
            for one in person.get("/v1/me/reviews", limit=1).ok()["items"]:
                drill.answer(one, chance.random() < 0.5)
        elif act != "nothing":
            ask = person.put if act == "star" else person.delete
            question = chance.choice(drill.get(limit=5))["question"]
            ask(f"/v1/me/favourites/{question}").ok(204)
        kept, counted = counts_of(person)
        assert kept == counted, act
        seen.add(tuple(kept))
    assert len(seen) > 5
    for days in (1, 1.5, 40):
        server = world.serve(days * DAY)
        later = person.at(server).sign_in()
        kept, counted = counts_of(later)
        assert kept == counted
        seen.add(tuple(kept))
        server.stop()
    assert max(due for due, _, _ in seen) > 0


def test_nothing_is_counted_again_while_all_is_as_it_was(world, person):
    """What is kept was put wrong by hand: it is told until something happens."""
    def told():
        return person.get("/v1/me/reviews", limit=0).ok()["new"]

    def put_wrong():
        world.sql("update reviewing set n_new = 19 where person = %s", int(person.id))
        assert told() == 19

    assert told() == 0
    assert world.sql("select count(*) from reviewing where person = %s", int(person.id)) == [(0,)]
    person.choose("drill").ok(201)
    person.play("drill", 2)
    assert told() == 4
    put_wrong()
    attempt = person.start("drill")  # changes nothing yet
    assert told() == 19
    person.hand_in(attempt, world.bank.answers(attempt, 6)).ok()
    assert told() <= 4
    put_wrong()
    drill = Drill(world, person)
    shown = drill.get(only="mistakes", limit=1)[0]
    before = person.get("/v1/me/reviews").ok()["new"]
    drill.answer(shown)
    assert told() == before - 1
    put_wrong()
    person.put("/v1/me/favourites/history-001").ok(204)
    assert told() != 19
    put_wrong()
    person.put("/v1/me/favourites/history-001").ok(204)  # the same
    assert told() == 19
    person.delete("/v1/me/favourites/history-001").ok(204)
    assert told() != 19
    put_wrong()
    server = world.serve(DAY)
    assert person.at(server).sign_in().get("/v1/me/reviews", limit=0).ok()["new"] != 19
    server.stop()


def test_counts_of_what_has_changed_meanwhile_are_not_kept(world, person):
    drill = Drill(world, person)
    drill.answer(drill.get(limit=1)[0])
    keep = ("select from keep_reviewing(0::smallint, %s::bigint[], %s::integer[], '{0}', '{5}', "
            "'{6}', '{7}', '{8}', '{9}')")
    look = "select version, counted_version, n_due from look_reviewing(0::smallint, %s::bigint[])"
    me = [int(person.id)]
    world.sql(keep, me, [0])
    assert world.sql(look, me) == [(1, -1, 0)]
    world.sql(keep, me, [1])
    assert world.sql(look, me) == [(1, 1, 7)]
    drill.answer(drill.get(limit=1)[0])
    assert world.sql(look, me) == [(2, 1, 7)]


# ---- the writes by themselves ----

def remember(world, rows):
    """Calls the function with (person, question, turn, right); the outcomes."""
    n = len(rows)
    people, questions, turns, rights = map(list, zip(*rows))
    arguments = [
        ("integer", [1] * n), ("bigint", people), ("text", questions), ("integer", [1] * n),
        ("integer", turns), ("bigint", [1000] * n), ("bigint", [2000] * n),
        ("double precision", [1.5] * n), ("double precision", [5.5] * n), ("smallint", rights),
        ("double precision", [0.5 if turn > 1 else -1 for turn in turns]), ("bytea", ["x"] * n),
        ("integer", [20000] * n), ("smallint", [int(turn > 1) for turn in turns]),
        ("integer", [10] * n)]
    places = ", ".join(f"%s::{kind}[]" for kind, _ in arguments)
    return [outcome for outcome, in world.sql(
        f"select outcome from remember_answers(0::smallint, {places}) order by idx",
        *(values for _, values in arguments))]


def test_each_row_of_a_call_has_its_outcome(world):
    people = range(900000001, 900000005)
    assert remember(world, [(people[0], "q", 1, 1), (people[1], "q", 2, 1),
                            (people[2], "q", 1, 0)]) == [1, 2, 1]
    assert remember(world, [(people[2], "q", 2, 0), (people[0], "q", 1, 0),
                            (people[1], "q", 1, 1), (people[3], "r", 1, 0)]) == [1, 2, 1, 1]
    assert world.sql("select person, question, last_turn, n_right, n_wrong, lapses, is_right, "
                     "predicted from recall where person >= %s order by 1", people[0]) == [
        (people[0], "q", 1, 1, 0, 0, True, None), (people[1], "q", 1, 1, 0, 0, True, None),
        (people[2], "q", 2, 0, 2, 1, False, 0.5), (people[3], "r", 1, 0, 1, 0, False, None)]
    assert world.sql("select person, n_answers, spent_ms, n_reviews, n_right, predicted "
                     "from review_week where person >= %s order by 1", people[0]) == [
        (people[0], 1, 10, 0, 0, 0), (people[1], 1, 10, 0, 0, 0), (people[2], 2, 20, 1, 0, 0.5),
        (people[3], 1, 10, 0, 0, 0)]


def test_calls_that_overlap_neither_deadlock_nor_count_twice(world):
    people = list(range(910000001, 910000041))

    def call(seed):
        """Everybody's next turns, in an order of its own."""
        outcomes = collections.Counter()
        for turn in range(1, 16):
            rows = [(person, "q", turn, 1) for person in people]
            random.Random(seed * 100 + turn).shuffle(rows)
            outcomes.update(remember(world, rows))
        return outcomes
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        total = sum(pool.map(call, range(6)), collections.Counter())
    assert total[1] == 15 * len(people) and set(total) == {1, 2}
    assert world.sql("select distinct last_turn, n_right, n_wrong from recall "
                     "where person = any(%s)", people) == [(15, 15, 0)]
    assert world.sql("select distinct n_answers, n_reviews, predicted from review_week "
                     "where person = any(%s)", people) == [(15, 14, 7)]
    check_retention(world)


def check_retention(world):
    """By union it is the sum of what people did."""
    assert world.sql("select bucket, campaign, week, union_id, people, n_reviews, n_right, "
                     "round(predicted::numeric, 6) from retention order by 1, 2, 3, 4") == \
        world.sql("select bucket, campaign, week, union_id, count(*), sum(n_reviews), "
                  "sum(n_right), round(sum(predicted)::numeric, 6) from review_week "
                  "where n_reviews > 0 group by 1, 2, 3, 4 order by 1, 2, 3, 4")


# ---- retention ----

PATH = "/v1/organizer/campaigns/{}/retention"


@pytest.fixture(scope="module")
def reviewers(worlds):
    """A world where nine people of one county, ten of another and thirty of a third, who
    have chosen them in "drill", have reviewed a day after they had first practised."""
    made = worlds.make()
    worlds.import_campaign(made.program, RULES[0])
    made.reviews = collections.defaultdict(list)
    people = [made.player("drill", union) for union, n in
              (("632801", 9), ("630102", 10), ("630103", 30)) for _ in range(n)]
    firsts = {}
    for person in people:
        drill = Drill(made, person)
        shown = drill.get(limit=2)
        for one in shown:
            drill.answer(one)
        firsts[person.id] = shown
    made.tomorrow = made.serve(3 * DAY)
    for i, person in enumerate(people):
        drill = Drill(made, person.at(made.tomorrow).sign_in())
        for j, one in enumerate(firsts[person.id]):
            right = (i + j) % 3 > 0
            told = drill.answer(drill.again(one), right)
            made.reviews[person.union].append((right, told["review"]["retrievability"]))
    yield made
    made.close()
    worlds.cluster.drop(made.database)


def expected(reviews):
    """(reviews, predicted, observed) of (right, chance)."""
    return (len(reviews), pytest.approx(sum(chance for _, chance in reviews) / len(reviews),
                                        abs=2e-6),
            pytest.approx(sum(right for right, _ in reviews) / len(reviews), abs=1e-6))


def told_of(client, **asked):
    weeks = client.get(PATH.format("drill"), **asked).ok()["items"]
    assert [week["week"] for week in weeks] == ["2026-W20"]
    week = weeks[0]
    return week["people"], (week["reviews"], week["predicted"], week["observed"]), \
        week["withheld"]


def test_retention_of_everybody(reviewers):
    check_retention(reviewers)
    everything = [one for some in reviewers.reviews.values() for one in some]
    assert told_of(reviewers.organizer()) == (49, expected(everything), None)


def test_retention_of_ten_people_is_told_and_of_nine_is_not(reviewers):
    organizer = reviewers.organizer()
    assert told_of(organizer, union="630102") == (10, expected(reviewers.reviews["630102"]), None)
    assert told_of(organizer, union="630103") == (30, expected(reviewers.reviews["630103"]), None)
    assert told_of(organizer, union="632801") == (None, (None, None, None), "few_people")


def test_nothing_of_a_few_follows_from_a_difference(reviewers):
    """630100 holds two of the counties; what the province has more are the nine."""
    organizer = reviewers.organizer()
    assert told_of(organizer, union="630100") == (None, (None, None, None), "difference")
    everything = [one for some in reviewers.reviews.values() for one in some]
    assert told_of(organizer, union="630000") == (49, expected(everything), None)
    assert organizer.get(PATH.format("drill"), union="632802").ok()["items"][0]["withheld"] == \
        "few_people"
    organizer.get(PATH.format("drill"), union="999999").problem(404, "union_unknown")
    organizer.get(PATH.format("none")).problem(404, "campaign_unknown")


def test_a_week_counts_for_the_union_of_its_first_answer(worlds):
    made = worlds.make()
    worlds.import_campaign(made.program, campaigns.campaign(
        "drill", paper=SIX, practice="open", unions={"changes": 1}))
    person = made.player("drill", "630102")
    drill = Drill(made, person)
    first = drill.get(limit=2)
    for one in first:
        drill.answer(one)
    for days, union in ((3, "630103"), (10, "630103")):  # the week after ours, and the next
        drill.person = person.at(made.serve(days * DAY)).sign_in()
        drill.answer(drill.again(first[0]))
        drill.person.choose("drill", union)
        drill.answer(drill.again(first[1]))
    assert made.sql("select u.code, t.people, t.n_reviews from retention t join org_union u "
                    "on u.id = t.union_id order by t.week") == [("630102", 1, 2), ("630103", 1, 2)]
    check_retention(made)
    made.close()
    worlds.cluster.drop(made.database)


def test_retention_as_csv(reviewers):
    organizer = reviewers.organizer()
    for asked, reason in (({}, ""), ({"union": "632801"}, "不足10人"),
                          ({"union": "630100"}, "与上级之差不足10人")):
        reply = organizer.get(PATH.format("drill"), format="csv", **asked)
        rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
        assert [row["周"] for row in rows] == ["2026-W20"]
        assert rows[0]["未列出的原因"] == reason
        assert (rows[0]["复习人数"], rows[0]["复习次数"]) == (("", "") if reason else ("49", "98"))
        if not reason:
            assert 0 < float(rows[0]["实际记住(%)"]) < float(rows[0]["预测记住(%)"]) < 100


def test_a_key_of_a_subtree_sees_only_that(reviewers):
    key = reviewers.program.run("token", "--organizer", "--label", "县").strip().split()[-1]
    reviewers.sql("update api_key set union_id = (select id from org_union where code = '630102')"
                  " where label = '县'")
    client = Client(reviewers.server, key)
    assert told_of(client)[0] == 10
    client.get(PATH.format("drill"), union="630103").problem(403, "forbidden")
    client.close()


def test_answers_of_the_same_day_are_no_reviews(reviewers):
    person = reviewers.person("630104")
    drill = Drill(reviewers, person)
    shown = drill.get(limit=1)[0]
    drill.answer(shown, spent_ms=700)
    drill.answer(drill.again(shown), spent_ms=300)
    assert person.get("/v1/me/retention").ok()["items"] == [
        {"week": "2026-W20", "answers": 2, "spent_ms": 1000, "reviews": 0, "predicted": None,
         "observed": None}]


def test_one_sees_ones_own(reviewers):
    person = reviewers.clients[0]
    week = person.get("/v1/me/retention", campaign="drill").ok()["items"]
    assert [(one["week"], one["answers"], one["reviews"]) for one in week] == [("2026-W20", 4, 2)]

"""A wrong key is corrected while a campaign runs: what it had decided is scored again, and all
boards follow.  Every score is worked out here from the papers and the answers alone."""
import asyncio
import copy
import json
import random
import threading
import time

import pytest

import campaigns
import model
from bank import JUDGED
from client import Person
from crowd import Crowd, compare_boards
from server import wait_until

N_PEOPLE = 60
# Small pools, so that many papers have the same question.
SECTIONS = [{**section, "topics": ["notice"]} for section in campaigns.SECTIONS]


def rules(slug, **more):
    return campaigns.campaign(slug, paper={"repeat": "independent", "sections": SECTIONS}, **more)


def mended(question):
    """The same question with another key."""
    other = copy.deepcopy(question)
    if question["type"] == "judge":
        other["key"] = not question["key"]
    elif question["type"] == "blank":
        other["key"] = ["改正后的答案"]
    elif question["type"] == "single":
        other["key"] = "B" if question["key"] == "A" else "A"
    else:
        other["key"] = "AB" if question["key"] != "AB" else "BC"
    return other


class Sheet:
    """One attempt: what was asked and answered."""

    def __init__(self, player, attempt, answers):
        self.player, self.attempt = player, attempt
        self.answers = {answer["number"]: answer for answer in answers}
        self.key = int(player.id), attempt["ordinal"]

    def ids(self, bank):
        return {bank.by_stem[shown["stem"]]["id"] for shown in self.attempt["questions"]}

    def is_right(self, shown, question):
        answer = self.answers[shown["number"]]
        if question["type"] == "blank":
            return answer["text"] in question["key"]
        texts = {JUDGED[question["key"]]} if question["type"] == "judge" else \
            {question["choices"]["ABCDEFGH".index(letter)] for letter in question["key"]}
        chosen = {choice["text"] for choice in shown["choices"]
                  if choice["label"] in answer["choices"]}
        return chosen == texts

    def score(self, bank, keys):
        """(hundredths of points, questions that are right) by the bank, but for `keys`."""
        points, n_right = 0, 0
        for shown in self.attempt["questions"]:
            question = bank.by_stem[shown["stem"]]
            if self.is_right(shown, keys.get(question["id"], question)):
                points, n_right = points + round(shown["points"] * 100), n_right + 1
        return points, n_right


def answer_by_chance(bank, attempt, chance, keys):
    """Right by the bank, right by other keys, or wrong."""
    answers = []
    for shown in attempt["questions"]:
        question = bank.by_stem[shown["stem"]]
        by = chance.choice([question, question, keys.get(question["id"], question), None])
        if by is None:
            answers.append(bank.wrong(shown))
        elif by["type"] == "blank":
            answers.append({"number": shown["number"], "text": by["key"][0]})
        else:
            texts = {JUDGED[by["key"]]} if by["type"] == "judge" else \
                {by["choices"]["ABCDEFGH".index(letter)] for letter in by["key"]}
            answers.append({"number": shown["number"],
                            "choices": [choice["label"] for choice in shown["choices"]
                                        if choice["text"] in texts]})
    return answers


class Game:
    """A world where a campaign has been played, and the papers of everybody."""

    def __init__(self, world, slug="small", **more):
        self.world, self.slug, self.bank = world, slug, world.bank
        self.organizer = world.organizer()
        self.sheets, self.keys = [], {}
        notice = [one for one in self.bank.by_id.values() if one["topic"] == "notice"]
        # one of each type whose key will turn out to be wrong
        self.wrong = {kind: next(one for one in notice if one["type"] == kind)
                      for kind in ("single", "multiple", "judge", "blank")}
        self.mended = {one["id"]: mended(one) for one in self.wrong.values()}
        self.first = {}  # the revisions that are pinned: a test before this one may have saved some
        for one in self.wrong.values():
            path = f"/v1/organizer/questions/{one['id']}"
            self.first[one["id"]] = self.organizer.put(path, one).body["revision"]
        self.save_campaign(rules(slug, **more))

    def save_campaign(self, document):
        path = self.world.program.folder / f"{document['campaign']}-{id(self)}.json"
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        self.world.program.run("import", "campaign", path)
        wait_until(lambda: self.world.anybody().get(f"/v1/campaigns/{self.slug}").status == 200)

    def play(self, n_people=N_PEOPLE, most=3, seed=1):
        crowd = Crowd(self.world.server, [self.world.people.pop(0) for _ in range(n_people)])

        async def one(player):
            chance = random.Random(int(player.staff_number) * seed)
            await player.sign_in()
            await player.choose(self.slug)
            for _ in range(chance.randint(1, most)):
                attempt = await player.start(self.slug)
                answers = answer_by_chance(self.bank, attempt, chance, self.mended)
                await player.hand_in(attempt, answers)
                self.sheets.append(Sheet(player, attempt, answers))
        asyncio.run(crowd.play_all(one))
        crowd.check()
        return self

    @property
    def path(self):
        return f"/v1/organizer/campaigns/{self.slug}/corrections"

    def save(self, question, status=201):
        return self.organizer.put(f"/v1/organizer/questions/{question['id']}", question).ok(status)

    def correct(self, *ids, reason="答案有误"):
        return self.organizer.post(self.path, {"questions": list(ids), "reason": reason})

    def mend(self, *kinds):
        """Saves the mended questions of these types and corrects by them; the number."""
        ids = [self.wrong[kind]["id"] for kind in kinds]
        for one in ids:
            self.save(self.mended[one])
        number = self.correct(*ids).ok(202)["correction"]["number"]
        self.keys.update({one: self.mended[one] for one in ids})
        return number

    def state(self, number):
        return self.organizer.get(f"{self.path}/{number}").ok()

    def wait(self, number, seconds=60):
        return wait_until(lambda: (lambda one: one["state"] == "done" and one)(self.state(number)),
                          seconds, lambda: f"not done: {self.state(number)}")

    def kept(self):
        return {(person, ordinal): (score, n_right) for person, ordinal, score, n_right in
                self.world.sql("select a.person, a.ordinal, a.score, a.n_right from attempt a "
                               "join campaign c on c.id = a.campaign where c.slug = %s",
                               self.slug)}

    def expected(self):
        return {sheet.key: sheet.score(self.bank, self.keys) for sheet in self.sheets}

    def check(self):
        assert self.kept() == self.expected()
        self.world.verify()

    def check_boards(self):
        """Once every worker has followed, which it does within a moment."""
        end = time.monotonic() + 10
        while True:
            try:
                compare_boards(self.world, self.slug, model.Attempt.kept(self.world, self.slug))
                return
            except AssertionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def concerned(self, keys):
        return [sheet for sheet in self.sheets
                if sheet.score(self.bank, keys) != sheet.score(self.bank, {})]


@pytest.fixture
def game(world):
    """A campaign of its own for a test."""
    made = Game(world, f"small-{len(world.clients)}")
    return made.play()


def test_a_corrected_key_changes_every_score_rank_and_sum(world):
    game = Game(world).play()
    game.check()
    before = {int(row["person"]): (row["rank"], row["score"]) for row in
              game.organizer.pages(f"/v1/organizer/campaigns/{game.slug}/people", limit=1000)}
    number = game.mend("single", "judge")
    done = game.wait(number)

    concerned = game.concerned(game.keys)
    had = [sheet for sheet in game.sheets if sheet.ids(game.bank) & set(game.keys)]
    assert len(had) >= len(concerned) > 5
    assert done["progress"] == {"seen": len(game.sheets), "of_about": len(game.sheets),
                                "affected": len(had), "applied": done["progress"]["changed"],
                                "changed": done["progress"]["changed"]}
    # a paper with both may be marked otherwise and come to the same
    assert len(concerned) <= done["progress"]["changed"] <= len(had)
    game.check()
    game.check_boards()

    now = {int(row["person"]): (row["rank"], row["score"]) for row in
           game.organizer.pages(f"/v1/organizer/campaigns/{game.slug}/people", limit=1000)}
    moved = game.organizer.pages(f"{game.path}/{number}/people", limit=7)
    assert {sheet.key[0] for sheet in concerned} <= {int(row["person"]) for row in moved}
    assert sum(row["attempts"] for row in moved) == done["progress"]["changed"]
    for row in moved:
        assert (row["before"]["rank"], row["before"]["score"]) == before[int(row["person"])]
        assert (row["now"]["rank"], row["now"]["score"]) == now[int(row["person"])]
    whole = game.organizer.get(f"{game.path}/{number}/people", format="csv")
    assert whole.headers["Content-Disposition"].endswith('-correction-1.csv"')
    lines = whole.ok().lstrip("\ufeff").split("\r\n")[1:-1]
    assert [line.split(",")[0] for line in lines] == [row["person"] for row in moved]
    assert [line.split(",")[-1] for line in lines] == [str(row["now"]["rank"]) for row in moved]


def test_the_person_sees_the_corrected_key_and_the_new_score(game):
    sheet = next(one for one in game.sheets if game.wrong["judge"]["id"] in one.ids(game.bank))
    player = Person(game.world.server, sheet.player.union, sheet.player.staff_number,
                    sheet.player.name).sign_in()
    path = f"/v1/campaigns/{game.slug}/attempts/{sheet.attempt['ordinal']}"
    stem = game.wrong["judge"]["stem"]
    shown = {one["stem"]: one for one in player.get(path).ok()["questions"]}[stem]
    first = game.first[game.wrong["judge"]["id"]]
    assert shown["revision"] == first
    game.wait(game.mend("judge"))

    repeat = player.post(f"{path}/submission", {"ticket": sheet.attempt["ticket"],
                                                "answers": list(sheet.answers.values())}).ok()
    for result in (player.get(path).ok(), repeat):
        again = {one["stem"]: one for one in result["questions"]}[stem]
        assert again["revision"] == first + 1
        assert again["key"] != shown["key"] and again["answer"] == shown["answer"]
        assert again["right"] != shown["right"]
        score, n_right = sheet.score(game.bank, game.keys)
        assert (round(result["score"] * 100), result["right"]) == (score, n_right)
        assert sum(one["earned"] for one in result["questions"]) == result["score"]


def test_the_feed_tells_what_was_scored_again(game):
    def events(after=None):
        items = []
        while True:
            page = game.organizer.get("/v1/results", limit=1000,
                                      **({"after": after} if after else {})).ok()
            items, after = items + page["items"], page["next"]
            if not page["items"]:
                return items, after
    _, mark = events()
    done = game.wait(game.mend("multiple", "blank"))
    items, _ = events(mark)
    assert done["progress"]["changed"] == len(items) > 0
    assert {item["kind"] for item in items} == {"rescored"}
    sheets = {sheet.key: sheet for sheet in game.sheets}
    for item in items:
        sheet = sheets[int(item["person"]), item["ordinal"]]
        assert round(item["score"] * 100) == sheet.score(game.bank, game.keys)[0]
        assert round(item["score_before"] * 100) == sheet.score(game.bank, {})[0]
        best = max(other.score(game.bank, game.keys)[0] for other in game.sheets
                   if other.key[0] == sheet.key[0])
        assert round(item["overall"]["score"] * 100) == best


def test_done_twice_it_changes_nothing(game):
    number = game.mend("judge")
    game.wait(number)
    before = game.world.checksums()
    again = game.correct(game.wrong["judge"]["id"]).ok(200)
    assert again["correction"]["number"] == number and again["correction"]["state"] == "done"
    game.save(game.mended[game.wrong["judge"]["id"]], 200)
    assert game.world.checksums() == before


def test_a_second_correction_of_the_same_question_holds(game):
    first = game.mend("judge", "single")
    # while the first may still be under way: back to what it was
    wrong = game.wrong["judge"]
    newest = game.save(wrong)["revision"]
    assert newest == game.first[wrong["id"]] + 2
    second = game.correct(wrong["id"], game.wrong["single"]["id"]).ok(202)["correction"]
    assert second["number"] == first + 1
    assert second["questions"] == [{"id": wrong["id"], "revision": newest}]  # the other is in force
    del game.keys[wrong["id"]]
    game.wait(second["number"])
    assert game.state(first)["state"] == "done"
    game.check()
    game.check_boards()
    assert [one["number"] for one in game.organizer.pages(game.path, limit=1)] == [2, 1]


@pytest.mark.parametrize("counts", ["sum", "first", "last", "sum_of_daily_best"])
def test_every_way_of_counting_follows(world, counts):
    game = Game(world, f"counts-{counts.replace('_', '-')}", counts=counts).play(20)
    game.wait(game.mend("single", "judge", "blank", "multiple"))
    assert game.concerned(game.keys)
    game.check()
    items = game.organizer.pages(f"/v1/organizer/campaigns/{game.slug}/people", limit=1000)
    figures = model.standings(model.Attempt.kept(world, game.slug), counts)["overall"]
    assert [(row["rank"], int(row["person"])) for row in items] == \
        [(rank, person) for rank, person, _ in model.board(figures)]


def test_voided_attempts_stay_voided_and_are_scored_again(game):
    wrong = game.wrong["judge"]["id"]
    sheet = next(one for one in game.sheets if wrong in one.ids(game.bank)
                 and one.score(game.bank, game.mended) != one.score(game.bank, {}))
    game.organizer.post(f"/v1/organizer/campaigns/{game.slug}/people/{sheet.player.id}/attempts/"
                        f"{sheet.attempt['ordinal']}/void", {"reason": "测试"}).ok()
    game.wait(game.mend("judge"))
    game.check()
    state, counted, corrections = game.world.sql(
        "select state, is_counted, corrections from attempt a join campaign c on c.id = campaign "
        "where slug = %s and person = %s and ordinal = %s", game.slug, *sheet.key)[0]
    assert (state, counted, corrections) == (3, False, 1)
    assert game.world.sql("select count(*) from feed f join campaign c on c.id = f.campaign where "
                          "slug = %s and kind = 5 and person = %s and ordinal = %s",
                          game.slug, *sheet.key) == [(0,)]


def test_an_attempt_that_is_open_is_scored_by_the_new_key(game):
    wrong = game.wrong["judge"]
    player = game.world.player(game.slug)
    while True:
        attempt = player.start(game.slug)
        sheet = Sheet(player, attempt, game.bank.answers(attempt))
        game.sheets.append(sheet)
        if wrong["id"] in sheet.ids(game.bank):
            break
        player.hand_in(attempt, list(sheet.answers.values())).ok()
    number = game.mend("judge")
    result = player.hand_in(attempt, list(sheet.answers.values())).ok()
    assert result["right"] == campaigns.N_QUESTIONS - 1
    game.wait(number)
    game.check()


def test_what_was_saved_of_an_attempt_that_runs_out_is_scored_by_the_new_key(world, later):
    game = Game(world, "running-out")
    wrong, player = game.wrong["judge"], world.player("running-out")
    while True:
        attempt = player.start(game.slug)
        sheet = Sheet(player, attempt, game.bank.answers(attempt))
        game.sheets.append(sheet)
        if wrong["id"] in sheet.ids(game.bank):
            break
        player.hand_in(attempt, list(sheet.answers.values())).ok()
    player.save(attempt, list(sheet.answers.values())).ok()
    game.wait(game.mend("judge"))
    later(700)
    wait_until(lambda: len(game.kept()) == len(game.sheets), 20, "it is not closed")
    game.check()


def test_a_campaign_saved_again_pins_the_newest_revisions(game):
    """Attempts are scored by what they were drawn with, unless that is corrected."""
    wrong, player = game.wrong["judge"], game.world.player(game.slug)
    game.save(game.mended[wrong["id"]])
    old, new = None, None
    while not old:
        attempt = player.start(game.slug)
        answers = game.bank.answers(attempt)
        result = player.hand_in(attempt, answers).ok()
        game.sheets.append(Sheet(player, attempt, answers))
        if wrong["id"] in game.sheets[-1].ids(game.bank):
            old = result
    assert old["right"] == campaigns.N_QUESTIONS  # the new revision decides nothing yet
    game.save_campaign({**rules(game.slug), "title": "再存一次"})
    wait_until(lambda: game.organizer.get(f"/v1/campaigns/{game.slug}").ok()["title"] == "再存一次")
    sheets = []
    while not new:
        attempt = player.start(game.slug)
        answers = game.bank.answers(attempt)
        result = player.hand_in(attempt, answers).ok()
        sheets.append(Sheet(player, attempt, answers))
        if wrong["id"] in sheets[-1].ids(game.bank):
            new = result
    assert new["right"] == campaigns.N_QUESTIONS - 1
    keys = {wrong["id"]: game.mended[wrong["id"]]}
    assert game.kept() == {**game.expected(),
                           **{one.key: one.score(game.bank, keys) for one in sheets}}
    # and now for the old ones too; the new ones are not touched
    number = game.correct(wrong["id"]).ok(202)["correction"]["number"]
    game.keys = keys
    game.sheets += sheets
    done = game.wait(number)
    assert done["progress"]["affected"] == \
        len([one for one in game.sheets if wrong["id"] in one.ids(game.bank)]) - 1
    game.check()


def test_a_correction_does_not_hold_against_a_newer_revision_that_is_pinned(game):
    wrong = game.wrong["judge"]
    game.wait(game.mend("judge"))
    game.save(wrong)  # its old key again, but only for attempts from now on
    game.save_campaign({**rules(game.slug), "title": "又存一次"})
    wait_until(lambda: game.organizer.get(f"/v1/campaigns/{game.slug}").ok()["title"] == "又存一次")
    player, scores = game.world.player(game.slug), {}
    for _ in range(12):
        attempt = player.start(game.slug)
        answers = game.bank.answers(attempt)
        sheet = Sheet(player, attempt, answers)
        result = player.hand_in(attempt, answers).ok()
        scores[sheet.key] = (round(result["score"] * 100), result["right"])
        assert scores[sheet.key] == sheet.score(game.bank, {}) == (10000, campaigns.N_QUESTIONS)
    assert game.kept() == {**game.expected(), **scores}
    game.world.verify()


def test_an_operator_corrects_from_the_command_line(game):
    run, wrong = game.world.program.run, game.wrong["judge"]["id"]
    run("correct", game.slug, wrong, "--reason", "没有改过")  # nothing to correct, and well
    assert game.organizer.pages(game.path) == []
    game.save(game.mended[wrong])
    assert f"{game.path}/1" in run("correct", game.slug, wrong, "--reason", "答案有误")
    game.keys[wrong] = game.mended[wrong]
    assert game.wait(1)["who"] == "operator"
    game.check()
    for words, status in ((["nowhere", wrong, "--reason", "x"], 1), ([game.slug, wrong], 2),
                          ([game.slug, "notice-999", "--reason", "x"], 1),
                          ([game.slug, "--reason", "x"], 2)):
        run("correct", *words, status=status)
    assert len(game.organizer.pages(game.path)) == 1


# ---- what is refused ----

def test_what_would_change_more_than_a_key_is_refused(game):
    wrong = game.wrong["single"]
    where = {"where": "/questions/0"}
    before = game.world.checksums()
    assert game.correct(wrong["id"]).ok(200)["correction"] is None  # nothing to correct
    assert game.correct("notice-999").problem(409, "correction_refused").items() >= where.items()
    other = next(one["id"] for one in game.bank.by_id.values() if one["topic"] != "notice")
    told = game.correct(wrong["id"], other).problem(409, "correction_refused")
    assert other in told["detail"] and told["where"] == "/questions/1"
    assert game.world.checksums() == before
    for choices in (list(reversed(wrong["choices"])), wrong["choices"][:-1],
                    [wrong["choices"][0] + "！", *wrong["choices"][1:]]):
        game.save({**wrong, "choices": choices, "key": "A"})
        told = game.correct(wrong["id"]).problem(409, "correction_refused")
        assert "选项" in told["detail"] and wrong["id"] in told["detail"]
    judge = {name: value for name, value in wrong.items() if name != "choices"}
    game.save({**judge, "type": "judge", "key": True})
    assert "题型" in game.correct(wrong["id"]).problem(409, "correction_refused")["detail"]
    game.check()
    game.save(wrong)  # for the tests after this: as it was
    assert game.correct(wrong["id"]).ok(202)["correction"]["number"] == 1


@pytest.mark.parametrize("body, code", [
    ({}, "field_missing"), ({"questions": ["notice-001"]}, "field_missing"),
    ({"questions": [], "reason": "x"}, "field_length"),
    ({"questions": ["notice-001"], "reason": ""}, "field_length"),
    ({"questions": [7], "reason": "x"}, "field_type"),
    ({"questions": ["Not A Slug"], "reason": "x"}, "field_type"),
    ({"questions": ["a"] * 101, "reason": "x"}, "field_length"),
    ({"questions": ["a"], "reason": "x", "more": 1}, "field_unknown"),
])
def test_a_wrong_request_is_told_so(world, organizer, body, code):
    organizer.post("/v1/organizer/campaigns/open/corrections", body).problem(400, code)


def test_what_is_not_there(world, organizer):
    path = "/v1/organizer/campaigns/open/corrections"
    organizer.post("/v1/organizer/campaigns/nowhere/corrections",
                   {"questions": ["a"], "reason": "x"}).problem(404, "campaign_unknown")
    organizer.get("/v1/organizer/campaigns/nowhere/corrections").problem(404, "campaign_unknown")
    assert organizer.get(path).ok() == {"items": [], "next": None}
    for number in ("1", "0", "x", "99999999"):
        organizer.get(f"{path}/{number}").problem(404, "correction_unknown")
        organizer.get(f"{path}/{number}/people").problem(404, "correction_unknown")
        organizer.get(f"{path}/{number}/people", format="csv").problem(404, "correction_unknown")
    organizer.get(path, cursor="x").problem(400, "cursor_bad")
    organizer.get("/v1/organizer/questions/notice-999").problem(404, "question_not_found")


def test_a_question_is_checked_before_it_is_saved(world, organizer):
    question = copy.deepcopy(next(iter(world.bank.by_id.values())))
    path = f"/v1/organizer/questions/{question['id']}"
    before = world.checksums()
    assert organizer.put(path, {**question, "difficulty": 9}).problem(
        400, "question_bad")["where"] == "/difficulty"
    organizer.put(path, {**question, "key": "Z"}).problem(400, "question_bad")
    assert organizer.put("/v1/organizer/questions/another", question).problem(
        400, "question_bad")["where"] == "/id"
    assert organizer.put(path, question).ok(200)["revision"] >= 1
    assert world.checksums() == before
    fresh = {**question, "id": "fresh-001"}
    assert organizer.put("/v1/organizer/questions/fresh-001", fresh).ok(201)["revision"] == 1
    fresh["explanation"] += "再说一遍。"
    assert organizer.put("/v1/organizer/questions/fresh-001", fresh).ok(201)["revision"] == 2
    told = organizer.get("/v1/organizer/questions/fresh-001").ok()
    assert [one["revision"] for one in told["revisions"]] == [2, 1]
    assert told["revisions"][0]["question"] == fresh


def test_only_a_key_for_everything_may_correct(world, anybody):
    world.organizer()
    key = world.program.run("token", "--organizer", "--label", "西宁").strip().split()[-1]
    world.sql("update api_key set union_id = (select id from org_union where code = '630100') "
              "where label = '西宁'")
    xining, person = world.anybody(), world.person()
    xining.token = key
    path, question = "/v1/organizer/campaigns/open/corrections", "/v1/organizer/questions/notice-001"
    body = {"questions": ["notice-001"], "reason": "x"}
    for client, status, code in ((xining, 403, "forbidden"), (person, 403, "forbidden"),
                                 (anybody, 401, "sign_in_required")):
        client.post(path, body).problem(status, code)
        client.put(question, world.bank.by_id["notice-001"]).problem(status, code)
        for address in (path, f"{path}/1", f"{path}/1/people", question):
            client.get(address).problem(status, code)


# ---- while things happen ----

SLOW = """
create function slow() returns trigger language plpgsql as $$
begin perform pg_sleep(0.4); return new; end $$;
create trigger slow before update on correction_cursor for each row execute function slow()"""


@pytest.fixture
def own_world(worlds):
    """A world for a test that kills servers or wants several."""
    made = worlds.make()
    yield made
    made.close()
    worlds.cluster.drop(made.database)


def test_killed_in_either_pass_it_goes_on_where_it_was(own_world):
    world = own_world
    game = Game(world).play(60, most=5)  # so that both passes take some batches
    world.sql(SLOW)
    number = game.mend("single", "judge", "blank", "multiple")

    def cursor():
        return world.sql("select pass, n_seen, n_changed, n_applied from correction_cursor")[0]
    wait_until(lambda: cursor()[0] == 1 and cursor()[1] > 0, 20, "counting does not begin")
    world.server.kill()
    at = cursor()
    assert at[0] == 1 and 0 < at[1] < len(game.sheets)
    world.server.start()
    wait_until(lambda: cursor()[0] == 2 and cursor()[3] > 0, 30, cursor)
    world.server.kill()
    at = cursor()
    assert at[0] == 2 and 0 < at[3] < at[2]
    half = game.kept()
    assert half != game.expected()
    world.verify()  # true at every moment
    world.server.start()
    done = game.wait(number)
    assert done["progress"]["seen"] == len(game.sheets)
    assert done["progress"]["applied"] == done["progress"]["changed"]
    game.check()
    game.check_boards()
    rescored = world.sql("select count(*), count(distinct (person, ordinal)) from feed "
                         "where kind = 5")[0]
    assert rescored == (done["progress"]["changed"],) * 2


def test_stopped_in_the_middle_it_ends_well_and_goes_on(own_world):
    world = own_world
    game = Game(world).play(60, most=3)
    world.sql(SLOW)
    number = game.mend("single", "judge")
    for _ in range(2):
        wait_until(lambda: world.sql("select count(*) from pg_stat_activity where query ~ "
                                     "'(count_corrected|rescore_attempts)' and wait_event = "
                                     "'PgSleep'")[0][0], 20)
        assert world.server.stop() == 0
        world.server.start()
    game.wait(number)
    game.check()


@pytest.mark.parametrize("workers", [1, 2])
def test_whoever_hands_in_meanwhile_is_scored_right(own_world, workers):
    world = own_world
    world.serve(workers=workers)
    game = Game(world).play(60, most=6)
    world.sql(SLOW.replace("0.4", "0.05"))
    is_over = threading.Event()
    news, repeated, failures = [], [], []

    def go_on(seed):
        chance = random.Random(seed)
        try:
            person = Person(world.server, *people[seed]).sign_in()
            person.choose(game.slug).ok(201)
            while not is_over.is_set():
                attempt = person.start(game.slug)
                answers = answer_by_chance(game.bank, attempt, chance, game.mended)
                reply = person.hand_in(attempt, answers)
                while reply.status == 503 and int(reply.headers["Retry-After"]) == 1:
                    repeated.append(reply)  # keys were corrected faster than they were read
                    reply = person.hand_in(attempt, answers)
                result = reply.ok()
                news.append((Sheet(person, attempt, answers), result))
        except Exception as failure:  # told by the test, not by the thread
            failures.append(failure)
    people = [world.people.pop(0) for _ in range(8)]
    threads = [threading.Thread(target=go_on, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(news) > 40 or failures)
    numbers = [game.mend("single", "judge"), game.mend("blank"), game.mend("multiple")]
    n_before = len(news)
    for number in numbers:
        game.wait(number)
    wait_until(lambda: len(news) > n_before + 40 or failures)
    is_over.set()
    for thread in threads:
        thread.join()
    assert not failures, failures
    assert len(repeated) <= 8
    game.sheets += [sheet for sheet, _ in news]
    for sheet, result in news[n_before + 8:]:  # told at once by the new keys
        assert (round(result["score"] * 100), result["right"]) == \
            sheet.score(game.bank, game.keys)
    game.check()
    game.check_boards()


def test_two_machines_share_the_work_without_harm(own_world):
    world = own_world
    # before anybody is there: people spread over three buckets
    world.sql("update setting set buckets = 3; "
              "insert into feed_head select b, 0 from generate_series(1, 2) b")
    other = world.serve() and world.serve()
    game = Game(world).play(60, most=9)
    world.sql(SLOW.replace("0.4", "0.02"))
    number = game.mend("single", "judge", "blank", "multiple")
    done = game.wait(number)
    assert done["progress"]["seen"] == len(game.sheets)
    assert world.sql("select count(distinct bucket) from correction_change") == [(3,)]
    moved = game.organizer.pages(f"{game.path}/{number}/people", limit=4)
    assert sorted(int(row["person"]) for row in moved) == [person for person, in world.sql(
        "select distinct person from correction_change order by 1")]
    game.check()
    game.check_boards()
    wait_until(lambda: game.organizer.get(f"/v1/organizer/campaigns/{game.slug}/people").body
               == world.organizer(other).get(f"/v1/organizer/campaigns/{game.slug}/people").body)
    # the one that worked goes away in the middle: the other takes over
    game.save({**game.mended[game.wrong["judge"]["id"]], "key": game.wrong["judge"]["key"]})
    world.sql("alter table correction_cursor disable trigger slow")
    number = game.correct(game.wrong["judge"]["id"]).ok(202)["correction"]["number"]
    world.server.kill()
    game.organizer = world.organizer(other)
    del game.keys[game.wrong["judge"]["id"]]
    game.wait(number)
    game.check()

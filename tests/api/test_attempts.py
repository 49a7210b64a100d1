"""Starting, saving, handing in, reading back."""
import collections
from concurrent.futures import ThreadPoolExecutor

import pytest

import campaigns
from client import path_of
from moments import ms_between, ms_of
from server import wait_until


def stems(attempt):
    return [question["stem"] for question in attempt["questions"]]


def shown(attempt):
    """An open attempt without the time of the reply."""
    return {name: value for name, value in attempt.items() if name not in ("now", "saved")}


# ---- starting

def test_starting_gives_a_paper_as_the_rules_say(player):
    attempt = player.start("open")
    assert (attempt["ordinal"], attempt["state"], attempt["saved"]) == (1, "open", None)
    assert (attempt["limit_seconds"], attempt["grace_seconds"]) == (600, 5)
    assert ms_between(attempt["started_at"], attempt["deadline_at"]) == 600_000
    assert attempt["now"] == attempt["started_at"]
    questions = attempt["questions"]
    assert [question["number"] for question in questions] == list(range(1, 9))
    wanted = [section["type"] for section in campaigns.SECTIONS for _ in range(section["count"])]
    assert [question["type"] for question in questions] == wanted
    assert [question["points"] for question in questions] == campaigns.POINTS
    assert len(set(stems(attempt))) == 8


def test_a_paper_shows_the_choices_of_the_bank(world, player):
    for question in player.start("open")["questions"]:
        source = world.bank.by_stem[question["stem"]]
        if question["type"] == "blank":
            assert "choices" not in question
            continue
        assert [one["label"] for one in question["choices"]] == \
            list("ABCDEFGH"[:len(question["choices"])])
        texts = [one["text"] for one in question["choices"]]
        if question["type"] == "judge":
            assert texts == ["正确", "错误"]
        else:
            assert sorted(texts) == sorted(source["choices"])


def test_starting_again_gives_the_same_open_attempt(player):
    attempt = player.start("open")
    again = player.post("/v1/campaigns/open/attempts", {}).ok(200)
    assert shown(again) == shown(attempt)
    read = player.get(path_of(attempt)).ok()
    assert shown(read) == shown(attempt)


def test_starting_at_once_from_many_connections_makes_one_attempt(world, player):
    copies = [player.at(world.server) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda one: one.post("/v1/campaigns/open/attempts"), copies))
    assert sorted(reply.status for reply in replies) == [200] * 7 + [201]
    assert len({str(shown(reply.body)) for reply in replies}) == 1


def test_another_device_goes_on_where_the_person_was(world, player):
    attempt = player.start("open")
    answers = world.bank.answers(attempt, 3)[:4]
    player.save(attempt, answers).ok()
    device = player.at(world.server).sign_in()
    again = device.post("/v1/campaigns/open/attempts").ok(200)
    assert again["saved"]["answers"] == answers and again["saved"]["version"] == 1
    assert shown(again) == shown(attempt)
    read = device.get(path_of(attempt)).ok()
    assert read["saved"] == again["saved"]


def test_attempts_are_counted_from_one(player):
    for ordinal in (1, 2, 3):
        attempt = player.start("open")
        assert attempt["ordinal"] == ordinal
        player.hand_in(attempt, []).ok()


def test_the_same_paper_for_everybody_when_the_rules_say_so(world):
    first, second = (world.player("same-paper").start("same-paper") for _ in range(2))
    assert first["questions"] == second["questions"]


def test_papers_differ_between_people_and_attempts(world):
    people = [world.player("open") for _ in range(4)]
    papers = [player.start("open") for player in people]
    assert len({tuple(stems(paper)) for paper in papers}) == 4
    people[0].hand_in(papers[0], []).ok()
    assert stems(people[0].start("open")) != stems(papers[0])


def groups(question):
    return set(question.get("conflicts", []))


def asked(world, player, campaign):
    """The questions of the player's next paper as the bank has them; it is handed in empty."""
    attempt = player.start(campaign)
    player.hand_in(attempt, []).ok()
    return [world.bank.by_stem[stem] for stem in stems(attempt)]


def test_fresh_papers_repeat_no_question_before_the_pool_is_used_up(world):
    player = world.player("fresh-paper")
    n_of_type = collections.Counter(question["type"] for question in world.bank.by_id.values())
    rounds = min(n_of_type[section["type"]] // section["count"]
                 for section in campaigns.SECTIONS)
    papers = [asked(world, player, "fresh-paper") for _ in range(rounds + 2)]
    for section in campaigns.SECTIONS:
        left = {question["id"]: question for question in world.bank.by_id.values()
                if question["type"] == section["type"]}
        for number, paper in enumerate(papers):
            fresh = [left.pop(question["id"], None) for question in paper
                     if question["type"] == section["type"]]
            if None in fresh:  # used up, but for what conflicts with this paper
                taken = set().union(*map(groups, paper))
                assert all(groups(question) & taken for question in left.values())
                break
        assert number >= rounds - 3


def test_no_paper_has_two_questions_of_one_conflict_group(world):
    player = world.player("fresh-paper")
    for _ in range(20):
        paper = asked(world, player, "fresh-paper")
        named = [group for question in paper for group in groups(question)]
        assert len(set(named)) == len(named)


def test_choices_keep_the_order_of_the_bank_when_not_shuffled(world):
    attempt = world.player("plain-order").start("plain-order")
    for question in attempt["questions"]:
        source = world.bank.by_stem[question["stem"]]
        if "choices" in source:
            assert [one["text"] for one in question["choices"]] == source["choices"]


def test_a_body_that_is_not_an_empty_object_is_refused(player):
    player.post("/v1/campaigns/open/attempts", {"seed": 1}).problem(400, "field_unknown")
    player.get("/v1/campaigns/open/attempts/1").problem(404, "attempt_unknown")


# ---- window and quota

def test_before_the_window_nobody_starts(world):
    player = world.player("upcoming")
    problem = player.post("/v1/campaigns/upcoming/attempts").problem(409, "campaign_not_open")
    assert "2098-01-01" in problem["detail"]


def test_after_the_window_nobody_starts_and_an_open_attempt_ends_with_it(world, later):
    # a window that closes is had by a clock that is ahead: 2099 begins in so many seconds
    player = world.player("open")
    player.play("open", 3)
    ahead = (ms_of(campaigns.FAR_AWAY) - ms_of(player.start("open")["now"])) // 1000
    player.hand_in(player.get("/v1/campaigns/open/attempts/2").ok(), []).ok()
    nearly = player.at(later(ahead - 120)).sign_in()
    attempt = nearly.start("open")
    assert attempt["deadline_at"] == campaigns.FAR_AWAY
    assert ms_between(attempt["started_at"], attempt["deadline_at"]) < 121_000
    after = player.at(later(ahead + 60)).sign_in()
    reply = after.hand_in(attempt, world.bank.answers(attempt))
    assert reply.problem(409, "hand_in_late")["attempt"]["state"] == "expired"
    problem = after.post("/v1/campaigns/open/attempts").problem(409, "campaign_closed")
    assert "2099-01-01" in problem["detail"]
    assert after.get("/v1/campaigns/open").ok()["status"] == "closed"
    assert after.get("/v1/campaigns/open/boards/people").ok()["of"] > 0


def test_the_quota_of_a_day_ends_and_begins_again(world, later):
    player = world.player("two-a-day")
    for left in (1, 0):
        player.play("two-a-day", 2)
        assert player.get("/v1/campaigns/two-a-day/participation").ok()["left_today"] == left
    problem = player.post("/v1/campaigns/two-a-day/attempts").problem(409, "quota_day")
    assert "2" in problem["detail"]
    tomorrow = player.at(later(86400)).sign_in()
    assert tomorrow.get("/v1/campaigns/two-a-day/participation").ok()["left_today"] == 2
    tomorrow.play("two-a-day", 2)
    assert tomorrow.get("/v1/campaigns/two-a-day/participation").ok()["left_today"] == 1


def test_the_quota_of_a_campaign_ends(world, later):
    player = world.player("three-in-all")
    for left in (2, 1, 0):
        player.play("three-in-all", 2)
        assert player.get("/v1/campaigns/three-in-all/participation").ok()["left_total"] == left
    player.post("/v1/campaigns/three-in-all/attempts").problem(409, "quota_total")
    tomorrow = player.at(later(86400)).sign_in()
    tomorrow.post("/v1/campaigns/three-in-all/attempts").problem(409, "quota_total")


def test_an_attempt_that_was_started_counts_against_the_quota_though_nothing_came(world, later):
    player = world.player("three-in-all")
    player.start("three-in-all")
    there = player.at(later(700))
    assert there.start("three-in-all")["ordinal"] == 2
    assert there.get("/v1/campaigns/three-in-all/participation").ok()["left_total"] == 1


# ---- saving

def test_the_newest_draft_wins(world, player):
    attempt = player.start("open")
    one, two, three = (world.bank.answers(attempt, n) for n in (1, 2, 3))
    assert player.save(attempt, two, 2).ok()["is_newest"] is True
    late = player.save(attempt, one, 1).ok()
    assert (late["is_newest"], late["version"]) == (False, 2)
    same = player.save(attempt, three, 2).ok()
    assert (same["is_newest"], same["version"]) == (False, 2)
    assert player.get(path_of(attempt)).ok()["saved"]["answers"] == two
    assert player.save(attempt, three, 10).ok()["version"] == 10
    assert player.get(path_of(attempt)).ok()["saved"]["answers"] == three


def test_a_draft_without_version_always_replaces(world, player):
    attempt = player.start("open")
    for n in (1, 2, 3):
        answers = world.bank.answers(attempt, n)
        reply = player.save(attempt, answers).ok()
        assert (reply["version"], reply["is_newest"]) == (n, True)
        assert player.get(path_of(attempt)).ok()["saved"]["answers"] == answers


def test_an_empty_draft_takes_the_answers_back(world, player):
    attempt = player.start("open")
    player.save(attempt, world.bank.answers(attempt)).ok()
    player.save(attempt, [{"number": 1, "choices": []}]).ok()
    assert player.get(path_of(attempt)).ok()["saved"]["answers"] == []


def test_saving_again_the_same_is_harmless(world, player):
    attempt = player.start("open")
    answers = world.bank.answers(attempt, 3)
    first = player.save(attempt, answers, 5).ok()
    again = player.save(attempt, answers, 5).ok()
    assert again["version"] == first["version"] and again["saved_at"] == first["saved_at"]


def test_after_handing_in_nothing_is_saved(world, player):
    attempt = player.start("open")
    player.hand_in(attempt, []).ok()
    player.save(attempt, world.bank.answers(attempt)).problem(409, "attempt_not_open")


def test_a_draft_of_an_earlier_attempt_is_not_the_next_ones(world, player):
    attempt = player.start("open")
    player.save(attempt, world.bank.answers(attempt), 7).ok()
    player.hand_in(attempt, []).ok()
    second = player.start("open")
    assert second["saved"] is None
    assert player.save(second, [], 1).ok()["is_newest"] is True


# ---- handing in

def test_what_a_client_tells_of_its_times_and_device_is_kept_and_changes_nothing(world, player):
    kept = []
    for _ in range(2):
        attempt = player.start("open")
        result = player.hand_in(attempt, world.bank.answers(attempt, 5), device="a phone of mine",
                                spent_ms=[0, 99, 100, 1250, 6553500, 86400000, 1, 299]).ok()
        assert result["score"] == sum(campaigns.POINTS[:5])
        kept += world.sql("select spent, device from attempt where person = %s and ordinal = %s",
                          player.id, attempt["ordinal"])
    spent, device = kept[0]
    assert [int.from_bytes(bytes(spent[i:i + 2]), "big") for i in range(0, 16, 2)] == \
        [0, 0, 1, 12, 65535, 65535, 0, 2]
    assert device and kept[1][1] == device


def test_handing_in_scores_and_explains(world, player):
    attempt = player.start("open")
    answers = world.bank.answers(attempt, 5)
    result = player.hand_in(attempt, answers, claimed_ms=1234).ok()
    assert (result["state"], result["is_counted"]) == ("handed_in", True)
    assert (result["score"], result["right"]) == (sum(campaigns.POINTS[:5]), 5)
    assert (result["full_points"], result["questions_total"]) == (100, 8)
    assert result["duration_ms"] == ms_between(result["started_at"], result["finished_at"])
    for question, answer, marked in zip(attempt["questions"], answers, result["questions"]):
        source = world.bank.by_stem[question["stem"]]
        assert {name: marked[name] for name in question} == question
        assert marked["question"] == source["id"] and marked["revision"] == 1
        assert {"number": marked["number"], **marked["answer"]} == answer
        assert {"number": marked["number"], **marked["key"]} == world.bank.right(question)
        assert marked["right"] == (question["number"] <= 5)
        assert marked["earned"] == (question["points"] if marked["right"] else 0)
        assert marked["explanation"] == source["explanation"]
        assert marked["source"] == {name: source["source"][name]
                                    for name in ("document", "locator")}


def test_what_is_not_answered_earns_nothing(world, player):
    attempt = player.start("open")
    answers = [one for one in world.bank.answers(attempt) if one["number"] in (1, 8)]
    result = player.hand_in(attempt, answers).ok()
    assert (result["score"], result["right"]) == (30, 2)
    assert [marked["answer"] is None for marked in result["questions"]] == \
        [False] + [True] * 6 + [False]


def test_an_empty_answer_is_no_answer(world, player):
    attempt = player.start("open")
    answers = [{"number": 1, "choices": []}, {"number": 8, "text": "  "}]
    result = player.hand_in(attempt, answers).ok()
    assert (result["score"], result["right"]) == (0, 0)
    assert all(marked["answer"] is None for marked in result["questions"])


def test_the_order_of_answers_and_labels_does_not_matter(world, player):
    attempt = player.start("open")
    answers = world.bank.answers(attempt)
    for answer in answers:
        if "choices" in answer:
            answer["choices"] = answer["choices"][::-1]
    result = player.hand_in(attempt, answers[::-1]).ok()
    assert result["score"] == 100


@pytest.mark.parametrize("change", [
    lambda text: f"  {text} ", lambda text: f"\u3000{text}\u3000",
    lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)],
    ids=["spaces", "wide spaces", "full width"])
def test_a_blank_is_right_whatever_its_width_and_spaces(world, player, change):
    attempt = player.start("open")
    answers = world.bank.answers(attempt)
    answers[7]["text"] = change(answers[7]["text"])
    assert player.hand_in(attempt, answers).ok()["score"] == 100


def test_every_accepted_variant_of_a_blank_is_right(world):
    player = world.player("open")
    attempt = player.start("open")
    variants = world.bank.by_stem[attempt["questions"][7]["stem"]]["key"]
    answers = world.bank.answers(attempt)
    answers[7]["text"] = variants[-1]
    result = player.hand_in(attempt, answers).ok()
    assert result["score"] == 100
    assert result["questions"][7]["key"] == {"text": variants[0]}


def test_a_share_of_a_multiple_question_is_earned_where_nothing_is_wrong(world):
    player = world.player("partial")
    attempt = player.start("partial")
    answers, expected = [], 0
    for number, question in enumerate(attempt["questions"], 1):
        right = world.bank.right(question)["choices"]
        if number == 1:
            answers.append({"number": 1, "choices": right})
            expected += 1000
        elif number == 2:
            answers.append({"number": 2, "choices": right[:1]})
            expected += 1000 // len(right)
        elif number == 3:
            wrong = world.bank.wrong(question)["choices"]
            answers.append({"number": 3, "choices": right + wrong})
    result = player.hand_in(attempt, answers).ok()
    assert result["score"] == expected / 100 and result["right"] == 1
    assert [marked["earned"] for marked in result["questions"]] == \
        [10, expected / 100 - 10, 0, 0]


def test_a_multiple_question_is_all_or_nothing_otherwise(world, player):
    attempt = player.start("open")
    answers = world.bank.answers(attempt)
    answers[3]["choices"] = answers[3]["choices"][:-1]
    assert player.hand_in(attempt, answers).ok()["score"] == 85


def test_the_same_hand_in_again_gets_the_stored_result(world, player):
    attempt = player.start("open")
    answers = world.bank.answers(attempt, 6)
    first = player.hand_in(attempt, answers, claimed_ms=10).ok()
    before = world.checksums()
    again = player.hand_in(attempt, answers, claimed_ms=99).ok()
    assert again == first
    # the same answers said in another order, with empty ones, are the same
    reordered = answers[::-1]
    reordered[0] = {**reordered[0], **({"choices": reordered[0]["choices"][::-1]}
                                       if "choices" in reordered[0] else {})}
    assert player.hand_in(attempt, reordered).ok() == first
    assert world.checksums() == before


def test_other_answers_afterwards_are_refused_and_change_nothing(world, player):
    attempt = player.start("open")
    player.hand_in(attempt, world.bank.answers(attempt, 2)).ok()
    before = world.checksums()
    player.hand_in(attempt, world.bank.answers(attempt)).problem(409, "already_handed_in")
    player.hand_in(attempt, []).problem(409, "already_handed_in")
    assert world.checksums() == before
    assert player.get(path_of(attempt)).ok()["right"] == 2


def test_handing_in_the_same_at_once_from_many_connections_counts_once(world, player):
    attempt = player.start("open")
    answers = world.bank.answers(attempt, 4)
    copies = [player.at(world.server) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda one: one.hand_in(attempt, answers), copies))
    assert {reply.status for reply in replies} == {200}
    stored = [{**reply.body, "standing": None} for reply in replies]
    assert stored.count(stored[0]) == 8
    assert player.get("/v1/campaigns/open/participation").ok()["counted"] == 1


def test_different_hand_ins_at_once_leave_one(world, player):
    attempt = player.start("open")
    copies = [player.at(world.server) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(
            lambda i: copies[i].hand_in(attempt, world.bank.answers(attempt, i)), range(8)))
    won = [reply for reply in replies if reply.status == 200]
    assert len(won) == 1
    for reply in replies:
        if reply not in won:
            reply.problem(409, "already_handed_in")
    assert player.get(path_of(attempt)).ok()["right"] == won[0].body["right"]


def test_the_reply_tells_where_one_stands(world):
    player = world.player("sum", "632801")
    result = player.play("sum", 8)
    standing = player.standing("sum")
    assert {name: standing[name] for name in ("overall", "today", "unions")} == \
        result["standing"]
    assert standing["overall"]["score"] == 100
    assert [union["code"] for union in standing["unions"]] == ["630000", "632800", "632801"]


def test_nothing_was_started_so_nothing_is_handed_in(world, player):
    attempt = player.start("open")
    player.post("/v1/campaigns/open/attempts/2/submission",
                {"ticket": attempt["ticket"], "answers": []}).problem(400, "ticket_mismatch")
    for ordinal in ("0", "-1", "x", "1.0", "99999999999999999999"):
        player.post(f"/v1/campaigns/open/attempts/{ordinal}/submission",
                    {"ticket": attempt["ticket"], "answers": []}).problem(404, "attempt_unknown")


# ---- time

def test_a_hand_in_after_the_time_is_late_and_what_was_saved_is_scored(world, later):
    player = world.player("brief")
    attempt = player.start("brief")
    assert ms_between(attempt["started_at"], attempt["deadline_at"]) == 10_000
    saved = world.bank.answers(attempt, 3)
    player.save(attempt, saved).ok()
    there = player.at(later(11))
    answers = world.bank.answers(attempt)
    late = there.hand_in(attempt, answers).problem(409, "hand_in_late")["attempt"]
    assert (late["state"], late["is_counted"], late["right"]) == ("expired", True, 3)
    assert late["score"] == sum(campaigns.POINTS[:3])
    assert late["duration_ms"] == 10_000 and late["finished_at"] == attempt["deadline_at"]
    again = there.hand_in(attempt, answers).problem(409, "hand_in_late")["attempt"]
    assert {**again, "questions": None} == {**late, "questions": None}
    assert there.standing("brief")["overall"]["score"] == late["score"]
    there.save(attempt, answers).problem(409, "attempt_not_open")


def test_a_late_hand_in_with_nothing_saved_does_not_count(world, later):
    player = world.player("brief")
    attempt = player.start("brief")
    there = player.at(later(11))
    late = there.hand_in(attempt, world.bank.answers(attempt)).problem(409, "hand_in_late")
    assert (late["attempt"]["is_counted"], late["attempt"]["score"]) == (False, 0)
    assert there.standing("brief")["overall"] is None
    found = there.get("/v1/campaigns/brief/participation").ok()
    assert (found["started"], found["counted"], found["open_attempt"]) == (1, 0, None)
    world.verify()


def test_saving_after_the_time_is_refused(world, later):
    player = world.player("brief")
    attempt = player.start("brief")
    player.save(attempt, world.bank.answers(attempt, 2)).ok()
    there = player.at(later(11))
    reply = there.save(attempt, world.bank.answers(attempt))
    assert reply.status == 409 and reply.body["code"] in ("save_late", "attempt_not_open")
    late = there.hand_in(attempt, []).problem(409, "hand_in_late")["attempt"]
    assert late["right"] == 2


def test_within_the_grace_a_hand_in_counts_and_its_time_is_the_limit(world, later):
    player = world.player("graceful")
    attempt = player.start("graceful")
    result = player.at(later(30)).hand_in(attempt, world.bank.answers(attempt)).ok()
    assert (result["score"], result["is_counted"]) == (100, True)
    assert result["duration_ms"] == 10_000


def test_what_runs_out_is_closed_by_itself_with_what_was_saved(world, later):
    player = world.player("brief")
    attempt = player.start("brief")
    player.save(attempt, world.bank.answers(attempt, 6)).ok()
    there = player.at(later(11))
    closed = wait_until(lambda: (body := there.get(path_of(attempt)).ok())["state"] != "open"
                        and body, 30)
    assert (closed["state"], closed["is_counted"], closed["right"]) == ("expired", True, 6)
    assert closed["questions"][7]["answer"] == {"text": "答错了"}
    listed = there.get("/v1/campaigns/brief/attempts").ok()["items"]
    assert [(one["ordinal"], one["state"]) for one in listed] == [(1, "expired")]


def test_starting_after_one_ran_out_closes_it_and_starts_the_next(world, later):
    player = world.player("brief")
    attempt = player.start("brief")
    player.save(attempt, world.bank.answers(attempt, 1)).ok()
    there = player.at(later(11))
    second = there.start("brief")
    assert second["ordinal"] == 2 and second["saved"] is None
    assert there.get(path_of(attempt)).ok()["state"] == "expired"


def test_what_the_client_claims_of_time_changes_nothing(world, player):
    attempt = player.start("open")
    result = player.hand_in(attempt, [], claimed_ms=1).ok()
    assert result["duration_ms"] == ms_between(result["started_at"], result["finished_at"])


# ---- tickets

def test_another_persons_ticket_is_not_mine(world, player):
    other = world.player("open")
    theirs = other.start("open")
    mine = player.start("open")
    before = world.checksums()
    for save in (player.save, player.hand_in):
        save({**mine, "ticket": theirs["ticket"]}, []).problem(403, "not_yours")
    assert world.checksums() == before
    player.hand_in(mine, []).ok()
    other.hand_in(theirs, []).ok()


def test_another_persons_attempt_is_not_read(world, player):
    other = world.player("open")
    attempt = other.start("open")
    player.get(path_of(attempt)).problem(404, "attempt_unknown")
    other.hand_in(attempt, []).ok()
    player.get(path_of(attempt)).problem(404, "attempt_unknown")
    assert player.get("/v1/campaigns/open/attempts").ok()["items"] == []


def test_a_ticket_of_another_campaign_or_attempt_does_not_fit(world, player):
    player.choose("best").ok(201)
    first = player.start("open")
    player.hand_in(first, []).ok()
    second, other = player.start("open"), player.start("best")
    for ticket in (first["ticket"], other["ticket"]):
        for save in (player.save, player.hand_in):
            save({**second, "ticket": ticket}, []).problem(400, "ticket_mismatch")
    player.hand_in(second, []).ok()


def altered(ticket):
    yield "empty", ""
    yield "a word", "ticket"
    yield "long", "A" * 200
    yield "shorter", ticket[:-1]
    yield "longer", ticket + "A"
    yield "padded", ticket + "="
    yield "not base64", "*" + ticket[1:]
    yield "Chinese", "票" * 40
    for i in range(0, len(ticket) - 1, 9):
        yield f"letter {i}", ticket[:i] + ("A" if ticket[i] != "A" else "B") + ticket[i + 1:]


def test_a_forged_ticket_is_refused_wherever_it_was_altered(world, player):
    attempt = player.start("open")
    before = world.checksums()
    for name, ticket in altered(attempt["ticket"]):
        for save in (player.save, player.hand_in):
            reply = save({**attempt, "ticket": ticket}, [])
            code = "field_length" if name == "empty" else "ticket_invalid"
            assert (reply.status, reply.body["code"]) == (400, code), f"{name}: {reply}"
    assert world.checksums() == before
    player.hand_in(attempt, []).ok()


# ---- my attempts

def test_my_attempts_are_listed_newest_first_in_pages(world, player):
    results = [player.play("open", n) for n in (1, 2, 3, 4, 5)]
    player.start("open")
    whole = player.get("/v1/campaigns/open/attempts").ok()
    assert [one["ordinal"] for one in whole["items"]] == [5, 4, 3, 2, 1]
    assert whole["next"] is None
    for one, result in zip(whole["items"], results[::-1]):
        assert one == {name: None if name == "questions" else result[name] for name in one}
    assert player.pages("/v1/campaigns/open/attempts", limit=2) == whole["items"]
    assert player.pages("/v1/campaigns/open/attempts", limit=1) == whole["items"]


def test_an_attempt_is_read_back_as_it_was_handed_in(player):
    result = player.play("open", 3)
    read = player.get("/v1/campaigns/open/attempts/1").ok()
    assert read == {name: result[name] for name in read}


@pytest.mark.parametrize("ordinal", ["0", "2", "-1", "x", "1x", "1000001", "9" * 30])
def test_an_attempt_that_is_not_there_is_missing(player, ordinal):
    player.start("open")
    player.get(f"/v1/campaigns/open/attempts/{ordinal}").problem(404, "attempt_unknown")

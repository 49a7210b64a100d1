"""Attempts that look strange are found, and others are not."""
import csv
import io

import pytest

import campaigns
from server import wait_until

PATH = "/v1/organizer/campaigns/{}/suspects"
# Everybody has the same ten questions, so that errors can be in common.
EXAM = campaigns.campaign("exam", boards={"periods": []}, paper={
    "repeat": "same", "sections": [{"type": "single", "count": 10, "points": 10}]})


@pytest.fixture(scope="module")
def world(worlds):
    made = worlds.make()
    worlds.import_campaign(made.program, EXAM)
    yield made
    made.close()
    worlds.cluster.drop(made.database)


def listed(world, client, campaign, kind, **asked):
    wait_until(world.are_counted, 30, "the statistics do not follow")
    return client.pages(PATH.format(campaign), kind=kind, **asked)


def long_ago(world, player, seconds):
    """As if the open attempt had begun so long before."""
    world.sql("update participation set open_started_at = open_started_at - %s where person = %s",
              seconds * 1000, int(player.id))


def hand_in(world, player, campaign, answer, seconds=300, **more):
    """Answers all as `answer(shown)` says."""
    attempt = player.start(campaign)
    long_ago(world, player, seconds)
    return player.hand_in(attempt, [answer(shown) for shown in attempt["questions"]], **more).ok()


def wrong_place(world, shown, nth):
    """The nth of the wrong choices in the order of the bank."""
    question = world.bank.by_stem[shown["stem"]]
    right = world.bank.right_texts(question)
    wrong = [text for text in question["choices"] if text not in right]
    label = next(choice["label"] for choice in shown["choices"]
                 if choice["text"] == wrong[nth % len(wrong)])
    return {"number": shown["number"], "choices": [label]}


@pytest.fixture(scope="module")
def exam(world):
    """Two who copy (eight errors and the same ones), one who errs as often but otherwise, two
    who know everything, and two attempts of one person that are the same."""
    bank = world.bank
    place_of = {}

    def nth_by(choose):
        def answer(shown):
            place = place_of.setdefault(shown["stem"], len(place_of))
            return bank.right(shown) if place < 2 else wrong_place(world, shown, choose(place))
        return answer
    people = {name: world.player("exam", union) for name, union in [
        ("source", "630102"), ("copy", "630102"), ("other", "630102"), ("far copy", "632801"),
        ("best", "630102"), ("second best", "630103")]}
    hand_in(world, people["source"], "exam", nth_by(lambda place: 0))
    hand_in(world, people["source"], "exam", nth_by(lambda place: 0))
    hand_in(world, people["copy"], "exam", nth_by(lambda place: 1 if place == 9 else 0))
    hand_in(world, people["far copy"], "exam", nth_by(lambda place: 0))
    hand_in(world, people["other"], "exam", nth_by(lambda place: 1 + place % 2))
    hand_in(world, people["best"], "exam", bank.right)
    hand_in(world, people["second best"], "exam", bank.right)
    return people


def pairs_of(items):
    return {tuple(sorted(attempt["person"] for attempt in item["attempts"])) for item in items}


def test_those_who_err_alike_are_found_and_nobody_else(world, organizer, exam):
    items = listed(world, organizer, "exam", "alike")
    ids = {name: person.id for name, person in exam.items()}
    three = [ids["source"], ids["copy"], ids["far copy"]]
    assert pairs_of(items) == {tuple(sorted([a, b])) for a in three for b in three if a != b}
    # the source has two attempts, each alike to those of the other two
    assert len(items) == 5
    assert [item["exact_errors"] for item in items] == [8, 8, 7, 7, 7]
    for item in items:
        assert item["met"] == 10 and item["errors"] == 8
        assert item["differences"] == 8 - item["exact_errors"]
        assert item["attempts"][0]["person"] != item["attempts"][1]["person"]


def test_alike_within_a_union_only(world, organizer, exam):
    items = listed(world, organizer, "exam", "alike", union="630100")
    assert pairs_of(items) == {tuple(sorted([exam["source"].id, exam["copy"].id]))}
    assert listed(world, organizer, "exam", "alike", union="632800") == []


def test_a_voided_attempt_is_no_longer_compared(world, organizer, exam):
    copy = exam["copy"]
    organizer.post(f"/v1/organizer/campaigns/exam/people/{copy.id}/attempts/1/void",
                   {"reason": "核实"}).ok()
    items = listed(world, organizer, "exam", "alike")
    assert pairs_of(items) == {tuple(sorted([exam["source"].id, exam["far copy"].id]))}


@pytest.fixture(scope="module")
def fast(world):
    """name -> person, of whom only some are faster than anybody reads."""
    bank, people = world.bank, {name: world.player("open") for name in [
        "in a wink", "in a wink and wrong", "with care", "quick as told", "slow as told",
        "few answers"]}
    long = [9000] * campaigns.N_QUESTIONS
    hand_in(world, people["in a wink"], "open", bank.right, seconds=10)
    hand_in(world, people["in a wink and wrong"], "open", bank.wrong, seconds=10)
    hand_in(world, people["with care"], "open", bank.right, seconds=60)
    hand_in(world, people["quick as told"], "open", bank.right, seconds=60,
            spent_ms=[900] * 6 + long[6:])
    hand_in(world, people["slow as told"], "open", bank.right, seconds=60, spent_ms=long)
    attempt = people["few answers"].start("open")
    people["few answers"].hand_in(attempt, [bank.right(one) for one in
                                            attempt["questions"][:4]]).ok()
    return people


def test_those_faster_than_anybody_reads_are_found(world, organizer, fast):
    items = listed(world, organizer, "open", "fast")
    by_person = {item["person"]: item for item in items}
    assert set(by_person) == {fast["in a wink"].id, fast["quick as told"].id}
    wink, told = by_person[fast["in a wink"].id], by_person[fast["quick as told"].id]
    assert (wink["given"], wink["right"], wink["quick"], wink["score"]) == (8, 8, None, 100)
    assert 10000 <= wink["duration_ms"] < 16000
    assert (told["given"], told["quick"]) == (8, 6)
    assert listed(world, organizer, "open", "fast", limit=1) == items
    union = fast["in a wink"].union
    assert {item["person"] for item in listed(world, organizer, "open", "fast", union=union)} == \
        {person.id for person in (fast["in a wink"], fast["quick as told"])
         if person.union == union}


def test_a_voided_one_says_so(world, organizer, fast):
    person = fast["in a wink"]
    organizer.post(f"/v1/organizer/campaigns/open/people/{person.id}/attempts/1/void",
                   {"reason": "核实"}).ok()
    items = listed(world, organizer, "open", "fast")
    assert {item["person"]: item["state"] for item in items} == \
        {person.id: "voided", fast["quick as told"].id: "handed_in"}


def test_a_long_list_of_fast_ones_is_gone_through_in_windows(world, organizer, fast):
    """As if somebody of the union came behind 12,000 others of no union: in windows of 5,000."""
    source, far = fast["in a wink"], 2000000
    before = listed(world, organizer, "open", "fast", union=source.union)
    for table in ("participation", "attempt", "hasty_attempt"):
        world.sql(f"""insert into {table}
            select (jsonb_populate_record(t, jsonb_build_object('person', %s))).*
              from {table} t join campaign c on c.id = t.campaign
             where t.person = %s and c.slug = 'open'""", far, int(source.id))
    world.sql("insert into person (id, name) overriding system value values (%s, '远')", far)
    world.sql("""insert into hasty_attempt select 0, c.id, n, 1, 8, 8
                   from campaign c, generate_series(1000001, 1012000) n where c.slug = 'open'""")
    items = listed(world, organizer, "open", "fast", union=source.union)
    assert [item["person"] for item in items] == [item["person"] for item in before] + [str(far)]
    first = organizer.get(PATH.format("open"), kind="fast", union=source.union).ok()
    assert first["items"] == before and first["next"]
    rows = organizer.get(PATH.format("open"), kind="fast", union=source.union, format="csv")
    assert rows.content.count(b"\r\n") == 1 + len(items)
    # of all unions they stand at their places, here without those who do not exist
    assert items[-1] in listed(world, organizer, "open", "fast", limit=500)
    world.sql("delete from hasty_attempt where person > 1000000")
    for table in ("attempt", "participation"):
        world.sql(f"delete from {table} where person = %s", far)
    world.sql("delete from person where id = %s", far)


@pytest.fixture(scope="module")
def sharers(world):
    """Devices of five, three and two people; one person is on two, and one plays twice."""
    bank = world.bank
    people = [world.player("best", "630102" if i < 6 else "632801") for i in range(9)]
    for device, users in {"phone-five": people[:5], "tablet-three": people[4:7],
                          "phone-two": people[7:]}.items():
        for person in users:
            hand_in(world, person, "best", bank.right, device=device)
    hand_in(world, people[0], "best", bank.right, device="phone-five")
    hand_in(world, people[8], "best", bank.right)
    return people


def test_devices_of_three_and_more_are_found(world, organizer, sharers):
    items = listed(world, organizer, "best", "device")
    found = {frozenset(one["person"] for one in item["who"]): item for item in items}
    five = frozenset(person.id for person in sharers[:5])
    three = frozenset(person.id for person in sharers[4:7])
    assert set(found) == {five, three}
    assert found[five]["people"] == 5 and found[three]["people"] == 3
    assert sorted(one["attempts"] for one in found[five]["who"]) == [1, 1, 1, 1, 2]
    assert found[five]["device"] != found[three]["device"]
    assert listed(world, organizer, "best", "device", limit=1) == items
    # of the tablet only one is of Haixi, of the phone nobody
    assert listed(world, organizer, "best", "device", union="632800") == []
    assert len(listed(world, organizer, "best", "device", union="630100")) == 1


def test_a_long_list_of_devices_is_gone_through_in_windows(world, organizer, sharers):
    """As if there were 25,000 devices more, of which few are shared; windows of 10,000 end amid
    one that is."""
    before = listed(world, organizer, "best", "device")
    ids = [int(person.id) for person in sharers]
    world.sql("""insert into device_person
        select 0, c.id, n, p, 1 from campaign c, generate_series(1, 25000) n,
               unnest(%s::bigint[]) with ordinality p(p, place)
         where c.slug = 'best' and (place = 1 or n %% 1000 = 999 and place <= 4
                                    or n between 9980 and 10010)""", ids)
    items = listed(world, organizer, "best", "device")
    shared = [n for n in range(1, 25001) if n % 1000 == 999 or 9980 <= n <= 10010]
    made_up = [item for item in items if int(item["device"], 16) <= 25000]
    assert [int(item["device"], 16) for item in made_up] == shared
    assert {item["people"] for item in made_up} == {4, 9}
    assert [item for item in items if item not in made_up] == before
    rows = organizer.get(PATH.format("best"), kind="device", format="csv").content
    assert rows.count(b"\r\n") == 1 + sum(len(item["who"]) for item in items)
    world.sql("delete from device_person where device between 1 and 25000")


@pytest.mark.parametrize("campaign, kind", [("exam", "alike"), ("open", "fast"),
                                            ("best", "device")])
def test_the_csv_is_the_list(world, organizer, exam, fast, sharers, campaign, kind):
    items = listed(world, organizer, campaign, kind)
    reply = organizer.get(PATH.format(campaign), kind=kind, format="csv")
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{campaign}-{kind}.csv"'
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline=""),
                           strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(set(rows[0])) == len(rows[0])
    lines = [dict(zip(rows[0], row)) for row in rows[1:]]
    if kind == "alike":
        assert [(line["相同错误"], line["甲人员编号"], line["乙人员编号"]) for line in lines] == \
            [(str(item["exact_errors"]), *(one["person"] for one in item["attempts"]))
             for item in items]
    elif kind == "fast":
        assert [(line["人员编号"], line["作答题数"]) for line in lines] == \
            [(item["person"], str(item["given"])) for item in items]
    else:
        assert [(line["设备"], line["人员编号"]) for line in lines] == \
            [(item["device"], one["person"]) for item in items for one in item["who"]]


def test_the_evidence_of_an_attempt_is_shown_when_asked(world, organizer, fast, sharers):
    path = "/v1/organizer/campaigns/{}/attempts"
    plain = organizer.get(path.format("open"), limit=1000).ok()["items"]
    assert all("device" not in one and "spent_ms" not in one for one in plain)
    shown = organizer.get(path.format("open"), limit=1000, evidence="true").ok()["items"]
    told = {one["person"]: one["spent_ms"] for one in shown}
    assert told[fast["quick as told"].id] == [900] * 6 + [9000] * 2
    assert told[fast["with care"].id] is None
    shared = organizer.get(path.format("best"), limit=1000, evidence="true").ok()["items"]
    devices = {one["device"] for one in listed(world, organizer, "best", "device")}
    assert devices <= {one["device"] for one in shared} and None in \
        {one["device"] for one in shared}
    text = organizer.get(path.format("open"), format="csv", evidence="true").content.decode()
    assert "设备,各题用时(秒)\r\n" in text and ",0.9 0.9 0.9 0.9 0.9 0.9 9.0 9.0\r\n" in text
    organizer.get(path.format("open"), evidence="maybe").problem(400, "parameter_bad")


def test_a_limited_key_sees_its_own_subtree_only(world, exam, fast, sharers):
    narrow = world.anybody()
    narrow.token = world.program.run("token", "--organizer", "--label",
                                     "海西").strip().split()[-1]
    world.sql("update api_key set union_id = (select id from org_union where code = '632800') "
              "where label = '海西'")
    for campaign, kind in (("exam", "alike"), ("open", "fast"), ("best", "device")):
        for item in listed(world, narrow, campaign, kind):
            assert kind == "fast" and item["union"].startswith("6328")
        narrow.get(PATH.format(campaign), kind=kind, union="630100").problem(403, "forbidden")


def test_mistakes_are_named(world, organizer):
    path = PATH.format("open")
    organizer.get(path).problem(400, "parameter_bad")
    organizer.get(path, kind="slow").problem(400, "parameter_bad")
    organizer.get(path, kind="fast", limit=501).problem(400, "parameter_bad")
    organizer.get(path, kind="fast", format="xlsx").problem(400, "parameter_bad")
    organizer.get(path, kind="fast", union="nowhere").problem(404, "union_unknown")
    organizer.get(path, kind="fast", cursor="nonsense").problem(400, "cursor_bad")
    organizer.get(PATH.format("nowhere"), kind="fast").problem(404, "campaign_unknown")
    world.anybody().get(path, kind="fast").problem(401, "sign_in_required")

"""Lists and exports for organizers, and voiding."""
import csv
import io

import pytest

import campaigns
import moments
from client import Person
from server import wait_until

PATH = "/v1/organizer/campaigns/{}/{}"
TREE = list(csv.DictReader(campaigns.UNIONS.splitlines()))


@pytest.fixture(scope="module")
def crowd(world):
    """Those with odd names, and a few others, have played "open"; one of them twice."""
    people = []
    for _ in range(len(campaigns.ODD_NAMES) + 6):
        person = world.player("open")
        person.play("open", len(people) % 9)
        people.append(person)
    people[3].play("open", 8)
    return people


def read_csv(reply):
    """The rows as Python's csv reads a file that a spreadsheet would open."""
    assert reply.status == 200
    assert reply.headers["Content-Type"].lower().replace(" ", "") == "text/csv;charset=utf-8"
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert reply.headers["Content-Disposition"].endswith('.csv"')
    assert reply.headers.get("Transfer-Encoding") == "chunked"
    assert reply.content.startswith(b"\xef\xbb\xbf") and reply.content.endswith(b"\r\n")
    text = reply.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    return [dict(zip(rows[0], row)) for row in rows[1:]], rows[0]


def harmless(name):
    """A name as the CSV must have it: no spreadsheet takes it for a formula."""
    return "'" + name if name[0] in "=+-@" else name


def test_people_are_listed_with_ids_and_full_names(world, organizer, crowd):
    whole = organizer.get(PATH.format("open", "people"), limit=1000).ok()
    assert whole["of"] == len(crowd) == len(whole["items"])
    assert {(row["person"], row["name"]) for row in whole["items"]} == \
        {(person.id, person.name) for person in crowd}
    assert organizer.pages(PATH.format("open", "people"), limit=4) == whole["items"]
    public = world.anybody().get("/v1/campaigns/open/boards/people", limit=100).ok()["items"]
    assert [(row["rank"], row["score"], row["duration_ms"], row["reached_at"]) for row in
            public] == [(row["rank"], row["score"], row["duration_ms"], row["reached_at"])
                        for row in whole["items"]]


def test_people_of_a_union_and_a_period(organizer, crowd):
    some = organizer.get(PATH.format("open", "people"), union="630100", period="today").ok()
    assert {row["person"] for row in some["items"]} == \
        {person.id for person in crowd if person.union.startswith("6301")}
    assert some["union"] == "630100" and some["of"] == len(some["items"])


def test_the_csv_of_people_is_the_list(organizer, crowd):
    rows, head = read_csv(organizer.get(PATH.format("open", "people"), format="csv"))
    assert head == ["名次", "姓名", "人员编号", "工会编码", "工会", "成绩", "用时(秒)", "达成时间"]
    items = organizer.pages(PATH.format("open", "people"), limit=1000)
    assert len(rows) == len(items)
    for row, item in zip(rows, items):
        assert row["姓名"] == harmless(item["name"])
        assert (row["名次"], row["人员编号"]) == (str(item["rank"]), item["person"])
        assert (row["工会编码"], row["工会"]) == (item["union"]["code"], item["union"]["name"])
        assert float(row["成绩"]) == item["score"]
        assert round(float(row["用时(秒)"]) * 1000) == item["duration_ms"]
        assert moments.ms_of(row["达成时间"]) == moments.ms_of(item["reached_at"])


def test_no_cell_of_a_csv_is_a_formula(organizer, crowd):
    for kind in ("people", "attempts", "unions"):
        rows, _ = read_csv(organizer.get(PATH.format("open", kind), format="csv"))
        cells = [cell for row in rows for cell in row.values() if cell]
        assert not [cell for cell in cells if cell[0] in "=+-@\t\r"]


def test_a_name_with_a_comma_or_a_quote_stays_one_cell(organizer, crowd):
    rows, _ = read_csv(organizer.get(PATH.format("open", "people"), format="csv"))
    names = {row["姓名"] for row in rows}
    assert {'王"引号"', "李,逗号", "'=1+1", "'+86王", "'-李", "'@和"} <= names


def test_attempts_are_listed_in_pages(organizer, crowd):
    items = organizer.pages(PATH.format("open", "attempts"), limit=3)
    assert len(items) == len(crowd) + 1
    assert items == organizer.get(PATH.format("open", "attempts"), limit=1000).ok()["items"]
    keys = [(int(item["person"]), item["ordinal"]) for item in items]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)
    for person in crowd:
        results = {one["ordinal"]: one for one in
                   person.get("/v1/campaigns/open/attempts").ok()["items"]}
        for item in items:
            if item["person"] == person.id:
                result = results[item["ordinal"]]
                assert {name: item[name] for name in
                        ("state", "is_counted", "started_at", "finished_at", "duration_ms",
                         "score", "right")} == {name: result[name] for name in (
                             "state", "is_counted", "started_at", "finished_at", "duration_ms",
                             "score", "right")}
                assert (item["name"], item["union"]) == (person.name, person.union)


def test_the_csv_of_attempts_is_the_list(organizer, crowd):
    rows, head = read_csv(organizer.get(PATH.format("open", "attempts"), format="csv"))
    assert head == ["人员编号", "姓名", "工会编码", "工会", "第几次", "状态", "是否计入", "开始时间",
                    "交卷时间", "用时(秒)", "成绩", "答对题数"]
    items = organizer.pages(PATH.format("open", "attempts"), limit=1000)
    for row, item in zip(rows, items, strict=True):
        assert (row["人员编号"], row["第几次"]) == (item["person"], str(item["ordinal"]))
        assert (row["姓名"], row["工会编码"]) == (harmless(item["name"]), item["union"])
        assert (row["状态"], row["是否计入"]) == ("已交卷", "是")
        assert (float(row["成绩"]), int(row["答对题数"])) == (item["score"], item["right"])
        assert moments.ms_of(row["开始时间"]) == moments.ms_of(item["started_at"])


def test_unions_are_listed_each_with_its_subtree(organizer, crowd):
    items = organizer.pages(PATH.format("open", "unions"), limit=2)
    assert sorted(item["code"] for item in items) == sorted(row["code"] for row in TREE)
    found = {item["code"]: item for item in items}
    assert found["630000"]["heads"] == sum(person.union[0] == "6" for person in crowd)
    assert found["630102"]["heads"] == sum(person.union == "630102" for person in crowd)
    assert found["C00000"]["attempts"] >= found["C00000"]["heads"]
    assert (found["630102"]["members"], found["630100"]["parent"]) == (40, "630000")
    assert found["632600"]["rate"] is None and found["630000"]["parent"] is None


def test_unions_of_a_subtree(organizer, crowd):
    items = organizer.pages(PATH.format("open", "unions"), parent="630100")
    assert [item["code"] for item in items] == ["630100", "630102", "630103", "630104"]
    organizer.get(PATH.format("open", "unions"), parent="999999").problem(404, "union_unknown")


def test_the_csv_of_unions_is_the_list(organizer, crowd):
    rows, head = read_csv(organizer.get(PATH.format("open", "unions"), format="csv"))
    assert head == ["工会编码", "工会", "上级编码", "层级", "会员数", "参赛人数", "参赛率(%)",
                    "作答次数", "总分", "人均分"]
    items = organizer.pages(PATH.format("open", "unions"), limit=1000)

    def cell(value):
        return "" if value is None else str(value)
    for row, item in zip(rows, items, strict=True):
        assert [row[name] for name in ("工会编码", "工会", "上级编码", "层级", "会员数")] == \
            [cell(item[name]) for name in ("code", "name", "parent", "level", "members")]
        assert (int(row["参赛人数"]), int(row["作答次数"])) == (item["heads"], item["attempts"])
        assert float(row["总分"]) == item["sum"] and float(row["人均分"]) == item["mean"]
        assert (float(row["参赛率(%)"]) if row["参赛率(%)"] else None) == item["rate"]


def test_an_empty_csv_has_its_headings(organizer):
    for kind in ("people", "attempts"):
        reply = organizer.get(PATH.format("first", kind), format="csv")
        assert reply.content.count(b"\r\n") == 1 and reply.content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("kind", ["people", "attempts", "unions"])
def test_a_csv_asked_by_head_has_no_body(organizer, kind):
    reply = organizer.ask("HEAD", PATH.format("open", kind), params={"format": "csv"})
    assert reply.status == 200 and not reply.content
    organizer.get(PATH.format("open", kind)).ok()


def test_a_long_csv_is_whole(world, organizer):
    """More rows than are sent in one part."""
    world.sql("""
        with who as (
            insert into participation (bucket, campaign, person, union_id)
            select 0, c.id, p.id, (select min(id) from org_union)
              from campaign c, (select id from person order by id desc limit 900) p
             where c.slug = 'sum'
            returning campaign, person
        )
        insert into attempt (bucket, campaign, person, ordinal, revision, state, is_counted,
                             started_at, deadline_at, finished_at, duration_ms, score, n_right,
                             answers)
        select 0, campaign, person, o, 1, 1, false, 1700000000000, 1700000600000,
               1700000030000, 30000, 0, 0, '\\x01'
          from who, generate_series(1, 4) o""")
    try:
        rows, _ = read_csv(organizer.get(PATH.format("sum", "attempts"), format="csv"))
        items = organizer.pages(PATH.format("sum", "attempts"), limit=1000)
    finally:
        world.sql("delete from participation where campaign = (select id from campaign "
                  "where slug = 'sum')")
        world.sql("delete from attempt where started_at = 1700000000000")
    keys = [(int(row["人员编号"]), int(row["第几次"])) for row in rows]
    assert len(set(keys)) == len(keys) == 3600 and keys == sorted(keys)
    assert [(int(item["person"]), item["ordinal"]) for item in items] == keys


@pytest.mark.parametrize("kind, asked, code", [
    ("people", {"format": "xlsx"}, "parameter_bad"), ("people", {"limit": 1001},
                                                      "parameter_bad"),
    ("people", {"cursor": "x"}, "cursor_bad"), ("people", {"period": "never"}, "parameter_bad"),
    ("unions", {"limit": 0}, "parameter_bad"), ("unions", {"cursor": "x"}, "cursor_bad"),
    ("attempts", {"limit": 0}, "parameter_bad"), ("attempts", {"cursor": "x"}, "cursor_bad"),
    ("attempts", {"period": "today"}, "parameter_unknown")])
def test_bad_parameters_are_refused(organizer, kind, asked, code):
    organizer.get(PATH.format("open", kind), **asked).problem(400, code)


def void(organizer, slug, person, ordinal, reason="经核实为他人代答"):
    return organizer.post(f"/v1/organizer/campaigns/{slug}/people/{person.id}"
                          f"/attempts/{ordinal}/void", {"reason": reason})


def test_voiding_takes_the_attempt_off_every_board(world, organizer):
    player, other = world.player("best", "632801"), world.player("best", "632801")
    good, poor = player.play("best", 8), player.play("best", 3)
    other.play("best", 5)

    def ranks():
        board = player.get("/v1/campaigns/best/boards/people", union="632801").ok()
        return [(row["rank"], row["score"], row["is_me"]) for row in board["items"]]
    assert ranks() == [(1, 100, True), (2, 60, False)]
    told = void(organizer, "best", player, 1).ok()
    assert told["state"] == "voided" and told["standing"]["overall"]["score"] == poor["score"]
    assert told["standing"]["overall"]["reached_at"] == poor["finished_at"]
    assert ranks() == [(1, 60, False), (2, 30, True)]
    standing = player.standing("best")
    assert standing["overall"]["score"] == standing["today"]["score"] == 30
    units = player.get("/v1/campaigns/best/boards/unions", parent="632800").ok()["items"]
    assert (units[0]["code"], units[0]["sum"], units[0]["attempts"]) == ("632801", 90, 2)
    assert void(organizer, "best", player, 2).ok()["standing"]["overall"] is None
    assert ranks() == [(1, 60, False)]
    assert player.standing("best")["overall"] is None
    read = player.get("/v1/campaigns/best/attempts/1").ok()
    assert (read["state"], read["is_counted"], read["score"]) == ("voided", False, good["score"])
    world.verify()


def test_voiding_again_answers_the_same_and_changes_nothing(world, organizer):
    player = world.player("best")
    player.play("best", 8)
    first = void(organizer, "best", player, 1).ok()
    before = world.checksums()
    assert void(organizer, "best", player, 1, "又一个理由").ok() == first
    assert world.checksums() == before


def test_a_voided_attempt_is_not_handed_in_again(world, organizer):
    player = world.player("best")
    attempt = player.start("best")
    answers = world.bank.answers(attempt)
    player.hand_in(attempt, answers).ok()
    void(organizer, "best", player, 1).ok()
    player.hand_in(attempt, answers).problem(409, "attempt_voided")
    assert player.play("best", 4)["ordinal"] == 2


def test_who_voided_what_and_why_is_kept(world, organizer):
    player = world.player("best")
    player.play("best", 8)
    void(organizer, "best", player, 1, "理由：代答").ok()
    who, what, subject, after = world.sql(
        "select who, what, subject, after::text from audit order by id desc limit 1")[0]
    assert what == "void_attempt" and "理由：代答" in after and "测试" in who
    assert subject.endswith(f"/{player.id}/1")


def test_another_server_follows_a_void(world, organizer, later):
    player = world.player("last")
    player.play("last", 8)
    there = player.at(later(1))
    assert there.standing("last")["overall"]["score"] == 100
    void(organizer, "last", player, 1).ok()
    wait_until(lambda: there.standing("last")["overall"] is None, 10)


def test_a_key_of_a_subtree_sees_only_it(world, crowd):
    key = world.program.run("token", "--organizer", "--label", "海西").strip().split()[-1]
    world.sql("update api_key set union_id = (select id from org_union where code = '632800') "
              "where label = '海西'")
    narrow = world.anybody()
    narrow.token = key
    people = narrow.get(PATH.format("open", "people"), limit=1000).ok()
    within = {person.id for person in crowd if person.union.startswith("6328")}
    assert {row["person"] for row in people["items"]} == within
    attempts = narrow.pages(PATH.format("open", "attempts"), limit=1000)
    assert {row["person"] for row in attempts} == within
    assert {row["code"] for row in narrow.pages(PATH.format("open", "unions"))} == \
        {"632800", "632801", "632802"}
    narrow.get(PATH.format("open", "people"), union="630100").problem(403, "forbidden")
    narrow.get(PATH.format("open", "unions"), parent="630000").problem(403, "forbidden")
    outsider = next(person for person in crowd if person.union == "630102")
    void(narrow, "open", outsider, 1).problem(403, "forbidden")
    rows, _ = read_csv(narrow.get(PATH.format("open", "attempts"), format="csv"))
    assert {row["人员编号"] for row in rows} == within


def test_a_revoked_key_is_refused(world):
    key = world.program.run("token", "--organizer", "--label", "收回").strip().split()[-1]
    client = world.anybody()
    client.token = key
    client.get("/v1/results").ok()
    world.sql("update api_key set revoked_at = 1 where label = '收回'")
    client.get("/v1/results").problem(401, "token_invalid")


def test_a_person_of_the_roster_is_who_signed_in(world, crowd):
    person = crowd[0]
    again = Person(world.server, person.union, person.staff_number, person.name).sign_in()
    assert again.id == person.id

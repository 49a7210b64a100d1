"""Files of questions: checked, reported row by row, applied whole, exported again."""
import io
import json
import os
import signal
import time
import zipfile

import pytest

from client import Client
from server import ROOT, wait_until

IMPORTS = "/v1/organizer/imports"
QUESTIONS = "/v1/organizer/questions"
FILES = ROOT / "tests" / "files"
FORMATS = ("csv", "xlsx", "plain", "gift", "moodle", "qti")


def send(organizer, content, **params):
    if isinstance(content, str):
        content = content.encode()
    reply = organizer.ask("POST", IMPORTS, data=content, params=params,
                          headers={"Content-Type": "application/octet-stream"})
    body = reply.ok(202)
    assert reply.headers["Location"] == f"{IMPORTS}/{body['id']}"
    return reply.headers["Location"]


def finished(organizer, at, **params):
    def look():
        found = organizer.get(at, **params).ok()
        return found["state"] != "reading" and found
    return wait_until(look)


def check(organizer, content, **params):
    """Sends a file and waits; the import with all its lines, and where it is."""
    at = send(organizer, content, **params)
    return finished(organizer, at, limit=1000), at


def count(world):
    return world.sql("select count(*) from question")[0][0]


def questions_of(organizer, **params):
    return organizer.pages(QUESTIONS, limit=300, **params)


@pytest.fixture(scope="module")
def english(world):
    client = world.organizer()
    client.language = "en"
    return client


def test_an_examination_with_twenty_faults(world, english):
    """Sent, every fault named, mended, applied, and sent again."""
    before = count(world)
    faults = json.loads((FILES / "exam-faults.json").read_text(encoding="utf-8"))
    assert len(faults) == 20
    found, at = check(english, (FILES / "exam-faults.xlsx").read_bytes())
    assert (found["state"], found["format"], found["rows"]) == ("refused", "xlsx", 300)
    named = [line for line in found["lines"] if line["result"] in ("wrong", "duplicate")]
    assert [(line["row"], line["column"]) for line in named] == \
        [(fault["row"], fault["column"]) for fault in faults]
    for line, fault in zip(named, faults):
        assert fault["said"] in line["message"], (line, fault)
    assert found["counts"] == {"added": 280, "changed": 0, "unchanged": 0, "duplicate": 2,
                               "wrong": 18}
    english.post(at + "/application").problem(409, "import_not_checked")
    assert count(world) == before

    found, at = check(english, (FILES / "exam.xlsx").read_bytes())
    assert (found["state"], found["counts"]["added"]) == ("checked", 300)
    assert count(world) == before
    applied = english.post(at + "/application").ok()
    assert applied["state"] == "applied" and count(world) == before + 300
    assert english.post(at + "/application").ok() == applied and count(world) == before + 300
    assert world.sql("select count(*) from audit where what = 'import_questions'")[0][0] == 1

    for name in ("exam.xlsx", "exam-gb18030.csv", "exam-utf8.csv", "exam-unicode.txt"):
        again, at = check(english, (FILES / name).read_bytes())
        assert (again["state"], again["counts"]["unchanged"]) == ("checked", 300), name
        english.post(at + "/application").ok()
    assert count(world) == before + 300

    found, _ = check(english, (FILES / "exam-qti3.zip").read_bytes())
    assert (found["state"], found["format"]) == ("checked", "qti")
    assert (found["rows"], found["counts"]["unchanged"]) == (8, 8), found["lines"]


def test_a_changed_question_is_a_new_revision(world, organizer):
    question = dict(organizer.get(QUESTIONS, ids="union-law-001").ok()["items"][0])
    question["explanation"] += "（修订）"
    found, at = check(organizer, json.dumps([question]))
    assert [line["result"] for line in found["lines"]] == ["changed"]
    organizer.post(at + "/application").ok()
    revisions = world.sql("select revision from question where id = 'union-law-001' order by 1")
    assert [row[0] for row in revisions] == [1, 2]
    assert organizer.get(QUESTIONS, ids="union-law-001").ok()["items"] == [question]


def test_the_same_question_under_another_name_is_refused(organizer):
    question = dict(organizer.get(QUESTIONS, ids="union-law-002").ok()["items"][0])
    question["id"] = "copy-001"
    found, _ = check(organizer, json.dumps([question]))
    assert found["state"] == "refused"
    assert found["lines"][0]["duplicate_of"] == "union-law-002"
    assert "union-law-002" in found["lines"][0]["message"]


def test_what_has_no_id_finds_itself_again(world, organizer):
    text = "1. 油锅起火应先（ B ）。\nA、浇水\nB、盖锅盖\n\n2、灭火器可以放在柜子里锁好。（×）\n"
    given = {"theme": "kitchen", "source": "家庭防火手册"}
    before = count(world)
    found, at = check(organizer, text.encode("gb18030"), **given)
    assert (found["format"], found["state"], found["counts"]["added"]) == ("plain", "checked", 2)
    organizer.post(at + "/application").ok()
    again, _ = check(organizer, text.replace("1. ", "7．"), **given)
    assert again["counts"]["unchanged"] == 2
    names = [line["question"] for line in again["lines"]]
    assert all(name.startswith("kitchen-") for name in names) and count(world) == before + 2


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_is_imported_as_it_was(world, organizer, kind):
    reply = organizer.get(QUESTIONS, format=kind)
    assert reply.status == 200 and reply.headers["Content-Disposition"].startswith("attachment")
    n = world.sql("select count(distinct id) from question")[0][0]
    found, _ = check(organizer, reply.content)
    assert (found["state"], found["format"]) == ("checked", kind)
    assert found["counts"]["unchanged"] == n and not found["counts"]["changed"]


def test_the_bank_comes_in_pages(world, organizer):
    everything = questions_of(organizer)
    n = world.sql("select count(distinct id) from question")[0][0]
    assert len(everything) == n == len({question["id"] for question in everything})
    some = questions_of(organizer, topic="union-law")
    assert some == [question for question in everything if question["topic"] == "union-law"]
    organizer.get(QUESTIONS, cursor="x").problem(400, "cursor_bad")
    organizer.get(QUESTIONS, format="doc").problem(400, "parameter_bad")


def test_the_template_is_a_table_to_fill_in(organizer):
    reply = organizer.get(QUESTIONS + "/template")
    names = zipfile.ZipFile(io.BytesIO(reply.content)).namelist()
    assert "xl/worksheets/sheet2.xml" in names
    found, _ = check(organizer, reply.content)
    assert found["state"] == "refused" and found["message"] == "文件里没有题目。"


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<w/>")
        archive.writestr("xl/sheet.xml", b"0" * (200 << 20))
    return out.getvalue()


def million_rows():
    """As small as a million rows become when they are packed."""
    rows = b"".join(b'<row r="%d"><c t="str"><v>x</v></c></row>' % i for i in range(1, 1000000))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", '<workbook xmlns:r="r"><sheets><sheet name="1" '
                         'r:id="a"/></sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="a" '
                         'Type="x/worksheet" Target="s.xml"/></Relationships>')
        archive.writestr("xl/s.xml", b'<worksheet><sheetData><row r="1"><c t="str"><v>\xe9\xa2\x98'
                         b'\xe5\xb9\xb2</v></c><c t="str"><v>\xe7\xad\x94\xe6\xa1\x88</v></c></row>'
                         + rows + b"</sheetData></worksheet>")
    return out.getvalue()


LAUGHS = ('<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
          '<quiz><question type="essay"><name><text>&b;</text></name></question></quiz>')


@pytest.mark.parametrize("content, said", [
    (bomb, "too large"), (million_rows, "20,000 questions"), (lambda: LAUGHS, "DOCTYPE"),
    (lambda: "<quiz>" + "<a>" * 100 + "</a>" * 100 + "</quiz>", "too deeply"),
    (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), ".xls"), (lambda: "", "no question"),
    (lambda: b"PK\x03\x04" + os.urandom(2000), "not a sound archive"),
    (lambda: "[" * 100, "JSON"), (lambda: bytes(100), "format is not known"),
], ids=["zip", "rows", "entities", "depth", "xls", "empty", "noise", "brackets", "zeros"])
def test_what_endangers_is_refused_with_a_sentence(english, content, said):
    found, at = check(english, content())
    assert found["state"] == "refused" and said in found["message"], found
    assert not found["lines"]
    english.post(at + "/application").problem(409, "import_not_checked")


def test_a_body_over_the_limit_is_refused(organizer):
    organizer.ask("POST", IMPORTS, data=bytes((8 << 20) + 1)).problem(413, "body_too_large")


def test_lines_come_in_pages(organizer):
    at = send(organizer, (FILES / "exam-faults.xlsx").read_bytes())
    whole = finished(organizer, at, limit=1000)
    lines, after = [], 0
    while after is not None:
        page = organizer.get(at, limit=37, after=after).ok()
        lines, after = lines + page["lines"], page["next"]
    assert lines == whole["lines"] and whole["next"] is None
    wrong = organizer.get(at, result="wrong", limit=1000).ok()["lines"]
    assert wrong == [line for line in lines if line["result"] == "wrong"]
    organizer.get(at, result="x").problem(400, "parameter_bad")


def test_what_has_changed_since_is_not_applied(world, organizer):
    first, second = (json.dumps([{
        "id": "race-001", "type": "judge", "topic": "race", "difficulty": 1, "stem": stem,
        "key": True, "explanation": "没有别的说明。", "source": {"document": "d", "locator": "l"},
    }]) for stem in ("先到先得是规则。", "后到先得是规则。"))
    _, one = check(organizer, first)
    _, two = check(organizer, second)
    organizer.post(one + "/application").ok()
    organizer.post(two + "/application").problem(409, "import_stale")
    assert questions_of(organizer, ids="race-001")[0]["stem"] == "先到先得是规则。"


def test_only_two_files_are_read_at_once(world, organizer):
    world.sql("insert into question_import (who, lease_until) select 'x', now_ms() + 60000"
              "  + %s from generate_series(1, 2)" % world.server.clock_offset_ms)
    try:
        reply = organizer.ask("POST", IMPORTS, data=b"x")
        reply.problem(429, "imports_busy")
        assert int(reply.headers["Retry-After"]) >= 1
    finally:
        world.sql("delete from question_import where who = 'x'")
    check(organizer, "x")


def test_a_reading_whose_server_is_gone_has_failed(world, organizer):
    made = world.sql("insert into question_import (who, lease_until) values ('x', 0) returning id")
    found = organizer.get(f"{IMPORTS}/{made[0][0]}").ok()
    assert found["state"] == "failed" and "重新上传" in found["message"]


def readers_of(server):
    """The children that read files."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            words = open(f"/proc/{entry}/cmdline", "rb").read().split(b"\0")
            parent = open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split()[1]
        except (OSError, IndexError):
            continue
        if words[1:2] == [b"read-questions"] and int(parent) == server.process.pid:
            found.append(int(entry))
    return found


def test_a_killed_reader_is_one_failed_import_and_nothing_else(world, organizer):
    questions = [{"id": f"many-{i}", "type": "judge", "topic": "many", "difficulty": 1,
                  "stem": f"第{i}条规定是正确的。" + "长" * 100, "key": True,
                  "explanation": "没有别的说明。" + "长" * 100, "source":
                  {"document": "d", "locator": "l"}} for i in range(12000)]
    content = json.dumps(questions, ensure_ascii=False).encode()
    at = send(organizer, content[:8 << 20])
    killed = wait_until(lambda: readers_of(world.server), 10) if world.server.workers == 1 else []
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    found = finished(organizer, at)
    if killed:
        assert found["state"] == "failed"
    assert not readers_of(world.server)
    organizer.get("/v1/campaigns").ok()


def test_a_long_file_shows_progress_and_does_not_hold_the_server_up(world, organizer):
    questions = [{"id": f"long-{i}", "type": "judge", "topic": "long", "difficulty": 1,
                  "stem": f"第{i}条规定是正确的。", "key": True, "explanation": "没有别的说明。",
                  "source": {"document": "d", "locator": "l"}} for i in range(15000)]
    at = send(organizer, json.dumps(questions, ensure_ascii=False).encode())
    slowest, seen = 0, set()
    while True:
        began = time.monotonic()
        found = organizer.get(at, limit=1).ok()
        slowest = max(slowest, time.monotonic() - began)
        seen.add(found["read"])
        if found["state"] != "reading":
            break
    assert (found["state"], found["counts"]["added"]) == ("checked", 15000)
    assert len(seen) > 2 and slowest < 2
    applied = organizer.post(at + "/application").ok()
    assert applied["counts"]["added"] == 15000
    organizer.get(QUESTIONS, format="csv").problem(400, "export_too_large")
    world.sql("delete from question where id like 'long-%'")


def test_only_the_owner_of_everything_may(world):
    some = Client(world.server)
    some.token = world.program.run("token", "--organizer", "--label", "西宁").strip().split()[-1]
    world.sql("update api_key set union_id = (select id from org_union where code = '630100') "
              "where label = '西宁'")
    for ask in (lambda: some.ask("POST", IMPORTS, data=b"x"),
                lambda: some.get(f"{IMPORTS}/1"), lambda: some.post(f"{IMPORTS}/1/application"),
                lambda: some.get(QUESTIONS), lambda: some.get(QUESTIONS + "/template")):
        ask().problem(403, "forbidden")
    nobody = Client(world.server)
    nobody.get(QUESTIONS).problem(401, "sign_in_required")
    nobody.ask("POST", IMPORTS, data=b"x").problem(401, "sign_in_required")


@pytest.mark.parametrize("path", ["/0", "/x", "/99999999999", "/99999999999999999999"])
def test_an_unknown_import_is_missing(organizer, path):
    organizer.get(IMPORTS + path).problem(404, "import_unknown")
    organizer.post(IMPORTS + path + "/application").problem(404, "import_unknown")


@pytest.mark.parametrize("params", [{"format": "doc"}, {"theme": "Fire"}, {"topic": "-x"},
                                    {"difficulty": 4}, {"source": "长" * 121}])
def test_bad_parameters_are_refused(organizer, params):
    organizer.ask("POST", IMPORTS, data=b"x", params=params).problem(400, "parameter_bad")


def test_a_question_saved_by_hand_is_known_by_what_it_asks(organizer):
    question = {"id": "hand-001", "type": "judge", "topic": "hand", "difficulty": 1,
                "stem": "手工保存的题目也会被认出。", "key": True, "explanation": "没有别的说明。",
                "source": {"document": "d", "locator": "l"}}
    organizer.put(f"{QUESTIONS}/hand-001", question).ok(201)
    found, _ = check(organizer, json.dumps([{**question, "id": "hand-002"}]))
    assert found["lines"][0]["duplicate_of"] == "hand-001"

"""Whatever is wrong with a request is told by a stable code, and nothing is changed by it."""
import json

import pytest

from client import path_of


@pytest.fixture(scope="module")
def cast(world):
    """One person with an open attempt, one who handed in, one who stands in no campaign."""
    class Cast:
        player, done, stranger = world.player("open"), world.player("open"), world.person()
        organizer, anybody = world.organizer(), world.anybody()
    Cast.attempt = Cast.player.start("open")
    Cast.path = path_of(Cast.attempt)
    Cast.finished = Cast.done.start("open")
    Cast.done.hand_in(Cast.finished, world.bank.answers(Cast.finished, 3)).ok()
    Cast.anybody.get("/readyz").ok()
    return Cast


@pytest.fixture
def unchanged(world, cast):
    """The whole database is the same afterwards."""
    before = world.checksums()
    yield
    after = world.checksums()
    assert after == before, [table for table in after if after[table] != before.get(table)]


JSON = {"Content-Type": "application/json"}


def body_of(cast, answers):
    return {"ticket": cast.attempt["ticket"], "answers": answers}


# ---- bodies that are not what they should be, at every address that takes one

ADDRESSES = {
    "sign in": ("anybody", "POST", lambda cast: "/v1/sessions"),
    "refresh": ("anybody", "POST", lambda cast: "/v1/sessions/refresh"),
    "me": ("player", "PATCH", lambda cast: "/v1/me"),
    "participation": ("player", "PUT", lambda cast: "/v1/campaigns/open/participation"),
    "answers": ("player", "PUT", lambda cast: cast.path + "/answers"),
    "submission": ("player", "POST", lambda cast: cast.path + "/submission"),
    "void": ("organizer", "POST", lambda cast: "/v1/organizer/campaigns/open/people/"
             f"{cast.done.id}/attempts/1/void"),
}
BODIES = {
    "empty": (b"", JSON, 400, "body_missing"),
    "white space": (b"  ", JSON, 400, "bad_json"),
    "a list": (b"[]", JSON, 400, "body_missing"),
    "a text": (b'"x"', JSON, 400, ("body_missing", "bad_json")),
    "a number": (b"1", JSON, 400, ("body_missing", "bad_json")),
    "null": (b"null", JSON, 400, ("body_missing", "bad_json")),
    "nothing listed": (b"{}", JSON, 400, "field_missing"),
    "not JSON": (b"{union:1}", JSON, 400, "bad_json"),
    "cut off": (b'{"ticket":"', JSON, 400, "bad_json"),
    "two values": (b"{}{}", JSON, 400, "bad_json"),
    "a comma too many": (b'{"ticket":"x",}', JSON, 400, "bad_json"),
    "an unknown field": (b'{"nickname":1}', JSON, 400, "field_unknown"),
    "a name that stands twice": (b'{"ticket":"x","ticket":"x"}', JSON, 400, "bad_json"),
    "bad UTF-8": (b'{"ticket":"\xff\xfe"}', JSON, 400, "bad_json"),
    "overlong UTF-8": (b'{"ticket":"\xc0\xaf"}', JSON, 400, "bad_json"),
    "half a surrogate": (b'{"ticket":"\\ud800"}', JSON, 400, "bad_json"),
    "NUL in a text": (b'{"ticket":"\\u0000"}', JSON, 400, "bad_json"),
    "NUL in a name": (b'{"tick\\u0000et":"x"}', JSON, 400, "bad_json"),
    "NUL at the end": (b"{}\0", JSON, 400, "bad_json"),
    "UTF-16": ('{"ticket":"x"}'.encode("utf-16"), JSON, 400, "bad_json"),
    "a byte order mark": (b"\xef\xbb\xbf{}", JSON, 400, "bad_json"),
    "deeply nested": (b'{"answers":' + b"[" * 20000 + b"]" * 20000 + b"}", JSON, 400, "bad_json"),
    "a number too large": (b'{"version":1e999}', JSON, 400, "bad_json"),
    "an integer too large": (b'{"version":99999999999999999999999}', JSON, 400, "bad_json"),
    "too large": (b'{"ticket":"' + b"x" * 70000 + b'"}', JSON, 413, "body_too_large"),
    "no content type": (b"{}", {"Content-Type": None}, 415, "content_type"),
    "a form": (b"ticket=x", {"Content-Type": "application/x-www-form-urlencoded"}, 415,
               "content_type"),
    "another charset": (b"{}", {"Content-Type": "application/json; charset=gbk"}, 415,
                        "content_type"),
    "packed": (b"\x1f\x8b", {**JSON, "Content-Encoding": "gzip"}, 415, "content_type"),
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_bad_body_is_refused(cast, unchanged, address, body):
    who, method, path = ADDRESSES[address]
    data, headers, status, codes = BODIES[body]
    reply = getattr(cast, who).ask(method, path(cast), data=data, headers=headers)
    codes = codes if isinstance(codes, tuple) else (codes,)
    assert reply.status == status and reply.body["code"] in codes, reply


@pytest.mark.parametrize("body", [name for name in BODIES if name not in (
    "empty", "nothing listed")])
def test_a_bad_body_starts_no_attempt(cast, unchanged, body):
    data, headers, status, codes = BODIES[body]
    reply = cast.done.ask("POST", "/v1/campaigns/open/attempts", data=data, headers=headers)
    codes = codes if isinstance(codes, tuple) else (codes,)
    assert reply.status == status and reply.body["code"] in codes, reply


# ---- fields that are not what they should be

ANSWER = {"number": 1, "choices": ["A"]}
FIELDS = [
    # (address, body, code, where)
    ("sign in", {"union": 630102, "name": "王", "staff_number": "1"}, "field_type", "/union"),
    ("sign in", {"union": "630102", "name": None, "staff_number": "1"}, "field_type", "/name"),
    ("sign in", {"union": "630102", "name": "王", "staff_number": 10001}, "field_type",
     "/staff_number"),
    ("sign in", {"union": "", "name": "王", "staff_number": "1"}, "field_length", "/union"),
    ("sign in", {"union": "630102", "name": "王" * 61, "staff_number": "1"}, "field_length",
     "/name"),
    ("sign in", {"union": "630102", "name": "王"}, "field_missing", "/staff_number"),
    ("sign in", {"union": "630102", "name": "王", "staff_number": "1", "admin": True},
     "field_unknown", "/admin"),
    ("refresh", {"refresh_token": 1}, "field_type", "/refresh_token"),
    ("refresh", {"refresh_token": ""}, "field_length", "/refresh_token"),
    ("refresh", {"refresh_token": "A" * 201}, "field_length", "/refresh_token"),
    ("me", {"shows_name": "true"}, "field_type", "/shows_name"),
    ("me", {"shows_name": 1}, "field_type", "/shows_name"),
    ("me", {"shows_name": True, "name": "张三"}, "field_unknown", "/name"),
    ("participation", {"union": None}, "field_type", "/union"),
    ("participation", {"union": ["630102"]}, "field_type", "/union"),
    ("participation", {"union": "6" * 41}, "field_length", "/union"),
    ("participation", {"union": "630102", "person": "1"}, "field_unknown", "/person"),
    ("void", {"reason": ""}, "field_length", "/reason"),
    ("void", {"reason": 1}, "field_type", "/reason"),
    ("void", {"reason": "错" * 501}, "field_length", "/reason"),
]
# Of a body with the right ticket; told of both saving and handing in.
ANSWERS = [
    ("no list", {"answers": {}}, "field_type", "/answers"),
    ("null", {"answers": None}, "field_type", "/answers"),
    ("a text", {"answers": "A"}, "field_type", "/answers"),
    ("too many", {"answers": [ANSWER] * 201}, "field_length", "/answers"),
    ("a score", {"answers": [], "score": 100}, "field_unknown", "/score"),
    ("a time", {"answers": [], "finished_at": "2026-01-01T00:00:00+08:00"}, "field_unknown",
     "/finished_at"),
    ("no ticket", {"answers": [], "ticket": None}, "field_type", "/ticket"),
    ("a ticket too long", {"answers": [], "ticket": "A" * 201}, "field_length", "/ticket"),
    ("an answer that is no object", {"answers": [1]}, "field_type", "/answers/0"),
    ("an answer to nothing", {"answers": [{"choices": ["A"]}]}, "field_missing",
     "/answers/0/number"),
    ("a number that is a text", {"answers": [{"number": "1", "choices": ["A"]}]}, "field_type",
     "/answers/0/number"),
    ("a number with a fraction", {"answers": [{"number": 1.0, "choices": ["A"]}]}, "field_type",
     "/answers/0/number"),
    ("a number beyond 32 bits", {"answers": [{"number": 4294967297, "choices": ["A"]}]},
     "field_range", "/answers/0/number"),
    ("question 0", {"answers": [{"number": 0, "choices": ["A"]}]}, "question_unknown",
     "/answers/0/number"),
    ("question -1", {"answers": [{"number": -1, "choices": ["A"]}]}, "question_unknown",
     "/answers/0/number"),
    ("question 9", {"answers": [ANSWER, {"number": 9, "choices": ["A"]}]}, "question_unknown",
     "/answers/1/number"),
    ("the same question twice", {"answers": [ANSWER, ANSWER]}, "answered_twice",
     "/answers/1/number"),
    ("an unknown field of an answer", {"answers": [{**ANSWER, "right": True}]}, "field_unknown",
     "/answers/0/right"),
    ("neither choices nor text", {"answers": [{"number": 1}]}, "answer_kind", "/answers/0"),
    ("both choices and text", {"answers": [{**ANSWER, "text": "x"}]}, "answer_kind",
     "/answers/0"),
    ("a text where choices are asked", {"answers": [{"number": 1, "text": "A"}]}, "answer_kind",
     "/answers/0"),
    ("choices where a text is asked", {"answers": [{"number": 8, "choices": ["A"]}]},
     "answer_kind", "/answers/0"),
    ("choices that are a text", {"answers": [{"number": 1, "choices": "A"}]}, "field_type",
     "/answers/0/choices"),
    ("a choice that is not there", {"answers": [{"number": 1, "choices": ["Z"]}]},
     "choice_unknown", "/answers/0/choices/0"),
    ("the choice behind the last", {"answers": [{"number": 6, "choices": ["C"]}]},
     "choice_unknown", "/answers/0/choices/0"),
    ("a small letter", {"answers": [{"number": 1, "choices": ["a"]}]}, "choice_unknown",
     "/answers/0/choices/0"),
    ("two letters in one", {"answers": [{"number": 4, "choices": ["AB"]}]}, "choice_unknown",
     "/answers/0/choices/0"),
    ("an empty letter", {"answers": [{"number": 1, "choices": [""]}]}, "choice_unknown",
     "/answers/0/choices/0"),
    ("a number as choice", {"answers": [{"number": 1, "choices": [0]}]}, "choice_unknown",
     "/answers/0/choices/0"),
    ("a list as choice", {"answers": [{"number": 4, "choices": ["A", ["B"]]}]},
     "choice_unknown", "/answers/0/choices/1"),
    ("a choice twice", {"answers": [{"number": 4, "choices": ["A", "A"]}]}, "choice_twice",
     "/answers/0/choices/1"),
    ("two choices for one", {"answers": [{"number": 1, "choices": ["A", "B"]}]},
     "choice_count", "/answers/0/choices"),
    ("both right and wrong", {"answers": [{"number": 6, "choices": ["A", "B"]}]},
     "choice_count", "/answers/0/choices"),
    ("nine choices", {"answers": [{"number": 4, "choices": list("ABCDEFGHI")}]}, "field_length",
     "/answers/0/choices"),
    ("a text too long", {"answers": [{"number": 8, "text": "字" * 61}]}, "field_length",
     "/answers/0/text"),
    ("a text that is a number", {"answers": [{"number": 8, "text": 60}]}, "field_type",
     "/answers/0/text"),
]
ONLY = [
    ("answers", {"version": 0}, "field_range", "/version"),
    ("answers", {"version": -1}, "field_range", "/version"),
    ("answers", {"version": 4294967297}, "field_range", "/version"),
    ("answers", {"version": 1.5}, "field_type", "/version"),
    ("answers", {"version": "1"}, "field_type", "/version"),
    ("answers", {"claimed_ms": 1}, "field_unknown", "/claimed_ms"),
    ("submission", {"claimed_ms": -1}, "field_range", "/claimed_ms"),
    ("submission", {"claimed_ms": 86400001}, "field_range", "/claimed_ms"),
    ("submission", {"claimed_ms": 4294967296}, "field_range", "/claimed_ms"),
    ("submission", {"claimed_ms": True}, "field_type", "/claimed_ms"),
    ("submission", {"version": 1}, "field_unknown", "/version"),
    ("submission", {"spent_ms": 1}, "field_type", "/spent_ms"),
    ("submission", {"spent_ms": []}, "field_length", "/spent_ms"),
    ("submission", {"spent_ms": [1]}, "field_length", "/spent_ms"),
    ("submission", {"spent_ms": [0] * 7 + [-1]}, "field_range", "/spent_ms/7"),
    ("submission", {"spent_ms": [0] * 7 + [86400001]}, "field_range", "/spent_ms/7"),
    ("submission", {"spent_ms": [1.5] + [0] * 7}, "field_range", "/spent_ms/0"),
    ("submission", {"device": "7 bytes"}, "field_length", "/device"),
    ("submission", {"device": "x" * 65}, "field_length", "/device"),
    ("submission", {"device": 12345678}, "field_type", "/device"),
]


def refused(cast, address, body, code, where):
    who, method, path = ADDRESSES[address]
    reply = getattr(cast, who).ask(method, path(cast), json=body)
    problem = reply.problem(400, code)
    assert problem.get("where") == where, reply


@pytest.mark.parametrize("address, body, code, where", FIELDS,
                         ids=[f"{one[0]} {one[2]} {one[3]}" for one in FIELDS])
def test_a_bad_field_is_refused_and_named(cast, unchanged, address, body, code, where):
    refused(cast, address, body, code, where)


@pytest.mark.parametrize("address", ["answers", "submission"])
@pytest.mark.parametrize("name", [one[0] for one in ANSWERS])
def test_bad_answers_are_refused_and_named(cast, unchanged, address, name):
    _, body, code, where = next(one for one in ANSWERS if one[0] == name)
    refused(cast, address, {**body_of(cast, []), **body}, code, where)


@pytest.mark.parametrize("address, more, code, where", ONLY,
                         ids=[f"{one[0]} {one[1]}" for one in ONLY])
def test_a_bad_number_is_refused_and_named(cast, unchanged, address, more, code, where):
    refused(cast, address, {**body_of(cast, []), **more}, code, where)


# ---- things that are not so

def test_a_hand_in_after_another_is_refused(world, cast, unchanged):
    cast.done.hand_in(cast.finished, []).problem(409, "already_handed_in")
    cast.done.save(cast.finished, []).problem(409, "attempt_not_open")


def test_an_unknown_campaign_or_attempt_is_missing(cast, unchanged):
    for method, path in [("POST", "/v1/campaigns/none/attempts"),
                         ("GET", "/v1/campaigns/none/participation"),
                         ("GET", "/v1/campaigns/none/attempts/1"),
                         ("GET", "/v1/campaigns/none/standing"),
                         ("GET", "/v1/campaigns/%E7%8E%8B/attempts")]:
        cast.player.ask(method, path).problem(404, "campaign_unknown")
    cast.player.ask("PUT", "/v1/campaigns/none/attempts/1/answers", json=body_of(cast, [])) \
        .problem(404, "campaign_unknown")
    cast.player.ask("PUT", "/v1/campaigns/none/participation", json={"union": "630102"}) \
        .problem(404, "campaign_unknown")


def test_a_closed_or_future_window_is_refused(cast, unchanged):
    cast.stranger.choose("over").problem(409, "campaign_closed")
    cast.stranger.post("/v1/campaigns/upcoming/attempts").problem(409, "union_not_chosen")
    cast.stranger.post("/v1/campaigns/over/attempts").problem(409, "union_not_chosen")


def test_an_unknown_union_is_missing(cast, unchanged):
    cast.stranger.choose("open", "没有").problem(404, "union_unknown")
    cast.stranger.choose("open", "630102'; drop table attempt; --").problem(404, "union_unknown")


def test_without_a_sign_in_nothing_is_done(cast, unchanged):
    for method, path, body in [("POST", "/v1/campaigns/open/attempts", None),
                               ("PUT", cast.path + "/answers", body_of(cast, [])),
                               ("POST", cast.path + "/submission", body_of(cast, [])),
                               ("PUT", "/v1/campaigns/open/participation", {"union": "630102"}),
                               ("PATCH", "/v1/me", {"shows_name": True}),
                               ("DELETE", "/v1/sessions/current", None)]:
        cast.anybody.ask(method, path, json=body).problem(401, "sign_in_required")


VOIDS = [("/v1/organizer/campaigns/none/people/1/attempts/1/void", "campaign_unknown"),
         ("/v1/organizer/campaigns/open/people/999999/attempts/1/void", "attempt_unknown"),
         ("/v1/organizer/campaigns/open/people/0/attempts/1/void",
          ("person_unknown", "attempt_unknown")),
         ("/v1/organizer/campaigns/open/people/x/attempts/1/void",
          ("person_unknown", "attempt_unknown")),
         ("/v1/organizer/campaigns/open/people/99999999999999999999/attempts/1/void",
          ("person_unknown", "attempt_unknown"))]


@pytest.mark.parametrize("path, codes", VOIDS, ids=[one[0] for one in VOIDS])
def test_what_is_not_there_is_not_voided(cast, unchanged, path, codes):
    reply = cast.organizer.post(path, {"reason": "测试"})
    codes = codes if isinstance(codes, tuple) else (codes,)
    assert reply.status == 404 and reply.body["code"] in codes, reply


def test_an_open_attempt_is_not_voided(cast, unchanged):
    cast.organizer.post("/v1/organizer/campaigns/open/people/"
                        f"{cast.player.id}/attempts/1/void", {"reason": "测试"}) \
        .problem(404, "attempt_unknown")


def test_a_worker_voids_nothing(cast, unchanged):
    path = f"/v1/organizer/campaigns/open/people/{cast.done.id}/attempts/1/void"
    cast.player.post(path, {"reason": "测试"}).problem(403, "forbidden")
    cast.anybody.post(path, {"reason": "测试"}).problem(401, "sign_in_required")


@pytest.mark.parametrize("path", [
    "/v1/me", "/v1/campaigns", "/v1/campaigns/open", "/v1/campaigns/open/participation",
    "/v1/campaigns/open/standing", "/v1/campaigns/open/attempts/1", "/v1/unions/630102"])
def test_parameters_that_are_not_listed_are_refused(cast, unchanged, path):
    problem = cast.player.get(path, debug="1").problem(400, "parameter_unknown")
    assert "debug" in problem["detail"]


def test_parameters_that_stand_twice_are_refused(cast, unchanged):
    cast.player.ask("GET", "/v1/unions?limit=1&limit=2").problem(400, "parameter_bad")


@pytest.mark.parametrize("query, code", [
    ("limit=%zz", "parameter_bad"), ("search=%ff", "parameter_bad"),
    ("search=%00", "parameter_bad"), ("%ff=1", "parameter_unknown"), ("=1", "parameter_unknown")])
def test_parameters_that_cannot_be_decoded_are_refused(cast, unchanged, query, code):
    cast.anybody.ask("GET", f"/v1/unions?{query}").problem(400, code)


def test_a_body_where_none_is_wanted_is_refused(cast, unchanged):
    for method, path in [("GET", "/v1/me"), ("DELETE", "/v1/sessions/current"),
                         ("GET", "/v1/campaigns/open/standing")]:
        cast.player.ask(method, path, data=b"{}", headers=JSON).problem(400, "body_unexpected")


def test_afterwards_everything_still_works(world, cast):
    result = cast.player.hand_in(cast.attempt, world.bank.answers(cast.attempt)).ok()
    assert result["score"] == 100
    assert json.loads(json.dumps(result)) == result
    world.verify()

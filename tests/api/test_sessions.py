"""Signing in, renewing, signing out; and tokens that nobody was given."""
import base64
import hashlib
import hmac
import json

import pytest

from client import Person
from server import CLOCK_OFFSET_MS, wait_until


def encoded(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signed(header, payload, key=b"k" * 32, digest=hashlib.sha256):
    text = f"{encoded(header)}.{encoded(payload)}"
    return f"{text}.{encoded(hmac.new(key, text.encode(), digest).digest())}"


def stranger(world):
    """Somebody of the roster who is not signed in."""
    person = Person(world.server, *world.people.pop(20))
    world.clients.append(person)
    return person


def body_of(person):
    return {"union": person.union, "name": person.name, "staff_number": person.staff_number}


def test_signing_in_tells_who_one_is(world):
    person = stranger(world)
    tokens = person.post("/v1/sessions", body_of(person)).ok(201)
    assert tokens["person"]["name"] == person.name
    assert tokens["expires_in"] == 7200 and tokens["refresh_expires_in"] == 2592000
    person.token = tokens["access_token"]
    assert person.get("/v1/me").ok()["id"] == tokens["person"]["id"]


def test_the_same_person_signs_in_twice_with_two_sessions(world):
    person = stranger(world).sign_in()
    first, first_id = person.token, person.id
    person.sign_in()
    assert person.token != first and person.id == first_id
    person.delete("/v1/sessions/current").ok(204)
    person.token = first
    person.get("/v1/me").ok()


@pytest.mark.parametrize("wrong", [{"name": "无此人"}, {"staff_number": "99999999"},
                                   {"union": "630100"}])
def test_what_does_not_match_the_roster_is_refused(world, wrong):
    person = stranger(world)
    reply = person.post("/v1/sessions", {**body_of(person), **wrong})
    problem = reply.problem(401, "sign_in_failed")
    assert "Bearer" in reply.headers["WWW-Authenticate"]
    assert person.name not in json.dumps(problem, ensure_ascii=False)


def test_a_union_that_is_not_there_is_told(world):
    person = stranger(world)
    problem = person.post("/v1/sessions", {**body_of(person), "union": "999999"}) \
        .problem(404, "union_unknown")
    assert "999999" in problem["detail"]


def test_problems_speak_chinese_and_english_when_asked(world):
    person = stranger(world)
    wrong = {**body_of(person), "name": "无此人"}
    for language, tag, word in [(None, "zh-CN", "登录失败"), ("en", "en", "Sign-in failed"),
                                ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "登录失败"),
                                ("fr, en;q=0.5", "en", "Sign-in failed")]:
        person.language = language
        reply = person.post("/v1/sessions", wrong)
        assert reply.problem(401, "sign_in_failed")["title"] == word
        assert reply.headers["Content-Language"] == tag


def test_after_ten_failures_one_has_to_wait_and_others_do_not(world):
    person, other = stranger(world), stranger(world)
    for _ in range(10):
        person.post("/v1/sessions", {**body_of(person), "name": "猜"}) \
            .problem(401, "sign_in_failed")
    reply = person.post("/v1/sessions", body_of(person))
    problem = reply.problem(429, "too_often")
    assert 0 < int(reply.headers["Retry-After"]) <= 300
    assert reply.headers["Retry-After"] in problem["detail"]
    other.sign_in()


def test_a_refresh_token_gives_a_new_pair_once(world):
    person = stranger(world).sign_in()
    tokens = person.post("/v1/sessions/refresh",
                         {"refresh_token": person.refresh_token}).ok(200)
    assert tokens["person"] == {"id": person.id, "name": person.name}
    assert tokens["refresh_token"] != person.refresh_token
    person.token = tokens["access_token"]
    person.get("/v1/me").ok()


def test_who_lost_the_reply_asks_again_with_the_old_refresh_token(world):
    person = stranger(world).sign_in()
    old = {"refresh_token": person.refresh_token}
    lost, again = (person.post("/v1/sessions/refresh", old).ok(200) for _ in range(2))
    for tokens in (lost, again):
        person.token = tokens["access_token"]
        person.get("/v1/me").ok()
    person.post("/v1/sessions/refresh", {"refresh_token": again["refresh_token"]}).ok(200)
    person.post("/v1/sessions/refresh", old).problem(401, "session_ended")


def test_using_an_old_refresh_token_ends_the_session(world, later):
    person = stranger(world).sign_in()
    old = person.refresh_token
    tokens = person.post("/v1/sessions/refresh", {"refresh_token": old}).ok(200)
    there = person.at(later(31))
    there.post("/v1/sessions/refresh", {"refresh_token": old}).problem(401, "session_ended")
    person.post("/v1/sessions/refresh", {"refresh_token": old}).problem(401, "session_ended")
    person.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]}) \
        .problem(401, "session_ended")
    for token in (person.token, tokens["access_token"]):
        person.token = token
        person.get("/v1/me").problem(401, "session_ended")


def test_signing_out_ends_both_tokens_at_once(world):
    person = stranger(world).sign_in()
    person.delete("/v1/sessions/current").ok(204)
    person.get("/v1/me").problem(401, "session_ended")
    person.delete("/v1/sessions/current").problem(401, "session_ended")
    person.post("/v1/sessions/refresh", {"refresh_token": person.refresh_token}) \
        .problem(401, "session_ended")


def test_signing_out_everywhere_ends_every_session_of_that_person_alone(world):
    person, other = stranger(world).sign_in(), stranger(world).sign_in()
    tokens = [(person.token, person.refresh_token)]
    for _ in range(3):
        person.sign_in()
        tokens.append((person.token, person.refresh_token))
    person.delete("/v1/sessions").ok(204)
    for access, refresh in tokens:
        person.token = access
        person.get("/v1/me").problem(401, "session_ended")
        person.post("/v1/sessions/refresh", {"refresh_token": refresh}) \
            .problem(401, "session_ended")
    other.get("/v1/me").ok()
    person.sign_in().get("/v1/me").ok()


def test_another_server_learns_of_a_sign_out_everywhere(world, later):
    person = stranger(world).sign_in()
    server = later(1)
    there = [person.at(server), person.sign_in().at(server)]
    for one in there:
        one.get("/v1/me").ok()
    person.sign_in().delete("/v1/sessions").ok(204)
    for one in there:
        wait_until(lambda: one.get("/v1/me").status == 401, 10)
        one.get("/v1/me").problem(401, "session_ended")


def test_only_who_is_signed_in_signs_out_everywhere(world, organizer):
    world.anybody().delete("/v1/sessions").problem(401, "sign_in_required")
    organizer.delete("/v1/sessions").problem(403, "forbidden")


def test_another_server_learns_of_a_sign_out(world, later):
    person = stranger(world).sign_in()
    there = person.at(later(1))
    there.get("/v1/me").ok()
    person.delete("/v1/sessions/current").ok(204)
    wait_until(lambda: there.get("/v1/me").status == 401, 10)
    there.get("/v1/me").problem(401, "session_ended")


def test_a_server_that_starts_after_a_sign_out_knows_of_it(world, later):
    person = stranger(world).sign_in()
    person.delete("/v1/sessions/current").ok(204)
    person.at(later(1)).get("/v1/me").problem(401, "session_ended")


def test_an_access_token_ends_after_two_hours_and_is_renewed(world, later):
    person = stranger(world).sign_in()
    there = person.at(later(2 * 3600 + 5))
    reply = there.get("/v1/me")
    reply.problem(401, "token_expired")
    assert "invalid_token" in reply.headers["WWW-Authenticate"]
    there.token = there.post("/v1/sessions/refresh", {"refresh_token": person.refresh_token}) \
        .ok(200)["access_token"]
    there.get("/v1/me").ok()


def test_a_token_still_works_just_before_its_end(world, later):
    person = stranger(world).sign_in()
    person.at(later(2 * 3600 - 120)).get("/v1/me").ok()


def test_a_refresh_token_ends_after_thirty_days(world, later):
    person = stranger(world).sign_in()
    person.at(later(31 * 86400)).post("/v1/sessions/refresh",
                                      {"refresh_token": person.refresh_token}) \
        .problem(401, "token_expired")


def forgeries(token):
    """Tokens made from a good one."""
    head, body, seal = token.split(".")
    header, payload = json.loads(decoded(head)), json.loads(decoded(body))
    other = encoded({**payload, "sub": "1"})
    last = seal[:-2] + ("AA" if seal[-2:] != "AA" else "BB")
    yield "nothing", ""
    yield "not a token", "token"
    yield "two parts", f"{head}.{body}"
    yield "four parts", token + "." + seal
    yield "another person", f"{head}.{other}.{seal}"
    yield "altered seal", f"{head}.{body}.{last}"
    yield "no seal", f"{head}.{body}."
    yield "alg none", f"{encoded({**header, 'alg': 'none'})}.{body}."
    yield "alg none with a seal", f"{encoded({**header, 'alg': 'none'})}.{body}.{seal}"
    yield "alg None", f"{encoded({**header, 'alg': 'None'})}.{other}.AAAA"
    yield "another key", signed(header, payload)
    yield "an empty key", signed(header, payload, b"")
    yield "the kid as key", signed(header, payload, header["kid"].encode())
    yield "another kid", signed({**header, "kid": "x"}, payload)
    yield "a path as kid", signed({**header, "kid": "../../dev/null"}, payload, b"")
    yield "no kid", signed({"alg": "HS256", "typ": "JWT"}, payload)
    yield "a number as kid", signed({**header, "kid": 1}, payload)
    yield "HS512", signed({**header, "alg": "HS512"}, payload, digest=hashlib.sha512)
    yield "RS256", signed({**header, "alg": "RS256"}, payload)
    yield "a key in the header", signed({**header, "jwk": {"kty": "oct", "k": encoded(b"k" * 32)}},
                                        payload)
    yield "critical", signed({**header, "crit": ["exp"]}, payload)
    yield "no expiry", signed(header, {k: v for k, v in payload.items() if k != "exp"})
    yield "not base64", f"{head}.{body[:-1]}*.{seal}"
    yield "padded", f"{head}.{body}==.{seal}"
    yield "not JSON", f"{encoded(b'{')}.{body}.{seal}"
    yield "a list", f"{encoded([1])}.{body}.{seal}"
    yield "NUL", f"{head}.{body}%00.{seal}"
    yield "8 KB of payload", f"{head}.{'A' * 8000}.{seal}"
    yield "8 KB of seal", f"{head}.{body}.{'A' * 8000}"
    yield "8 KB of dots", "." * 8000


@pytest.mark.parametrize("name", [name for name, _ in forgeries(signed(
    {"alg": "HS256", "kid": "1"}, {"sub": "2"}))])
def test_a_forged_token_is_refused(world, player, name):
    token = dict(forgeries(player.token))[name]
    reply = player.ask("GET", "/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert reply.status == 401 and reply.body["code"] in (
        ("token_invalid", "sign_in_required") if name == "nothing" else ("token_invalid",)), reply
    player.get("/v1/me").ok()


def test_a_header_of_16_kib_is_too_large(player):
    player.ask("GET", "/v1/me", headers={"Authorization": "Bearer " + "A" * 20000}) \
        .problem(431, "headers_too_large")


@pytest.mark.parametrize("header", [None, "", "Basic dXNlcjpwYXNz", "Bearer", "Token x"])
def test_without_a_bearer_token_one_is_asked_to_sign_in(world, header):
    anybody = world.anybody()
    headers = {} if header is None else {"Authorization": header}
    anybody.ask("GET", "/v1/me", headers=headers).problem(401, "sign_in_required")


def test_one_kind_of_token_does_not_serve_for_another(world, organizer, player):
    player.post("/v1/sessions/refresh", {"refresh_token": player.token[:200]}) \
        .problem(401, "token_invalid")
    as_access = {"Authorization": f"Bearer {player.refresh_token}"}
    player.ask("GET", "/v1/me", headers=as_access).problem(401, "token_invalid")
    ticket = player.start("open")["ticket"]
    player.post("/v1/sessions/refresh", {"refresh_token": ticket}).problem(401, "token_invalid")
    player.ask("GET", "/v1/me", headers={"Authorization": f"Bearer {ticket}"}) \
        .problem(401, "token_invalid")
    organizer.get("/v1/me").problem(403, "forbidden")
    player.get("/v1/results").problem(403, "forbidden")
    player.get("/v1/organizer/campaigns/open/attempts").problem(403, "forbidden")


@pytest.mark.parametrize("token", ["jdk_", "jdk_x", "jdk_" + "A" * 43, "jdk_" + "A" * 8000])
def test_an_organizers_key_that_was_never_made_is_refused(world, token):
    world.anybody().ask("GET", "/v1/results", headers={"Authorization": f"Bearer {token}"}) \
        .problem(401, "token_invalid")


@pytest.mark.parametrize("token", ["", "x", "A" * 94, "A" * 200, "你好"])
def test_a_forged_refresh_token_is_refused(world, token):
    reply = world.anybody().post("/v1/sessions/refresh", {"refresh_token": token})
    if token:
        reply.problem(401, "token_invalid")
    else:
        reply.problem(400, "field_length")


def test_an_altered_refresh_token_is_refused_and_the_session_lives(world):
    person = stranger(world).sign_in()
    for i in (0, 20, 40, len(person.refresh_token) - 5):
        was = person.refresh_token[i]
        altered = person.refresh_token[:i] + ("A" if was != "A" else "B") \
            + person.refresh_token[i + 1:]
        person.post("/v1/sessions/refresh", {"refresh_token": altered}) \
            .problem(401, "token_invalid")
    person.post("/v1/sessions/refresh", {"refresh_token": person.refresh_token}).ok(200)


def test_a_token_made_by_the_command_signs_in(world, later):
    union, staff_number, name = world.people[-1]
    printed = world.program.run("token", "--person", f"{union}/{staff_number}",
                                more={"JINGDA_CLOCK_OFFSET_MS": "0"})
    # a server whose clock is that of the command
    person = Person(later(-CLOCK_OFFSET_MS / 1000), union, staff_number, name)
    person.token = printed.strip().split()[-1]
    assert person.get("/v1/me").ok()["name"] == name

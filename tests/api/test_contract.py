"""The OpenAPI document itself: whole, and in step with the catalogue of problems."""
import re

import pytest

import contract as contracts
from server import ROOT

STATUS = {"INVALID": 400, "UNKNOWN": 401, "FORBIDDEN": 403, "MISSING": 404, "CONFLICT": 409,
          "TOO_MUCH": 429, "BUSY": 503, "BROKEN": 500, "TOO_LARGE": 413, "NOT_ALLOWED": 405,
          "WRONG_TYPE": 415, "TIMEOUT": 408, "HEADERS_TOO_LARGE": 431}
SPECIAL = {"method_unknown": 501, "http_version": 505}
# Of commands and files, never of a reply.
NOT_HTTP = {"none", "listen_failed", "file_unreadable", "file_cell", "rules_bad",
            "rules_fixed", "pool_small", "pool_exposed", "pool_overlap", "pool_conflicts",
            "setting", "field_time", "not_utf8", "row_bad", "file_refused"}
DOCUMENT = contracts.Contract(ROOT / "api-docs" / "openapi.yaml")


def catalogue():
    """code -> (status, title in Chinese)"""
    text = (ROOT / "server" / "util" / "problems.def").read_text(encoding="utf-8")
    found = re.findall(r'^PROBLEM\(\w+,\s*(\w+),\s*"(\w+)",\s*"([^"]*)"', text, re.M)
    return {code: (SPECIAL.get(code, STATUS.get(fault)), title) for fault, code, title in found}


def responses():
    """what -> [(status, response)], for every operation and for any address"""
    found = {f"{operation.method} {operation.path}":
             [(int(status), one) for status, one in operation.body["responses"].items()]
             for operation in DOCUMENT.operations}
    found["any address"] = [(status, DOCUMENT.document["components"]["responses"][name])
                            for status, name in contracts.OF_ANY_ADDRESS.items()]
    return found


RESPONSES = responses()
each_operation = pytest.mark.parametrize("what", RESPONSES)


def codes_of(schema):
    """The codes a problem's schema allows."""
    if "oneOf" in schema:
        return [code for one in schema["oneOf"] for code in codes_of(one)]
    if "allOf" in schema:
        return schema["allOf"][1]["properties"]["code"]["enum"]
    return [schema["properties"]["code"]["const"]]


@each_operation
def test_every_reply_has_an_example_that_keeps_to_its_schema(what):
    for status, response in RESPONSES[what]:
        for media_type, content in response.get("content", {}).items():
            place = f"{what} {status} {media_type}"
            assert "example" in content, place
            DOCUMENT.validate(content["example"], content["schema"], place)


@each_operation
def test_every_problem_it_tells_of_is_in_the_catalogue_with_that_status(what):
    known = catalogue()
    for status, response in RESPONSES[what]:
        content = response.get("content", {}).get("application/problem+json")
        assert (content is not None) == (status >= 400)
        if not content:
            continue
        codes, example = codes_of(content["schema"]), content["example"]
        assert [known[code][0] for code in codes] == [status] * len(codes), codes
        assert example["code"] in codes
        assert (example["status"], example["title"]) == known[example["code"]]


@each_operation
def test_every_reply_tells_its_request_id(what):
    for _, response in RESPONSES[what]:
        assert response["headers"]["X-Request-Id"]["required"]


def test_every_problem_of_the_catalogue_can_be_met_somewhere():
    told = {code for all_of in RESPONSES.values() for status, response in all_of if status >= 400
            for code in codes_of(response["content"]["application/problem+json"]["schema"])}
    assert told == set(catalogue()) - NOT_HTTP
    assert told == set(DOCUMENT.document["components"]["schemas"]["ProblemCode"]["enum"])


def test_every_request_has_an_example_that_keeps_to_its_schema():
    for operation in DOCUMENT.operations:
        for content in operation.body.get("requestBody", {}).get("content", {}).values():
            DOCUMENT.validate(content["example"], content["schema"], operation.id)


def test_no_object_takes_members_that_are_not_listed():
    def look(node, place):
        if isinstance(node, list):
            for i, inner in enumerate(node):
                look(inner, f"{place}/{i}")
        elif isinstance(node, dict):
            if node.get("type") == "object":
                assert node.get("additionalProperties") is False, place
            for name, inner in node.items():
                if name not in ("example", "examples"):
                    look(inner, f"{place}/{name}")
    look(DOCUMENT.raw["paths"], "paths")
    look(DOCUMENT.raw["components"], "components")


def test_the_judge_refuses_what_the_document_does_not_tell_of():
    def reply(method, path, status, body=b"{}", **headers):
        given = {"X-Request-Id": "1", "Content-Type": "application/json", **headers}
        DOCUMENT.check(method, path, status, given, body)

    reply("GET", "/healthz", 200, b'{"status":"ok"}')
    for case in [("GET", "/healthz", 200, b'{"status":"well"}'),
                 ("GET", "/healthz", 200, b'{"status":"ok","more":1}'),
                 ("GET", "/healthz", 200, b'{"status":"ok","status":"ok"}'),
                 ("GET", "/healthz", 201, b'{"status":"ok"}'),
                 ("GET", "/nowhere", 200, b'{"status":"ok"}'),
                 ("PUT", "/healthz", 200, b'{"status":"ok"}'),
                 ("DELETE", "/v1/sessions/current", 204, b"{}")]:
        with pytest.raises(contracts.Broken):
            reply(*case)
    with pytest.raises(contracts.Broken):
        reply("GET", "/healthz", 200, b'{"status":"ok"}', **{"Content-Type": "text/plain"})
    with pytest.raises(contracts.Broken):
        reply("GET", "/healthz", 200, b'{"status":"ok"}', ETag='"1"')

"""The OpenAPI document as a judge: whatever the server answers is compared with it."""
import json
import re

import fastjsonschema
import jsonschema
import yaml
from requests.structures import CaseInsensitiveDict

# A reply may have these only where the document says so.
TOLD_HEADERS = ("ETag", "Retry-After", "Location", "Allow", "WWW-Authenticate",
                "Content-Disposition")
# What is not text.
BINARY = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)
# Any address may answer so, without saying it at every operation.
OF_ANY_ADDRESS = {400: "BadTarget", 404: "NotFound", 405: "MethodNotAllowed",
                  408: "TooSlow", 431: "HeadersTooLarge", 501: "MethodUnknown",
                  503: "Unavailable", 505: "HttpVersion"}
# A reply to these must not tell anything that helps to answer.
OF_OPEN_ATTEMPTS = {"startAttempt", "saveAnswers", "getParticipation", "chooseUnion"}
# Nor these, though they name the question.
OF_PRACTICE = {"listPractice", "listReviews", "listTopics"}
TELLING = {"key", "explanation", "right", "earned", "source", "answer", "question"}


class Broken(AssertionError):
    """The server does not keep to the document."""


def read_json(text):
    """Strictly: a name that stands twice in an object is an error."""
    def pairs(items):
        found = dict(items)
        if len(found) != len(items):
            raise Broken(f"a name stands twice: {[name for name, _ in items]}")
        return found
    return json.loads(text, object_pairs_hook=pairs)


def inline(node, document, via=()):
    """The node with every local $ref replaced by what it names."""
    if isinstance(node, list):
        return [inline(item, document, via) for item in node]
    if not isinstance(node, dict):
        return node
    rest = {name: inline(value, document, via) for name, value in node.items() if name != "$ref"}
    if "$ref" not in node:
        return rest
    reference = node["$ref"]
    assert reference.startswith("#/") and reference not in via, reference
    found = document
    for step in reference[2:].split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return {**inline(found, document, (*via, reference)), **rest}


def names_in(value):
    """Every member name of a JSON value, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names_in(inner)


class Validator:
    """A schema compiled, by which most of what is right is seen to be; the rest is judged by the
    slower one, which also says best what is wrong.  The document uses nothing that draft 7,
    which alone can be compiled, understands otherwise than 2020-12."""

    NEWER = {"prefixItems", "unevaluatedProperties", "unevaluatedItems", "dependentRequired",
             "dependentSchemas", "minContains", "maxContains", "$dynamicRef", "$defs"}

    def __init__(self, schema):
        assert not self.NEWER.intersection(names_in(schema)), schema
        jsonschema.Draft202012Validator.check_schema(schema)
        self.careful = jsonschema.Draft202012Validator(schema)
        self.quick = fastjsonschema.compile(
            {**schema, "$schema": "http://json-schema.org/draft-07/schema#"},
            formats={"binary": lambda value: True}, use_default=False)

    def error_of(self, value):
        try:
            self.quick(value)
        except fastjsonschema.JsonSchemaValueException:
            return jsonschema.exceptions.best_match(self.careful.iter_errors(value))
        return None


class Operation:
    def __init__(self, method, path, body):
        self.method, self.path, self.body = method, path, body
        self.id = body["operationId"]
        pattern = re.sub(r"\{[a-z_]+\}", "[^/]+", re.escape(path).replace(r"\{", "{")
                         .replace(r"\}", "}"))
        self.pattern = re.compile(pattern + r"\Z")
        self.n_params = path.count("{")


class Contract:
    def __init__(self, path, explanations=()):
        with open(path, encoding="utf-8") as file:
            self.raw = yaml.safe_load(file)
        self.document = inline(self.raw, self.raw)
        self.explanations = list(explanations)
        self.validators = {}
        self.operations = [Operation(method.upper(), path, body)
                           for path, item in self.document["paths"].items()
                           for method, body in item.items() if method != "parameters"]
        self.operations.sort(key=lambda operation: operation.n_params)

    def find(self, method, path):
        """The operation, or None; and whether the path is known at all."""
        asked = "GET" if method == "HEAD" else method
        known = [operation for operation in self.operations if operation.pattern.match(path)]
        for operation in known:
            if operation.method == asked:
                return operation, True
        return None, bool(known)

    def validate(self, value, schema, what):
        if id(schema) not in self.validators:
            self.validators[id(schema)] = Validator(schema)
        error = self.validators[id(schema)].error_of(value)
        if error:
            place = "/".join(map(str, error.absolute_path))
            raise Broken(f"{what}: at /{place}: {error.message[:600]}")

    def check(self, method, path, status, headers, content):
        """Checks a reply; returns its body, parsed if it is JSON."""
        operation, is_known = self.find(method, path)
        headers = CaseInsensitiveDict(headers)
        what = f"{method} {path} -> {status}"
        response = self._response(operation, is_known, method, status, what)
        self._check_headers(response, headers, what)
        body = self._check_body(response, method, status, headers, content, what)
        if isinstance(body, dict) and status >= 400:
            self._check_problem(body, status, headers, what)
        if operation and (operation.id in OF_OPEN_ATTEMPTS
                          or isinstance(body, dict) and body.get("state") == "open"):
            self.check_secrecy(body, what)
        if operation and operation.id in OF_PRACTICE:
            self.check_secrecy(body, what, TELLING - {"question"})
        return body

    def _response(self, operation, is_known, method, status, what):
        if operation and str(status) in operation.body["responses"]:
            return operation.body["responses"][str(status)]
        others = {501, 505} if operation else {400, 408, 431, 501, 503, 505,
                                               405 if is_known else 404}
        if status in others:
            return self.document["components"]["responses"][OF_ANY_ADDRESS[status]]
        raise Broken(f"{what}: not in the document"
                     + ("" if operation else f" ({method} is not there)" if is_known
                        else " (no such path)"))

    def _check_headers(self, response, headers, what):
        told = {name.lower(): header for name, header in response.get("headers", {}).items()}
        for name, header in told.items():
            value = headers.get(name)
            if value is None:
                if header.get("required"):
                    raise Broken(f"{what}: no {name}")
                continue
            if header["schema"].get("type") == "integer":
                if not re.fullmatch(r"[0-9]{1,9}", value):
                    raise Broken(f"{what}: {name} is {value!r}")
                value = int(value)
            self.validate(value, header["schema"], f"{what}: {name}")
        for name in TOLD_HEADERS:
            if name in headers and name.lower() not in told:
                raise Broken(f"{what}: the document does not tell of {name}: {headers[name]}")

    def _check_body(self, response, method, status, headers, content, what):
        kinds = response.get("content", {})
        media_type = headers.get("Content-Type", "").split(";")[0].strip().lower()
        if method == "HEAD" or not kinds:
            if content:
                raise Broken(f"{what}: has a body: {content[:200]!r}")
            return None
        if media_type not in kinds:
            raise Broken(f"{what}: {media_type!r} is not one of {list(kinds)}: {content[:200]!r}")
        if kinds[media_type]["schema"].get("format") == "binary" or media_type in BINARY:
            return content
        text = content.decode("utf-8")
        if not media_type.endswith("json"):
            return text
        body = read_json(text)
        self.validate(body, kinds[media_type]["schema"], what)
        return body

    def _check_problem(self, body, status, headers, what):
        if body["status"] != status or body["type"] != "urn:jingda:problem:" + body["code"]:
            raise Broken(f"{what}: {body}")
        if body["request_id"] != headers.get("X-Request-Id"):
            raise Broken(f"{what}: request_id {body['request_id']} is not that of the header")
        if headers.get("Content-Language") not in ("zh-CN", "en"):
            raise Broken(f"{what}: Content-Language {headers.get('Content-Language')}")

    def check_secrecy(self, body, what, telling=frozenset(TELLING)):
        """Nothing in it helps to answer the questions."""
        told = telling.intersection(names_in(body))
        if told:
            raise Broken(f"{what}: reveals {sorted(told)}")
        text = json.dumps(body, ensure_ascii=False)
        for explanation in self.explanations:
            if explanation in text:
                raise Broken(f"{what}: reveals the explanation {explanation!r}")

"""Asking the server.  Every reply is checked against the OpenAPI document."""
import urllib.parse

import requests

from contract import Broken


class Reply:
    def __init__(self, asked, status, headers, body, content):
        self.asked, self.status, self.headers = asked, status, headers
        self.body, self.content = body, content

    def __repr__(self):
        return f"{self.asked} -> {self.status} {self.content[:1200].decode('utf-8', 'replace')}"

    def ok(self, status=200):
        """The body of a reply that must have this status."""
        assert self.status == status, self
        return self.body

    def problem(self, status, code):
        """The problem document of a reply that must be this one."""
        assert self.status == status and self.body["code"] == code, f"not {code}: {self}"
        return self.body


class Client:
    def __init__(self, server, token=None, language=None):
        self.server, self.token, self.language = server, token, language
        self.session = requests.Session()
        self.session.trust_env = False
        self.seen_ids = set()

    def close(self):
        self.session.close()

    def ask(self, method, path, json=None, params=None, headers=None, data=None, timeout=30):
        given = {"Accept-Language": self.language, **(headers or {})}
        if self.token and "Authorization" not in given:
            given["Authorization"] = "Bearer " + self.token
        given = {name: value for name, value in given.items() if value is not None}
        url = self.server.url + path
        if params:
            url += "?" + urllib.parse.urlencode(params)
        reply = self.session.request(method, url, json=json, data=data, headers=given,
                                     timeout=timeout, allow_redirects=False)
        body = self.server.contract.check(method, path.split("?")[0], reply.status_code,
                                          reply.headers, reply.content)
        request_id = reply.headers["X-Request-Id"]
        if request_id in self.seen_ids:
            raise Broken(f"{method} {path}: X-Request-Id {request_id} a second time")
        self.seen_ids.add(request_id)
        return Reply(f"{method} {url}", reply.status_code, reply.headers, body, reply.content)

    def get(self, path, **params):
        return self.ask("GET", path, params=params)

    def post(self, path, json=None, **options):
        return self.ask("POST", path, json=json, **options)

    def put(self, path, json=None, **options):
        return self.ask("PUT", path, json=json, **options)

    def patch(self, path, json=None, **options):
        return self.ask("PATCH", path, json=json, **options)

    def delete(self, path, **options):
        return self.ask("DELETE", path, **options)

    def pages(self, path, **params):
        """All items of a list, page by page."""
        items, cursor = [], None
        while True:
            asked = dict(params, **({"cursor": cursor} if cursor else {}))
            page = self.get(path, **asked).ok()
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                return items


class Person(Client):
    """Somebody of the roster."""

    def __init__(self, server, union, staff_number, name):
        super().__init__(server)
        self.union, self.staff_number, self.name = union, staff_number, name
        self.id = self.refresh_token = None

    def sign_in(self):
        tokens = self.post("/v1/sessions", {"union": self.union, "name": self.name,
                                            "staff_number": self.staff_number}).ok(201)
        self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
        self.id = tokens["person"]["id"]
        return self

    def at(self, server):
        """The same person, with the same token, asking another server."""
        other = Person(server, self.union, self.staff_number, self.name)
        other.token, other.refresh_token, other.id = self.token, self.refresh_token, self.id
        return other

    def choose(self, campaign, union=None):
        return self.put(f"/v1/campaigns/{campaign}/participation",
                        {"union": union or self.union})

    def start(self, campaign):
        """A new attempt; it must begin now."""
        return self.post(f"/v1/campaigns/{campaign}/attempts").ok(201)

    def save(self, attempt, answers, version=None):
        body = {"ticket": attempt["ticket"], "answers": answers}
        if version is not None:
            body["version"] = version
        return self.put(f"{path_of(attempt)}/answers", body)

    def hand_in(self, attempt, answers, **more):
        return self.post(f"{path_of(attempt)}/submission",
                         {"ticket": attempt["ticket"], "answers": answers, **more})

    def play(self, campaign, n_right=None, right=None):
        """Starts and hands in; the result."""
        attempt = self.start(campaign)
        answers = self.server.bank.answers(attempt, n_right, right)
        return self.hand_in(attempt, answers).ok()

    def standing(self, campaign):
        return self.get(f"/v1/campaigns/{campaign}/standing").ok()


def path_of(attempt):
    return f"/v1/campaigns/{attempt['campaign']}/attempts/{attempt['ordinal']}"

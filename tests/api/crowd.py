"""Many people at once over HTTP.  Replies are kept, and checked against the document when
the rush is over, so that checking does not slow it down."""
import asyncio
import json

import aiohttp

import model
import moments
from client import Client, Person, path_of
from server import wait_until

PATIENCE_SECONDS = 60


class Crowd:
    def __init__(self, server, roster):
        self.server = server
        self.players = [Player(self, *one) for one in roster]
        self.replies = []  # (method, path, status, headers, content)
        self.n_lost = 0    # requests whose reply never came
        self.session = None

    async def play_all(self, play):
        """play(player) for everybody at the same time."""
        connector = aiohttp.TCPConnector(limit=0)
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as self.session:
            await asyncio.gather(*(play(player) for player in self.players))

    def settle(self, campaign, n_attempts):
        """Waits until every worker has heard of all that was handed in."""
        def heard():
            clients = [Client(self.server) for _ in range(8)]  # each on a connection of its own
            found = [client.get(f"/v1/campaigns/{campaign}").ok()["attempts"]
                     for client in clients]
            for client in clients:
                client.close()
            return found == [n_attempts] * len(found)
        wait_until(heard, 20, "the boards do not follow")

    def check(self):
        """Every reply keeps to the document, and none has the id of another."""
        for reply in self.replies:
            self.server.contract.check(*reply)
        ids = {headers["X-Request-Id"] for _, _, _, headers, _ in self.replies}
        assert len(ids) == len(self.replies)


class Player:
    def __init__(self, crowd, union, staff_number, name):
        self.crowd, self.union, self.staff_number, self.name = crowd, union, staff_number, name
        self.id = self.token = None

    async def once(self, method, path, body):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.crowd.session.request(method, self.crowd.server.url + path, json=body,
                                              headers=headers) as reply:
            content = await reply.read()
            self.crowd.replies.append((method, path, reply.status, reply.headers, content))
            return reply.status, json.loads(content)

    async def ask(self, method, path, body=None):
        """(status, body).  What gets no reply, or 503, is asked again: all of it may be."""
        end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            try:
                status, found = await self.once(method, path, body)
                if status != 503:
                    return status, found
            except (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError):
                self.crowd.n_lost += 1
            assert asyncio.get_running_loop().time() < end, f"{method} {path}: no reply"
            await asyncio.sleep(0.05)

    async def sign_in(self):
        status, found = await self.ask("POST", "/v1/sessions", {
            "union": self.union, "name": self.name, "staff_number": self.staff_number})
        assert status == 201, found
        self.token, self.id = found["access_token"], found["person"]["id"]

    async def choose(self, campaign):
        status, found = await self.ask("PUT", f"/v1/campaigns/{campaign}/participation",
                                       {"union": self.union})
        assert status in (200, 201), found

    async def start(self, campaign):
        status, found = await self.ask("POST", f"/v1/campaigns/{campaign}/attempts")
        assert status in (200, 201) and found["state"] == "open", found
        return found

    async def save(self, attempt, answers, version):
        status, found = await self.ask("PUT", f"{path_of(attempt)}/answers", {
            "ticket": attempt["ticket"], "answers": answers, "version": version})
        assert status == 200, found
        return found

    async def hand_in(self, attempt, answers):
        status, found = await self.ask("POST", f"{path_of(attempt)}/submission", {
            "ticket": attempt["ticket"], "answers": answers})
        assert status == 200, found
        return found


def figures_of(items):
    return [(row["rank"], round(row["score"] * 100), row["duration_ms"],
             moments.ms_of(row["reached_at"])) for row in items]


def expected(figures):
    return [(rank, figure.score, figure.duration_ms, figure.reached_at)
            for rank, _, figure in model.board(figures)]


def compare_boards(world, campaign, attempts):
    """Every board of the campaign (by "best", in the usual order) against the model."""
    tree, organizer, anybody = model.Tree(), world.organizer(), world.anybody()
    union_of = {one.person: one.union for one in attempts}
    found = model.standings(attempts)
    for period, figures in found.items():
        for union in [None, *tree.parent]:
            below = {person: figure for person, figure in figures.items()
                     if union is None or tree.within(union_of[person], union)}
            compare_people(organizer, anybody, campaign, period, union, below)
        for parent in [None, *tree.parent]:
            rows = model.union_rows(tree, tree.children(parent), figures, union_of)
            for measure in ("sum", "mean", "rate", "heads"):
                compare_unions(anybody, campaign, period, parent, measure, rows)
    compare_standings(world, campaign, found, union_of, tree)
    return found


def compare_people(organizer, anybody, campaign, period, union, figures):
    asked = {"period": period, **({"union": union} if union else {})}
    whole = organizer.pages(f"/v1/organizer/campaigns/{campaign}/people", limit=1000, **asked)
    what = f"{campaign} {period} {union}"
    assert [(row["rank"], int(row["person"])) for row in whole] == \
        [(rank, person) for rank, person, _ in model.board(figures)], what
    assert figures_of(whole) == expected(figures), what
    public = anybody.pages(f"/v1/campaigns/{campaign}/boards/people", limit=100, **asked)
    assert figures_of(public) == expected(figures), what


def compare_unions(anybody, campaign, period, parent, measure, rows):
    asked = {"period": period, "measure": measure, **({"parent": parent} if parent else {})}
    items = anybody.pages(f"/v1/campaigns/{campaign}/boards/unions", **asked)
    what = f"{campaign} {period} {parent} {measure}"
    assert {row["code"] for row in items} == set(rows), what
    for row in items:
        for name in ("heads", "attempts", "members", "sum"):
            assert row[name] == rows[row["code"]][name], f"{what} {row['code']} {name}"
        for name in ("mean", "rate"):
            mine = rows[row["code"]][name]
            assert row[name] is mine is None or abs(row[name] - mine) < 0.00501, f"{what} {name}"
    order = [(row[measure] is None, -(row[measure] or 0), -row["heads"], row["code"])
             for row in items]
    assert order == sorted(order), what


def compare_standings(world, campaign, found, union_of, tree):
    """What each of some people is told about their own place."""
    ranks = {union: {person: rank for rank, person, _ in model.board(
        {person: figure for person, figure in found["overall"].items()
         if union is None or tree.within(union_of[person], union)})}
        for union in [None, *tree.parent]}
    roster = {person: (*subject.split("/"), name) for person, subject, name in world.sql(
        "select person, subject, name from identity join person on id = person "
        "where provider = 'roster'")}
    for person in sorted(union_of)[::10]:
        standing = Person(world.server, *roster[person]).sign_in().standing(campaign)
        told = {None: standing["overall"],
                **{union["code"]: union["overall"] for union in standing["unions"]}}
        assert list(told)[1:] == tree.path(union_of[person])
        for union, place in told.items():
            assert (place["rank"], place["of"]) == (ranks[union][person], len(ranks[union]))

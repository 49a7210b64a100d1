"""People who play while everything breaks, and the ledger of what they were told.

A phone repeats a request until it is answered: what got no reply, or 503, may or may not
have been done.  Whatever was acknowledged must be there afterwards, once."""
import asyncio
import collections
import json
import random

import aiohttp

import campaigns

PATIENCE_SECONDS = 100
TRY_SECONDS = 4


class Deed:
    """One attempt as its phone knows it."""

    def __init__(self, person, union, started):
        self.person, self.union, self.started = int(person), union, started
        self.ordinal = started["ordinal"]
        self.answers = self.right = self.told = None
        self.saved_version, self.n_tries = 0, 0

    @property
    def path(self):
        return f"/v1/campaigns/{self.started['campaign']}/attempts/{self.ordinal}"

    def submission(self):
        return {"ticket": self.started["ticket"], "answers": self.answers}


class Ledger:
    def __init__(self):
        self.deeds = {}  # (person, ordinal) -> Deed
        self.n_told = self.n_unanswered = self.n_reads = 0
        self.statuses = collections.Counter()
        self.wrong = []  # what must never be, in words

    def blame(self, what):
        if len(self.wrong) < 50:
            self.wrong.append(what)


class Phone:
    def __init__(self, street, union, staff_number, name, seed):
        self.street, self.ledger = street, street.ledger
        self.who = {"union": union, "staff_number": staff_number, "name": name}
        self.union, self.chance = union, random.Random(f"{seed} {staff_number}")
        self.token = self.id = None

    async def once(self, method, path, body):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.street.session.request(method, self.street.url + path, json=body,
                                               headers=headers) as reply:
            return reply.status, json.loads(await reply.read())

    async def ask(self, method, path, body=None, on_try=None):
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE_SECONDS
        while loop.time() < end:
            if on_try:
                on_try()
            try:
                status, found = await self.once(method, path, body)
                self.ledger.statuses[status] += 1
                if status not in (503, 429):
                    if status >= 400:
                        self.ledger.blame(f"{method} {path}: {status} {found}")
                    return status, found
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
                self.ledger.n_unanswered += 1
            await asyncio.sleep(self.chance.uniform(0.05, 0.4))
        self.ledger.blame(f"{method} {path}: not answered for {PATIENCE_SECONDS} s")
        raise asyncio.CancelledError

    async def arrive(self):
        _, found = await self.ask("POST", "/v1/sessions", self.who)
        self.token, self.id = found["access_token"], int(found["person"]["id"])
        await self.ask("PUT", "/v1/campaigns/open/participation", {"union": self.union})

    async def start(self):
        status, found = await self.ask("POST", "/v1/campaigns/open/attempts")
        if status >= 400:
            return None
        key = (self.id, found["ordinal"])
        known = self.ledger.deeds.get(key)
        if known and known.told:
            self.ledger.blame(f"{key} was handed in and is open again")
        return self.ledger.deeds.setdefault(key, Deed(self.id, self.union, found))

    async def save(self, deed):
        version = deed.saved_version + 1
        status, found = await self.ask("PUT", deed.path + "/answers", {
            **deed.submission(), "answers": deed.answers[:3], "version": version})
        if status == 200 and found["version"] == version:
            deed.saved_version = version
        elif status == 200:
            self.ledger.blame(f"{deed.path} saved as version {found['version']}, not {version}")
        status, found = await self.ask("GET", deed.path)
        if status == 200 and (found.get("saved") or {}).get("version") != version:
            self.ledger.blame(f"{deed.path}: version {version} was saved and is not there")

    async def hand_in(self, deed):
        def count():
            deed.n_tries += 1
        status, found = await self.ask("POST", deed.path + "/submission", deed.submission(), count)
        if status != 200:
            return
        points = sum(campaigns.POINTS[number - 1] for number in deed.right)
        if (found["score"], found["right"]) != (points, len(deed.right)):
            self.ledger.blame(f"{deed.path} got {found['score']}, not {points}")
        found.pop("standing")
        if deed.told and deed.told != found:
            self.ledger.blame(f"{deed.path} has two results: {deed.told} {found}")
        if not deed.told:
            deed.told = found
            self.ledger.n_told += 1

    async def look(self, deed):
        """The next read, of whichever worker, shows what was just handed in."""
        self.ledger.n_reads += 1
        if self.chance.random() < 0.5:
            _, found = await self.ask("GET", "/v1/campaigns/open/standing")
            scores = [(found.get(name) or {}).get("score", -1) for name in ("overall", "today")]
        else:
            _, found = await self.ask("GET", "/v1/campaigns/open/boards/people?around=me")
            scores = [row["score"] for row in found.get("items", []) if row["is_me"]]
        if not scores or min(scores) < deed.told["score"]:
            self.ledger.blame(f"{deed.path} got {deed.told['score']} and then reads {scores}")

    async def play(self):
        deed = await self.start()
        if not deed:
            return
        self.prepare(deed)
        if self.chance.random() < 0.15:
            await self.save(deed)
        await self.hand_in(deed)
        if deed.told and self.chance.random() < 0.3:
            await self.look(deed)

    def prepare(self, deed):
        deed.right = [number for number in range(1, campaigns.N_QUESTIONS + 1)
                      if self.chance.random() < 0.6]
        deed.answers = self.street.bank.answers(deed.started, right=deed.right)

    async def live(self):
        await self.arrive()
        while not self.street.is_evening:
            await self.play()
            await asyncio.sleep(self.chance.uniform(*self.street.pause))


class Street:
    """All the phones.  `pause`: seconds between two attempts of one."""

    def __init__(self, url, bank, roster, seed, pause=(0.5, 2.0)):
        self.url, self.bank, self.pause, self.is_evening = url, bank, pause, False
        self.ledger, self.session = Ledger(), None
        self.phones = [Phone(self, *one, seed) for one in roster]

    async def live(self, meanwhile):
        """Everybody plays while `meanwhile()` runs; then what is open is finished."""
        connector = aiohttp.TCPConnector(limit=0)
        timeout = aiohttp.ClientTimeout(total=TRY_SECONDS)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as self.session:
            lives = [asyncio.create_task(phone.live()) for phone in self.phones]
            try:
                await meanwhile()
            finally:
                self.is_evening = True
                over = await asyncio.gather(*lives, return_exceptions=True)
            for error in over:
                if isinstance(error, Exception):
                    raise error
            await self.repeat()

    async def repeat(self):
        """Every hand-in that was not answered at the first try, and some that were."""
        chance = random.Random(0)

        async def again(phone, deeds):
            for deed in deeds:
                await phone.hand_in(deed)
        deeds = collections.defaultdict(list)
        for deed in self.ledger.deeds.values():
            if deed.answers and (deed.n_tries > 1 or chance.random() < 0.02):
                deeds[deed.person].append(deed)
        await asyncio.gather(*(again(phone, deeds[phone.id]) for phone in self.phones))

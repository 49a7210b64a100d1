"""A database with unions, people and campaigns, and the servers over it."""
import csv
import itertools
import json
import pathlib

import campaigns
import contract as contracts
from bank import Bank
from client import Client, Person
from server import ROOT, Program, Server, wait_until

N_PEOPLE = 1500
NUMBERS = itertools.count(1)


class World:
    """What a test lives in: servers that differ in their clock, over one database."""

    def __init__(self, cluster, database, folder, contract, bank):
        self.cluster, self.database = cluster, database
        self.contract, self.bank = contract, bank
        self.program = Program(cluster.url(database), folder)
        self.servers, self.clients = [], []
        self.people = campaigns.roster(N_PEOPLE)
        self.organizer_key = None

    def close(self):
        for client in self.clients:
            client.close()
        for server in self.servers:
            server.kill()

    @property
    def server(self):
        """The one whose clock is right; started when first asked for."""
        return self.servers[0] if self.servers else self.serve()

    def serve(self, seconds=0, **options):
        """One more server, whose clock is so many seconds ahead.  It closes what has run out
        by its clock, so it should not outlive the test that wants it."""
        server = Server(self.program, self.contract, self.bank, seconds, **options)
        self.servers.append(server)
        return server.start()

    def person(self, union=None):
        """Somebody who has not been here before, signed in; of this union if given."""
        i = next(i for i, one in enumerate(self.people) if union in (None, one[0]))
        found = Person(self.server, *self.people.pop(i))
        self.clients.append(found)
        return found.sign_in()

    def player(self, campaign, union=None):
        """A new person who takes part in a campaign."""
        person = self.person(union)
        person.choose(campaign).ok(201)
        return person

    def anybody(self, server=None):
        """A client that is not signed in."""
        client = Client(server or self.server)
        self.clients.append(client)
        return client

    def organizer(self, server=None):
        if not self.organizer_key:
            self.organizer_key = self.program.run("token", "--organizer", "--label",
                                                  "测试").strip().split()[-1]
        client = Client(server or self.server, self.organizer_key)
        self.clients.append(client)
        return client

    def sql(self, statement, *values):
        connection = self.cluster.connect(self.database)
        try:
            cursor = connection.cursor()
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()

    def are_counted(self):
        """Whether the statistics have followed the feed to its end."""
        return self.sql("select count(*) from stat_head s join feed_head f using (bucket)"
                        " where s.seq < f.seq") == [(0,)]

    def checksums(self):
        """The count and a checksum of every table's rows, once what follows by itself has."""
        wait_until(self.are_counted, 30, "the statistics do not follow")
        tables = [table for table, in self.sql(
            "select tablename from pg_tables where schemaname = 'public'")]
        rows = self.sql(" union all ".join(
            f"select '{table}', count(*), md5(string_agg(t::text, E'\\n' order by t::text)) "
            f"from \"{table}\" t" for table in tables))
        return {table: found for table, *found in rows}

    def verify(self, status=0):
        return self.program.run("verify", status=status)


class Worlds:
    """Makes worlds quickly: each is a copy of one database that was filled by commands."""

    def __init__(self, cluster, folder):
        self.cluster, self.folder = cluster, pathlib.Path(folder)
        self.bank = Bank(ROOT / "questions")
        self.contract = contracts.Contract(ROOT / "api-docs" / "openapi.yaml",
                                           self.bank.explanations)
        cluster.create("seed")
        self.fill(Program(cluster.url("seed"), self.folder))

    def fill(self, program):
        unions = self.folder / "unions.csv"
        unions.write_text(campaigns.UNIONS, encoding="utf-8")
        people = self.folder / "roster.csv"
        with open(people, "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["union_code", "staff_number", "name"])
            rows.writerows(campaigns.roster(N_PEOPLE))
        program.run("migrate")
        program.run("import", "unions", unions)
        program.run("import", "roster", people)
        program.run("import", "questions", *sorted((ROOT / "questions").glob("*.json")))
        for rules in campaigns.CAMPAIGNS:
            self.import_campaign(program, rules)

    def import_campaign(self, program, rules):
        path = self.folder / f"{rules['campaign']}.json"
        path.write_text(json.dumps(rules, ensure_ascii=False), encoding="utf-8")
        program.run("import", "campaign", path)

    def make(self):
        database = f"world_{next(NUMBERS)}"
        self.cluster.create(database, "seed")
        return World(self.cluster, database, self.folder, self.contract, self.bank)

"""The boards again, in plain Python from nothing but the attempts: what must come out."""
import collections
import csv

import campaigns
import moments


class Attempt:
    """One that is over; times in milliseconds since 1970, points in hundredths."""

    def __init__(self, person, union, ordinal, score, duration_ms, started_at, finished_at,
                 is_counted=True):
        self.person, self.union, self.ordinal = int(person), union, ordinal
        self.score, self.duration_ms, self.finished_at = score, duration_ms, finished_at
        self.is_counted = is_counted
        self.periods = moments.periods(moments.text_of(started_at))
        self.day = self.periods[1]

    @classmethod
    def of(cls, person, result):
        """From the result that a person was told."""
        return cls(person.id, person.union, result["ordinal"], round(result["score"] * 100),
                   result["duration_ms"], moments.ms_of(result["started_at"]),
                   moments.ms_of(result["finished_at"]))

    @classmethod
    def kept(cls, world, campaign):
        """All that the database has of a campaign."""
        rows = world.sql("""
            select a.person, u.code, a.ordinal, a.score, a.duration_ms, a.started_at,
                   a.finished_at, a.is_counted
              from attempt a join campaign c on c.id = a.campaign
              join participation p on p.campaign = a.campaign and p.person = a.person
              join org_union u on u.id = p.union_id
             where c.slug = %s""", campaign)
        return [cls(*row) for row in rows]


Figure = collections.namedtuple("Figure", "score duration_ms reached_at attempts")


def best_of(attempts, duration_decides):
    return min(attempts, key=lambda one: (-one.score, one.duration_ms if duration_decides else 0,
                                          one.ordinal))


def those_that_count(attempts, counts, duration_decides):
    """Of one person's attempts in one period, those that make the figure."""
    ordered = sorted(attempts, key=lambda one: one.ordinal)
    if counts == "best":
        return [best_of(ordered, duration_decides)]
    if counts == "sum":
        return ordered
    if counts == "first":
        return ordered[:1]
    if counts == "last":
        return ordered[-1:]
    days = collections.defaultdict(list)
    for one in ordered:
        days[one.day].append(one)
    return [best_of(day, duration_decides) for day in days.values()]


def standings(attempts, counts="best", keys=("score", "duration", "reached")):
    """period -> person -> Figure"""
    grouped = collections.defaultdict(lambda: collections.defaultdict(list))
    for one in attempts:
        if one.is_counted:
            for period in one.periods:
                grouped[period][one.person].append(one)
    found = {}
    for period, people in grouped.items():
        found[period] = {}
        for person, group in people.items():
            made_of = those_that_count(group, counts, "duration" in keys)
            found[period][person] = Figure(sum(one.score for one in made_of),
                                           sum(one.duration_ms for one in made_of),
                                           max(one.finished_at for one in made_of), len(group))
    return found


def order_of(figure, keys):
    values = {"score": -figure.score, "duration": figure.duration_ms,
              "reached": figure.reached_at}
    return tuple(values[key] for key in keys)


def board(figures, keys=("score", "duration", "reached"), ties="strict"):
    """[(rank, person, figure)] of person -> Figure, best first."""
    ordered = sorted(figures.items(), key=lambda one: (order_of(one[1], keys), one[0]))
    rows = []
    for place, (person, figure) in enumerate(ordered, 1):
        if ties == "shared" and rows and order_of(rows[-1][2], keys) == order_of(figure, keys):
            rows.append((rows[-1][0], person, figure))
        else:
            rows.append((place, person, figure))
    return rows


class Tree:
    """The unions of the tests."""

    def __init__(self):
        rows = list(csv.DictReader(campaigns.UNIONS.splitlines()))
        self.parent = {row["code"]: row["parent_code"] or None for row in rows}
        self.members = {row["code"]: int(row["members"]) if row["members"] else None
                        for row in rows}

    def children(self, parent):
        return sorted(code for code, above in self.parent.items() if above == parent)

    def within(self, code, top):
        while code is not None:
            if code == top:
                return True
            code = self.parent[code]
        return False

    def path(self, code):
        """From the top down to itself."""
        return (self.path(self.parent[code]) if self.parent[code] else []) + [code]

    def members_below(self, top):
        known = [self.members[code] for code in self.parent
                 if self.within(code, top) and self.members[code] is not None]
        return sum(known) if known else None


def union_rows(tree, codes, figures, union_of):
    """code -> what a board of unions says of it: figures of all people below."""
    rows = {}
    for code in codes:
        below = [figure for person, figure in figures.items()
                 if tree.within(union_of[person], code)]
        members, total = tree.members_below(code), sum(one.score for one in below)
        rows[code] = {"heads": len(below), "attempts": sum(one.attempts for one in below),
                      "members": members, "sum": total / 100,
                      "mean": total / 100 / len(below) if below else 0,
                      "rate": 100 * len(below) / members if members else None}
    return rows

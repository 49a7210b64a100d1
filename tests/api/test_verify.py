"""`jingda verify` recomputes everything from the attempts and finds what was altered."""
import pytest


@pytest.fixture(scope="module")
def played(world):
    """A few results in several campaigns, a change of union and a void among them."""
    organizer = world.organizer()
    people = []
    for i, slug in enumerate(["best", "sum", "first", "last", "daily", "wanderers"] * 3):
        person = world.player(slug, "630102" if i % 2 else "632801")
        for n in (i % 9, 8 - i % 9):
            person.play(slug, n)
        people.append((slug, person))
    slug, person = people[5]
    person.choose(slug, "C00001").ok()
    slug, person = people[0]
    organizer.post(f"/v1/organizer/campaigns/{slug}/people/{person.id}/attempts/1/void",
                   {"reason": "测试"}).ok()
    return people


def test_what_was_played_is_clean(world, played):
    world.verify()
    for slug, _ in played[:6]:
        world.program.run("verify", "--campaign", slug)


# (what is altered, back again, the campaign it is in)
TAMPERING = {
    "a score of an attempt": (
        "update attempt set score = score + 100 where {who} and ordinal = 2", "sum"),
    "a duration of an attempt": (
        "update attempt set duration_ms = duration_ms + 1 where {who} and ordinal = 1", "sum"),
    "whether an attempt counts": (
        "update attempt set is_counted = false where {who} and ordinal = 1", "sum"),
    "an attempt taken away": ("delete from attempt where {who} and ordinal = 1", "sum"),
    "the score of a standing": (
        "update participation set score = score + 1 where {who}", "sum"),
    "when a standing was reached": (
        "update participation set reached_at = reached_at + 1 where {who}", "last"),
    "the count of a participation": (
        "update participation set n_counted = n_counted + 1 where {who}", "first"),
    "a standing of a day": (
        "update standing set score = score + 1 where {who} and period >> 24 = 1", "daily"),
    "a standing taken away": ("delete from standing where {who}", "best"),
    "a standing made up": (
        "insert into standing select bucket, campaign, (1 << 24) | 1, person, 1, 1, 1, 1 "
        "from participation where {who}", "last"),
    "the sum of a union": (
        "update union_standing set score = score + 1 where campaign = {campaign} and "
        "period = 0 and union_id = (select union_id from participation where {who})", "sum"),
    "the heads of a union": (
        "update union_standing set heads = heads + 1 where campaign = {campaign} and "
        "period = 0 and union_id = (select union_id from participation where {who})", "best"),
    "a union's sums taken away": (
        "delete from union_standing where campaign = {campaign} and "
        "union_id = (select union_id from participation where {who})", "last"),
}
TABLES = ["attempt", "participation", "standing", "union_standing"]


@pytest.mark.parametrize("what", TAMPERING)
def test_what_was_altered_is_found_and_named(world, played, what):
    statement, slug = TAMPERING[what]
    # of two attempts with the same campaign the person who played last is taken
    person = [one for name, one in played if name == slug][-1]
    campaign = world.sql("select id from campaign where slug = %s", slug)[0][0]
    who = f"campaign = {campaign} and person = {person.id}"
    for table in TABLES:
        world.sql(f"create table kept_{table} as table {table}")
    try:
        world.sql(statement.format(who=who, campaign=campaign))
        printed = world.verify(status=1)
        assert slug in printed, printed
        union = "union" in what
        code = world.sql("select u.code from org_union u join participation p on p.union_id = u.id"
                         f" where {who}")[0][0] if union else None
        assert (code if union else person.id) in printed, printed
        world.program.run("verify", "--campaign", slug, status=1)
        world.program.run("verify", "--campaign", "three-in-all")
    finally:
        for table in TABLES:
            world.sql(f"truncate {table}")
            world.sql(f"insert into {table} table kept_{table}")
            world.sql(f"drop table kept_{table}")
    world.verify()


def test_a_campaign_that_is_not_there_is_told(world, played):
    world.program.run("verify", "--campaign", "nowhere", status=1)

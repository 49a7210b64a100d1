"""What one sees of oneself, and what boards show of one's name."""
import pytest

from client import Person


def named(world, name):
    """The person of the roster with this name, signed in."""
    i = next(i for i, one in enumerate(world.people) if one[2] == name)
    person = Person(world.server, *world.people[i])
    world.clients.append(person)
    return person.sign_in()


def test_me_tells_name_and_union_of_the_roster(world):
    person = world.person("630102")
    me = person.get("/v1/me").ok()
    assert (me["id"], me["name"], me["shows_name"]) == (person.id, person.name, False)
    assert me["home_union"] == {
        "code": "630102", "name": "城东区总工会", "kind": "federation", "level": "county",
        "parent": "630100", "members": 40, "members_below": 40, "n_children": 0}


@pytest.mark.parametrize("name, masked", [
    ("王明", "王*"), ("王小红", "王*红"), ("欧阳小明", "欧**明"), ("扎", "*"),
    ("才让东智多杰", "才****杰")])
def test_a_name_is_masked_but_for_its_ends(world, name, masked):
    assert named(world, name).get("/v1/me").ok()["masked_name"] == masked


def test_boards_show_the_name_only_to_those_who_agreed(world):
    person = named(world, "李小红")
    person.choose("open").ok(201)
    person.play("open")

    def shown():
        board = person.get("/v1/campaigns/open/boards/people", around="me").ok()
        return next(row["name"] for row in board["items"] if row["is_me"])

    assert shown() == "李*红"
    me = person.patch("/v1/me", {"shows_name": True}).ok()
    assert me["shows_name"] is True and me["masked_name"] == "李*红"
    assert shown() == "李小红"
    assert person.put("/v1/me", {"shows_name": False}).ok()["shows_name"] is False
    assert shown() == "李*红"


def test_agreeing_changes_the_etag_of_the_board(world):
    person = named(world, "张小红")
    person.choose("sum").ok(201)
    person.play("sum")
    path = "/v1/campaigns/sum/boards/people"
    tag = person.get(path).headers["ETag"]
    person.patch("/v1/me", {"shows_name": True}).ok()
    reply = person.ask("GET", path, headers={"If-None-Match": tag})
    assert reply.ok()["items"][0]["name"] == "张小红"

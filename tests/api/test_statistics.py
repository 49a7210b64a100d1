"""What is said of every question, against a computation in plain Python from every single answer
that was given; also after voids, changes of union, and kills."""
import collections
import copy
import csv
import io
import math
import random
import xml.etree.ElementTree
import zipfile

import pytest

import campaigns
from packed import unpacked
from server import wait_until

PATH = "/v1/organizer/campaigns/{}/{}"
LETTERS = "ABCDEFGH"
N_PEOPLE, N_ATTEMPTS = 45, 5
# A small pool, so that each question is met often enough to be measured.
STUDY = campaigns.campaign("study", scoring={"multiple": "nothing_wrong"},
                           unions={"changes": 3}, boards={"periods": []}, paper={
                               "repeat": "independent",
                               "sections": [{"type": "single", "topics": ["notice"],
                                             "count": 4, "points": 10},
                                            {"type": "multiple", "topics": ["notice"],
                                             "count": 3, "points": 7},
                                            {"type": "judge", "topics": ["union-charter"],
                                             "count": 2, "points": 5},
                                            {"type": "blank", "topics": ["notice"],
                                             "count": 2, "points": 4.5}]})


class Played:
    """One attempt as the test knows it."""

    def __init__(self, person, union, ordinal, score, full, spent):
        self.person, self.union, self.ordinal = int(person), union, ordinal
        self.score, self.full, self.spent = score, full, spent
        self.items = []  # [question's id, given, right, places chosen, other, earned, points]


def answer_at_random(chance, bank, shown):
    """An answer or None, and what it means: (places of the choices in the file, is other)."""
    question = bank.by_stem[shown["stem"]]
    roll = chance.random()
    if roll < 0.1:
        return None, set(), False
    if shown["type"] == "blank":
        if roll < 0.6:
            return bank.right(shown), set(), False
        return {"number": shown["number"], "text": "答错了"}, set(), True
    if roll < 0.6:
        answer = bank.right(shown)
    else:
        labels = [choice["label"] for choice in shown["choices"]]
        n = 1 if shown["type"] != "multiple" else chance.randint(1, len(labels))
        answer = {"number": shown["number"], "choices": sorted(chance.sample(labels, n))}
    texts = ["正确", "错误"] if shown["type"] == "judge" else question["choices"]
    by_label = {choice["label"]: texts.index(choice["text"]) for choice in shown["choices"]}
    return answer, {by_label[label] for label in answer["choices"]}, False


def play(chance, bank, person, campaign="study"):
    """Plays one attempt; what it should add to the statistics."""
    attempt = person.start(campaign)
    answers, meant = [], {}
    for shown in attempt["questions"]:
        answer, places, other = answer_at_random(chance, bank, shown)
        meant[shown["number"]] = answer, places, other
        answers += [answer] if answer else []
    more = {}
    if chance.random() < 0.6:
        more["spent_ms"] = [chance.randrange(0, 60000) for _ in attempt["questions"]]
    if chance.random() < 0.3:
        more["device"] = f"device-{chance.randrange(40):04}"
    result = person.hand_in(attempt, answers, **more).ok()
    full = sum(round(shown["points"] * 100) for shown in attempt["questions"])
    played = Played(person.id, person.union, attempt["ordinal"], round(result["score"] * 100),
                    full, [ms // 100 for ms in more["spent_ms"]] if "spent_ms" in more else None)
    for shown in result["questions"]:
        answer, places, other = meant[shown["number"]]
        played.items.append([shown["question"], answer is not None, shown["right"], places, other,
                             round(shown["earned"] * 100), round(shown["points"] * 100)])
    return played


def mean(values):
    return sum(values) / len(values)


def correlation(pairs):
    """Pearson's, straight from its definition; None where it has no meaning."""
    if len(pairs) < 10:
        return None
    mx, my = mean([x for x, _ in pairs]), mean([y for _, y in pairs])
    sx = sum((x - mx) ** 2 for x, _ in pairs)
    sy = sum((y - my) ** 2 for _, y in pairs)
    if not sx or not sy:
        return None
    return sum((x - mx) * (y - my) for x, y in pairs) / math.sqrt(sx * sy)


def upper_less_lower(pairs):
    """(right, score) of everybody: 27 % from each end, those of the 5 % at the border in
    proportion."""
    if len(pairs) < 10:
        return None
    size = 0.27 * len(pairs)
    groups = collections.defaultdict(list)
    for right, score in pairs:
        groups[score // 500].append(right)

    def share(order):
        left, right = size, 0
        for group in order:
            taken = min(left, len(groups[group]))
            right += mean(groups[group]) * taken
            left -= taken
        return right / size
    return share(sorted(groups, reverse=True)) - share(sorted(groups))


def brute(bank, attempts, within=None, keys={}):
    """question -> everything that the API should say of it"""
    chosen = [one for one in attempts if within is None or one.union in within]
    met = collections.defaultdict(list)
    for one in chosen:
        for place, item in enumerate(one.items):
            met[item[0]].append((one, place, item))
    found = {}
    for id, all_of_it in met.items():
        question = keys.get(id, bank.by_id[id])
        n = len(all_of_it)
        counts = collections.Counter(place for _, _, item in all_of_it for place in item[3])
        n_choices = {"judge": 2, "blank": 0}.get(question["type"], len(question.get("choices", [])))
        key = {0 if question["key"] else 1} if question["type"] == "judge" else \
            {LETTERS.index(letter) for letter in question["key"]} if n_choices else set()
        distractors = [place for place in range(n_choices) if place not in key]
        spent = [one.spent[place] for one, place, _ in all_of_it if one.spent]
        shares = [(item[2], one.score * 10000 // one.full) for one, _, item in all_of_it]
        rests = [(item[2], (one.score - item[5]) * 10000 // one.full)
                 for one, _, item in all_of_it]
        found[id] = {
            "shown": n, "given": sum(item[1] for _, _, item in all_of_it),
            "right": sum(item[2] for _, _, item in all_of_it),
            "facility": mean([item[2] for _, _, item in all_of_it]),
            "upper_lower": upper_less_lower(shares),
            "point_biserial": correlation(shares), "item_rest": correlation(rests),
            "chosen": [counts[place] for place in range(n_choices)],
            "keys": key,
            "other": sum(item[4] for _, _, item in all_of_it)
            if question["type"] == "blank" else None,
            "distractor_efficiency": mean([counts[place] / n >= 0.05 for place in distractors])
            if distractors and n >= 20 else None,
            "timed": len(spent), "mean_ms": mean(spent) * 100 if spent else None,
            "exposure": n / len(chosen),
        }
    return found


def near(found, expected):
    return (found is None) == (expected is None) and \
        (found is None or math.isclose(found, expected, abs_tol=0.0001))


def compare(items, expected):
    """The items that were shown are those expected, and nothing else was shown."""
    assert {item["question"] for item in items if item["shown"]} == set(expected)
    for item in items:
        if not item["shown"]:
            assert item["facility"] is None and item["exposure"] in (0, None)
            continue
        want, what = expected[item["question"]], item["question"]
        for name in ("shown", "given", "right", "timed", "other"):
            assert item[name] == want[name], (what, name)
        for name in ("facility", "distractor_efficiency", "exposure"):
            assert near(item[name], want[name]), (what, name, item[name], want[name])
        for name in ("upper_lower", "point_biserial", "item_rest"):
            assert near(item["discrimination"][name], want[name]), (what, name)
        assert [choice["chosen"] for choice in item["choices"]] == want["chosen"], what
        assert {LETTERS.index(choice["label"]) for choice in item["choices"]
                if choice["is_key"]} == want["keys"], what
        assert item["mean_ms"] is None if want["mean_ms"] is None else \
            abs(item["mean_ms"] - want["mean_ms"]) < 1, what


def compare_topics(bank, items, expected):
    """A topic's discriminations are the means of its questions', by how often they were shown."""
    for topic in items:
        own = [one for id, one in expected.items() if bank.by_id[id]["topic"] == topic["topic"]]
        assert topic["met"] == len(own)
        for name in ("shown", "given", "right"):
            assert topic[name] == sum(one[name] for one in own), name
        assert near(topic["facility"], topic["right"] / topic["shown"] if own else None)
        for name, found in topic["discrimination"].items():
            of = [one for one in own if one[name] is not None]
            weight = sum(one["shown"] for one in of)
            assert near(found, sum(one[name] * one["shown"] for one in of) / weight
                        if weight else None), (topic["topic"], name)


def settled(client, campaign, **asked):
    """The questions, once all that has happened is counted."""
    def asks():
        page = client.get(PATH.format(campaign, "questions"), limit=1000, **asked).ok()
        return page if page["behind"] == 0 else None
    return wait_until(asks, 30, "the statistics do not follow")


@pytest.fixture(scope="module", params=["one worker", "two workers"])
def world(worlds, request):
    made = worlds.make()
    worlds.import_campaign(made.program, STUDY)
    made.serve(workers=1 if request.param == "one worker" else 2)
    yield made
    made.close()
    worlds.cluster.drop(made.database)


@pytest.fixture(scope="module")
def organizer(world):
    return world.organizer()


@pytest.fixture(scope="module")
def attempts(world):
    """Those that count; in the middle the server is killed, twice."""
    chance = random.Random(4)
    people = [world.player("study") for _ in range(N_PEOPLE)]
    played = []
    for round in range(N_ATTEMPTS):
        for i, person in enumerate(people):
            played.append(play(chance, world.bank, person))
            if i == 20 and round in (1, 3):
                world.server.kill()
                world.server.start()
    return people, played


@pytest.fixture
def subtree_of(world):
    def codes(top):
        return {code for code, in world.sql("""
            with recursive below as (
                select id, code from org_union where code = %s
                union all select u.id, u.code from org_union u join below b on u.parent_id = b.id)
            select code from below""", top)}
    return codes


def test_every_figure_is_that_of_the_single_answers(world, organizer, attempts):
    page = settled(organizer, "study")
    assert page["attempts"] == len(attempts[1]) == N_PEOPLE * N_ATTEMPTS
    expected = brute(world.bank, attempts[1])
    assert sum(1 for one in expected.values() if one["upper_lower"] is not None) > 20
    assert sum(1 for one in expected.values() if one["distractor_efficiency"] is not None) > 10
    compare(page["items"], expected)
    assert [item["question"] for item in page["items"]] == \
        sorted(item["question"] for item in page["items"])
    assert {item["topic"] for item in page["items"]} == {"notice", "union-charter"}
    assert organizer.pages(PATH.format("study", "questions"), limit=7) == page["items"]


def test_a_voided_attempt_leaves_nothing(world, organizer, attempts):
    people, played = attempts
    for one in (played[3], played[50], played[-1]):
        path = f"/v1/organizer/campaigns/study/people/{one.person}/attempts/{one.ordinal}/void"
        organizer.post(path, {"reason": "核实"}).ok()
        played.remove(one)
    compare(settled(organizer, "study")["items"], brute(world.bank, played))


def test_of_a_union_and_all_below(world, organizer, attempts, subtree_of):
    for top in ("630000", "630100", "630102", "C00001"):
        within = subtree_of(top)
        page = settled(organizer, "study", union=top)
        assert page["union"] == top
        assert page["attempts"] == sum(one.union in within for one in attempts[1]) > 0
        expected = brute(world.bank, attempts[1], within)
        compare(page["items"], expected)
        assert any(one["upper_lower"] is not None for one in expected.values())
        topics = organizer.get(PATH.format("study", "topics"), union=top).ok()["items"]
        compare_topics(world.bank, topics, expected)


def test_with_another_union_all_attempts_move(world, organizer, attempts, subtree_of):
    """Also those voided before stay out, and those voided later leave from where they are."""
    people, played = attempts
    movers = [person for person in people if person.union == "630102"][:3]
    chance = random.Random(9)
    assert len(movers) == 3
    for person in movers:
        person.choose("study", "632621").ok()
        own = [one for one in played if one.person == int(person.id)]
        for one in own:
            one.union = "632621"
        person.union = "632621"
        new = play(chance, world.bank, person)
        played.append(new)
    gone = next(one for one in played if one.person == int(movers[0].id))
    organizer.post(f"/v1/organizer/campaigns/study/people/{gone.person}/attempts/{gone.ordinal}"
                   "/void", {"reason": "核实"}).ok()
    played.remove(gone)
    movers[1].choose("study", "630103").ok()
    for one in played:
        if one.person == int(movers[1].id):
            one.union = "630103"
    compare(settled(organizer, "study")["items"], brute(world.bank, played))
    for top in ("630102", "630103", "632621"):
        compare(settled(organizer, "study", union=top)["items"],
                brute(world.bank, played, subtree_of(top)))


KEYS = {}  # of what was corrected, the question as it is now


def test_with_a_corrected_key_they_are_those_of_the_new_one(world, organizer, attempts):
    """Of all attempts, also of those that are voided or move while they are scored again."""
    people, played = attempts
    before = settled(organizer, "study")["items"]
    for type, right in (("single", "B"), ("judge", None)):
        item = next(item for item in before if item["type"] == type and item["shown"] > 20)
        question = copy.deepcopy(world.bank.by_id[item["question"]])
        question["key"] = not question["key"] if type == "judge" else \
            right if question["key"] != right else "A"
        KEYS[question["id"]] = question
        organizer.put(f"/v1/organizer/questions/{question['id']}", question).ok(201)
    world.server.kill()
    world.server.start()
    organizer.post("/v1/organizer/campaigns/study/corrections",
                   {"questions": list(KEYS), "reason": "答案有误"}).ok(202)
    mover = next(person for person in people if person.union == "632801")
    mover.choose("study", "632802").ok()
    for one in played:
        if one.person == int(mover.id):
            one.union = "632802"
    gone = [next(one for one in played if one.person == int(mover.id)), played[7], played[90]]
    for one in gone:
        path = f"/v1/organizer/campaigns/study/people/{one.person}/attempts/{one.ordinal}/void"
        organizer.post(path, {"reason": "核实"}).ok()
        played.remove(one)
    for one in played:
        for item in one.items:
            if item[0] in KEYS:
                key = KEYS[item[0]]["key"]
                places = {0 if key else 1} if isinstance(key, bool) else {LETTERS.index(key)}
                one.score -= item[5]
                item[2] = item[3] == places
                item[5] = item[6] if item[2] else 0
                one.score += item[5]
    played.append(play(random.Random(13), world.bank, mover))
    played[-1].union = "632802"

    def is_done():
        return organizer.get("/v1/organizer/campaigns/study/corrections/1").ok()["state"] == "done"
    wait_until(is_done, 30, "the scoring again does not end")
    page = settled(organizer, "study")
    assert page["attempts"] == len(played)
    compare(page["items"], brute(world.bank, played, keys=KEYS))
    for top in ("632801", "632802"):
        compare(settled(organizer, "study", union=top)["items"],
                brute(world.bank, played, {top}, keys=KEYS))
    mover.choose("study", "632801").ok()
    for one in played:
        if one.person == int(mover.id):
            one.union = "632801"
    for top in ("632801", "632802"):
        compare(settled(organizer, "study", union=top)["items"],
                brute(world.bank, played, {top}, keys=KEYS))


def test_counted_anew_from_the_beginning_it_is_the_same(world, organizer, attempts):
    """As if the server had been down all the time, or the tables were new."""
    before = settled(organizer, "study")["items"]
    world.server.kill()
    for table in ("question_stat", "turnout_stat", "device_person", "hasty_attempt"):
        world.sql(f"delete from {table}")
    world.sql("update stat_head set seq = 0")
    world.server.start()
    again = settled(organizer, "study")["items"]
    assert again == before


def test_the_counters_never_fall_below_nothing(world, organizer, attempts):
    settled(organizer, "study")
    assert world.sql("""select count(*) from question_stat
        where least(shown, given, n_right, other, chosen_1, chosen_2, chosen_8, spent, n_spent,
                    score, rest) < 0""") == [(0,)]
    assert world.sql("""select count(*) from question_stat s
        where union_id = 0 and shown <> (select sum(t.shown) from question_stat t
            where t.union_id <> 0 and t.campaign = s.campaign and t.question = s.question
              and t.revision = s.revision)""") == [(0,)]
    assert world.sql("""select count(*) from question_stat s
        where union_id = 0 and histogram <> (select sum(t.histogram) from question_stat t
            where t.union_id <> 0 and t.campaign = s.campaign and t.question = s.question
              and t.revision = s.revision)""") == [(0,)]
    for shown, right, histogram in world.sql("select shown, n_right, histogram from question_stat"):
        counters = unpacked(histogram)
        assert (sum(counters[::2]), sum(counters[1::2])) == (shown, right)
        assert all(few <= many for many, few in zip(counters[::2], counters[1::2]))


def test_by_topic_is_the_sum_of_the_questions(world, organizer, attempts):
    questions = settled(organizer, "study")["items"]
    topics = organizer.get(PATH.format("study", "topics")).ok()["items"]
    assert [topic["topic"] for topic in topics] == ["notice", "union-charter"]
    assert sum(topic["questions"] for topic in topics) == len(questions)
    assert all(value is not None for topic in topics
               for value in topic["discrimination"].values())
    compare_topics(world.bank, topics, brute(world.bank, attempts[1], keys=KEYS))
    wide = organizer.get(PATH.format("open", "topics")).ok()["items"]
    assert len(wide) > 3 and all(topic["shown"] == 0 and topic["facility"] is None
                                 for topic in wide)


def test_one_topic_alone(organizer):
    some = organizer.get(PATH.format("open", "questions"), topic="notice", limit=1000).ok()
    assert some["items"] and {item["topic"] for item in some["items"]} == {"notice"}
    assert organizer.get(PATH.format("open", "questions"), topic="none").ok()["items"] == []


def test_the_csv_is_the_list(world, organizer, attempts):
    items = settled(organizer, "study")["items"]
    reply = organizer.get(PATH.format("study", "questions"), format="csv")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="study-questions.csv"'
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"), newline=""),
                               strict=True))
    assert [row["题目编号"] for row in rows] == [item["question"] for item in items]
    for row, item in zip(rows, items):
        assert None not in row and row["题干"].lstrip("'") == item["stem"]
        assert int(row["出现次数"]) == item["shown"] and int(row["答对次数"]) == item["right"]
        assert (float(row["答对率P"]) if row["答对率P"] else None) == item["facility"]
        assert [row[f"选{letter}"] for letter in LETTERS if row[f"选{letter}"]] == \
            [str(choice["chosen"]) for choice in item["choices"]]
        if item["choices"]:
            assert row["答案"] == "".join(choice["label"] for choice in item["choices"]
                                        if choice["is_key"])


@pytest.mark.parametrize("what, id", [("questions", "question"), ("topics", "topic")])
def test_discrimination_is_the_same_in_the_csv(world, organizer, attempts, what, id):
    for union in (None, "630100"):
        asked = {"union": union} if union else {}
        items = organizer.get(PATH.format("study", what), **asked).ok()["items"]
        text = organizer.get(PATH.format("study", what), format="csv", **asked).content
        rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), strict=True))
        first = next(i for i, name in enumerate(rows[0]) if name.startswith("区分度D"))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert [row[0] for row in rows[1:]] == [item[id] for item in items]
        for row, item in zip(rows[1:], items):
            assert [float(cell) if cell else None for cell in row[first:first + 3]] == \
                list(item["discrimination"].values())


def cells(book):
    """The rows of a workbook's first sheet: column -> text or number."""
    def parsed(name):
        return xml.etree.ElementTree.fromstring(book.read(name))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    strings = ["".join(one.itertext()) for one in parsed("xl/sharedStrings.xml")]
    rows = []
    for row in parsed("xl/worksheets/sheet1.xml").iter(space + "row"):
        found = {}
        for cell in row:
            value = cell.findtext(space + "v")
            if value is not None:
                found[cell.get("r").rstrip("0123456789")] = \
                    strings[int(value)] if cell.get("t") == "s" else float(value)
        rows.append(found)
    return rows


@pytest.mark.parametrize("what, id, first", [("questions", "question", "M"),
                                             ("topics", "topic", "H")])
def test_the_workbook_opens_and_has_a_line_for_each(world, organizer, attempts, what, id, first):
    settled(organizer, "study")
    for union in (None, "630100"):
        asked = {"union": union} if union else {}
        items = organizer.get(PATH.format("study", what), **asked).ok()["items"]
        reply = organizer.get(PATH.format("study", what), format="xlsx", **asked)
        assert reply.status == 200
        assert reply.headers["Content-Disposition"] == \
            f'attachment; filename="study-{what}.xlsx"'
        book = zipfile.ZipFile(io.BytesIO(reply.content))
        assert book.testzip() is None
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert 'state="frozen"' in sheet and 'ySplit="1"' in sheet and "<cols>" in sheet
        assert "0.0%" in book.read("xl/styles.xml").decode()
        head, *rows = cells(book)
        assert head[first].startswith("区分度D")
        assert [row["A"] for row in rows] == [item[id] for item in items]
        for row, item in zip(rows, items):
            for i, value in enumerate(item["discrimination"].values()):
                assert near(row.get(chr(ord(first) + i)), value)


def test_a_limited_key_sees_its_own_subtree_only(world, attempts, subtree_of):
    narrow = world.anybody()
    narrow.token = world.program.run("token", "--organizer", "--label",
                                     "西宁").strip().split()[-1]
    world.sql("update api_key set union_id = (select id from org_union where code = '630100') "
              "where label = '西宁'")
    page = settled(narrow, "study")
    assert page["union"] == "630100"
    compare(page["items"], brute(world.bank, attempts[1], subtree_of("630100"), KEYS))
    narrow.get(PATH.format("study", "questions"), union="630102").ok()
    narrow.get(PATH.format("study", "questions"), union="632800").problem(403, "forbidden")
    narrow.get(PATH.format("study", "topics"), union="632800").problem(403, "forbidden")
    assert narrow.get(PATH.format("study", "topics")).ok()["union"] == "630100"
    assert narrow.get(PATH.format("study", "topics"), format="xlsx", union="630102").status == 200


def test_mistakes_are_named(world, organizer):
    for what in ("questions", "topics"):
        path = PATH.format("open", what)
        organizer.get(PATH.format("nowhere", what)).problem(404, "campaign_unknown")
        organizer.get(path, union="nowhere").problem(404, "union_unknown")
        organizer.get(path, format="pdf").problem(400, "parameter_bad")
        organizer.get(path, colour="red").problem(400, "parameter_unknown")
        world.anybody().get(path).problem(401, "sign_in_required")
    path = PATH.format("open", "questions")
    organizer.get(path, limit=0).problem(400, "parameter_bad")
    organizer.get(path, cursor="nonsense").problem(400, "cursor_bad")

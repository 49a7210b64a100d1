"""Checks of the question bank: every questions/*.json, alone and together."""

import hashlib
import json
import math
import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

REPO = Path(__file__).resolve().parents[2]
FILES = sorted((REPO / "questions").glob("*.json"))
SCHEMA = json.loads((REPO / "schema" / "question.schema.json").read_text("utf-8"))

LETTERS = "ABCDEF"
TYPES = {"single", "multiple", "judge", "blank"}
LEAST_IN_ALL = 600
GAP = "（　　）"
BLANK = "____"

# Shares are judged only where a file has enough questions to make them mean
# something.
ENOUGH_KEYS = 8
ENOUGH_QUESTIONS = 20

# Two stems this alike are held to ask the same thing, unless they differ in a
# number; the lower bound holds for stems which also have the same answer.
ALIKE = 0.93
ALIKE_WITH_SAME_ANSWER = 0.85
ALIKE_ANSWERED = 0.88

# Of two questions that no paper should have together: stems this alike, or a key of the
# one in the stem of the other, unless as many stems say it, where that has this share of
# what is particular about its own stem.
ALIKE_IN_A_PAPER = 0.9
SAID_OFTEN = 8
SAME_SUBJECT = 0.15
# Read and found not to tell each other anything.
JUDGED_APART = {
    ("expositions-091", "expositions-093"),  # who presided, how many came
    ("history-013", "history-026"),  # names another congress's number, not what it did
    ("labour-law-061", "labour-law-163"),  # who sits there, and whether an odd number
    ("notice-005", "notice-030"),  # the first activity and the fourth
    ("union-charter-023", "union-charter-044"),  # a common word
    ("union-charter-025", "union-law-133"),  # a common word
    ("union-charter-035", "union-charter-059"),  # of congresses, of committees
    ("union-law-005", "union-law-042"),  # a term of the whole law
}

CHINESE_DIGITS = "〇零一二两三四五六七八九十百千万亿"

# Who knows nothing and goes by the form alone should find nothing there.
CHANCE = (0.12, 0.38)  # one choice of four
MOST_OF_A_SHAPE = 0.7
MOST_IN_A_ROW = 4
ABSOLUTE = re.compile("一律|全部|完全|只能|必须|仅|都要|无须|不必|无权|没有任何")

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


# ---------------------------------------------------------------- helpers


def load(path):
    return json.loads(path.read_text("utf-8"))


def questions(path, *types):
    return [q for q in load(path)["questions"] if not types or q["type"] in types]


def all_questions(*types):
    return [q for path in FILES for q in questions(path, *types)]


def fold(text):
    """As an answer is folded when it is marked: width, case, space, marks at the ends."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    return text.strip("。、｡､.,") or text


def bare(text):
    """As fold, and without punctuation, except what is part of a number."""
    text = fold(text)
    kept = []
    for i, char in enumerate(text):
        between = text[i - 1 : i].isdigit() and text[i + 1 : i + 2].isdigit()
        if unicodedata.category(char)[0] not in "PSZC" or char == "%":
            kept.append(char)
        elif between and char in ".:/":
            kept.append(char)
    return "".join(kept)


def numbers(text):
    return re.findall(rf"[0-9.]+|[{CHINESE_DIGITS}]+", bare(text))


def right_choices(question):
    return [question["choices"][LETTERS.index(letter)] for letter in question["key"]]


def answer(question):
    """What the question asks for, folded; None for a statement to judge."""
    if question["type"] == "judge":
        return None
    if question["type"] == "blank":
        return frozenset(bare(variant) for variant in question["key"])
    return frozenset(bare(choice) for choice in right_choices(question))


def same_answer(one, other):
    one, other = answer(one), answer(other)
    return one is not None and other is not None and bool(one & other)


def pieces(text):
    text = bare(text)
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


def shared(part, whole):
    """What share of a short text is found in another one."""
    return len(pieces(part) & pieces(whole)) / len(pieces(part))


def answered(question):
    """The stem with its answer put in, or behind it where it has no gap."""
    stem = question["stem"]
    if question["type"] == "judge":
        return bare(stem)
    if question["type"] == "blank":
        return bare(stem.replace(BLANK, question["key"][0]))
    right = "、".join(right_choices(question))
    return bare(stem.replace(GAP, right) if GAP in stem else stem + right)


def texts(question):
    yield question["stem"]
    yield from question.get("choices", [])
    yield question["explanation"]


def digest(question):
    """Of what a review reads: who changes any of it must have it read again."""
    read = ("type", "stem", "choices", "key", "explanation", "source")
    content = {part: question[part] for part in read if part in question}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def report(faults):
    assert not faults, "\n" + "\n".join(faults)


# ---------------------------------------------------------------- review


def test_every_question_was_read_a_second_time():
    report([q["id"] for q in all_questions() if q.get("review", {}).get("pass", 0) < 2])


def test_no_question_was_edited_after_its_review():
    report(
        [
            f"{q['id']}: edited after its review; when it has been read again: {digest(q)}"
            for q in all_questions()
            if q.get("review", {}).get("digest") != digest(q)
        ]
    )


# ---------------------------------------------------------------- form


def test_the_schema_is_itself_a_valid_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_there_are_question_files():
    assert FILES


@each_file
def test_every_file_obeys_the_schema(path):
    errors = Draft202012Validator(SCHEMA).iter_errors(load(path))
    report(sorted(f"{e.json_path}: {e.message}" for e in errors))


@each_file
def test_every_file_is_plain_utf8_with_two_space_indent_and_a_final_newline(path):
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf"), "byte order mark"
    assert "\r" not in text, "carriage return"
    assert "\t" not in text, "tab"
    assert text.endswith("}\n") and not text.endswith("\n\n"), "final newline"
    assert re.match(r'\{\n  "theme"', text), "indent"


@each_file
def test_no_object_names_a_member_twice(path):
    def no_twins(pairs):
        twins = [name for name, n in Counter(name for name, _ in pairs).items() if n > 1]
        assert not twins, twins
        return dict(pairs)

    json.loads(path.read_text("utf-8"), object_pairs_hook=no_twins)


@each_file
def test_the_theme_is_the_name_of_the_file(path):
    assert load(path)["theme"] == path.stem


def test_no_two_files_have_the_same_title():
    titles = Counter(load(path)["title"] for path in FILES)
    report([title for title, n in titles.items() if n > 1])


# ---------------------------------------------------------------- ids and stems


@each_file
def test_ids_begin_with_the_theme_and_are_numbered_without_gaps(path):
    found = [q["id"] for q in questions(path)]
    assert found == [f"{path.stem}-{n:03d}" for n in range(1, len(found) + 1)]


def test_no_id_is_used_twice_in_the_bank():
    ids = Counter(q["id"] for q in all_questions())
    report([name for name, n in ids.items() if n > 1])


def test_no_two_questions_have_the_same_stem():
    seen = {}
    faults = []
    for q in all_questions():
        other = seen.setdefault(bare(q["stem"]), q["id"])
        if other != q["id"]:
            faults.append(f"{other} and {q['id']}: {q['stem']}")
    report(faults)


def test_no_two_questions_have_nearly_the_same_stem():
    bank = [(q, bare(q["stem"])) for q in all_questions()]
    numbered = {q["id"]: numbers(q["stem"]) for q, _ in bank}
    faults = []
    for i, (one, stem) in enumerate(bank):
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(stem)
        for other, other_stem in bank[:i]:
            if same_answer(one, other):
                least = ALIKE_WITH_SAME_ANSWER
            elif numbered[one["id"]] == numbered[other["id"]]:
                least = ALIKE
            else:
                continue
            matcher.set_seq1(other_stem)
            if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
                continue
            if matcher.ratio() >= least:
                faults.append(f"{other['id']} and {one['id']}: {one['stem']}")
    report(faults)


def test_no_two_questions_say_nearly_the_same_once_they_are_answered():
    bank = [(q["id"], answered(q)) for q in all_questions()]
    faults = []
    for i, (one, text) in enumerate(bank):
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(text)
        for other, other_text in bank[:i]:
            matcher.set_seq1(other_text)
            if matcher.real_quick_ratio() < ALIKE_ANSWERED:
                continue
            if matcher.quick_ratio() < ALIKE_ANSWERED:
                continue
            if matcher.ratio() >= ALIKE_ANSWERED:
                faults.append(f"{other} and {one}: {text}")
    report(faults)


def test_a_stem_with_choices_has_one_gap_or_asks_a_question():
    report(
        [
            f"{q['id']}: {q['stem']}"
            for q in all_questions("single", "multiple")
            if (q["stem"].count(GAP), q["stem"].endswith("？")) not in ((1, False), (0, True))
        ]
    )


def test_a_statement_to_judge_has_no_gap_and_asks_no_question():
    report(
        [
            f"{q['id']}: {q['stem']}"
            for q in all_questions("judge")
            if GAP in q["stem"] or "_" in q["stem"] or q["stem"].endswith("？")
        ]
    )


# ---------------------------------------------------------------- lengths and type


def test_stems_choices_answers_and_explanations_keep_to_their_lengths():
    faults = []
    for q in all_questions():
        if not 8 <= len(q["stem"]) <= 200:
            faults.append(f"{q['id']}: stem of {len(q['stem'])}")
        if not 10 <= len(q["explanation"]) <= 300:
            faults.append(f"{q['id']}: explanation of {len(q['explanation'])}")
        for choice in q.get("choices", []):
            if not 1 <= len(choice) <= 60:
                faults.append(f"{q['id']}: choice of {len(choice)}")
        if q["type"] == "blank":
            for variant in q["key"]:
                if not 1 <= len(variant) <= 12:
                    faults.append(f"{q['id']}: answer of {len(variant)}")
    report(faults)


def test_no_half_width_mark_stands_beside_a_chinese_character():
    pattern = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")
    report([f"{q['id']}: {t}" for q in all_questions() for t in texts(q) if pattern.search(t)])


def test_quotation_marks_book_marks_and_brackets_come_in_pairs():
    faults = []
    for q in all_questions():
        for text in texts(q):
            for pair in ("“”", "‘’", "《》", "〈〉", "（）", "〔〕"):
                depth = 0
                for char in text:
                    depth += (char == pair[0]) - (char == pair[1])
                    if depth < 0:
                        break
                if depth:
                    faults.append(f"{q['id']}: {pair} in {text}")
    report(faults)


# ---------------------------------------------------------------- choices and keys


def test_a_key_names_only_choices_which_are_there():
    report(
        [
            f"{q['id']}: {q['key']} of {len(q['choices'])}"
            for q in all_questions("single", "multiple")
            if not set(q["key"]) <= set(LETTERS[: len(q["choices"])])
        ]
    )


def test_key_letters_are_in_order_and_not_repeated():
    report(
        [
            f"{q['id']}: {q['key']}"
            for q in all_questions("single", "multiple")
            if q["key"] != "".join(sorted(set(q["key"])))
        ]
    )


def test_a_single_question_has_one_right_choice_and_a_multiple_one_has_several():
    faults = []
    for q in all_questions("single", "multiple"):
        right = len(q["key"])
        if (right != 1) if q["type"] == "single" else (right < 2):
            faults.append(f"{q['id']}: {q['key']}")
    report(faults)


def test_every_multiple_question_has_a_wrong_choice():
    report([q["id"] for q in all_questions("multiple") if len(q["key"]) >= len(q["choices"])])


def test_the_choices_of_a_question_are_distinct():
    faults = []
    for q in all_questions("single", "multiple"):
        twins = [c for c, n in Counter(map(bare, q["choices"])).items() if n > 1]
        if twins or "" in map(bare, q["choices"]):
            faults.append(f"{q['id']}: {q['choices']}")
    report(faults)


def test_no_choice_speaks_of_the_other_choices():
    pattern = re.compile(r"(以上|上述)(各项|选项|说法)?(都|均|皆|全)|都不(对|是)$")
    report(
        [
            f"{q['id']}: {c}"
            for q in all_questions("single", "multiple")
            for c in q["choices"]
            if pattern.search(c)
        ]
    )


# ---------------------------------------------------------------- balance


@each_file
def test_no_letter_is_the_key_of_too_many_single_questions_of_a_file(path):
    keys = Counter(q["key"] for q in questions(path, "single"))
    total = sum(keys.values())
    if total < ENOUGH_KEYS:
        pytest.skip("too few single choice questions")
    report([f"{k}: {n} of {total}" for k, n in keys.items() if n > 0.35 * total])


@each_file
def test_every_letter_is_the_key_of_some_single_question_of_a_file(path):
    keys = {q["key"] for q in questions(path, "single")}
    if len(questions(path, "single")) < ENOUGH_KEYS:
        pytest.skip("too few single choice questions")
    assert keys == set("ABCD")


def test_the_key_letters_of_single_questions_are_balanced_over_the_bank():
    keys = Counter(q["key"] for q in all_questions("single"))
    total = sum(keys.values())
    report(
        [f"{k}: {keys[k]} of {total}" for k in "ABCD" if not 0.2 <= keys[k] / total <= 0.3]
    )


def test_no_letter_is_nearly_always_or_nearly_never_right_in_multiple_questions():
    asked = all_questions("multiple")
    share = {k: sum(k in q["key"] for q in asked) / len(asked) for k in "ABCD"}
    report([f"{k}: {s:.0%}" for k, s in share.items() if not 0.4 <= s <= 0.9])


@each_file
def test_the_number_of_right_choices_varies_within_a_file(path):
    counts = Counter(len(q["key"]) for q in questions(path, "multiple"))
    if sum(counts.values()) < 4:
        pytest.skip("too few multiple choice questions")
    assert len(counts) > 1, dict(counts)


@each_file
def test_about_half_of_the_statements_to_judge_in_a_file_are_true(path):
    keys = [q["key"] for q in questions(path, "judge")]
    if len(keys) < 4:
        pytest.skip("too few statements to judge")
    assert 0.4 <= sum(keys) / len(keys) <= 0.6, f"{sum(keys)} of {len(keys)}"


def test_about_half_of_the_statements_to_judge_in_the_bank_are_true():
    keys = [q["key"] for q in all_questions("judge")]
    assert 0.4 <= sum(keys) / len(keys) <= 0.6, f"{sum(keys)} of {len(keys)}"


@each_file
def test_the_right_choice_is_not_the_longest_one_too_often(path):
    if len(questions(path)) < ENOUGH_QUESTIONS:
        pytest.skip("too few questions")
    asked = questions(path, "single")
    longest = []
    for q in asked:
        right = right_choices(q)[0]
        if all(len(c) < len(right) for c in q["choices"] if c != right):
            longest.append(q["id"])
    assert len(longest) <= 0.45 * len(asked), f"{len(longest)} of {len(asked)}: {longest}"


@pytest.mark.parametrize("extreme", [max, min], ids=["longest", "shortest"])
def test_length_does_not_tell_the_right_choice_of_single_questions(extreme):
    """Neither by being the extreme one nor by never being it."""
    lengths = [
        (list(map(len, q["choices"])), len(right_choices(q)[0])) for q in all_questions("single")
    ]
    told = [right == extreme(all_) for all_, right in lengths if all_.count(extreme(all_)) == 1]
    assert CHANCE[0] <= sum(told) / len(told) <= CHANCE[1], f"{sum(told)} of {len(told)}"


def test_length_does_not_tell_the_right_choices_of_multiple_questions():
    apart = Counter()
    asked = all_questions("multiple")
    for q in asked:
        right = [len(c) for c in right_choices(q)]
        wrong = [len(c) for c in q["choices"] if c not in right_choices(q)]
        apart["longer"] += min(right) > max(wrong)
        apart["shorter"] += max(right) < min(wrong)
    report([f"{k}: {n} of {len(asked)}" for k, n in apart.items() if n > 0.1 * len(asked)])


def test_the_number_of_choices_does_not_tell_the_number_of_right_ones():
    counts = {}
    for q in all_questions("multiple"):
        counts.setdefault(len(q["choices"]), Counter())[len(q["key"])] += 1
    faults = []
    for choices, right in counts.items():
        most, n = right.most_common(1)[0]
        if n > MOST_OF_A_SHAPE * right.total():
            faults.append(f"{n} of {right.total()} with {choices} choices have {most} right ones")
    report(faults)


@each_file
def test_no_letter_is_the_key_many_times_in_a_row(path):
    last, run = None, 0
    for q in questions(path, "single"):
        run = run + 1 if q["key"] == last else 1
        last = q["key"]
        assert run <= MOST_IN_A_ROW, q["id"]


def test_absolute_words_do_not_tell_a_false_statement():
    asked = all_questions("judge")
    share = {}
    for key in (True, False):
        stems = [q["stem"] for q in asked if q["key"] is key]
        share[key] = sum(bool(ABSOLUTE.search(stem)) for stem in stems) / len(stems)
    assert abs(share[True] - share[False]) <= 0.06, share


def test_length_does_not_tell_a_false_statement():
    asked = all_questions("judge")
    mean = {}
    for key in (True, False):
        stems = [q["stem"] for q in asked if q["key"] is key]
        mean[key] = sum(map(len, stems)) / len(stems)
    assert 0.85 <= mean[True] / mean[False] <= 1.18, mean


@pytest.mark.parametrize("difficulty", [1, 2, 3])
def test_difficulty_does_not_tell_a_false_statement(difficulty):
    keys = [q["key"] for q in all_questions("judge") if q["difficulty"] == difficulty]
    assert 0.35 <= sum(keys) / len(keys) <= 0.65, f"{sum(keys)} of {len(keys)}"


# ---------------------------------------------------------------- stems which tell


def test_no_right_choice_stands_in_its_own_stem():
    report(
        [
            f"{q['id']}: {choice}"
            for q in all_questions("single", "multiple")
            for choice in right_choices(q)
            if len(bare(choice)) > 1 and bare(choice) in bare(q["stem"])
        ]
    )


def test_no_right_choice_echoes_the_words_of_its_stem_alone_among_its_like():
    faults = []
    for q in all_questions("single"):
        right = right_choices(q)[0]
        echo = shared(right, q["stem"])
        others = max(shared(c, q["stem"]) for c in q["choices"] if c != right)
        if echo >= 0.5 and echo > others + 0.3:
            faults.append(f"{q['id']}: {right}")
    report(faults)


# ---------------------------------------------------------------- conflicts


def kept_apart(one, other):
    pair = tuple(sorted((one["id"], other["id"])))
    return pair in JUDGED_APART or bool(
        set(one.get("conflicts", [])) & set(other.get("conflicts", []))
    )


def says(text, words):
    """Whether a text has these words, and a number not as part of another."""
    pattern = re.escape(words)
    if words[0].isdigit():
        pattern = "(?<![0-9])" + pattern
    if words[-1].isdigit():
        pattern += "(?![0-9])"
    return re.search(pattern, text) is not None


def test_every_conflict_group_has_two_questions_or_more():
    groups = Counter(group for q in all_questions() for group in q.get("conflicts", []))
    report([group for group, n in groups.items() if n < 2])


def test_the_conflict_groups_of_a_question_are_in_order():
    named = [(q["id"], q.get("conflicts", [])) for q in all_questions()]
    report([name for name, groups in named if groups != sorted(groups)])


def test_every_pair_judged_apart_is_still_there():
    ids = {q["id"] for q in all_questions()}
    report([pair for pair in JUDGED_APART if not set(pair) <= ids])


def test_questions_with_nearly_the_same_stem_share_a_conflict_group():
    bank = [(q, bare(q["stem"])) for q in all_questions()]
    faults = []
    for i, (one, stem) in enumerate(bank):
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(stem)
        for other, other_stem in bank[:i]:
            matcher.set_seq1(other_stem)
            if matcher.real_quick_ratio() < ALIKE_IN_A_PAPER:
                continue
            if matcher.quick_ratio() < ALIKE_IN_A_PAPER:
                continue
            if matcher.ratio() >= ALIKE_IN_A_PAPER and not kept_apart(one, other):
                faults.append(f"{other['id']} and {one['id']}: {one['stem']}")
    report(faults)


def test_a_question_whose_stem_tells_the_key_of_another_shares_a_group_with_it():
    bank = all_questions()
    stems = {q["id"]: bare(q["stem"]) for q in bank}
    parts = {q["id"]: pieces(q["stem"]) for q in bank}
    found = Counter(part for some in parts.values() for part in some)
    weight = {part: math.log(len(bank) / n) for part, n in found.items()}

    def share(asked, told):
        """Of what is particular about one stem, what is in the other too."""
        own = parts[asked["id"]]
        both = own & parts[told["id"]]
        return sum(map(weight.get, both)) / sum(map(weight.get, own))

    def tellers(key):
        found = [q for q in bank if says(stems[q["id"]], key)]
        return found if len(found) <= SAID_OFTEN else []

    faults = []
    for asked in bank:
        keys = [key for key in answer(asked) or () if len(key) > 1]
        told = Counter(q["id"] for key in keys for q in tellers(key))
        for teller in (q for q in bank if q["id"] in told):
            if told[teller["id"]] < (2 if asked["type"] == "multiple" else 1):
                continue
            if share(asked, teller) >= SAME_SUBJECT and not kept_apart(asked, teller):
                faults.append(f"{asked['id']} is told by {teller['id']}: {teller['stem']}")
    report(faults)


# ---------------------------------------------------------------- explanations


def test_the_explanation_of_a_blank_gives_the_answer():
    report(
        [
            q["id"]
            for q in all_questions("blank")
            if not any(bare(variant) in bare(q["explanation"]) for variant in q["key"])
        ]
    )


def test_the_explanation_of_a_statement_is_not_the_statement_again():
    report(
        [
            q["id"]
            for q in all_questions("judge")
            if bare(q["explanation"]) in bare(q["stem"])
            or (not q["key"] and bare(q["stem"]) in bare(q["explanation"]))
        ]
    )


# ---------------------------------------------------------------- blanks


def test_a_blank_question_has_exactly_one_blank_of_four_underscores():
    report(
        [
            f"{q['id']}: {q['stem']}"
            for q in all_questions("blank")
            if re.findall(r"[_＿]+", q["stem"]) != [BLANK]
        ]
    )


def test_the_accepted_answers_of_a_blank_are_distinct():
    faults = []
    for q in all_questions("blank"):
        twins = [v for v, n in Counter(map(fold, q["key"])).items() if n > 1]
        if twins:
            faults.append(f"{q['id']}: {twins}")
    report(faults)


def occurs(variant, stem):
    """Whether the stem gives the answer away.

    A number does so only where it stands as a number of its own, and one
    without a unit only before what also follows the blank: 5 in 5场, not in
    2015年 nor in 5月.
    """
    before, after = (fold(part) for part in stem.split(BLANK))
    variant = fold(variant)
    pattern = re.escape(variant)
    for digits in ("0-9.", CHINESE_DIGITS):
        if re.match(f"[{digits}]", variant):
            pattern = f"(?<![{digits}])" + pattern
        if re.search(f"[{digits}]$", variant):
            pattern += f"(?![{digits}])"
        if re.fullmatch(f"[{digits}]+", variant):
            pattern += re.escape(bare(after)[:1])
    return any(re.search(pattern, part) for part in (before, after))


def test_the_answer_of_a_blank_does_not_occur_in_its_stem():
    faults = []
    for q in all_questions("blank"):
        if q["stem"].count(BLANK) != 1:
            continue
        faults += [f"{q['id']}: {v}" for v in q["key"] if occurs(v, q["stem"])]
    report(faults)


# ---------------------------------------------------------------- source and extent


def test_every_question_names_its_source_with_grade_a_or_b():
    faults = []
    for q in all_questions():
        source = q.get("source", {})
        named = all(source.get(part, "").strip() for part in ("document", "locator"))
        if not named or source.get("grade") not in ("A", "B"):
            faults.append(f"{q['id']}: {source}")
    report(faults)


def test_no_source_is_a_path_or_an_address():
    pattern = re.compile(r"https?:|www\.|\.(md|csv|txt|json)\b|^/|seed", re.IGNORECASE)
    report(
        [
            f"{q['id']}: {q['source']}"
            for q in all_questions()
            if any(pattern.search(q["source"][part]) for part in ("document", "locator"))
        ]
    )


@each_file
def test_every_file_has_all_four_types_and_all_three_difficulties(path):
    assert {q["type"] for q in questions(path)} == TYPES
    assert {q["difficulty"] for q in questions(path)} == {1, 2, 3}


def test_the_bank_has_all_four_types():
    assert {q["type"] for q in all_questions()} == TYPES


def test_the_bank_has_at_least_six_hundred_questions():
    assert len(all_questions()) >= LEAST_IN_ALL

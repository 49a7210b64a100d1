"""What we write in the format of another system, read by a program that knows it.  It is pinned
in tests/programs."""
import json
import re
import subprocess

import pytest

from server import ROOT
from test_imports import QUESTIONS, questions_of

PROGRAMS = ROOT / "tests" / "programs"
pytestmark = pytest.mark.skipif(not (PROGRAMS / "node_modules").exists(),
                                reason="no programs: npm ci in tests/programs")


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
    told = json.loads(subprocess.run(["node", "gift.mjs"], cwd=PROGRAMS, input=written,
                                     capture_output=True, check=True, timeout=120).stdout)
    assert len(told) == len(ours) > 600
    for question, found in zip(ours, told):
        assert as_told(found) == as_gift_says(question)

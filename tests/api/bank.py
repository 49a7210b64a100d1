"""The question bank as its files have it: what the right answers are, found by stem."""
import json
import pathlib

JUDGED = {True: "正确", False: "错误"}


class Bank:
    def __init__(self, folder):
        self.by_stem = {}
        self.by_id = {}
        for path in sorted(pathlib.Path(folder).glob("*.json")):
            for question in json.loads(path.read_text(encoding="utf-8"))["questions"]:
                self.by_stem[question["stem"]] = question
                self.by_id[question["id"]] = question
        self.explanations = [question["explanation"] for question in self.by_id.values()]

    def right_texts(self, question):
        """The texts of the right choices."""
        if question["type"] == "judge":
            return {JUDGED[question["key"]]}
        return {question["choices"]["ABCDEFGH".index(letter)] for letter in question["key"]}

    def right(self, shown):
        """The right answer to a question of a paper, in the labels shown."""
        question = self.by_stem[shown["stem"]]
        assert question["type"] == shown["type"]
        if question["type"] == "blank":
            return {"number": shown["number"], "text": question["key"][0]}
        texts = self.right_texts(question)
        labels = [choice["label"] for choice in shown["choices"] if choice["text"] in texts]
        assert len(labels) == len(texts), shown
        return {"number": shown["number"], "choices": labels}

    def wrong(self, shown):
        """An answer that is wrong in every way of scoring: one wrong choice alone."""
        right = self.right(shown)
        if "text" in right:
            return {"number": shown["number"], "text": "答错了"}
        label = next(choice["label"] for choice in shown["choices"]
                     if choice["label"] not in right["choices"])
        return {"number": shown["number"], "choices": [label]}

    def answers(self, attempt, n_right=None, right=None):
        """Answers to all questions of an attempt, of which the first `n_right`, or those
        whose number is in `right`, are right; all without either."""
        shown = attempt["questions"]
        if right is None:
            right = range(1, (len(shown) if n_right is None else n_right) + 1)
        return [self.right(one) if one["number"] in right else self.wrong(one) for one in shown]

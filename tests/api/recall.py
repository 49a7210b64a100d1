"""FSRS-6 once more, as its definition says it, and nothing of the server's: what a card's
memory is after a history of (rating 1..4, whole days since the answer before)."""
import math

W = [0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
     1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542]
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


def chance(stability, days):
    return (1 + (0.9 ** (-1 / W[20]) - 1) * days / stability) ** -W[20]


def difficulty_at_first(rating):
    return W[4] - math.e ** (W[5] * (rating - 1)) + 1


def after(stability, difficulty, rating, days):
    recall = chance(stability, days)
    if days == 0:
        grows = math.e ** (W[17] * (rating - 3 + W[18])) * stability ** -W[19]
        stable = stability * (max(grows, 1) if rating in (GOOD, EASY) else grows)
    elif rating == AGAIN:
        stable = min(W[11] * difficulty ** -W[12] * ((stability + 1) ** W[13] - 1)
                     * math.e ** (W[14] * (1 - recall)),
                     stability / math.e ** (W[17] * W[18]))
    else:
        stable = stability * (1 + math.e ** W[8] * (11 - difficulty) * stability ** -W[9]
                              * (math.e ** (W[10] * (1 - recall)) - 1)
                              * {HARD: W[15], GOOD: 1, EASY: W[16]}[rating])
    damped = difficulty - W[6] * (rating - 3) * (10 - difficulty) / 9
    harder = W[7] * difficulty_at_first(EASY) + (1 - W[7]) * damped
    return max(stable, 0.001), min(max(harder, 1), 10)


class Card:
    def __init__(self):
        self.stability = self.difficulty = self.predicted = None

    def answer(self, rating, days):
        if self.stability is None:
            self.stability = W[rating - 1]
            self.difficulty = min(max(difficulty_at_first(rating), 1), 10)
        else:
            self.predicted = chance(self.stability, days)
            self.stability, self.difficulty = after(self.stability, self.difficulty, rating, days)
        return self

    @property
    def days(self):
        """Until it is due: where the chance has fallen to 0.9, which is the stability."""
        return min(max(math.floor(self.stability + 0.5), 1), 36500)

"""Counters that are kept as one number (server/pg/packed.h)."""


def unpacked(number):
    """The counters, the first first, without those at the end that are 0."""
    rest, counters = int(number), []
    while rest:
        rest, counter = divmod(rest, 10 ** 12)
        counters.append(counter)
    return counters

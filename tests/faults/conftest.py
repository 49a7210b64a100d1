"""Fixtures of the faults.  The harness is that of tests/api.

Run by `make faults-short` or `make faults`; the program is $JINGDA, else build/jingda."""
import itertools
import os
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "api")]

import server as servers  # noqa: E402
import stage as stages    # noqa: E402

NUMBERS = itertools.count(1)

# How soon the accepted are answered depends on what else the machine does: in the long form
# only, which is run by hand on a quiet one.
collect_ignore = [] if stages.SECONDS else ["test_overload.py"]


def pytest_sessionstart(session):
    if not os.access(servers.BINARY, os.X_OK):
        pytest.exit(f"no program at {servers.BINARY}: build it, or name it by JINGDA", 2)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """A PostgreSQL that lives in another part of the world than the contests."""
    made = stages.Hurt(settings="timezone = 'America/St_Johns'\ndatestyle = 'SQL, DMY'\n")
    try:
        stages.fill(made, "seed", tmp_path_factory.mktemp("seed"))
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def make_stage(cluster, tmp_path_factory):
    """make_stage(workers, settings): a copy of the seed, with no server yet."""
    made = []

    def make(workers=1, settings=None):
        database = f"stage_{next(NUMBERS)}"
        cluster.create(database, "seed")
        made.append(stages.Stage(cluster, database, tmp_path_factory.mktemp("stage"), workers,
                                 settings))
        return made[-1]
    yield make
    for one in made:
        one.close()

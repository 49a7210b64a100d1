"""Fixtures: one PostgreSQL for all, and for each file of tests a database and its servers.

Run by `/usr/bin/python3 -m pytest tests/api`; the program is $JINGDA, else build/jingda;
with $JINGDA_TEST_WORKERS each server has so many workers."""
import os

import pytest

import cluster as clusters
import server as servers
from world import Worlds


@pytest.fixture(scope="session")
def cluster():
    made = clusters.Cluster()
    yield made
    made.close()


@pytest.fixture(scope="session")
def worlds(cluster, tmp_path_factory):
    if not os.access(servers.BINARY, os.X_OK):
        pytest.exit(f"no program at {servers.BINARY}: build it, or name it by JINGDA", 2)
    return Worlds(cluster, tmp_path_factory.mktemp("jingda"))


@pytest.fixture(scope="module")
def world(worlds):
    made = worlds.make()
    yield made
    made.close()
    worlds.cluster.drop(made.database)


@pytest.fixture
def later(world):
    """Starts a server whose clock is so many seconds ahead; it ends with the test."""
    world.server  # the one with the right clock comes first
    started = []

    def start(seconds):
        started.append(world.serve(seconds))
        return started[-1]
    yield start
    for server in started:
        server.stop()


@pytest.fixture
def player(world):
    """Somebody new in the campaign "open"."""
    return world.player("open")


@pytest.fixture(scope="module")
def organizer(world):
    return world.organizer()


@pytest.fixture(scope="module")
def anybody(world):
    return world.anybody()

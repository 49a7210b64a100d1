"""schema/rules.schema.json against the rules that the C reader is tested with."""

import json
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests/unit/rules/fixtures"
SCHEMA = json.loads((ROOT / "schema/rules.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def fixtures(kind):
    paths = sorted((FIXTURES / kind).glob("*.json"))
    assert paths, f"no fixtures of kind {kind}"
    return [pytest.param(path, id=path.stem) for path in paths]


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def members(schema):
    """Every named member of the schema and of its parts."""
    for name, member in schema.get("properties", {}).items():
        yield name, member
        yield from members(member)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_member_is_described_in_both_languages():
    parts = [SCHEMA, *SCHEMA["$defs"].values()]
    for name, member in (found for part in parts for found in members(part)):
        text = member.get("description", "")
        assert any("\u4e00" <= c <= "\u9fff" for c in text), name
        assert any(c.isascii() and c.isalpha() for c in text), name


def test_every_default_is_allowed():
    for name, member in members(SCHEMA):
        if "default" in member:
            VALIDATOR.evolve(schema=member).validate(member["default"])


@pytest.mark.parametrize("path", fixtures("good"))
def test_good_rules_are_valid(path):
    VALIDATOR.validate(load(path))


@pytest.mark.parametrize("path", fixtures("bad"))
def test_bad_rules_are_not_valid(path):
    assert not VALIDATOR.is_valid(load(path))


@pytest.mark.parametrize("path", fixtures("bad-beyond-schema"))
def test_what_only_the_server_can_refuse_is_valid(path):
    VALIDATOR.validate(load(path))

"""The document and its reader, as the server gives them out."""
import json
import re

import jsonschema
import yaml

from server import ROOT

FOLDER = ROOT / "api-docs"


def test_the_document_is_served_as_it_is(anybody):
    reply = anybody.get("/openapi.yaml")
    assert reply.ok() == (FOLDER / "openapi.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(reply.body)["openapi"] == "3.1.0"


def test_the_folder_leads_to_the_reader(anybody):
    assert anybody.get("/docs").headers["Location"] == "/docs/"


def test_the_reader_runs_no_script_of_its_own_page(anybody):
    reply = anybody.get("/docs/")
    page = reply.ok()
    assert reply.headers["Content-Type"].startswith("text/html")
    policy = dict(part.strip().split(" ", 1) for part in
                  reply.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'" and "unsafe-" not in str(policy)
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    scripts = re.findall(r"<script\b[^>]*>(.*?)</script>", page, re.S)
    assert scripts and not any(script.strip() for script in scripts)
    assert not re.search(r"\son[a-z]+=|javascript:|https?://", page)


def test_every_file_of_the_reader_is_there_or_said_to_be_missing(anybody):
    page = anybody.get("/docs/").ok()
    built = (FOLDER / "node_modules" / "swagger-ui-dist" / "swagger-ui.css").exists()
    names = re.findall(r'(?:src|href)="([\w.-]+)"', page)
    assert {"reader.js", "swagger-ui.css", "swagger-ui-bundle.js"} <= set(names)
    for name in names:
        reply = anybody.get(f"/docs/{name}")
        if name.startswith("swagger-ui") and not built:
            reply.problem(404, "not_found")
        else:
            kind = "text/css" if name.endswith("css") else "text/javascript"
            reply.ok()
            assert reply.headers["Content-Type"].split(";")[0] == kind
    assert "npm ci" in page and 'href="/openapi.yaml"' in page


def test_nothing_else_of_the_folder_is_given_out(anybody):
    for name in ("package.json", "guide-worker.md", "node_modules/swagger-ui-dist/package.json",
                 "reader/index.html", "x/y"):
        anybody.ask("GET", f"/docs/{name}").problem(404, "not_found")


def test_the_rules_in_the_guide_are_rules():
    text = (FOLDER / "guide-organizer.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```json\n(.*?)```", text, re.S)
    rules = next(block for block in blocks if '"window"' in block)
    schema = json.loads((ROOT / "schema" / "rules.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(rules))


def test_the_guides_name_only_addresses_that_are_in_the_document(worlds):
    for path in FOLDER.glob("guide-*.md"):
        text = path.read_text(encoding="utf-8")
        prefix = "/v1/organizer/campaigns/demo" if "organizer" in path.name else "/v1"
        asked = re.findall(r"curl -s ([^\n]*)", text)
        assert asked
        for line in asked:
            name, rest = re.search(r"\$(api|questions|bank)(/[^\s\"?]*)", line).groups()
            address = {"api": prefix, "questions": "/v1/organizer/questions",
                       "bank": "/v1/organizer"}[name] + rest
            method = re.search(r"-X ([A-Z]+)", line)
            method = method.group(1) if method else \
                "POST" if " -d " in line or " --data-binary " in line else "GET"
            assert worlds.contract.find(method, address)[0], f"{path.name}: {method} {address}"

"""The pages of the app and the wall, served from what was built; and without it."""
import gzip
import re
import socket

import pytest

from client import Client

PAGE = '<!doctype html><html lang="zh-CN"><title>竞答</title><script src="/assets/a-1f.js"></script>'
SCRIPT = '"use strict";\n' + "console.log('竞答');\n" * 200
FOR_EVER = "public, max-age=31536000, immutable"
FILES = {
    "app/index.html": PAGE,
    "app/assets/a-1f.js": SCRIPT,
    "app/assets/a-1f.js.gz": gzip.compress(SCRIPT.encode()),
    "app/assets/deep/b-2e.css": "body { margin: 0; }",
    "app/static/logo.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "app/.env": "SECRET=1",
    "wall/index.html": PAGE.replace("竞答", "大屏"),
    "wall/assets/w-3d.js": SCRIPT,
    "mp-weixin/app.js": "App({})",
}


@pytest.fixture(scope="module")
def built(world, tmp_path_factory):
    """A client of a server whose folder has all that a build makes."""
    folder = tmp_path_factory.mktemp("dist")
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "app" / "assets" / "passwd.js").symlink_to("/etc/passwd")
    world.program.settings["JINGDA_CLIENTS"] = str(folder)
    client = Client(world.serve())
    yield client
    client.close()


@pytest.fixture(scope="module")
def bare(worlds):
    """A client of a server that has none of it."""
    world = worlds.make()
    yield world.anybody()
    world.close()
    worlds.cluster.drop(world.database)


def check_safety(reply):
    policy = dict(part.strip().split(" ", 1) for part in
                  reply.headers["Content-Security-Policy"].split(";"))
    assert policy == {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'",
                      "img-src": "'self' data: blob:", "connect-src": "'self'",
                      "font-src": "'self'", "manifest-src": "'self'", "base-uri": "'none'",
                      "form-action": "'none'", "frame-ancestors": "'none'"}
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path, file", [("/", "app"), ("/?campaign=demo&union=630102", "app"),
                                        ("/wall", "wall"), ("/wall/open", "wall"),
                                        ("/wall/%E6%B4%BB%E5%8A%A8?x=1", "wall")])
def test_a_page_is_asked_for_again_each_time(built, path, file):
    reply = built.get(path)
    assert reply.ok() == FILES[f"{file}/index.html"]
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-cache"
    check_safety(reply)
    again = built.ask("GET", path, headers={"If-None-Match": reply.headers["ETag"]})
    again.ok(304)
    assert again.headers["ETag"] == reply.headers["ETag"]


@pytest.mark.parametrize("path, file, kind", [
    ("/assets/a-1f.js", "app/assets/a-1f.js", "text/javascript; charset=utf-8"),
    ("/wall/assets/w-3d.js", "wall/assets/w-3d.js", "text/javascript; charset=utf-8")])
def test_what_has_a_hash_in_its_name_is_kept_for_ever(built, path, file, kind):
    reply = built.ask("GET", path, headers={"Accept-Encoding": "identity"})
    assert reply.ok() == FILES[file]
    assert reply.headers["Content-Type"] == kind
    assert reply.headers["Cache-Control"] == FOR_EVER
    assert "Content-Encoding" not in reply.headers
    check_safety(reply)


def test_what_keeps_its_name_is_asked_for_again(built):
    reply = built.get("/static/logo.svg")
    assert reply.ok() == FILES["app/static/logo.svg"]
    assert reply.headers["Content-Type"] == "image/svg+xml"
    assert reply.headers["Cache-Control"] == "no-cache" and "Vary" not in reply.headers
    check_safety(reply)


def test_a_file_in_a_folder_is_found(built):
    reply = built.session.get(built.server.url + "/assets/deep/b-2e.css", timeout=10)
    assert (reply.status_code, reply.text) == (200, FILES["app/assets/deep/b-2e.css"])


def test_who_takes_gzip_gets_what_was_compressed(built):
    tags = set()
    for accepted, coding in [("gzip, deflate, br", "gzip"), ("identity", None),
                             ("gzip;q=0", None)]:
        headers = {"Accept-Encoding": accepted}
        raw = built.session.get(built.server.url + "/assets/a-1f.js", headers=headers,
                                stream=True, timeout=10)
        body = raw.raw.read(decode_content=False)
        assert raw.headers["Vary"] == "Accept-Encoding"
        assert raw.headers.get("Content-Encoding") == coding
        assert int(raw.headers["Content-Length"]) == len(body)
        assert body == (FILES["app/assets/a-1f.js.gz"] if coding else SCRIPT.encode())
        tags.add((coding, raw.headers["ETag"]))
        built.ask("GET", "/assets/a-1f.js",
                  headers={**headers, "If-None-Match": raw.headers["ETag"]}).ok(304)
    assert len(tags) == len({tag for _, tag in tags}) == 2


@pytest.mark.parametrize("path", ["/", "/wall/open", "/assets/a-1f.js", "/static/logo.svg"])
def test_head_tells_of_a_file_without_sending_it(built, path):
    got, told = built.get(path), built.ask("HEAD", path)
    got.ok(), told.ok()
    for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control"):
        assert told.headers[name] == got.headers[name]


@pytest.mark.parametrize("path", [
    "/assets/none.js", "/assets/", "/assets", "/assets/a-1f.js.gz", "/assets/passwd.js", "/static/",
    "/wall/assets/a-1f.js", "/wall/assets/", "/index.html", "/static/..%2findex.html",
    "/assets/%2e%2e/index.html", "/assets//a-1f.js", "/.env", "/static/.env", "/wall/a/b",
    "/mp-weixin/app.js"])
def test_nothing_else_is_given_out(built, path):
    reply = built.session.get(built.server.url + path, timeout=10)
    assert reply.status_code in (400, 404)
    assert reply.json()["code"] in ("not_found", "bad_target")
    assert reply.headers["Cache-Control"] == "no-store"


def test_nothing_climbs_out_of_the_folder(built):
    """A client as such would take the dots away."""
    for path in ("/assets/../index.html", "/static/../../wall/index.html", "/wall/../app/.env"):
        with socket.create_connection(("127.0.0.1", built.server.port), timeout=10) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            assert line.makefile("rb").read().startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("path", ["/", "/wall", "/wall/open"])
def test_without_a_build_the_page_says_how_to_get_it(bare, path):
    reply = bare.get(path)
    page = reply.ok()
    assert "make clients" in page and "Node" in page and "npm" in page and 'href="/docs/"' in page
    assert "还没有构建" in page and "has not been built" in page
    assert not re.search(r"<script|<style|style=|https?://", page)
    assert "ETag" not in reply.headers and reply.headers["Cache-Control"] == "no-store"
    check_safety(reply)
    bare.get("/v1/campaigns").ok()


def test_without_a_build_there_are_no_files(bare):
    bare.get("/assets/a-1f.js").problem(404, "not_found")
    bare.get("/wall/assets/w-3d.js").problem(404, "not_found")

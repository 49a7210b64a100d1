"""What we write, opened by an office program; what it saves, read by us."""
import csv
import io
import shutil
import subprocess

import pytest

from test_imports import IMPORTS, QUESTIONS, check

soffice = shutil.which("soffice")
pytestmark = pytest.mark.skipif(not soffice, reason="no soffice: libreoffice-calc-nogui")


@pytest.fixture(scope="module")
def convert(tmp_path_factory):
    """Opens bytes in LibreOffice and saves them in another format."""
    home = tmp_path_factory.mktemp("office")

    def run(content, ending, to, reading=None):
        source = home / f"file.{ending}"
        source.write_bytes(content)
        subprocess.run([soffice, f"-env:UserInstallation=file://{home}/profile", "--headless",
                        *([f"--infilter={reading}"] if reading else []), "--convert-to", to,
                        "--outdir", str(home / "out"), str(source)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)
        return (home / "out" / f"file.{to.split(':')[0]}").read_bytes()
    return run


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


UTF8 = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
AS_TEXT = "CSV:44,34,76,1," + "/".join(f"{i}/2" for i in range(1, 21))


def test_our_xlsx_is_opened_and_says_what_our_csv_says(organizer, convert):
    sheet = convert(organizer.get(QUESTIONS, format="xlsx").content, "xlsx", UTF8)
    ours = rows_of(organizer.get(QUESTIONS, format="csv").content)
    assert rows_of(sheet) == ours and len(ours) > 600


def test_our_csv_becomes_an_xlsx_that_is_the_same_bank(organizer, convert):
    content = organizer.get(QUESTIONS, format="csv").content
    found, _ = check(organizer, convert(content, "csv", "xlsx", AS_TEXT))
    assert (found["format"], found["state"]) == ("xlsx", "checked")
    assert found["counts"]["unchanged"] == found["rows"] > 600


def test_the_template_is_filled_in_and_comes_back(organizer, convert):
    empty = rows_of(convert(organizer.get(QUESTIONS + "/template").content, "xlsx", UTF8))
    assert empty[0][:5] == ["编号", "题型", "主题", "难度", "题干"]
    filled = io.StringIO()
    out = csv.writer(filled)
    out.writerow(empty[0])
    out.writerow(["", "单选", "fire", "易", "油锅起火先做什么？（　　）", "浇水", "盖锅盖", *[""] * 6, "B",
                  "窒息灭火。", "家庭防火手册", "第1页", "", "", ""])
    found, at = check(organizer, convert(filled.getvalue().encode(), "csv", "xlsx", AS_TEXT))
    assert (found["state"], found["counts"]["added"]) == ("checked", 1), found
    assert at.startswith(IMPORTS)

#!/usr/bin/python3
"""make.py: makes the files of this folder again, with LibreOffice as the office program, and
LuaLaTeX with its package moodle (Debian's texlive-latex-extra and texlive-luatex, which nothing
else here needs).

An examination of 300 questions as a teacher keeps it in a spreadsheet: exam-faults.xlsx has 20
faults, named in exam-faults.json by row, column and a word of what is said; exam.xlsx has them
mended.  exam-gb18030.csv and exam-utf8.csv are the latter as Excel of China and LibreOffice
save it, exam-unicode.txt as Excel's "Unicode text".  quiz-moodle.xml is what LaTeX makes of
quiz.tex.

exam-qti3.zip is not made here: `jingda export questions` wrote fire-001 to fire-008 as QTI 2.1,
which the converter of npm's @citolab/qti-convert 0.3.52 made QTI 3.0."""
import csv
import json
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HEAD = ["编号", "题型", "主题", "难度", "题干", "选项A", "选项B", "选项C", "选项D", "选项E", "答案",
        "解析", "出处", "出处位置"]
AT = {name: i for i, name in enumerate(HEAD)}
LETTERS = "ABCDEFGHIJKLMN"
KINDS = ["水", "干粉", "泡沫", "二氧化碳", "沙土"]


def row_of(i):
    """Question i of 300, as typed: sometimes in other words, widths and orders."""
    row = dict.fromkeys(HEAD, "")
    row.update({"编号": f"fire-{i:03}", "主题": "fire", "难度": ["易", "中", "难", "2"][i % 4],
                "出处": "消防安全手册（2026年版）", "出处位置": f"第{i}条",
                "解析": f"手册第{i}条有规定。"})
    if i % 4 == 0:
        row.update({"题型": "单选", "题干": f"第{i}号仓库起火，应先使用哪一种灭火剂？（　　）",
                    "选项A": KINDS[i % 5], "选项B": KINDS[(i + 1) % 5], "选项C": KINDS[(i + 2) % 5],
                    "答案": "ＡbC"[i // 4 % 3]})
    elif i % 4 == 1:
        row.update({"题型": "多选题", "题干": f"下列属于第{i}号车间应急器材的是（　　）。",
                    **{f"选项{letter}": KINDS[n] for n, letter in enumerate("ABCDE")},
                    "答案": ["A、B、D", "ACE", "Ｂ，Ｃ", "C D"][i // 4 % 4]})
    elif i % 4 == 2:
        row.update({"题型": "判断题", "题干": f"第{i}号楼的疏散通道可以临时堆放物品。",
                    "答案": ["对", "错", "√", "×", "正确", "F"][i // 4 % 6]})
    else:
        row.update({"题型": "填空", "题干": f"第{i}号区域的灭火器每____个月检查一次。",
                    "答案": [f"{i}", f"{i}|{i}个", f"{i}；约{i}"][i // 4 % 3]})
    return row


# row of the sheet, column, what is put there, a word of what is said of it
FAULTS = [
    (5, "答案", "F", "letter without a choice"), (14, "题型", "简答", "type should be"),
    (21, "答案", "", "key is missing"), (33, "题干", "", "stem is missing"),
    (47, "答案", "也许", "true or false"), (50, "难度", "很难", "difficulty should be"),
    (61, "编号", "Fire 61", "may hold only"), (77, "选项B", "", "this choice is empty"),
    (93, "选项C", "泡沫灭火剂" * 30, "1 to 120"), (101, "答案", "AB", "one right choice"),
    (110, "答案", "A", "at least two right"),
    (137, "题干", "起火", "4 to 400"), (152, "题干", "没有空格的填空题。", "gap"),
    (160, "编号", "fire-010", "that of row"), (178, "答案", "AAB", "twice"),
    (197, "选项A", "水", "same as one before"), (220, "题干", "灭火器每____月____检查。", "gap"),
    (256, "解析", "见书", "4 to 600"), (299, "主题", "消防", "may hold only"),
    (300, "题干", None, "question of row"),
]


def with_faults(rows):
    found = []
    for number, column, value, said in FAULTS:
        row = rows[number - 2]
        if column == "选项A" and value == "水":
            row["选项A"], row["选项B"] = "水", "水"
            found.append((number, "选项B", said))
            continue
        if value is None:
            other = rows[number - 2 - 4]
            for name in ("题型", "题干", "选项A", "选项B", "选项C", "选项D", "选项E", "答案"):
                row[name] = other[name]
        else:
            row[column] = value
        found.append((number, column, said))
    return [{"row": number, "column": f"{LETTERS[AT[column]]} {column}", "said": said}
            for number, column, said in sorted(found)]


def save_csv(path, rows, encoding="utf-8-sig"):
    with open(path, "w", encoding=encoding, newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        out.writerows([row[name] for name in HEAD] for row in rows)


def convert(source, kind, options=""):
    """By LibreOffice; every column is taken as text, as people are told to format them."""
    with tempfile.TemporaryDirectory() as home:
        columns = "/".join(f"{i + 1}/2" for i in range(len(HEAD)))
        subprocess.run(["soffice", f"-env:UserInstallation=file://{home}", "--headless",
                        f"--infilter=CSV:44,34,76,1,{columns}", "--convert-to", kind + options,
                        "--outdir", str(source.parent), str(source)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)


def typeset(source, made):
    """By LuaLaTeX, of whose output only this file is kept."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["lualatex", "-interaction=nonstopmode", "-output-directory", folder,
                        str(source)], cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=120)
        (source.parent / made).write_bytes((pathlib.Path(folder) / made).read_bytes())


def main():
    typeset(HERE / "quiz.tex", "quiz-moodle.xml")
    rows = [row_of(i) for i in range(1, 301)]
    broken = [dict(row) for row in rows]
    (HERE / "exam-faults.json").write_text(
        json.dumps(with_faults(broken), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for name, made in (("exam", rows), ("exam-faults", broken)):
            source = pathlib.Path(folder) / f"{name}.csv"
            save_csv(source, made)
            convert(source, "xlsx")
            (HERE / f"{name}.xlsx").write_bytes(source.with_suffix(".xlsx").read_bytes())
    save_csv(HERE / "exam-gb18030.csv", rows, "gb18030")
    save_csv(HERE / "exam-utf8.csv", rows)
    text = "\t".join(HEAD) + "\r\n" + "".join(
        "\t".join(row[name] for name in HEAD) + "\r\n" for row in rows)
    (HERE / "exam-unicode.txt").write_bytes(text.encode("utf-16"))


if __name__ == "__main__":
    main()

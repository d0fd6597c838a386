"""One file of texts for every office of a district, by the command line."""

from __future__ import annotations

import json
import shutil

import pytest

from desk_app.__main__ import main
from desk_app.desk import open_desk

FILE = """
valid_from = 2099-01-01
reason = "Theo công văn 12"

[forms."01"."2025"]
title = "GIẤY HẸN CHUNG CỦA HUYỆN"
note_2 = ""

[forms."02"."2025"]
signer = "CÔNG CHỨC HƯỚNG DẪN"
"""


@pytest.fixture
def run(data, capsys):
    def command(*argv, at=data, clerk="hung"):
        capsys.readouterr()
        given = ["form-texts", *map(str, argv), "--data", str(at), "--json", "--clerk", clerk]
        code = main(given)
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return command


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "texts.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_file_is_taken_in_and_given_out_again_for_the_next_commune(run, file, data, tmp_path):
    other = shutil.copytree(data, tmp_path / "next")
    code, done, _ = run("import", file)
    assert code == 0
    assert [(d["form"], d["text"], d["valid_from"]) for d in done] == [
        ("01", "title", "2099-01-01"),
        ("01", "note_2", "2099-01-01"),
        ("02", "signer", "2099-01-01"),
    ]
    assert run("list")[1] == []  # it does not hold yet
    today = open_desk(data)
    day = today.now().date().isoformat()
    today.close()
    assert run("import", file, "--from", day)[0] == 0
    assert {(t["text"], t["origin"], t["since"]) for t in run("list")[1]} == {
        ("title", "office", day),
        ("note_2", "office", day),
        ("signer", "office", day),
    }
    for name in ("out.toml", "out.json"):
        out = tmp_path / name
        assert run("export", out)[1] == [{"file": str(out), "texts": 3}]
    code, done, _ = run("import", tmp_path / "out.json", "--reason", "như xã bên", at=other)
    assert code == 0 and len(done) == 3
    said = {t["text"]: t["says"] for t in run("list", at=other)[1]}
    assert said == {
        "title": "GIẤY HẸN CHUNG CỦA HUYỆN",
        "note_2": "",
        "signer": "CÔNG CHỨC HƯỚNG DẪN",
    }


def test_false_takes_a_text_back_to_the_form(run, file, tmp_path):
    day = "2099-01-01"
    assert run("import", file, "--from", day)[0] == 0
    back = tmp_path / "back.toml"
    back.write_text('[forms."01"."2025"]\ntitle = false\n', encoding="utf-8")
    code, done, _ = run("import", back, "--from", "2099-02-01", "--reason", "trở về mẫu")
    assert (code, done[0]["says"]) == (0, None)


def test_names_of_the_office_are_given_out_only_when_asked_for(run, tmp_path):
    out = tmp_path / "all.toml"
    run("export", out, "--all")
    assert "[office]" not in out.read_text("utf-8")
    run("export", out, "--all", "--office")
    assert "[office]" in out.read_text("utf-8")


def test_every_bad_text_is_named_and_nothing_is_published(run, file):
    text = FILE.replace("GIẤY HẸN CHUNG", "GIẤY {gì}").replace("CÔNG CHỨC HƯỚNG DẪN", "")
    file.write_text(text, encoding="utf-8")
    code, refused, _ = run("import", file)
    assert code == 1
    assert [(r["form"], r["text"]) for r in refused] == [("01", "title"), ("02", "signer")]
    assert "{gì}" in refused[0]["refused"]
    assert run("list")[1] == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("forms = 3", "x.toml"),
        ("[forms", "x.toml"),
        ("{", "x.json"),
        ('{"forms": {"01": {"2025": {"title": 5}}}}', "x.json"),
        ('[forms."01"."2025"]\ntitle = true\n', "x.toml"),
        ("strange = 1", "x.toml"),
        ("x" * 2_000_001, "x.toml"),
        (None, "missing.toml"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(run, tmp_path, content, name):
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    code, results, said = run("import", path)
    assert (code, results) == (1, [])
    assert said.startswith("Không đọc được") and said.count("\n") == 1


def test_a_clerk_a_day_gone_and_a_file_that_cannot_be_written_are_refused(run, file, tmp_path):
    assert "lãnh đạo" in run("import", file, clerk="mai")[2]
    assert "đã qua" in run("import", file, "--from", "2020-01-01")[2]
    assert "lý do" in run("import", file, "--from", "2099-01-01", "--reason", " ")[2]
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert run("export", blocked / "x.toml")[2].startswith("Chưa ghi được")
    with pytest.raises(SystemExit):
        run("import")

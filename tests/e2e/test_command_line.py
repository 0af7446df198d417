"""``python -m bot`` as an operator and a script use it: real processes, a real database."""

import pytest

from adapters.contract import platform
from bot.sample import sample_document
from tests.e2e.commands import answered
from tests.fakes.documents import document


def test_exec_prints_the_moment_and_its_link(bot):
    ran = bot("exec", "/topic kv cache")
    assert ran.returncode == 0
    text = ran.stdout.decode()
    assert "2:00:32" in text
    assert "https://youtu.be/_1f-o0nqpEI?t=7232" in text
    assert ran.stderr == b""


def test_exec_json_has_every_field(bot):
    reply = answered(bot("exec", "/summarize 4:13:38", "--json"))
    assert reply["kind"] == "moment_card"
    (moment,) = reply["moments"]
    assert (moment["at"], moment["label"], moment["link_at"]) == (15_474, "4:17:54", 15_218)
    assert moment["url"].endswith("?t=15474")
    assert moment["source"] == "Notes · Gemini 2.0 Flash"
    assert reply["correction"] is None
    assert {"label", "action"} in [set(action) for action in reply["actions"]]
    typo = answered(bot("exec", "/topic kv cach", "--json"))
    assert typo["correction"] == {"typed": "kv cach", "shown": "kv cache"}
    literal = next(a for a in typo["actions"] if a["label"].startswith("Search exactly"))
    assert answered(bot("exec", literal["action"], "--json"))["moments"] == []
    read = answered(bot("exec", "/summarize 4:08", "--json"))
    assert (read["reading"]["at"], read["reading"]["other"]["at"]) == (14_880, 248)


@pytest.mark.parametrize("words", ["zzzz qqqq", "quantum error correction", '"', "C++"])
def test_exec_of_an_honest_empty_answer_exits_0(bot, words):
    reply = answered(bot("exec", f"/topic {words}", "--json"))
    assert (reply["kind"], reply["moments"]) == ("notice", [])


@pytest.mark.parametrize("line", ["/nosuch", "/topic", "/summarize 9:99:99"])
def test_exec_of_nonsense_exits_2(bot, line):
    assert bot("exec", line).returncode == 2


def test_exec_as_discord_is_a_body_discord_takes(bot):
    body = answered(bot("exec", "/topic tsmc", "--as", "discord"))
    assert platform("discord").violations(body) == []
    assert len(platform("discord").links(body)) >= 3


def test_import_export_and_remove(bot, tmp_path):
    file = tmp_path / "talk.md"
    file.write_text(document("Talk", "aaaaaaaaaaa", [(60, "Zebra", "one"), (120, "Okapi", "two")]))
    first = bot("import", file)
    assert first.returncode == 0
    assert b"2 notes added" in first.stdout
    assert b"unchanged" in bot("import", file).stdout
    exported = bot("export", "https://youtu.be/aaaaaaaaaaa")
    assert exported.stdout.decode().split() == file.read_text().split()
    assert b"Removed: Talk" in bot("remove", "https://youtu.be/aaaaaaaaaaa").stdout
    assert bot("remove", "https://youtu.be/aaaaaaaaaaa").returncode == 1


def test_import_of_the_sample_reports_repairs_and_conflicts(bot):
    ran = bot("import", "-", stdin=sample_document().encode())
    assert ran.returncode == 0
    report = ran.stdout.decode()
    for time in ("4:08:50", "4:07:50", "4:17:54", "4:13:38"):
        assert time in report


def test_import_of_a_bad_document_names_the_line_and_changes_nothing(bot, tmp_path):
    file = tmp_path / "talk.md"
    file.write_text(document("Talk", "aaaaaaaaaaa", [(60, "Zebra", "one")]))
    bot("import", file)
    file.write_text(file.read_text().replace("[1:00]", "[1:99]"))
    ran = bot("import", file)
    assert ran.returncode == 1
    assert b"Line 5" in ran.stderr
    assert b"59" in ran.stderr
    assert answered(bot("exec", "/topic zebra", "--json"))["moments"][0]["label"] == "1:00"


def test_private_import_is_private(bot, tmp_path):
    file = tmp_path / "talk.md"
    file.write_text(document("Talk", "aaaaaaaaaaa", [(60, "Zebra", "one")]))
    assert bot("import", file, "--tenant", "discord:1").returncode == 0
    assert bot("import", file, "--tenant", "nonsense").returncode == 2
    theirs = answered(bot("exec", "/topic zebra", "--json", "--tenant", "discord:1"))
    assert len(theirs["moments"]) == 1
    assert answered(bot("exec", "/topic zebra", "--json"))["moments"] == []


def test_reports_are_listed_applied_and_dismissed(bot):
    card = answered(bot("exec", "/topic kv cache", "--json"))
    form = next(a["action"] for a in card["actions"] if a["label"] == "Report")
    options = answered(bot("exec", form, "--json"))["actions"]
    for option in options[:2]:
        assert "Thank you" in answered(bot("exec", option["action"], "--json"))["text"]
    listed = bot("reports", "list").stdout.decode()
    assert listed.count("KV Cache") == 2
    applied = bot("reports", "apply", 1, "--text", "Keys and values: xylophone.")
    assert applied.returncode == 0
    assert len(answered(bot("exec", "/topic xylophone", "--json"))["moments"]) == 1
    assert bot("reports", "dismiss", 2).returncode == 0
    assert bot("reports", "dismiss", 2).returncode == 1
    assert b"No reports." in bot("reports", "list").stdout
    assert bot("reports", "list", "--all").stdout.decode().count("KV Cache") == 2
    assert bot("reports", "apply", 99, "--text", "x").returncode == 1
    assert bot("reports", "apply", 1).returncode == 2
    assert b"was applied before" in bot("reports", "apply", 1, "--text", "x").stderr
    assert b"500 characters" in bot("reports", "apply", 1, "--title", "x" * 501).stderr


def test_report_from_a_direct_message_is_applied_for_all_or_not_at_all(bot):
    moment = answered(bot("exec", "/topic kv cache", "--json"))["moments"][0]
    assert moment["label"] == "2:00:32"
    bot("exec", "1|report|6|text|", "--tenant", "public")
    refused = bot("reports", "apply", 1, "--title", "KV")
    assert refused.returncode == 2
    assert b"--for-all" in refused.stderr
    assert bot("reports", "apply", 1, "--title", "KV", "--for-all").returncode == 0


def test_removed_sample_does_not_come_back(bot):
    bot("exec", "/help")
    assert bot("remove", 1).returncode == 0
    assert "empty" in answered(bot("exec", "/topic kv cache", "--json"))["text"]


def test_printing_a_share_uses_up_none(bot):
    for _ in range(2):
        body = answered(bot("exec", "1|share|abcd|6", "--as", "discord"))
        assert "Shared by" in platform("discord").visible_text(body)


def test_code_of_another_version_is_no_search(bot):
    assert "another version" in answered(bot("exec", "9|moment|1", "--json"))["text"]


def test_doctor_says_what_is_missing_and_hides_the_token(bot):
    ran = bot("doctor")
    assert ran.returncode == 0
    for name in (b"discord", b"slack"):
        assert name + b": no token" in ran.stdout
    nowhere = {"SEGUE_DISCORD__API_URL": "http://127.0.0.1:1", "DISCORD_TOKEN": "tok-secret"}
    ran = bot("doctor", **nowhere)
    assert b"discord: Discord is out of reach" in ran.stdout
    assert b"tok-secret" not in ran.stdout + ran.stderr
    assert ran.returncode == 0
    assert bot("doctor", DYNO="web.1").returncode == 1


def test_run_without_a_platform_says_what_to_set(bot):
    ran = bot("run")
    assert ran.returncode == 2
    assert b"DISCORD_TOKEN" in ran.stderr


@pytest.mark.parametrize(
    "url",
    ["postgres://user:pw@host/db", "sqlite://relative.db", "nonsense", "sqlite:////nosuch/x/y.db"],
)
def test_unusable_database_gets_a_sentence_without_its_password(bot, url):
    ran = bot("migrate", SEGUE_STORAGE__URL=url)
    assert ran.returncode in {1, 2}
    assert ran.stderr.startswith(b"segue: ")
    assert b"pw" not in ran.stderr
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        ([], {}),
        (["--url", "https://bot.example"], {"SEGUE_SLACK__MODE": "http"}),
    ],
)
def test_manifest_of_slack_is_json_for_the_mode(bot, arguments, variables):
    ran = bot("manifest", "slack", *arguments, **variables)
    made = answered(ran)
    assert ran.stderr == b""
    assert made["settings"]["socket_mode_enabled"] is not bool(arguments)
    commands = {one["command"]: one.get("url") for one in made["features"]["slash_commands"]}
    url = "https://bot.example/slack/events" if arguments else None
    assert commands == dict.fromkeys(["/segue", "/segue-topic", "/summarize"], url)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--set", "slack.mode=http", "manifest", "slack"], "--url https://bot.example"),
        (["--set", "slack.command=topic", "manifest", "slack"], "/topic is a command of Slack's"),
        (["--set", "slack.shortcuts=status=topic", "manifest", "slack"], "/status is a command"),
        (["manifest", "discord"], "There is no manifest for discord"),
        (["manifest", "console"], "There is no manifest for console"),
    ],
)
def test_manifest_that_cannot_be_made_is_one_sentence(bot, arguments, sentence):
    ran = bot(*arguments)
    assert (ran.returncode, ran.stdout) == (2, b"")
    told = ran.stderr.decode()
    assert told.startswith("segue: ")
    assert sentence in told
    assert told.count("\n") == 1

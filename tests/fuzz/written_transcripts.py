"""Transcripts to begin from: well-formed ones of every format, and the grammars of more."""

from __future__ import annotations

from tests.fuzz.grammar import Grammar

_COMMON = {
    "word": [
        "so", "the", "cache", "keys", "R&D", "and", "values.", "Really?", "Yes!", "a", "1984",
        "o3-mini", "List<int>", "中文", "そうです。", "שלום", "naïve", "…", "“quoted”",
        "->", "&amp;", "[Music]",
        "(applause)", "♪", "[ __ ]", ">>", "LEX:", "Dylan Patel:", "&#39;", "3.5", "--", "don't",
    ],
    "words": ["{word}", "{word} {word}", "{word} {words}", "{word} {words}", "{word} {words}"],
    "d": list("0123456789"),
    "s": list("012345"),
    "nl": ["\n", "\n", "\n", "\n", "\n", "\r\n", "\r"],
    "blank": ["{nl}{nl}", "{nl}{nl}", "{nl}{nl}", "{nl}", "{nl}{nl}{nl}", "{nl} {nl}"],
    "clock": ["00:{s}{d}:{s}{d}", "00:00:{s}{d}", "{s}{d}:{s}{d}", "0:0{d}:{s}{d}", "{d}:{d}"],
    "point": [".", ",", "."],
    "time": ["{clock}{point}{d}{d}{d}", "{clock}{point}{d}{d}{d}", "{clock}", "-{clock}.5",
        "99:59:59.999"],
    "arrow": [" --> ", " --> ", " --> ", " --> ", "-->", " -> ", "\t-->\t"],
    "timing": ["00:00:0{d}.{d}00{arrow}00:00:1{d}.000", "0{d}:1{s}.000{arrow}1{d}:00.000",
        "{time}{arrow}{time}"],
}  # fmt: skip

_MARKUP = {
    "marked": [
        "{words}", "{words}", "<i>{words}</i>", "<v {word}>{words}", "<v.loud {word}>{words}</v>",
        "<c.yellow>{words}</c>", "<{time}>{words}", "{word}<{time}><c> {word}</c>",
        "{words}<br>{words}",
        "<ruby>{word}<rt>{word}</rt></ruby>", "{\\an8}{words}", "<font color='red'>{words}", "<v>",
        "</v>",
        "- {words}", ">> {words}", "LEX: {words}", "Dylan Patel: {words}", "[Music]", "&nbsp;",
        "<b><i><u>",
    ],
    "text": ["{marked}", "{marked}", "{marked}{nl}{marked}", "{marked} {text}"],
}  # fmt: skip

WEBVTT_SEEDS = (
    b"WEBVTT\nKind: captions\nLanguage: en\n\n00:00:00.000 --> 00:00:02.500 align:star"
    b"t\nSo this is it.\n\n"
    b"2\n00:00:02.500 --> 00:00:04.000\n<v Lex Fridman>What is <i>it</i>?</v> <v "
    b"Dylan>R&amp;D.</v>\n\n"
    b"NOTE nothing\nmore\n\nSTYLE\n::cue { color: red }\n\n00:05.000 --> 00:09.000\n<c"
    b".x>and</c> on&lrm;\n",
    b"WEBVTT\n\n00:00:01.000 --> 00:00:02.990\n \nand<00:00:01.200><c> so</c><00:00:01"
    b".500><c> it</c>\n\n"
    b"00:00:02.990 --> 00:00:03.000\nand so it\n \n\n00:00:03.000 --> 00:00:04.990\nand so it\n"
    b"goes<00:00:03.300><c> on</c><00:00:03.900><c> here</c>\n\n00:00:04.990 --> 00:00:05.000\n"
    b"goes on here\n \n\n00:00:05.000 --> 00:00:06.990\ngoes on here\nuntil<00:00:05.5"
    b"00><c> it</c>\n\n"
    b"00:00:06.990 --> 00:00:07.000\nuntil it\n \n",
    "WEBVTT\n\n00:01.000 --> 00:02.000\n漢<ruby>字<rt>じ</rt></ruby>です。はい。\n\n00:03.000 "
    "--> 00:04.000\nسلام ♪\n".encode(),
    "\ufeffWEBVTT - title\r\n\r\n00:01.000 --> 00:02.000\r\na <00:01.500>b\r\n".encode("utf-16"),
)  # fmt: skip

WEBVTT = Grammar(
    _COMMON
    | _MARKUP
    | {
        "document": ["WEBVTT{head}{blank}{cues}", "WEBVTT{head}{blank}{cues}",
            "{nl}WEBVTT{nl}{nl}{cues}"],
        "head": ["", "", " - {words}", "{nl}Kind: captions{nl}Language: en",
            "{nl}Language: {word}"],
        "cues": ["{cue}", "{cue}{blank}{cues}", "{cue}{blank}{cues}", "{cue}{blank}{cues}",
            "{other}{blank}{cues}"],
        "other": ["NOTE {words}", "STYLE{nl}::cue{nl}", "REGION{nl}id:a", "{words}", "{d}"],
        "cue": ["{timing}{setting}{nl}{text}", "{d}{nl}{timing}{nl}{text}", "{timing}{nl}{text}",
            "{timing}"],
        "setting": ["", "", " align:start position:0%", " line:-1", " {word}"],
    }
)  # fmt: skip

SUBRIP_SEEDS = (
    b"1\n00:00:01,000 --> 00:00:02,500\nLEX: Hello.\n\n2\n00:00:03,000 --> 00:00:04,"
    b"000\nDYLAN: Hi,\n<i>there</i>.\n\n"
    b"3\n00:00:05,000 --> 00:00:06,000\nLEX: 42\n\n4\n00:00:07,000 --> 00:00:08,"
    b"000\nDYLAN: {\\an8}Yes. LEX: No.\n",
    "\ufeff1\r\n00:00:01.5 --> 00:00:02.25\r\na\r\n\r\nb\r\n\r\n2\r\n0: 00: 03,"
    " 000 -> 0:00:04\r\n- one\r\n- two\r\n".encode(),
    "Made by X\n\n00:01,000 --> 00:02,000\n"
    "中文。 好！\n12\n\n00:01,500 --> 00:09,000\nדבר\n".encode(),
)  # fmt: skip

SUBRIP = Grammar(
    _COMMON
    | _MARKUP
    | {
        "document": ["{cues}", "{words}{blank}{cues}", "{cues}{nl}"],
        "cues": ["{cue}", "{cue}{blank}{cues}", "{cue}{blank}{cues}", "{cue}{blank}{cues}"],
        "cue": ["{d}{nl}{timing}{nl}{text}", "{d}{nl}{timing}{nl}{text}", "{timing}{nl}{text}",
            "{d}{d}{nl}{timing}"],
    }
)  # fmt: skip

_JSON = {
    "n": ["0", "{d}", "{d}.{d}", "{d}{d}.5", "{d}{d}{d}", "{d}e{d}", "-{d}", "1e999", "NaN",
        "359999", "359999.9996"],
    "odd": ["null", "true", "[]", "{}", "\"{words}\"", "{n}", "[[{n}]]", "{{odd_key}: {odd}}"],
    "odd_key": ["\"\"", "\"a\"", "\"cues\"", "\"segs\""],
    "jtext": [
        "\"{words}\"", "\"{words}\"", "\" {word}\"", "\"{word} \"", "\"\"", "\"\\n\"",
        "\"\\ud800\"",
        "\"\\u0000{word}\"", "\"\\u200b\"", "\"{word}.\"", "\",\"", "\"{words}\\t\"",
    ],
    "sep": [", ", ",", ", ", ", ", ",\n"],
}  # fmt: skip

JSON_SEEDS = (
    b'{"version": "1.0.0", "segments": [{"startTime": 0.5, "endTime": 2.5, "body": '
    b'"So this is it.", "speaker": "Lex"},'
    b' {"startTime": 2.5, "endTime": 4, "body": "Yes, R&D.", "speaker": "Dylan"}'
    b', {"start": 5, "text": "On."}]}',
    b'{"segments": [{"startTime": 0, "endTime": 0.2, "body": "So"}, {"startTime": '
    b'0.2, "endTime": 0.4, "body": "it"},'
    b' {"startTime": 0.4, "endTime": 0.5, "body": ","}, {"startTime": 0.5, "endTime": '
    b'0.9, "body": "goes."}]}',
    b'{"wireMagic": "pb3", "events": [{"tStartMs": 0, "dDurationMs": 9, "wpWinPosId": '
    b'1}, {"tStartMs": 40, "dDurationMs":'
    b' 2000, "segs": [{"utf8": "so"}, {"utf8": " it", "tOffsetMs": 300}, {"utf8": '
    b'"\\n"}]}, {"tStartMs": 1000,'
    b' "aAppend": 1, "segs": [{"utf8": "\\n"}]}, {"tStartMs": 2050, "dDurationMs": '
    b'900, "segs": [{"utf8": "goes"}]}]}',
    '{"cues": [[0, 1.5, "中文。"], [1.5, 3, "a b"]], "title": "T", "show": "S", "duratio'
    'n": 60.5, "video":'
    ' "https://youtu.be/aaaaaaaaaaa", "chapters": [[0, "Intro"], [2, "More"]]}'.encode(),
)  # fmt: skip

JSON_TRANSCRIPT = Grammar(
    _COMMON
    | _JSON
    | {
        "document": [
            "{\"segments\": [{segments}]}", "{\"version\": \"1.0.0\", \"segments\": [{segments}]}",
            "{\"events\": [{events}]}", "{\"wireMagic\": \"pb3\", \"events\": [{events}]}",
                "{\"cues\": [{rows}]}",
            "{\"segments\": {odd}}", "{odd}",
        ],
        "segments": ["{segment}", "{segment}{sep}{segments}", "{segment}{sep}{segments}",
            "{segment}{sep}{segments}"],
        "segment": [
            "{\"startTime\": {d}, \"endTime\": 1{d}, \"body\": {jtext}}",
            "{\"start\": {d}, \"end\": {d}.5, \"text\": {jtext}}",
            "{\"startTime\": {d}.{d}, \"body\": \"{word}\"}",
            "{\"startTime\": {d}.{d}, \"body\": \"{word}\"}",
            "{\"startTime\": {n}, \"endTime\": {n}, \"body\": {jtext}, \"speaker\": {jtext}}",
            "{odd}",
        ],
        "events": ["{event}", "{event}{sep}{events}", "{event}{sep}{events}",
            "{event}{sep}{events}"],
        "event": [
            "{\"tStartMs\": {d}{d}0, \"dDurationMs\": {d}00, \"segs\": [{segs}]}",
                "{\"tStartMs\": {d}, \"segs\": [{segs}]}",
            "{\"tStartMs\": {n}, \"dDurationMs\": {n}, \"segs\": [{segs}]}", "{\"id\": 1}",
                "{\"segs\": {odd}}",
        ],
        "segs": ["{seg}", "{seg}{sep}{segs}", "{seg}{sep}{segs}"],
        "seg": ["{\"utf8\": {jtext}}", "{\"utf8\": {jtext}, \"tOffsetMs\": {d}{d}}",
            "{\"utf8\": {jtext}, \"tOffsetMs\": {n}}"],
        "rows": ["{row}", "{row}{sep}{rows}", "{row}{sep}{rows}"],
        "row": ["[{d}, 1{d}, {jtext}]", "[{d}, 1{d}, {jtext}]", "[{n}, {n}, {jtext}]", "{odd}"],
    }
)  # fmt: skip

TIMED_EPISODE = Grammar(
    _COMMON
    | _JSON
    | {
        "document": ["{\"cues\": [{rows}]{more}}", "{\"cues\": [{rows}]{more}}",
            "{\"cues\": {odd}{more}}"],
        "more": ["", "{sep}{field}{more}", "{sep}{field}{more}"],
        "field": [
            "\"title\": {jtext}", "\"show\": {jtext}", "\"duration\": {n}", "\"duration\": {odd}",
                "\"chapters\": [{chapters}]",
            "\"chapters\": {odd}", "\"video\": \"https://youtu.be/aaaaaaaaaaa\"",
                "\"video\": {jtext}", "\"cues\": [{rows}]",
        ],
        "rows": ["{row}", "{row}{sep}{rows}", "{row}{sep}{rows}"],
        "row": ["[{d}, 1{d}, {jtext}]", "[{d}, 1{d}, {jtext}]", "[{d}, 1{d}, {jtext}]",
            "[{n}, {n}, {jtext}]"],
        "chapters": ["[{d}, {jtext}]", "[{n}, {jtext}]", "[{d}, {jtext}]{sep}{chapters}"],
    }
)  # fmt: skip

CUE_SEEDS = (
    b"0 2000 A So this is it.\n2000 1500 A And on\n4000 900 B [Music] No. (laughs) "
    b"Yes, sir\n9000 0  word\n",
    b"rolling\n0 1990  and so it\n1990 10  and so it\n2000 1990  and so it goes "
    b"on\n3990 10  goes on\n4000 900  goes on here\n",
    "0 1000 + 中文。好！そうです。 はい\n"
    "500 9000 + ♪ one two three ♪ >> four\n500 0 x …\n".encode(),
)  # fmt: skip
"""Cues as ``cues_in`` reads them: start, length, speaker (``+``: with marks), text."""

CUES = Grammar(
    _COMMON
    | {
        "document": ["{rows}", "{rows}", "rolling\n{rows}"],
        "rows": ["{row}", "{row}\n{rows}", "{row}\n{rows}", "{row}\n{rows}", "{row}\n{rows}"],
        "row": ["{ms} {ms} {who} {words}", "{d}000 {d}00 {who} {words}",
            "{d}000 0 {who} {words} {words} {words}"],
        "ms": ["0", "{d}", "{d}{d}", "{d}{d}00", "{d}{d}00", "{d}{d}{d}000"],
        "who": ["", "", "A", "B", "+"],
    }
)  # fmt: skip

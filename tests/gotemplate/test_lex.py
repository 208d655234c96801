from __future__ import annotations

import pytest

from pillion.gotemplate.lex import Lexer
from pillion.gotemplate.tokens import Kind, Token


def scan(text: str, left: str = "", right: str = "") -> list[Token]:
    lexer = Lexer(text, left, right)
    tokens = [lexer.next_token()]
    while tokens[-1].kind not in {Kind.EOF, Kind.ERROR}:
        tokens.append(lexer.next_token())
    return tokens


def kinds(text: str) -> list[str]:
    return [f"{token.kind.name}:{token.text}" for token in scan(text) if token.kind != Kind.EOF]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("plain", ["TEXT:plain"]),
        ("a{{/* b */}}c", ["TEXT:a", "TEXT:c"]),
        ("a {{- /* b */ -}} c", ["TEXT:a", "TEXT:c"]),
        ("{{.}}", ["LEFT_DELIMITER:{{", "DOT:.", "RIGHT_DELIMITER:}}"]),
        (
            "a \n{{- .b -}}\n c",
            [
                "TEXT:a",
                "LEFT_DELIMITER:{{",
                "FIELD:.b",
                "RIGHT_DELIMITER:}}",
                "TEXT:c",
            ],
        ),
        ("{{-3}}", ["LEFT_DELIMITER:{{", "NUMBER:-3", "RIGHT_DELIMITER:}}"]),
    ],
)
def test_text_comments_and_trimming(text: str, wanted: list[str]) -> None:
    assert kinds(text) == wanted


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        (".x.y", ["FIELD:.x", "FIELD:.y"]),
        ("$", ["VARIABLE:$"]),
        ("$x := 1", ["VARIABLE:$x", "SPACE: ", "DECLARE::=", "SPACE: ", "NUMBER:1"]),
        ("$x = 1", ["VARIABLE:$x", "SPACE: ", "ASSIGN:=", "SPACE: ", "NUMBER:1"]),
        ("f | g", ["IDENTIFIER:f", "SPACE: ", "PIPE:|", "SPACE: ", "IDENTIFIER:g"]),
        ("(f)", ["LEFT_PAREN:(", "IDENTIFIER:f", "RIGHT_PAREN:)"]),
        ("$a, $b", ["VARIABLE:$a", "CHAR:,", "SPACE: ", "VARIABLE:$b"]),
        ('"a\\"b"', ['STRING:"a\\"b"']),
        ("`a\nb`", ["RAW_STRING:`a\nb`"]),
        ("'\\''", ["CHAR_CONSTANT:'\\''"]),
        ("true false", ["BOOL:true", "SPACE: ", "BOOL:false"]),
        ("nil range", ["NIL:nil", "SPACE: ", "RANGE:range"]),
        ("0x1Fp-2", ["NUMBER:0x1Fp-2"]),
        ("1_000.5e+3", ["NUMBER:1_000.5e+3"]),
        (".5", ["NUMBER:.5"]),
        ("1+2i", ["COMPLEX:1+2i"]),
        ("größe", ["IDENTIFIER:größe"]),
    ],
)
def test_inside_an_action(inside: str, wanted: list[str]) -> None:
    _, *tokens, _, _ = scan(f"{{{{{inside}}}}}")
    assert [f"{token.kind.name}:{token.text}" for token in tokens] == wanted


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("{{/* a", "unclosed comment", 1),
        ("{{/* a */ b}}", "comment ends before closing delimiter", 1),
        ("a\n{{ .b", "unclosed action", 2),
        ("{{ (1 }}", "unclosed left paren", 1),
        ("{{ 1) }}", "unexpected right paren", 1),
        ("{{ .a[0] }}", "bad character U+005B '['", 1),
        ("{{ a\u0301 }}", "bad character U+0301 '\u0301'", 1),
        ("{{ \x01 }}", "unrecognized character in action: U+0001", 1),
        ("{{ \udcff }}", "unrecognized character in action: U+FFFD '\ufffd'", 1),
        ("{{ : }}", "expected :=", 1),
        ("{{ 3k }}", 'bad number syntax: "3k"', 1),
        ("{{ 1+2 }}", 'bad number syntax: "1+2"', 1),
        ("{{\n'a\n' }}", "unterminated character constant", 2),
        ('{{ "a\n" }}', "unterminated quoted string", 1),
        ("{{ `a }}", "unterminated raw quoted string", 1),
    ],
)
def test_an_error_is_the_last_token(text: str, message: str, line: int) -> None:
    token = scan(text)[-1]
    assert (token.kind, token.text, token.line) == (Kind.ERROR, message, line)


def test_delimiters_may_be_of_any_length() -> None:
    assert [token.kind for token in scan("[[ .a ]] <<!.b!>>", "<<!", "!>>")] == [
        Kind.TEXT,
        Kind.LEFT_DELIMITER,
        Kind.FIELD,
        Kind.RIGHT_DELIMITER,
        Kind.EOF,
    ]


def test_lines_count_every_newline() -> None:
    tokens = scan("a\nb{{- \n.c\n -}}\n\n{{`\n`}}d")
    assert [(token.kind.name, token.line) for token in tokens] == [
        ("TEXT", 1),
        ("LEFT_DELIMITER", 2),
        ("SPACE", 2),
        ("FIELD", 3),
        ("SPACE", 3),
        ("RIGHT_DELIMITER", 4),
        ("LEFT_DELIMITER", 6),
        ("RAW_STRING", 6),
        ("RIGHT_DELIMITER", 7),
        ("TEXT", 7),
        ("EOF", 7),
    ]


def test_words_may_be_functions() -> None:
    lexer = Lexer("{{break}}", identifiers=frozenset({"break"}))
    assert [lexer.next_token().kind for _ in range(2)][1] is Kind.IDENTIFIER


@pytest.mark.parametrize(
    ("token", "wanted"),
    [
        (Token(Kind.EOF, 0, "", 1), "EOF"),
        (Token(Kind.RANGE, 0, "range", 1), "<range>"),
        (Token(Kind.DOT, 0, ".", 1), "<.>"),
        (Token(Kind.STRING, 0, '"ab"', 1), r'"\"ab\""'),
        (Token(Kind.TEXT, 0, "more than ten", 1), '"more than "...'),
    ],
)
def test_a_token_as_errors_name_it(token: Token, wanted: str) -> None:
    assert str(token) == wanted

"""A file of source with its syntax tree, and places in it in bytes, as ``ast`` counts columns."""

import ast
import re
from dataclasses import dataclass
from itertools import accumulate

_COMMENT = re.compile(rb"#[^\n]*")


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes ``start`` to ``stop`` of a file become ``new``."""

    start: int
    stop: int
    new: str


class Source:
    """The bytes of a file and where its nodes and words are."""

    def __init__(self, content: bytes):
        self.content = content
        self.tree = ast.parse(content)
        self.meaning = ast.dump(self.tree)
        self._starts = [0, *accumulate(len(line) for line in content.splitlines(keepends=True))]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return the first byte of a node and the one after its last; parentheses around it do not belong to it."""
        return (
            self._starts[node.lineno - 1] + node.col_offset,
            self._starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def text(self, node: ast.AST) -> str:
        """Return what is written for a node."""
        start, stop = self.span(node)
        return self.content[start:stop].decode()

    def line(self, start: int) -> str:
        """Return the line that holds a byte, without the space around it."""
        first = self.content.rfind(b"\n", 0, start) + 1
        last = self.content.find(b"\n", start)
        return self.content[first : last if last >= 0 else None].decode().strip()

    def between(self, left: ast.AST, right: ast.AST, token: str) -> tuple[int, int] | None:
        """Return where a token is written between two nodes, comments left aside."""
        first, last = self.span(left)[1], self.span(right)[0]
        return self.token(first, last, token)

    def token(self, first: int, last: int, token: str) -> tuple[int, int] | None:
        """Return where a token is written first in a range of bytes, comments left aside."""
        hidden = _COMMENT.sub(lambda found: b" " * len(found.group()), self.content[first:last])
        pattern = rb"\s+".join(re.escape(word).encode() for word in token.split())
        found = re.search(pattern, hidden)
        return None if found is None else (first + found.start(), first + found.end())

    def after_space(self, start: int) -> int:
        """Return the first byte from ``start`` on that is no blank."""
        rest = self.content[start:]
        return start + len(rest) - len(rest.lstrip(b" "))

    def replaced(self, node: ast.AST, new: str) -> Edit:
        """Return the edit that writes ``new`` for a node."""
        return Edit(*self.span(node), new)

    def swapped(self, one: ast.AST, other: ast.AST) -> Edit:
        """Return the edit that exchanges two nodes, the first of which is written first."""
        start, middle = self.span(one)
        resume, stop = self.span(other)
        return Edit(start, stop, self.text(other) + self.content[middle:resume].decode() + self.text(one))

    def edited(self, edit: Edit) -> bytes:
        """Return the bytes after an edit."""
        return self.content[: edit.start] + edit.new.encode() + self.content[edit.stop :]

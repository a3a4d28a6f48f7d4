from collections.abc import Iterable
from typing import Literal, TypedDict, final

class Problem(TypedDict):
    line: int
    column: int
    rule: int | None
    """Counted from 0."""
    element: str | None
    value: str | None
    advice: str
    """What is wrong, and what to change."""

class DocumentError(ValueError):
    problems: list[Problem]

@final
class Decision:
    """Read only."""

    kind: Literal["not_cors", "preflight", "actual"]
    granted: bool
    reason: str | None
    rule: int | None
    status: int | None
    detail: int
    headers: list[tuple[str, str]]

@final
class Policy:
    @property
    def image(self) -> bytes: ...
    def __new__(cls, text: str | bytes, dialect: str = "s3", *, name: str | None = None) -> Policy: ...
    @classmethod
    def from_image(cls, image: bytes, /) -> Policy: ...
    def decide(self, method: str | bytes, headers: Iterable[tuple[str, str] | tuple[bytes, bytes]], /) -> Decision: ...

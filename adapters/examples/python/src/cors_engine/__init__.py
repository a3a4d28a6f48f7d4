"""Bucket CORS, decided by the engine. Here: how a decision becomes headers of a response, in WSGI and ASGI. Nothing here decides."""
from collections.abc import Iterable
from http import HTTPStatus

from ._engine import Decision, DocumentError, Policy

__all__ = ["ASGI", "WSGI", "Decision", "DocumentError", "Policy", "apply"]

_REPLACED = {
    "access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods",
    "access-control-allow-headers", "access-control-expose-headers", "access-control-max-age",
}


def apply(decision: Decision, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of a response after a decision: the six of CORS are its own, and there is one Vary, which has each name once."""
    kept, vary = [], {}

    def add(tokens):
        for token in filter(None, (token.strip(" \t") for token in tokens.split(","))):
            vary.setdefault(token.lower(), token)

    for name, value in headers:
        if name.lower() == "vary":
            add(value)
        elif name.lower() not in _REPLACED:
            kept.append((name, value))
    for name, value in decision.headers:
        if name != "vary":
            kept.append((name, value))
        elif "*" not in vary:
            add(value)
    if vary:
        kept.append(("vary", ", ".join(vary.values())))
    return kept


class WSGI:
    """A WSGI application in front of another: answers preflights, and sets the headers of all other responses."""

    def __init__(self, app, policy: Policy):
        self.app, self.policy = app, policy

    def __call__(self, environ, start_response):
        decision = self.policy.decide(environ["REQUEST_METHOD"], _fields(environ))

        def start(status, headers, *exc_info):
            return start_response(status, apply(decision, headers), *exc_info)

        if decision.kind != "preflight":
            return self.app(environ, start)
        start(f"{decision.status} {HTTPStatus(decision.status).phrase}", [("Content-Length", "0")])
        return []


def _fields(environ):
    for name in ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"):
        value = environ.get("HTTP_" + name.upper().replace("-", "_"))
        if value is not None:
            # A server joins the lines of a name by commas. Only the last is a list.
            yield from ((name, line) for line in ([value] if name.endswith("Headers") else value.split(",")))


class ASGI:
    """The same for ASGI."""

    def __init__(self, app, policy: Policy):
        self.app, self.policy = app, policy

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        decision = self.policy.decide(scope["method"], scope["headers"])

        async def answer(message):
            if message["type"] == "http.response.start":
                headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", ())]
                headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in apply(decision, headers)]
                message = {**message, "headers": headers}
            await send(message)

        if decision.kind != "preflight":
            return await self.app(scope, receive, answer)
        await answer({"type": "http.response.start", "status": decision.status, "headers": [(b"content-length", b"0")]})
        await answer({"type": "http.response.body"})

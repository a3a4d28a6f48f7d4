"""A server of the standard library with a middleware for each policy: serve.py wsgi|asgi PORT POLICIES

POLICIES is a file with a line `NAME DIALECT PATH` for each. Behind the middleware of /NAME/ is an application with wrong headers of its own.
"""
import http.server
import pathlib
import sys
import wsgiref.simple_server

import cors_engine

WRONG = [("Access-Control-" + name, "1") for name in "Allow-Origin Allow-Credentials Allow-Methods Allow-Headers Expose-Headers Max-Age".split()]
VARY = [("Vary", "Accept-Encoding, origin"), ("Vary", "accept-encoding")]


def policies(file):
    for line in file.read_text().splitlines():
        name, dialect, path = line.split()
        content = (file.parent / path).read_bytes()
        is_image = path.endswith(".cors")
        yield name, cors_engine.Policy.from_image(content) if is_image else cors_engine.Policy(content, dialect, name=path)


def headers(path):
    return WRONG + VARY * path.endswith("/vary") + [("Content-Length", "0")]


def wsgi(environ, start_response):
    start_response("200 OK", headers(environ["PATH_INFO"]))
    return []


async def asgi(scope, receive, send):
    lines = [(name.lower().encode(), value.encode()) for name, value in headers(scope["path"])]
    await send({"type": "http.response.start", "status": 200, "headers": lines})
    await send({"type": "http.response.body"})


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    # It writes an answer in pieces.
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass


class Bridge(http.server.BaseHTTPRequestHandler):
    """What an ASGI server does, without its loop: the application here never waits."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        fields = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.raw_items()]
        scope = {"type": "http", "method": self.command, "path": self.path, "headers": fields}

        async def send(message):
            if message["type"] == "http.response.start":
                self.send_response(message["status"])
                for name, value in message["headers"]:
                    self.send_header(name.decode("latin-1"), value.decode("latin-1"))
                self.end_headers()

        try:
            table[self.path.split("/")[1]](scope, None, send).send(None)
        except StopIteration:
            pass

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_):
        pass


kind, port, file = sys.argv[1:]
middleware, app = (cors_engine.WSGI, wsgi) if kind == "wsgi" else (cors_engine.ASGI, asgi)
table = {"": app} | {name: middleware(app, policy) for name, policy in policies(pathlib.Path(file))}
server = wsgiref.simple_server.WSGIServer(("127.0.0.1", int(port)), Quiet if kind == "wsgi" else Bridge)
server.set_app(lambda environ, start_response: table[environ["PATH_INFO"].split("/")[1]](environ, start_response))
server.serve_forever()

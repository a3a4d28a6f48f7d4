"""What the module promises: python3 -X dev -m unittest test_engine.py, with the wheel installed."""
import asyncio
import gc
import importlib
import pickle
import sys
import threading
import unittest

import cors_engine
from cors_engine import ASGI, WSGI, Decision, DocumentError, Policy, apply

RULE = b"""<CORSConfiguration>
  <CORSRule>
    <AllowedOrigin>https://*.app.example</AllowedOrigin>
    <AllowedMethod>PUT</AllowedMethod>
    <AllowedHeader>x-*</AllowedHeader>
    <MaxAgeSeconds>600</MaxAgeSeconds>
  </CORSRule>
</CORSConfiguration>"""
WRONG = RULE.replace(b"PUT", b"put").replace(b"*.app", b"*.*")
ORIGIN = ("Origin", "https://a.app.example")
PREFLIGHT = [ORIGIN, ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "x-a")]


class Documents(unittest.TestCase):
    def test_text_can_be_str_or_bytes_in_every_form_and_the_image_is_the_same(self):
        rules = '{"CORSRules": [{"AllowedOrigins": ["https://*.app.example"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["x-*"], "MaxAgeSeconds": 600}]}'
        images = {Policy(text, dialect).image for text in (RULE, RULE.decode(), rules) for dialect in ("s3", "s3-json" if text is rules else "s3")}
        self.assertEqual(len(images), 1)
        self.assertEqual(Policy.from_image(*images).image, *images)
        self.assertEqual(Policy(RULE).image, *images)

    def test_a_wrong_document_has_every_problem_with_its_place(self):
        with self.assertRaises(DocumentError) as raised:
            Policy(WRONG, "s3", name="bucket.xml")
        self.assertIsInstance(raised.exception, ValueError)
        self.assertIn("bucket.xml:3:5: rule 1, AllowedOrigin `https://*.*.example`: keep at most one `*`\n", str(raised.exception))
        self.assertIn("bucket.xml:4:5: rule 1, AllowedMethod `put`: write it as `PUT`\n", str(raised.exception))
        first, second = raised.exception.problems
        self.assertEqual(first, {"line": 3, "column": 5, "rule": 0, "element": "AllowedOrigin", "value": "https://*.*.example",
                                 "advice": "line 3, column 5: rule 1, AllowedOrigin `https://*.*.example`: keep at most one `*`"})
        self.assertEqual((second["line"], second["element"]), (4, "AllowedMethod"))

    def test_what_is_not_a_document_is_one_too(self):
        for text in (b"", b"\0", b"\xff\xfe", b"<", "é" * 1000, b"<CORSConfiguration/>" + b" " * (1 << 20)):
            with self.subTest(text[:10]), self.assertRaises(DocumentError) as raised:
                Policy(text)
            self.assertTrue(raised.exception.problems)

    def test_wrong_values_are_refused(self):
        image = Policy(RULE).image
        for error, call in (
            (ValueError, lambda: Policy(RULE, "s4")),
            (ValueError, lambda: Policy(RULE, "s3\0")),
            (ValueError, lambda: Policy(RULE, name="a\0b")),
            (UnicodeEncodeError, lambda: Policy("\ud800")),
            (TypeError, lambda: Policy(None)),
            (TypeError, lambda: Policy(bytearray(RULE))),
            (TypeError, lambda: Policy(RULE, "s3", "bucket.xml")),
            (TypeError, lambda: Policy()),
            (TypeError, lambda: Policy.from_image(bytearray(image))),
            (ValueError, lambda: Policy.from_image(b"")),
            (ValueError, lambda: Policy.from_image(image[:-1])),
            (ValueError, lambda: Policy.from_image(b"\0" + image)),
        ):
            with self.assertRaises(error) as raised:
                call()
            self.assertNotIsInstance(raised.exception, DocumentError)
        with self.assertRaises(AttributeError):
            Policy(RULE).image = b""


class Decisions(unittest.TestCase):
    def setUp(self):
        self.policy = Policy(RULE)
        self.decide = self.policy.decide

    def test_a_preflight_that_is_granted(self):
        decision = self.decide("OPTIONS", PREFLIGHT)
        self.assertEqual((decision.kind, decision.granted, decision.reason, decision.rule, decision.status), ("preflight", True, None, 0, 200))
        headers = dict(decision.headers)
        self.assertEqual(headers["access-control-allow-origin"], "https://a.app.example")
        self.assertEqual(headers["access-control-allow-headers"], "x-a")
        self.assertEqual(headers["access-control-max-age"], "600")
        self.assertIn("Origin", headers["vary"])

    def test_refusals_have_their_word(self):
        for word, method, changed in (("origin", "OPTIONS", ("Origin", "https://app.example")), ("method", "OPTIONS", ("Access-Control-Request-Method", "GET")),
                                      ("header", "OPTIONS", ("Access-Control-Request-Headers", "x-a, y")), ("limit", "OPTIONS", ("Origin", "a" * 5000)),
                                      ("bad_method", "OPTIONS", ("Access-Control-Request-Method", "put"))):
            decision = self.decide(method, (dict(PREFLIGHT) | dict([changed])).items())
            self.assertEqual((decision.granted, decision.reason, decision.rule), (False, word, None))
            self.assertNotIn("access-control-allow-origin", dict(decision.headers))
        self.assertEqual(self.decide("OPTIONS", [*PREFLIGHT[:2], ("access-control-request-headers", "x-a, y")]).detail, 1)

    def test_a_request_without_origin_is_not_cors(self):
        decision = self.decide("GET", [])
        self.assertEqual((decision.kind, decision.granted, decision.reason, decision.status), ("not_cors", False, None, None))

    def test_str_and_bytes_in_any_iterable_are_the_same_request(self):
        expected = self.decide("OPTIONS", PREFLIGHT)
        as_bytes = [(name.encode(), b" \t" + value.encode() + b"\t ") for name, value in PREFLIGHT]
        for headers in (tuple(PREFLIGHT), iter(PREFLIGHT), dict(PREFLIGHT).items(), map(list, PREFLIGHT), as_bytes, [(n.swapcase(), v) for n, v in PREFLIGHT],
                        [("Ørigin", "x"), (b"origi", b""), ("originn", "я"), ("ｏrigin", "x"), *PREFLIGHT]):
            self.assertEqual(self.decide("OPTIONS", headers), expected)
        self.assertEqual(self.decide(b"OPTIONS", PREFLIGHT), expected)

    def test_every_line_counts(self):
        line = ("Access-Control-Request-Headers", "x-b")
        self.assertEqual(dict(self.decide("OPTIONS", [*PREFLIGHT, line]).headers)["access-control-allow-headers"], "x-a, x-b")
        self.assertEqual(self.decide("OPTIONS", [*PREFLIGHT, ("Access-Control-Request-Headers", "y")]).reason, "header")
        self.assertTrue(self.decide("OPTIONS", PREFLIGHT[:2] + [line] * 32).granted)
        self.assertEqual(self.decide("OPTIONS", PREFLIGHT[:2] + [line] * 33).reason, "limit")
        self.assertEqual(self.decide("OPTIONS", PREFLIGHT[:2] + [line] * 100).reason, "limit")
        self.assertEqual(self.decide("OPTIONS", [ORIGIN, *PREFLIGHT]).reason, "origin")
        self.assertEqual(self.decide("OPTIONS", [*PREFLIGHT, PREFLIGHT[1]]).reason, "origin")

    def test_str_is_latin_1(self):
        for value in ("\xff", "https://\xe9.app.example", "", "\0"):
            for name in ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"):
                fields = [field for field in PREFLIGHT if field[0] != name]
                as_bytes = self.decide("OPTIONS", [*fields, (name, value.encode("latin-1"))])
                self.assertEqual(self.decide("OPTIONS", [*fields, (name, value)]), as_bytes)
                self.assertFalse(as_bytes.granted and value)

    def test_wrong_values_are_refused(self):
        for error, call in (
            (TypeError, lambda: self.decide("GET")),
            (TypeError, lambda: self.decide(None, [])),
            (TypeError, lambda: self.decide("GET", None)),
            (TypeError, lambda: self.decide("GET", dict(PREFLIGHT))),
            (TypeError, lambda: self.decide("GET", ["ab"])),
            (TypeError, lambda: self.decide("GET", [("a", "b", "c")])),
            (TypeError, lambda: self.decide("GET", [5])),
            (TypeError, lambda: self.decide("GET", [("a", None)])),
            (TypeError, lambda: self.decide("GET", [(1, "b")])),
            (UnicodeEncodeError, lambda: self.decide("GET", [("Origin", "я")])),
            (UnicodeEncodeError, lambda: self.decide("я", [])),
            (ZeroDivisionError, lambda: self.decide("GET", ((1 // 0, "") for _ in "a"))),
            (AttributeError, lambda: setattr(self.decide("GET", []), "granted", True)),
        ):
            with self.assertRaises(error):
                call()

    def test_decisions_and_errors_can_be_pickled(self):
        decision = self.decide("OPTIONS", PREFLIGHT)
        self.assertEqual(pickle.loads(pickle.dumps(decision)), decision)
        self.assertIsInstance(decision, Decision)
        with self.assertRaises(DocumentError) as raised:
            Policy(WRONG)
        self.assertEqual(pickle.loads(pickle.dumps(raised.exception)).problems, raised.exception.problems)


class Memory(unittest.TestCase):
    def test_nothing_is_left_of_calls(self):
        policy = Policy(RULE)

        def raises(error, call, *arguments):
            try:
                call(*arguments)
            except error:
                return
            raise AssertionError(arguments)

        def calls(count):
            for number in range(count):
                policy.decide("OPTIONS", [*PREFLIGHT, ("Access-Control-Request-Headers", f"x-{number}")])
                if number % 100 == 0:
                    raises(DocumentError, Policy, WRONG)
                    raises(ValueError, Policy, RULE, "s4")
                    raises(ValueError, Policy.from_image, b"x")
                    raises(TypeError, Policy.from_image, None)
                    raises(TypeError, policy.decide, "GET", [*PREFLIGHT, None])
                    raises(UnicodeEncodeError, policy.decide, "GET", [PREFLIGHT[1], ("Origin", "я")])
                    Policy.from_image(Policy(RULE).image)
            gc.collect()
            return sys.getallocatedblocks()

        calls(1000)
        types = (Policy, Decision, DocumentError)
        references = [sys.getrefcount(type) for type in types]
        before = calls(1000)
        # Each call is made at least a thousand times more: one object that is left shows.
        self.assertLess(calls(100_000) - before, 500)
        self.assertEqual([sys.getrefcount(type) for type in types], references)

    def test_threads_share_a_policy(self):
        policy, expected, wrong = Policy(RULE), Policy(RULE).decide("OPTIONS", PREFLIGHT), []

        def ask():
            wrong.extend(got for got in (policy.decide("OPTIONS", PREFLIGHT) for _ in range(2000)) if got != expected)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_each_interpreter_has_its_own_types(self):
        interpreters = next(filter(None, (find(name) for name in ("_interpreters", "_xxsubinterpreters"))), None)
        if interpreters is None:
            self.skipTest("this Python has no module for interpreters")
        code = f"import sys; sys.path = {sys.path!r}\nimport cors_engine; assert cors_engine.Policy({RULE!r}).decide('OPTIONS', {PREFLIGHT!r}).granted"
        for _ in range(3):
            # Since 3.12 with a GIL of its own.
            interpreter = interpreters.create()
            failed = interpreters.run_string(interpreter, code)
            interpreters.destroy(interpreter)
            self.assertIsNone(failed)
        self.assertTrue(Policy(RULE).decide("OPTIONS", PREFLIGHT).granted)


def find(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


class Middlewares(unittest.TestCase):
    def setUp(self):
        self.policy = Policy(RULE)

    def test_apply_replaces_the_six_and_merges_vary(self):
        decision = self.policy.decide("PUT", [ORIGIN])
        got = apply(decision, [("VARY", "Accept-Encoding , origin,"), ("Access-Control-Max-Age", "1"), ("X", "1"), ("Vary", "accept-encoding"), ("X", "2")])
        self.assertEqual(got[:2], [("X", "1"), ("X", "2")])
        names = [name for name, _ in got]
        self.assertEqual(names.count("vary"), 1)
        self.assertNotIn("Access-Control-Max-Age", names)
        self.assertTrue(dict(got)["vary"].startswith("Accept-Encoding, origin"), got)
        self.assertNotIn("Origin", dict(got)["vary"])
        self.assertEqual(dict(apply(decision, [("Vary", "*")]))["vary"], "*")

    def test_wsgi(self):
        started = []

        def app(environ, start_response):
            start_response("404 Not Found", [("Access-Control-Allow-Origin", "*")], None)
            return [b"body"]

        def ask(method, **fields):
            answer = WSGI(app, self.policy)({"REQUEST_METHOD": method, **fields}, lambda *arguments: started.append(arguments))
            return *started.pop(), b"".join(answer)

        status, headers, body = ask("OPTIONS", HTTP_ORIGIN=ORIGIN[1], HTTP_ACCESS_CONTROL_REQUEST_METHOD="PUT", HTTP_ACCESS_CONTROL_REQUEST_HEADERS=",".join(["x-a"] * 40))
        self.assertEqual((status, body, dict(headers)["access-control-allow-origin"]), ("200 OK", b"", ORIGIN[1]))
        status, headers, body = ask("OPTIONS", HTTP_ORIGIN=ORIGIN[1], HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET")
        self.assertEqual((status, body, headers[0]), ("403 Forbidden", b"", ("Content-Length", "0")))
        status, headers, exc_info, body = ask("PUT", HTTP_ORIGIN=ORIGIN[1])
        self.assertEqual((status, exc_info, body, headers[0]), ("404 Not Found", None, b"body", ("access-control-allow-origin", ORIGIN[1])))
        _, headers, _, _ = ask("PUT", HTTP_ORIGIN=f"{ORIGIN[1]},{ORIGIN[1]}")
        self.assertNotIn("access-control-allow-origin", dict(headers))

    def test_asgi(self):
        async def app(scope, receive, send):
            await send({"type": "http.response.start", "status": 404, "headers": [(b"access-control-allow-origin", b"*"), (b"x", b"\xff")], "trailers": True})
            await send({"type": "http.response.body", "body": b"body"})

        def ask(type, method, headers):
            sent = []

            async def send(message):
                sent.append(message)

            scope = {"type": type, "method": method, "headers": [(name.lower().encode(), value.encode()) for name, value in headers]}
            asyncio.run(ASGI(app, self.policy)(scope, None, send))
            return sent

        start, body = ask("http", "OPTIONS", PREFLIGHT)
        self.assertEqual((start["status"], body), (200, {"type": "http.response.body"}))
        self.assertIn((b"access-control-allow-origin", ORIGIN[1].encode()), start["headers"])
        start, body = ask("http", "PUT", [ORIGIN])
        self.assertEqual((start["status"], start["trailers"], body["body"]), (404, True, b"body"))
        self.assertEqual(start["headers"][:2], [(b"x", b"\xff"), (b"access-control-allow-origin", ORIGIN[1].encode())])
        start, _ = ask("websocket", "GET", [ORIGIN])
        self.assertIn((b"access-control-allow-origin", b"*"), start["headers"])


if __name__ == "__main__":
    unittest.main()

"""What the storage server answers: python3 test.py PORT"""
import socket
import sys

PUT = "PUT /?cors HTTP/1.1\r\nHost: b\r\nContent-Length: {}\r\n\r\n{}"
RULES = "<CORSConfiguration><CORSRule><AllowedOrigin>https://{}.example</AllowedOrigin><AllowedMethod>{}</AllowedMethod></CORSRule></CORSConfiguration>"
PREFLIGHT = "OPTIONS /o HTTP/1.1\r\nOrigin: https://x.a.example\r\nAccess-Control-Request-Method: {}\r\n\r\n"


def ask(text):
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10) as connection:
        connection.sendall(text.encode("latin-1"))
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while got := connection.recv(65536):
            answer += got
    return answer.decode()


def expect(text, *words, without=()):
    answer = ask(text)
    for word in words:
        assert word in answer, (text, word, answer)
    for word in without:
        assert word not in answer, (text, word, answer)


def put(rules):
    return PUT.format(len(rules), rules)


expect("GET /?cors HTTP/1.1\r\n\r\n", "HTTP/1.1 404 NoSuchCORSConfiguration\r\n", "<Code>NoSuchCORSConfiguration</Code>")
expect(PREFLIGHT.format("GET"), "HTTP/1.1 403 AccessForbidden\r\n", "CORS is not enabled for this bucket")
expect(put(RULES.format("*.a", "get")), "HTTP/1.1 400 InvalidRequest\r\n", "Unsupported method is get")
expect(put(RULES.format("*.a", "GET")), "HTTP/1.1 200 ")
expect("GET /?cors HTTP/1.1\r\n\r\n", "HTTP/1.1 200 ", "<AllowedOrigin>https://*.a.example</AllowedOrigin>")
expect("GET /o HTTP/1.1\r\norigin: \t https://x.a.example \r\n\r\n", "HTTP/1.1 200 OK\r\n", "allow-origin: https://x.a.example\r\n", "an object")
expect("HEAD /o HTTP/1.1\r\nOrigin: https://x.a.example\r\n\r\n", "Content-Length: 10\r\n", without=("an object", "allow-origin"))
expect("GET /o HTTP/1.1\r\nOrigin: https://x.a.example\r\nOrigin: https://x.a.example\r\n\r\n", "HTTP/1.1 200 OK\r\n", without=("allow-origin",))
expect("POST /o HTTP/1.1\r\nOrigin: https://x.a.example\r\n\r\n", "HTTP/1.1 405 ", without=("allow-origin",))
expect(PREFLIGHT.format("GET"), "HTTP/1.1 200 ", "allow-origin: https://x.a.example\r\n")
expect(PREFLIGHT.format("PUT"), "HTTP/1.1 403 AccessForbidden\r\n", "<Method>PUT</Method>", without=("allow-origin",))
# What it does not understand is refused, and changes nothing.
for text in ("GET /o HTTP/1.0\r\n\r\n", "GET o HTTP/1.1\r\n\r\n", "GET /o HTTP/1.1\r\nno colon\r\n\r\n", "GET /o HTTP/1.1\r\nOrigin : x\r\n\r\n",
             "GET /o HTTP/1.1\r\n folded: x\r\n\r\n", "PUT /?cors HTTP/1.1\r\nContent-Length: 5\r\n\r\n<", "PUT /?cors HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
             "PUT /?cors HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", "GET /o HTTP/1.1\r\nA: \0\r\n\r\n", "GET /o", ""):
    expect(text, "HTTP/1.1 400 Refused\r\n")
expect("PUT /?cors HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 501 ")
expect("PUT /?cors HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "HTTP/1.1 413 ")
expect("GET /" + "a" * 65531, "HTTP/1.1 431 ")
expect(PREFLIGHT.format("GET"), "HTTP/1.1 200 ")
expect("DELETE /?cors HTTP/1.1\r\n\r\n", "HTTP/1.1 204 ")
expect(PREFLIGHT.format("GET"), "HTTP/1.1 403 ")
print("holds")

"""Faults of the gateway: stores that fail, disks that are full, clients that are slow or gone, kill -9, two gateways on one store.

python3 checks/faults/faults.py PROGRAM [SCENARIO ...]: a line for each scenario, with what was tried, what survived and
what was lost, and status 1 if anything was lost. Needs root, for small file systems of its own.
"""

import asyncio
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM = sys.argv[1]
PORT_LINE = "listening on http://"


class Gateway:
    """A process that serves a folder."""

    def __init__(self, folder, log=None):
        self.log = log or f"{folder}.log"
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--dialect", "s3", "--anonymous", "--listen", "127.0.0.1:0", "--store", folder],
            stdout=subprocess.PIPE, stderr=open(self.log, "ab"),
        )
        line = self.process.stdout.readline().decode()
        assert line.startswith(PORT_LINE), line
        self.port = int(line.rsplit(":", 1)[1])

    def rss(self):
        """Resident bytes."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Stops the process; it must exit by itself and never have panicked."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        with open(self.log, "rb") as file:
            log = file.read()
        for word in (b"panicked", b"Sanitizer"):
            assert word not in log, log[log.find(word) - 200:][:4000].decode(errors="replace")
        assert status == 0, f"exit status {status}"


async def exchange(port, method, path, headers=(), body=b""):
    """One request on a connection of its own: status, headers in lower case, body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(body)}", *headers]
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        answer = await reader.read()
    finally:
        writer.close()
    if not answer:
        raise ConnectionError("no answer")
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
    if method != "HEAD" and int(fields.get("content-length", len(body))) != len(body):
        raise ConnectionError("an incomplete answer")
    return int(lines[0].split(" ")[1]), fields, body


async def status(port, *request):
    """The status, or None if the connection failed."""
    try:
        return (await exchange(port, *request))[0]
    except (ConnectionError, OSError):
        return None


def document(number):
    return (
        f"<CORSConfiguration><CORSRule><AllowedOrigin>https://n{number}.example</AllowedOrigin>"
        "<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"
    ).encode()


def content(number, size):
    """Bytes that identify their write at every offset."""
    return (b"%08d" % number) * (size // 8)


async def put_object(port, key, number, size=200_000):
    return await status(port, "PUT", f"/photos/{key}", [f"x-amz-meta-number: {number}"], content(number, size))


async def whole_object(port, key, size=200_000):
    """The number of the stored object, or None; bytes and attributes from two different writes are an error."""
    code, fields, body = await exchange(port, "GET", f"/photos/{key}")
    if code == 404:
        return None
    assert code == 200, code
    number = int(fields["x-amz-meta-number"])
    assert body == content(number, size), f"{key}: the bytes are not those of write {number}"
    return number


async def configured(port):
    """The number of the stored configuration; its preflight must be granted."""
    code, _, body = await exchange(port, "GET", "/photos?cors")
    if code == 404:
        return None
    assert code == 200, code
    number = int(body.split(b"https://n")[1].split(b".example")[0])
    asked = [f"Origin: https://n{number}.example", "Access-Control-Request-Method: GET"]
    assert await status(port, "OPTIONS", "/photos/k", asked) == 200
    return number


async def lost(port, acknowledged):
    """How many acknowledged objects are missing or incomplete. `acknowledged`: key -> number."""
    missing = 0
    for key, number in acknowledged.items():
        missing += await whole_object(port, key) != number
    return missing


def leftovers(folder, keys):
    """Files of objects other than those of the known keys."""
    found = [name for _, _, names in os.walk(f"{folder}/objects") for name in names]
    return len(found) - keys


async def bucket(port):
    code = await status(port, "PUT", "/photos")
    assert code in (200, 409), code


class Small:
    """A separate file system with the given number of MiB."""

    def __init__(self, mebibytes):
        self.folder = tempfile.mkdtemp(prefix="cors-faults-")
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", self.folder], check=True)

    def remount(self, options):
        subprocess.run(["mount", "-o", f"remount,{options}", self.folder], check=True)

    def close(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


async def full_disk(folder):
    """Writes objects until the disk is full, and beyond: writes are refused with an error, acknowledged objects stay, and with space writes succeed again."""
    disk = Small(6)
    gateway = Gateway(f"{disk.folder}/store", f"{folder}.log")
    try:
        port = gateway.port
        await bucket(port)
        assert await status(port, "PUT", "/photos?cors", [], document(1)) == 200
        acknowledged, refused = {}, 0
        for number in range(100):
            code = await put_object(port, f"k{number}", number)
            if code == 200:
                acknowledged[f"k{number}"] = number
            else:
                assert code in (500, 503, 507), code
                refused += 1
        # Fill the last bytes too, so that no configuration fits.
        with open(f"{disk.folder}/filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"x" * 4096)
            except OSError:
                pass
        code = await status(port, "PUT", "/photos?cors", [], document(2))
        assert code in (500, 503, 507), code
        gone = await lost(port, acknowledged) + (await configured(port) != 1)
        gone += leftovers(f"{disk.folder}/store", len(acknowledged))
        os.remove(f"{disk.folder}/filler")
        assert await status(port, "DELETE", "/photos/k0") == 204
        assert await put_object(port, "again", 7) == 200
        gone += await lost(port, {"again": 7})
        gateway.stop()
        return 103, f"{len(acknowledged) + 2} kept, {refused + 1} refused", gone
    finally:
        gateway.kill()
        disk.close()


async def failing_store(folder):
    """A store that becomes read-only and writable again: reads continue, writes are refused, stored data stays."""
    disk = Small(32)
    gateway = Gateway(f"{disk.folder}/store", f"{folder}.log")
    try:
        port = gateway.port
        await bucket(port)
        assert await status(port, "PUT", "/photos?cors", [], document(1)) == 200
        acknowledged = {}
        gone = tried = refused = 0
        for turn in range(10):
            for number in range(5):
                tried += 1
                assert await put_object(port, f"k{number}", turn * 10 + number) == 200
                acknowledged[f"k{number}"] = turn * 10 + number
            disk.remount("ro")
            writes = [
                put_object(port, "k0", 999), put_object(port, "new", 999),
                status(port, "PUT", "/photos?cors", [], document(2)), status(port, "DELETE", "/photos?cors"),
                status(port, "DELETE", "/photos/k1"), status(port, "PUT", "/another"),
            ]
            for write in writes:
                tried += 1
                code = await write
                assert code in (500, 503), code
                refused += 1
            gone += await lost(port, acknowledged) + (await configured(port) != 1)
            disk.remount("rw")
            gone += await whole_object(port, "new") is not None
        gateway.stop()
        return tried, f"{tried - refused} kept, {refused} refused", gone
    finally:
        gateway.kill()
        disk.close()


async def served_meanwhile(port, seconds):
    """Requests of other clients while some are slow: how many were served, and the longest wait."""
    end, served, longest = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < end:
        began = time.monotonic()
        code = await asyncio.wait_for(status(port, "GET", "/photos?cors"), 20)
        assert code == 200, code
        served, longest = served + 1, max(longest, time.monotonic() - began)
        await asyncio.sleep(0.05)
    return served, longest


async def slow_heads(folder):
    """Clients that send one byte of a head per second: each is disconnected on time, and others are served meanwhile."""
    gateway = Gateway(folder)
    port = gateway.port
    await bucket(port)
    assert await status(port, "PUT", "/photos?cors", [], document(1)) == 200

    async def loris():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        began, head = time.monotonic(), b"GET /photos HTTP/1.1\r\nHost: localhost\r\nx-slow: "
        gone = asyncio.ensure_future(reader.read())
        while not gone.done() and time.monotonic() - began < 45:
            try:
                writer.write(head[:1] or b"a")
                await writer.drain()
            except ConnectionError:
                break
            head = head[1:]
            await asyncio.wait([gone], timeout=1)
        cut = gone.done()
        gone.cancel()
        writer.close()
        return cut

    slow = [asyncio.ensure_future(loris()) for _ in range(500)]
    served, longest = await served_meanwhile(port, 33)
    cut = sum(await asyncio.gather(*slow))
    gateway.stop()
    return 500, f"{cut} disconnected after 30 s; meanwhile {served} requests of others served, the longest wait {longest * 1000:.0f} ms", 500 - cut


async def half_bodies(folder):
    """Clients that announce more than they send, and disconnect: nothing of it is stored, and old objects stay."""
    gateway = Gateway(folder)
    port = gateway.port
    await bucket(port)
    assert await put_object(port, "k", 1) == 200
    assert await status(port, "PUT", "/photos?cors", [], document(1)) == 200

    async def half(number):
        path = ["/photos/k", "/photos/new", "/photos?cors"][number % 3]
        body = document(2) if number % 3 == 2 else content(2, 200_000)
        framing = [b"Content-Length: %d" % len(body), b"Transfer-Encoding: chunked"][number % 2]
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        half = body[: len(body) * (number % 7 + 1) // 8]
        if number % 2:
            half = b"%x\r\n%s\r\n" % (len(half), half)
        writer.write(b"PUT %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n%s" % (path.encode(), framing, half))
        await writer.drain()
        await asyncio.sleep(0.02 * (number % 5))
        if number % 4 == 0:
            writer.transport.abort()
        writer.close()

    for start in range(0, 300, 50):
        await asyncio.gather(*(half(number) for number in range(start, start + 50)))
    await asyncio.sleep(0.5)
    gone = await lost(port, {"k": 1}) + (await configured(port) != 1)
    gone += await whole_object(port, "new") is not None
    gone += leftovers(folder, 1)
    gateway.stop()
    return 300, "300 refused, nothing of them stored", gone


async def idle_connections(folder):
    """Ten thousand silent connections: others are served, memory is limited, and all are closed on time."""
    gateway = Gateway(folder)
    port = gateway.port
    await bucket(port)
    assert await status(port, "PUT", "/photos?cors", [], document(1)) == 200
    before = gateway.rss()
    idle = []
    for _ in range(50):
        opened = (asyncio.open_connection("127.0.0.1", port) for _ in range(200))
        idle += await asyncio.wait_for(asyncio.gather(*opened), 60)
        # All of them have been accepted once a later one is answered.
        assert await status(port, "GET", "/photos?cors") == 200
    served, longest = await served_meanwhile(port, 3)
    during = gateway.rss()
    closed = 0
    end = time.monotonic() + 40
    for reader, writer in idle:
        try:
            closed += await asyncio.wait_for(reader.read(), max(0.01, end - time.monotonic())) is not None
        except asyncio.TimeoutError:
            pass
        writer.close()
    after = gateway.rss()
    gateway.stop()
    mebibytes = " -> ".join(f"{size / 2**20:.0f}" for size in (before, during, after))
    summary = f"{closed} closed in 40 s; meanwhile {served} requests of others served, the longest wait {longest * 1000:.0f} ms; RSS {mebibytes} MiB"
    return 10_000, summary, 10_000 - closed


async def slow_readers(folder):
    """Clients that request an object and do not read it: others are served, memory is limited."""
    gateway = Gateway(folder)
    port = gateway.port
    await bucket(port)
    assert await status(port, "PUT", "/photos?cors", [], document(1)) == 200
    assert await put_object(port, "big", 1, 16_000_000) == 200
    before = gateway.rss()

    async def ask():
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(b"GET /photos/big HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return reader, writer

    readers = await asyncio.gather(*(ask() for _ in range(100)))
    served, longest = await served_meanwhile(port, 3)
    during = gateway.rss()
    for _, writer in readers:
        writer.transport.abort()
    gone = await whole_object(port, "big", 16_000_000) != 1
    gateway.stop()
    summary = f"meanwhile {served} requests of others served, the longest wait {longest * 1000:.0f} ms; RSS {before / 2**20:.0f} -> {during / 2**20:.0f} MiB"
    assert during - before < 100 * 4 * 2**20, summary
    return 100, summary, int(gone)


async def unread_answers(folder):
    """Clients that ask for an object and read nothing: each is disconnected once nothing could be written for 30 s, and others are served meanwhile."""
    gateway = Gateway(folder)
    port = gateway.port
    await bucket(port)
    assert await status(port, "PUT", "/photos?cors", [], document(1)) == 200
    assert await put_object(port, "big", 1, 16_000_000) == 200
    clients, gone = [], select.poll()
    for _ in range(100):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"GET /photos/big HTTP/1.1\r\nHost: localhost\r\n\r\n")
        clients.append(client)
        # Reports the end of the connection, and nothing else.
        gone.register(client, 0)
    await served_meanwhile(port, 20)
    early = len(gone.poll(0))
    served, longest = await served_meanwhile(port, 25)
    closed = len(gone.poll(0))
    for client in clients:
        client.close()
    gateway.stop()
    summary = f"{closed} disconnected in 45 s, {early} in the first 20 s; meanwhile {served} requests of others served, the longest wait {longest * 1000:.0f} ms"
    return 100, summary, 100 - closed + early


async def held_uploads(folder):
    """Bodies of 8 MB that stop before their last bytes: together they hold a bounded memory, the others are refused, and it is returned."""
    gateway = Gateway(folder)
    port = gateway.port
    await bucket(port)
    _, _, begun = await exchange(port, "POST", "/photos/k?uploads")
    upload = begun.split(b"<UploadId>")[1].split(b"<")[0]
    before, body = gateway.rss(), b" " * 8_380_000

    async def hold():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        # A list of parts is kept whole until its end.
        writer.write(b"POST /photos/k?uploadId=%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8388000\r\n\r\n" % upload)
        writer.write(body)
        try:
            await writer.drain()
            answer = await asyncio.wait_for(reader.read(12), 10)
        except (ConnectionError, asyncio.TimeoutError):
            answer = b""
        assert answer in (b"", b"HTTP/1.1 503"), answer
        return writer, answer

    holding = [asyncio.ensure_future(hold()) for _ in range(60)]
    await asyncio.sleep(8)
    during = gateway.rss()
    refused = 0
    for writer, answer in await asyncio.gather(*holding):
        refused += answer != b""
        writer.close()
    await asyncio.sleep(0.5)
    again = await put_object(port, "k", 2, 8_380_000)
    gone = (again != 200) + (refused == 0)
    gateway.stop()
    assert during - before < 400 * 2**20, during
    return 60, f"{refused} refused with 503, RSS {before / 2**20:.0f} -> {during / 2**20:.0f} MiB; the next upload after them is kept", gone


async def killed(folder):
    """kill -9 in the middle of writes: acknowledged writes are present, others are complete or absent."""
    tried = acknowledged = gone = 0
    for turn in range(25):
        gateway = Gateway(folder)
        port = gateway.port
        await bucket(port)
        done, sent = {}, {}

        async def write(key, put):
            number = turn * 1000
            while True:
                number += 1
                sent[key] = number
                if await put(number) != 200:
                    return
                done[key] = number

        writers = [asyncio.ensure_future(write(f"k{index}", lambda number, index=index: put_object(port, f"k{index}", number))) for index in range(3)]
        writers.append(asyncio.ensure_future(write("cors", lambda number: status(port, "PUT", "/photos?cors", [], document(number)))))
        await asyncio.sleep(0.05 + 0.017 * turn)
        gateway.kill()
        await asyncio.gather(*writers)
        gateway = Gateway(folder)
        for key in sent:
            found = await (configured(gateway.port) if key == "cors" else whole_object(gateway.port, key))
            written = sent[key] - turn * 1000
            tried += written
            acknowledged += done.get(key, turn * 1000) - turn * 1000
            if key in done:
                gone += found is None or not done[key] <= found <= sent[key]
        gateway.stop()
    assert acknowledged > 200, f"{acknowledged}: too few writes for a conclusion"
    return tried, f"{acknowledged} acknowledged in 25 kills, all present and complete", gone


async def two_gateways(folder):
    """Two gateways on one store write the same keys, one is killed: readers see complete objects, and both agree within two seconds."""
    first, second = Gateway(folder), Gateway(folder)
    await bucket(first.port)
    tried = gone = reads = 0
    for turn in range(10):
        codes = await asyncio.gather(*(
            put_object(gateway.port, f"k{index % 3}", turn * 100 + index)
            for index in range(12) for gateway in (first, second)
        ), *(
            status(gateway.port, "PUT", "/photos?cors", [], document(turn * 100 + number))
            for number, gateway in enumerate((first, second))
        ))
        tried += len(codes)
        gone += sum(code != 200 for code in codes)
        for gateway in (first, second):
            for key in ("k0", "k1", "k2"):
                reads += 1
                found = await whole_object(gateway.port, key)
                gone += found is None or found < turn * 100
    assert await status(first.port, "PUT", "/photos?cors", [], document(5555)) == 200
    await asyncio.sleep(2.1)
    gone += (await configured(first.port)) != 5555
    gone += (await configured(second.port)) != 5555
    first.kill()
    gone += not await put_object(second.port, "k0", 77) == 200
    gone += await lost(second.port, {"k0": 77})
    second.stop()
    return tried, f"{tried} kept, {reads} complete reads, both agree after 2 s", gone


async def load(folder):
    """Sixteen clients that put, get, list and remove their own keys, send preflights, and configure one bucket together."""
    gateway = Gateway(folder)
    port = gateway.port
    await bucket(port)
    assert await status(port, "PUT", "/photos?cors", [], document(0)) == 200

    async def client(index):
        gone, preflight = 0, ["Origin: https://n0.example", "Access-Control-Request-Method: GET"]
        for number in range(25):
            key, size = f"c{index}/k{number % 5}", 8 * (1 + 977 * number % 9000)
            assert await put_object(port, key, number, size) == 200
            gone += await whole_object(port, key, size) != number
            for request, codes in [
                (("PUT", "/photos?cors", [], document(0)), (200,)),
                (("PUT", "/photos?cors", [], document(0)[: 7 * index]), (400,)),
                (("OPTIONS", f"/photos/{key}", preflight), (200,)),
                (("OPTIONS", f"/photos/{key}", ["Origin: https://x.example", *preflight[1:]]), (403,)),
                (("GET", f"/photos/{key}", ["Range: bytes=3-5", *preflight[:1]]), (206,)),
                (("HEAD", f"/photos/{key}"), (200,)),
                (("GET", f"/photos?prefix=c{index}/"), (200,)),
                (("GET", "/photos/%ff%00?cors=&x"), (400, 404)),
                (("DELETE", f"/photos/{key}"), (204,)),
                (("GET", f"/photos/{key}"), (404,)),
            ]:
                code = await status(port, *request)
                assert code in codes, (request, code)
        return gone

    gone = sum(await asyncio.gather(*(client(index) for index in range(16))))
    gateway.stop()
    return 16 * 25 * 12, "all answered correctly", gone


async def planted(folder):
    """An acknowledged object that was removed from the store must count as lost."""
    gateway = Gateway(folder)
    await bucket(gateway.port)
    assert await put_object(gateway.port, "k", 1) == 200
    os.remove(f"{folder}/objects/photos/k")
    gone = await lost(gateway.port, {"k": 1})
    gateway.stop()
    return 1, "0 kept", gone


SCENARIOS = [load, failing_store, full_disk, slow_heads, half_bodies, held_uploads, slow_readers, unread_answers, idle_connections, killed, two_gateways]


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    assert hard > 10_100, f"{hard} files may be open, and 10000 connections need more: raise ulimit -n"
    chosen = [{**{each.__name__: each for each in SCENARIOS}, "planted": planted}[name] for name in sys.argv[2:]] or SCENARIOS
    total = 0
    for scenario in chosen:
        with tempfile.TemporaryDirectory(prefix="cors-faults-") as folder:
            tried, survived, gone = asyncio.run(scenario(f"{folder}/store"))
        print(f"{scenario.__name__}: tried {tried}; {survived}; lost {gone}", flush=True)
        total += gone
    sys.exit(1 if total else 0)


main()

// `cors serve` behind a port that keeps the header lines of every request and answer as they came.
import { spawn } from 'node:child_process';
import http from 'node:http';
import readline from 'node:readline';

const agent = new http.Agent({ keepAlive: true });

export async function startGateway(cors, dialect) {
    const child = spawn(cors, ['serve', '--dialect', dialect, '--listen', '127.0.0.1:0', '--store', 'memory:', '--anonymous'],
        { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = [];
    readline.createInterface(child.stderr).on('line', (line) => log.push(line.startsWith('{') ? JSON.parse(line) : { line }));
    const ready = await new Promise((resolve, reject) => {
        readline.createInterface(child.stdout).once('line', resolve);
        child.once('exit', (code) => reject(new Error(`cors serve ended with ${code}: ${JSON.stringify(log)}`)));
    });
    const address = ready.match(/^listening on http:\/\/(.*)$/)[1];
    const [host, port] = address.split(':');
    const wire = [];
    const front = http.createServer((request, answer) => {
        const { method, url: path, rawHeaders } = request;
        const onward = http.request({ host, port, method, path, headers: rawHeaders, agent }, (reply) => {
            wire.push({ method, path, request: pairs(rawHeaders), status: reply.statusCode, answer: pairs(reply.rawHeaders) });
            answer.sendDate = false;
            answer.writeHead(reply.statusCode, reply.rawHeaders);
            reply.pipe(answer);
        });
        onward.on('error', () => answer.destroy());
        request.pipe(onward);
    });
    await new Promise((resolve) => front.listen(0, '127.0.0.1', resolve));
    return {
        dialect, address, wire, log,
        /// What browsers are told.
        base: `http://127.0.0.1:${front.address().port}`,
        /// As an owner, past the front.
        async own(method, path, headers = {}, body = undefined) {
            const response = await fetch(`http://${address}${path}`, { method, headers, body });
            return { status: response.status, text: await response.text() };
        },
        /// The log's lines of one path, as many as there were requests.
        async logOf(path) {
            const requests = wire.filter((exchange) => exchange.path === path).length;
            const lines = () => log.filter((line) => line.path === path && line.origin !== null);
            for (let wait = 0; wait < 200 && lines().length < requests; wait += 1) await new Promise((done) => setTimeout(done, 10));
            return lines();
        },
        stop() {
            child.removeAllListeners('exit');
            child.kill();
            front.close();
            front.closeAllConnections();
        },
    };
}

/// Header lines: names in lower case, values byte for byte (Latin-1).
function pairs(raw) {
    const lines = [];
    for (let at = 0; at < raw.length; at += 2) lines.push([raw[at].toLowerCase(), raw[at + 1]]);
    return lines;
}

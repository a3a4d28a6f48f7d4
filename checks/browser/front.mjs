// A port in front of a server that records the header lines of every request and answer unchanged.
import { spawn } from 'node:child_process';
import http from 'node:http';
import readline from 'node:readline';

const agent = new http.Agent({ keepAlive: true });

/// Starts a server that prints its address on its first line, and the port in front of it.
export async function startServer(program, arguments_) {
    const child = spawn(program, arguments_, { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = [];
    readline.createInterface(child.stderr).on('line', (line) => log.push(line.startsWith('{') ? JSON.parse(line) : { line }));
    const ready = await new Promise((resolve, reject) => {
        readline.createInterface(child.stdout).once('line', resolve);
        child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${JSON.stringify(log)}`)));
    });
    return { log, ...await frontOf(child, ready.match(/^listening on http:\/\/(.*)$/)[1]) };
}

/// The port in front of a process that listens at an address.
export async function frontOf(child, address) {
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
        address, wire,
        /// The address for browsers.
        base: `http://127.0.0.1:${front.address().port}`,
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

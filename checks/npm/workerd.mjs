// Workers in workerd, from npm: the promises, the example, and a server for the table of answers. node workerd.mjs TOOLS IMAGES; prints the table's port. Needs policy.cors here.
import assert from 'node:assert';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';

import { WRONG } from './wrong.mjs';

const [tools, images] = process.argv.slice(2);
// Lenient: what workerd lets through is to come here.
const behind = http.createServer({ maxHeaderSize: 1 << 20, insecureHTTPParser: true }, (request, response) => {
    response.writeHead(request.url === '/missing' ? 404 : 200, WRONG).end(request.url);
});
await once(behind.listen(0, '127.0.0.1'), 'listening');
const origin = `http://127.0.0.1:${behind.address().port}`;

const hex = Object.fromEntries(readdirSync(images).map((file) => [file.replace('.cors', ''), readFileSync(`${images}/${file}`).toString('hex')]));
writeFileSync('images.json', JSON.stringify(hex));

/** A worker as a bundler leaves it: modules of WebAssembly and data beside it, chosen by the condition `workerd`. */
function bundled(entry) {
    const folder = `bundled/${entry}`;
    execFileSync(`${tools}/.bin/esbuild`, [
        entry, '--bundle', '--format=esm', '--conditions=workerd', '--loader:.wasm=copy', '--loader:.cors=copy', '--asset-names=[name]',
        `--outfile=${folder}/worker.js`, '--log-level=warning',
    ]);
    const modules = readdirSync(folder).map((file) => {
        const kind = { js: 'esModule', wasm: 'wasm', cors: 'data' }[file.split('.').pop()];
        return { name: file, kind };
    });
    modules.sort((one, other) => Number(other.name === 'worker.js') - Number(one.name === 'worker.js'));
    assert(modules.some(({ kind }) => kind === 'wasm'), 'the module is imported, not inlined');
    return modules.map(({ name, kind }) => `(name = "${name}", ${kind} = embed "${folder}/${name}")`).join(', ');
}

const entries = ['promises.worker.mjs', 'worker.js', 'table.worker.mjs'];
const services = entries.map((entry, index) => `(name = "w${index}", worker = (modules = [${bundled(entry)}],
    compatibilityDate = "2026-11-01", bindings = [(name = "ORIGIN", text = "${origin}")], globalOutbound = "loopback"))`);
const sockets = entries.map((_, index) => `(name = "s${index}", address = "127.0.0.1:0", http = (), service = "w${index}")`);
writeFileSync('workers.capnp', `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [${services.join(', ')},
    (name = "loopback", network = (allow = ["private"]))], sockets = [${sockets.join(', ')}]);
`);
mkdirSync('bundled', { recursive: true });
const workerd = spawn(`${tools}/.bin/workerd`, ['serve', 'workers.capnp', '--control-fd=3'], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
process.on('exit', () => workerd.kill());
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit());
workerd.on('exit', () => process.exit(1));
const ports = {};
let told = '';
for await (const chunk of workerd.stdio[3]) {
    told += chunk;
    for (const line of told.split('\n').slice(0, -1)) {
        const { event, socket, port } = JSON.parse(line);
        if (event === 'listen') ports[socket] = port;
    }
    if (Object.keys(ports).length === entries.length) break;
}

const promises = await (await fetch(`http://127.0.0.1:${ports.s0}/`)).text();
assert.match(promises, /^[0-9]+ promises hold$/, promises);
console.error(`workerd: ${promises}`);

/** Fetch of Node sends no Origin of ours. */
async function ask(method, path, headers) {
    const request = http.request({ port: ports.s1, host: '127.0.0.1', method, path, headers, agent: false }).end();
    const [response] = await once(request, 'response');
    let text = '';
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode, headers: response.headers, text };
}
const granted = await ask('GET', '//evil.example/a?b', { origin: 'https://eu.app.example' });
assert.deepEqual([granted.status, granted.text], [200, '//evil.example/a?b'], 'the origin is asked, whatever the path');
assert.equal(granted.headers['access-control-allow-origin'], 'https://eu.app.example');
assert.equal(granted.headers.vary, 'Accept-Encoding, Origin, Access-Control-Request-Headers, Access-Control-Request-Method');
const missing = await ask('GET', '/missing', { origin: 'https://app.example' });
assert.deepEqual([missing.status, missing.headers['access-control-expose-headers']], [404, 'ETag']);
const refused = await ask('GET', '/', { origin: 'https://evil.example' });
assert.deepEqual([refused.status, refused.headers['access-control-allow-origin']], [200, undefined]);
const preflight = { origin: 'https://app.example', 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-amz-acl' };
assert.equal((await ask('OPTIONS', '/', preflight)).headers['access-control-allow-headers'], 'x-amz-acl');
assert.equal((await ask('OPTIONS', '/', { ...preflight, 'access-control-request-method': 'DELETE' })).status, 403);
behind.close();
behind.closeAllConnections();
const gone = await ask('GET', '/', { origin: 'https://app.example' });
assert.deepEqual([gone.status, gone.headers['access-control-allow-origin']], [502, 'https://app.example']);
await once(behind.listen(Number(new URL(origin).port), '127.0.0.1'), 'listening');
console.error('workerd: the example answers');
console.log(ports.s2);

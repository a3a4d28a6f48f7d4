// nginx and Envoy with the modules of adapters/, in front of a server that has CORS headers of its own. Each prepares a path with its own rules.
import assert from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { frontOf } from './front.mjs';

/// The six headers as no adapter may let them through.
const STALE = {
    'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true', 'access-control-allow-methods': 'PATCH',
    'access-control-allow-headers': 'x-stale', 'access-control-expose-headers': 'x-stale', 'access-control-max-age': '77',
};
let owners = 0;

/// nginx, which reads its policies again when it is told to.
export function startNginx(cors, module) {
    return startAdapter(cors, (folder, port, behind) => {
        writeFileSync(join(folder, 'nginx.conf'), `load_module ${module};
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
http {
    access_log off;
${['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'].map((part) => `    ${part}_temp_path ${folder}/${part};\n`).join('')}
    cors_policies ${folder}/policies/* dialect=strict;
    server {
        listen 127.0.0.1:${port};
        location ~ ^/(?<policy>[^/]+)/ { cors $policy; proxy_pass http://127.0.0.1:${behind}; }
    }
}
`);
        const child = spawn('nginx', ['-e', join(folder, 'start.log'), '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'inherit', 'inherit'] });
        const workers = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ').filter(Boolean);
        /// Old workers answer until they have ended.
        const update = async () => {
            const old = workers();
            child.kill('SIGHUP');
            await until(() => workers().length > 0 && !workers().some((worker) => old.includes(worker)), 'new workers');
        };
        return { child, update };
    });
}

/// Envoy, which reads its routes again when another file is moved to their place.
export function startEnvoy(cors, envoy, module) {
    const typed = (name) => `"@type": type.googleapis.com/envoy.${name}`;
    return startAdapter(cors, (folder, port, behind) => {
        const routes = [];
        const update = (owner, path) => {
            if (owner) routes.push(`      - match: { prefix: /${owner}/ }
        route: { cluster: behind }
        typed_per_filter_config:
          cors: { ${typed('extensions.filters.http.dynamic_modules.v3.DynamicModuleFilterPerRoute')}, dynamic_module_config: { name: cors_engine_envoy }, filter_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: '{"file": "${path}"}' } }
`);
            writeFileSync(join(folder, 'new.yaml'), `resources:
- ${typed('config.route.v3.RouteConfiguration')}
  name: all
  virtual_hosts:
  - name: all
    domains: ["*"]
    routes:
${routes.join('')}      - { match: { prefix: / }, route: { cluster: behind } }
`);
            renameSync(join(folder, 'new.yaml'), join(folder, 'routes.yaml'));
        };
        update();
        writeFileSync(join(folder, 'envoy.yaml'), `node: { id: check, cluster: check }
static_resources:
  listeners:
  - name: web
    address: { socket_address: { address: 127.0.0.1, port_value: ${port} } }
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          ${typed('extensions.filters.network.http_connection_manager.v3.HttpConnectionManager')}
          stat_prefix: web
          rds: { route_config_name: all, config_source: { path_config_source: { path: ${folder}/routes.yaml } } }
          http_filters:
          - name: cors
            typed_config:
              ${typed('extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter')}
              dynamic_module_config: { name: cors_engine_envoy }
              filter_name: cors
              filter_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: '{"off": true}' }
          - name: envoy.filters.http.router
            typed_config: { ${typed('extensions.filters.http.router.v3.Router')} }
  clusters:
  - { name: behind, type: STATIC, load_assignment: { cluster_name: behind, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: ${behind} } } } }] }] } }
`);
        const child = spawn(envoy, ['-c', join(folder, 'envoy.yaml'), '--concurrency', '1', '--use-dynamic-base-id', '-l', 'error'],
            { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ENVOY_DYNAMIC_MODULES_SEARCH_PATH: dirname(module) } });
        return { child, update };
    });
}

async function startAdapter(cors, start) {
    const folder = mkdtempSync(join(tmpdir(), 'cors-adapter-'));
    mkdirSync(join(folder, 'policies'));
    const behind = http.createServer(answer);
    await listen(behind, 0);
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const { child, update } = start(folder, port, behind.address().port);
    await until(() => statusOf(address, '/', 'GET'), 'it listens');
    const server = await frontOf(child, address);
    const ofDialect = (dialect) => ({
        ...server, dialect, meta: dialect === 's3' ? 'x-amz-meta' : 'x-note',
        /// The modules refuse with one status, whatever the provider of the dialect sends.
        statusOf: ({ outcome, status }) => (outcome === 'preflight_refused' ? 403 : status),
        async prepare(document, object) {
            const owner = `cors-${owners += 1}`;
            const path = join(folder, 'policies', `${owner}.cors`);
            const { status, stderr } = spawnSync(cors, ['compile', '-', '--dialect', dialect, '--output', path], { input: document, encoding: 'utf8' });
            assert.equal(status, 0, stderr);
            await update(owner, path);
            // The server behind answers 405, a policy something else.
            await until(async () => ![undefined, 405].includes(await statusOf(address, `/${owner}/object`, 'OPTIONS')), `the rules of ${owner} are in force`);
            return `/${owner}/${object === 'missing' ? 'missing' : 'object'}`;
        },
    });
    return {
        ofDialect,
        stop() {
            server.stop();
            behind.close();
            behind.closeAllConnections();
            rmSync(folder, { recursive: true });
        },
    };
}

/// As the example `images` of cors-http, with CORS headers that are wrong.
function answer(request, response) {
    const note = { etag: '"1"', 'last-modified': 'Thu, 26 Nov 2026 10:00:00 GMT', 'content-type': 'text/plain', 'x-note-color': 'blue', 'x-amz-meta-color': 'blue' };
    const [status, attributes, body] = basename(request.url).startsWith('missing') ? [404, {}, '']
        : { GET: [request.headers.range ? 206 : 200, note, 'a note'], HEAD: [200, note, ''], PUT: [200, { etag: '"1"' }, ''], DELETE: [204, {}, ''] }[request.method] ?? [405, {}, ''];
    request.resume();
    response.writeHead(status, { ...STALE, ...attributes, ...(status !== 204 && { 'content-length': body.length }) });
    response.end(body);
}

/// The status of a preflight, or of another request, or undefined.
function statusOf(address, path, method) {
    const headers = { origin: 'https://anyone.example', 'access-control-request-method': 'GET' };
    return new Promise((resolve) => {
        http.request(`http://${address}${path}`, { method, headers, agent: false }, (reply) => {
            reply.resume();
            resolve(reply.statusCode);
        }).on('error', () => resolve(undefined)).end();
    });
}

async function until(holds, what) {
    for (let tries = 0; tries < 400; tries += 1) {
        if (await holds()) return;
        await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`not within ten seconds: ${what}`);
}

function listen(server, port) {
    return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

async function freePort() {
    const server = net.createServer();
    await listen(server, 0);
    const { port } = server.address();
    await new Promise((done) => server.close(done));
    return port;
}

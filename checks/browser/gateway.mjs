// The servers that browsers ask: `cors serve`, and a server with the layer of cors-http. Each prepares a path with its own rules.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startServer } from './front.mjs';

let buckets = 0;

/// A gateway; it has a log and objects.
export async function startGateway(cors, dialect) {
    const server = await startServer(cors, ['serve', '--dialect', dialect, '--listen', '127.0.0.1:0', '--store', 'memory:', '--anonymous', '--page']);
    const meta = dialect === 's3' ? 'x-amz-meta' : 'x-oss-meta';
    /// As the bucket's owner, bypassing the front port.
    const own = async (method, path, headers = {}, body = undefined) => {
        const response = await fetch(`http://${server.address}${path}`, { method, headers, body });
        return { status: response.status, text: await response.text() };
    };
    return {
        ...server, dialect, meta, own,
        /// Creates a separate bucket with these rules, with or without an object. Returns the path.
        async prepare(document, object) {
            const bucket = `/cors-${buckets += 1}`;
            const put = async (...question) => assert.equal((await own('PUT', ...question)).status, 200, question[0]);
            await put(bucket);
            if (document) await put(`${bucket}?cors`, {}, document);
            if (object !== 'missing') await put(`${bucket}/object`, { 'content-type': 'text/plain', [`${meta}-color`]: 'blue' }, 'old');
            return `${bucket}/object`;
        },
        /// The log lines of one path, one per request.
        async logOf(path) {
            const requests = server.wire.filter((exchange) => exchange.path === path).length;
            const lines = () => server.log.filter((line) => line.path === path && line.origin !== null);
            for (let wait = 0; wait < 500 && lines().length < requests; wait += 1) await new Promise((done) => setTimeout(done, 10));
            return lines();
        },
        /// A request that was sent has had its effect, readable or not; one that was not sent has had none.
        async checkEffect(path, sent, { method, body, object }) {
            let expected = object === 'missing' ? undefined : 'old';
            if (sent && method === 'PUT') expected = body;
            if (sent && method === 'DELETE') expected = undefined;
            const { status, text } = await own('GET', path);
            assert.deepEqual([status, status === 200 ? text : undefined], [expected === undefined ? 404 : 200, expected],
                'the object afterwards');
        },
    };
}

/// The layer of cors-http in an axum server, for the dialects that the gateway does not serve; it has no log and no state.
export async function startLayer(cors, program) {
    const folder = mkdtempSync(join(tmpdir(), 'cors-images-'));
    const server = await startServer(program, [folder]);
    return (dialect) => ({
        ...server, dialect, meta: 'x-note',
        /// The layer refuses with one status, whatever the provider of the dialect sends.
        statusOf: ({ outcome, status }) => (outcome === 'preflight_refused' ? 403 : status),
        async prepare(document, object) {
            const owner = `cors-${buckets += 1}`;
            const { status, stderr } = spawnSync(cors, ['compile', '-', '--dialect', dialect, '--output', join(folder, `${owner}.cors`)],
                { input: document, encoding: 'utf8' });
            assert.equal(status, 0, stderr);
            return `/${owner}/${object === 'missing' ? 'missing' : 'object'}`;
        },
        stop() {
            server.stop();
            rmSync(folder, { recursive: true });
        },
    });
}

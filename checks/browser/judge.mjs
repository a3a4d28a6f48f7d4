// One case: the prediction of `cors explain`, the browser's result, the messages on the wire, and the gateway's log.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';

const CORS_HEADERS = /^(access-control-|vary$)/;
/// The parts of a failed preflight that the page never sees.
const NOT_SENT = /^(preflight_|method_not_allowed|header_not_allowed)/;

/// `cors explain --json` of the same document and request.
export function predict(cors, dialect, document, origin, { method, headers = {}, credentials = false }) {
    const given = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
    const { status, stdout, stderr } = spawnSync(cors, ['explain', '-', '--json', '--dialect', dialect, '--origin', origin,
        '--method', method, ...given, ...(credentials ? ['--credentials'] : [])], { input: document, encoding: 'utf8' });
    if (status > 1) throw new Error(`cors explain: ${stderr}`);
    return JSON.parse(stdout);
}

/// Compares one fetch of a page with the prediction.
export async function judge({ gateway, pages, predicted, path, place, request, remembered = false }) {
    const before = { wire: gateway.wire.length, log: (await gateway.logOf?.(path))?.length };
    const seen = await pages.ask(place, { ...request, url: gateway.base + path });
    const wire = gateway.wire.slice(before.wire);
    const log = (await gateway.logOf?.(path))?.slice(before.log);
    const { preflight, actual, verdict } = predicted;
    const shown = JSON.stringify({ seen, wire, log, verdict });

    assert.equal(seen.readable, verdict.page_can_read, `readable in the browser, as predicted: ${shown}`);
    const sent = [
        ...(preflight && !remembered ? [['OPTIONS', preflight]] : []),
        ...(NOT_SENT.test(verdict.reason) ? [] : [[actual.request.method, actual]]),
    ];
    assert.deepEqual(wire.map((exchange) => exchange.method), sent.map(([method]) => method), `requests sent: ${shown}`);
    if (log) assert.deepEqual(log.map((line) => [line.method, line.cors, line.cors_reason, line.origin]),
        sent.map(([method, { outcome, refusal, request: { origin } }]) => [method, outcome, refusal?.step ?? '', origin]),
        `lines of the log: ${shown}`);
    for (const [index, [method, said]] of sent.entries()) {
        const { request: lines, answer, status } = wire[index];
        assert.equal(header(lines, 'origin'), said.request.origin, `Origin: ${shown}`);
        for (const part of ['method', 'headers']) {
            assert.equal(header(lines, `access-control-request-${part}`), said.request[`access_control_request_${part}`],
                `Access-Control-Request-*: ${shown}`);
        }
        const cookie = method !== 'OPTIONS' && request.credentials && pages.origin(place).startsWith('http://127.0.0.1');
        assert.equal(header(lines, 'cookie') === undefined, !cookie, `Cookie: ${shown}`);
        if (method === 'OPTIONS') assert.equal(status, gateway.statusOf?.(said) ?? said.status, `status of the preflight: ${shown}`);
        if (log) assert.equal(log[index].status, status, `status in the log: ${shown}`);
        const ours = answer.filter(([name]) => CORS_HEADERS.test(name));
        assert.deepEqual(sorted(ours), sorted(said.headers), `headers of the answer to ${method}: ${shown}`);
    }
    if (seen.readable) {
        const { status, answer } = wire.at(-1);
        assert.equal(seen.status, status, `status seen: ${shown}`);
        assert.equal(seen.type, 'cors');
        const readable = answer.filter(([name]) => verdict.readable_headers.includes(name));
        assert.deepEqual(sorted(seen.headers), sorted(readable), `headers seen: ${shown}`);
    }
    return { seen, sent: sent.map(([method]) => method) };
}

function header(lines, wanted) {
    return lines.find(([name]) => name === wanted)?.[1];
}

export function sorted(list) {
    return [...list].sort();
}

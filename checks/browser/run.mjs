// A real browser against the gateway and the layer: node run.mjs CORS LAYER chromium|firefox [--random N] [--seed N] [--only TEXT] [--plant]
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { startEnvoy, startNginx } from './adapters.mjs';
import { filled, toDocument } from './documents.mjs';
import { followed } from './follow.mjs';
import { startGateway, startLayer } from './gateway.mjs';
import { predict, judge, sorted } from './judge.mjs';
import { usePage } from './page.mjs';
import { openPages } from './pages.mjs';
import { generator, randomCase } from './random.mjs';

const { positionals: [cors, layer, name], values: options } = parseArgs({
    allowPositionals: true,
    options: { random: { type: 'string', default: '200' }, seed: { type: 'string', default: '20261124' }, only: { type: 'string', default: '' }, plant: { type: 'boolean' } },
});
const { documents, cases } = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8'));
// A bucket without rules answers like one that allows an origin that is never used, except for the reason in the log.
const NOBODY = toDocument('s3', [{ AllowedOrigin: ['https://nobody.example'], AllowedMethod: ['GET'] }]);
const pages = await openPages(name);
const gateways = { s3: await startGateway(cors, 's3'), oss: await startGateway(cors, 'oss') };
const layerOf = await startLayer(cors, layer);
const DIALECTS = ['cos', 'gcs', 'azure', 'strict'];
const layers = DIALECTS.map(layerOf);
const { NGINX_MODULE, ENVOY, ENVOY_MODULE } = process.env;
const adapters = {
    ...(NGINX_MODULE && { nginx: await startNginx(cors, NGINX_MODULE) }),
    ...(ENVOY_MODULE && { envoy: await startEnvoy(cors, ENVOY, ENVOY_MODULE) }),
};
const failures = [];
const verdicts = new Map();
let passed = 0;
let advised = 0;
try {
    // First, as the page lists a hundred buckets.
    if ('the page of the gateway by keyboard'.includes(options.only)) {
        await attempt('the page of the gateway by keyboard', () => usePage({ browser: pages.browser, gateway: gateways.s3, cors }));
    }
    for (const [dialect, gateway] of Object.entries(gateways)) {
        for (const said of cases.filter((said) => said.name.includes(options.only))) {
            await attempt(`${dialect}: ${said.name}`, () => runCase(gateway, said));
        }
    }
    await runRandom('the gateway', Object.values(gateways));
    await runRandom('the layer', layers);
    for (const [title, adapter] of Object.entries(adapters)) {
        for (const said of cases.filter((said) => said.rules && said.name.includes(options.only))) {
            await attempt(`${title}: ${said.name}`, () => runCase(adapter.ofDialect('s3'), said));
        }
        await runRandom(title, DIALECTS.map(adapter.ofDialect));
    }
} finally {
    await pages.close();
    [...Object.values(gateways), layers[0], ...Object.values(adapters)].forEach((server) => server.stop());
}
failures.forEach((failure) => console.error(failure));
console.log(`${pages.version}: ${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;

/// Random rules and requests for these servers in turn; readable and unreadable answers must both be frequent.
async function runRandom(title, servers) {
    const random = generator(Number(options.seed));
    const count = Number(options.random);
    verdicts.clear();
    advised = 0;
    for (let number = 0; number < count; number += 1) {
        const server = servers[number % servers.length];
        const said = randomCase(random, server.dialect);
        await attempt(`${server.dialect}, random ${number} of seed ${options.seed}: ${JSON.stringify(said)}`, () => runCase(server, said));
    }
    const readable = verdicts.get('readable') ?? 0;
    console.log(`${name}, ${title}, ${count} random cases of seed ${options.seed}, advice followed in ${advised}: ${JSON.stringify(Object.fromEntries(verdicts))}`);
    if (count < 100) return;
    await attempt('advice is frequent', () => assert(advised >= count / 8, `${advised} followed`));
    await attempt('hits and misses are both frequent', () => {
        assert(readable >= count / 5 && readable <= count * 4 / 5 && verdicts.size >= 5, `${readable} readable`);
    });
}

async function attempt(title, run) {
    try {
        await run();
        passed += 1;
    } catch (error) {
        failures.push(`failed: ${title}\n  ${error.message}`);
    }
}

async function runCase(gateway, said) {
    const { dialect } = gateway;
    const words = {
        first: pages.origin('first'), second: pages.origin('second'), app: pages.origin('app'), one: pages.ports.one,
        meta: gateway.meta,
    };
    const { rules, page, method, headers = {}, credentials = false, body, object, verdict, status, visible, again = [] } = filled(said, words);
    const given = filled(typeof rules === 'string' ? documents[rules] : rules ?? [], words);
    const document = toDocument(dialect, given);
    const path = await gateway.prepare(rules && document, object);
    const ask = async (place, request, remembered) => {
        const predicted = predict(cors, dialect, rules ? document : NOBODY, pages.origin(place), request);
        if (!rules) withoutRules(predicted);
        if (options.plant) predicted.verdict.page_can_read = !predicted.verdict.page_can_read;
        return { predicted, ...await judge({ gateway, pages, predicted, path, place, request, remembered }) };
    };
    const request = { method, headers, credentials, body };
    if (again.length > 0) await settle(gateway, page, request, `${path}-again`);
    const { predicted, seen, sent } = await ask(page, request, false);
    verdicts.set(predicted.verdict.reason, (verdicts.get(predicted.verdict.reason) ?? 0) + 1);
    if (verdict) assert.equal(predicted.verdict.reason, verdict[dialect] ?? verdict, 'verdict by the standard');
    if (status) assert.equal(seen.status, status);
    if (visible) assert.deepEqual(sorted(seen.headers.map(([header]) => header)), sorted(visible));
    await gateway.checkEffect?.(path, sent.includes(method.toUpperCase()), { method: method.toUpperCase(), body: body ?? '', object });
    if (rules && again.length === 0 && predicted.suggestion?.page.length === 0) {
        advised += 1;
        const better = toDocument(dialect, followed(given, predicted.suggestion.edits));
        const helped = predict(cors, dialect, better, pages.origin(page), request);
        assert(helped.verdict.page_can_read, `the advice helps: ${predicted.suggestion.text}`);
        await judge({ gateway, pages, predicted: helped, path: await gateway.prepare(better, object), place: page, request });
    }
    for (const { after, preflight, page: place = page, headers: others = headers } of again) {
        await new Promise((done) => setTimeout(done, after));
        await ask(place, { ...request, headers: others }, !preflight);
    }
}

/// Firefox 153 does not cache a preflight until one URL has been requested three times; so something else is requested first.
async function settle(gateway, place, request, path) {
    for (let tries = 0; tries < 6; tries += 1) {
        const before = gateway.wire.length;
        await pages.ask(place, { ...request, url: gateway.base + path });
        if (gateway.wire.length - before === 1) return;
    }
}

function withoutRules(predicted) {
    for (const exchange of [predicted.preflight, predicted.actual]) {
        if (exchange) exchange.refusal = { step: 'not_enabled' };
    }
}

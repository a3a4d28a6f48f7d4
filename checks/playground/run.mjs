// The page in a browser, as a file and from the server: node run.mjs CORS FILE chromium|firefox [--only TEXT]
import assert from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

import { launch, open } from './browser.mjs';
import { DOCUMENTS } from './documents.mjs';
import { programAt, serve } from './program.mjs';
import { SCENARIOS, explains, passesAxe } from './scenarios.mjs';

const { positionals: [cors, file, name], values: { only } } = parseArgs({ allowPositionals: true, options: { only: { type: 'string', default: '' } } });
const program = programAt(cors);
const server = await serve(cors);
const browser = await launch(name);
const folder = mkdtempSync(join(tmpdir(), 'cors-playground-'));
const failures = [];
let passed = 0;
try {
    const places = { 'as a file': pathToFileURL(resolve(file)).href, 'from the server': server.url };
    for (const [title, url] of Object.entries(places)) {
        for (const scenario of SCENARIOS) {
            if ((scenario.only ?? name) === name) await attempt(`${title}: ${scenario.title}`, () => runIn(url, scenario));
        }
    }
    await attempt('the buckets of the server', showsBuckets);
    await attempt('planted: a label is missing', () => notices(passesAxe({ browser, url: places['as a file'], plant: () => document.querySelector('label[for=origin]').remove() }, {}), /label/));
    await attempt('planted: a wrong verdict', () => planted('const can = verdict.page_can_read', 'const can = !verdict.page_can_read', /must match|did not match/));
    await attempt('planted: a request', () => planted('fillChoices();\n', `fillChoices();\nsetTimeout(() => fetch("${server.address}/").catch(() => {}), 300);\n`, /nothing is requested/));
} finally {
    await browser.close();
    server.stop();
    rmSync(folder, { recursive: true });
}
failures.forEach((failure) => console.error(failure));
console.log(`${name}: ${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;

async function attempt(title, run) {
    if (!title.includes(only)) return;
    try {
        await run();
        passed += 1;
    } catch (error) {
        failures.push(`failed: ${title}\n  ${error.message}`);
    }
}

async function runIn(url, { run }) {
    const view = await open(browser, url);
    await run({ view, browser, url, program });
    const elsewhere = url.startsWith('file:') ? view.requests : view.requests.filter((asked) => !asked.startsWith(server.address));
    // The page itself is not requested again, and a fragment is not a request.
    assert.deepEqual(elsewhere.filter((asked) => asked.split('#')[0] !== url), [], 'nothing is requested');
    assert.deepEqual(view.complaints, [], 'nothing on the console');
    await view.page.close();
}

async function showsBuckets() {
    const { document } = DOCUMENTS[0];
    await fetch(`${server.address}/photos`, { method: 'PUT' });
    await fetch(`${server.address}/photos?cors`, { method: 'PUT', body: document });
    const view = await open(browser, server.url);
    await view.page.waitForSelector('#buckets button', { timeout: 5000 });
    assert.match(await view.text('buckets-status'), /^1 shown; dialect s3\.$/);
    await view.click('#buckets button');
    assert.equal(await view.focused(), 'origin');
    assert.match(await view.value('document'), /<AllowedOrigin>https:\/\/app\.example<\/AllowedOrigin>/);
    await passesAxe({ browser, url: server.url }, {});
    const still = await open(browser, pathToFileURL(resolve(file)).href);
    assert.equal(await still.page.evaluate(() => document.getElementById('buckets-section').hidden), true);
}

async function notices(run, what) {
    await assert.rejects(run, (error) => what.test(error.message) || assert.fail(`another failure: ${error.message}`));
}

/// A fault in the file, without the policy that would not run it.
async function planted(before, after, what) {
    const text = readFileSync(file, 'utf8').replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
    assert.equal(text.split(before).length, 2, `${before} is in the file once`);
    const path = join(folder, 'planted.html');
    writeFileSync(path, text.replace(before, () => after));
    const run = async (place) => {
        await explains(place, DOCUMENTS[1]);
        await new Promise((done) => setTimeout(done, 500));
    };
    await notices(runIn(pathToFileURL(path).href, { run }), what);
}

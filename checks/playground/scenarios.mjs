// What a person does with the page; the same on the static file and on the server's page.
import assert from 'node:assert';
import { readFileSync } from 'node:fs';

import { open } from './browser.mjs';
import { CARELESS, DOCUMENTS, WITH_ERRORS } from './documents.mjs';

const AXE = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

export const SCENARIOS = [
    ...DOCUMENTS.map((said) => ({ title: said.title, run: (place) => explains(place, said) })),
    { title: 'an error has a place, and the list leads to it', run: showsErrors },
    { title: 'lint in place', run: showsFindings },
    { title: 'another form is named, and one press away', run: namesOtherForm },
    { title: 'a request that no page can send', run: refusesImpossible },
    { title: 'the matrix says what the program says, and fills in the request', run: fillsMatrix },
    { title: 'another form, with its differences', run: converts },
    { title: 'a link and back', run: shares },
    { title: 'a broken link changes nothing', run: keepsOnBrokenLink },
    { title: 'by keyboard only', run: usesKeyboard },
    { title: 'WCAG AA by axe, light, desktop', run: (place) => passesAxe(place, { width: 1200 }) },
    { title: 'WCAG AA by axe, light, 320 pixels, nothing sideways', run: (place) => passesAxe(place, { width: 320 }) },
    { title: 'WCAG AA by axe, dark, desktop', only: 'chromium', run: (place) => passesAxe(place, { width: 1200, dark: true }) },
    { title: 'WCAG AA by axe, dark, 320 pixels', only: 'chromium', run: (place) => passesAxe(place, { width: 320, dark: true }) },
];

const asSet = ({ document, dialect, request: { origin, method, headers = [], credentials = false } }) =>
    ({ document, dialect, origin, method, headers: headers.join('\n'), credentials });

/// The answer of the page is that of the program, and the pictures say the same.
export async function explains({ view, program }, said) {
    const expected = program.explain(said.document, said.dialect, said.request);
    await view.set(asSet(said));
    assert.deepEqual(JSON.parse(await view.text('answer')), expected);
    const can = expected.verdict.page_can_read;
    const verdict = await view.text('verdict');
    assert.match(verdict, can ? /^✓ The page can read the response, by rule \d/ : /^✗ The page cannot read the response: /);
    if (expected.suggestion) assert(verdict.includes(`To allow it: ${expected.suggestion.text}.`), verdict);
    const decides = expected.preflight ?? expected.actual;
    const names = decides.request.access_control_request_headers?.split(',') ?? [];
    const rows = await view.page.evaluate(() => [...document.querySelectorAll('#rules tbody tr')].map((row) => [...row.cells].map((cell) =>
        (cell.classList.contains('first-to-fail') ? `FIRST ${cell.textContent}` : cell.textContent))));
    assert.equal(rows.length, expected.rules.length);
    expected.rules.forEach((rule, index) => {
        const [, origin, method, ...rest] = rows[index];
        assert.equal(rest.length, names.length + 1, 'a column for each header');
        const holds = [rule.origin_matched !== null, rule.method_matched, ...names.map((name) => name !== rule.header_refused)];
        const first = holds.indexOf(false);
        [origin, method, ...rest.slice(0, -1)].forEach((cell, column) => {
            assert.equal(cell.startsWith('FIRST ✗'), column === first, `${cell} in column ${column} of rule ${index}`);
            if (column === first) assert(cell.endsWith('the first that fails'), cell);
            else assert.match(cell, holds[column] ? /^[✓–]/ : /^✗/);
        });
        assert.equal(rest.at(-1).startsWith('✓ answers'), rule.rule === decides.rule);
    });
    const exchanges = await view.text('exchanges');
    for (const [name, value] of decides.headers) assert(exchanges.includes(`${name}: ${value}`), name);
    assert.equal(exchanges.includes('Status'), expected.preflight !== null);
    const readable = await view.text('readable');
    for (const name of expected.verdict.readable_headers) assert(readable.includes(name), readable);
    if (!can) assert.match(readable, /reads nothing/);
}

async function showsErrors({ view, program }) {
    const { errors } = program.lint(WITH_ERRORS, 's3');
    assert.equal(errors.length, 2);
    await view.set({ document: WITH_ERRORS, dialect: 's3' });
    assert.match(await view.text('problems-status'), /not valid: 2 errors/);
    assert.equal(await view.text('verdict'), 'No answer: the document has errors.');
    const marks = await view.page.evaluate(() => [...document.querySelectorAll('#marks .error')].map((mark) => mark.textContent));
    assert.deepEqual(marks, errors.map(({ line }) => `✗ ${line}`));
    const items = await view.page.evaluate(() => [...document.querySelectorAll('#problems button')].map((button) => button.textContent));
    assert.equal(items[0], 'Line 4, column 5: ✗ error: rule 1, AllowedMethod `get`: write it as `GET`');
    for (const [index, { line, column }] of errors.entries()) {
        await view.page.focus(`#problems li:nth-child(${index + 1}) button`);
        await view.page.keyboard.press('Enter');
        assert.equal(await view.focused(), 'document');
        const caret = await view.page.evaluate(() => document.getElementById('document').selectionStart);
        const before = WITH_ERRORS.slice(0, caret).split('\n');
        assert.deepEqual([before.length, [...before.at(-1)].length + 1], [line, column], 'where the caret is');
        assert(WITH_ERRORS.slice(caret).startsWith('<AllowedMethod>'));
    }
}

async function showsFindings({ view, program }) {
    const { findings } = program.lint(CARELESS, 'oss');
    await view.set({ document: CARELESS, dialect: 'oss', origin: 'https://my.app.example', method: 'GET', headers: '' });
    const items = await view.page.evaluate(() => [...document.querySelectorAll('#problems button')].map((button) => button.textContent));
    assert.equal(items.length, findings.length);
    for (const { line, column, code, severity, hint } of findings) {
        assert(items.some((item) => item.startsWith(`Line ${line}, column ${column}: `) && item.includes(`${severity} ${code}: `) && item.includes(hint)), `${code}: ${items}`);
    }
    assert.match(await view.text('verdict'), /^✓/, 'rules with findings still answer');
}

async function namesOtherForm({ view }) {
    await view.set({ dialect: 's3', document: '<CorsConfig><Cors><Origins><Origin>*</Origin></Origins><Methods><Method>GET</Method></Methods></Cors></CorsConfig>' });
    assert.match(await view.text('problems-status'), /^this (is|looks like) Google Cloud Storage, XML\./);
    await view.click('#other-form');
    assert.equal(await view.value('dialect'), 'gcs');
    assert.doesNotMatch(await view.text('problems-status'), /not valid/);
}

async function refusesImpossible({ view }) {
    await view.set({ ...asSet(DOCUMENTS[1]), method: 'CONNECT' });
    assert.match(await view.text('verdict'), /^No answer: /);
    await view.set({ document: '' });
    assert.equal(await view.text('verdict'), '');
    // The answer to a question that is none is a 400, which browsers log themselves.
    view.complaints.splice(0, Infinity, ...view.complaints.filter((text) => !text.includes('400 (Bad Request)')));
}

async function fillsMatrix({ view, program }) {
    const { document, dialect, request } = DOCUMENTS[0];
    await view.set({ ...asSet(DOCUMENTS[0]), origins: 'https://added.example http://app.example', 'more-methods': 'PATCH' });
    const read = () => view.page.evaluate(() => {
        const [head, ...rows] = document.getElementById('matrix').rows;
        return {
            methods: [...head.cells].slice(1).map((cell) => cell.textContent),
            rows: rows.map((row) => [row.cells[0].querySelector('code').textContent, ...[...row.cells].slice(1).map((cell) => cell.querySelector('[aria-hidden]').textContent)]),
        };
    });
    const { methods, rows } = await read();
    assert.deepEqual(methods, ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']);
    assert.deepEqual(rows.map(([origin]) => origin),
        ['https://app.example', 'https://added.example', 'http://app.example', 'https://any.example', 'https://elsewhere.example']);
    for (const [origin, ...cells] of rows.slice(0, 2)) {
        cells.forEach((cell, index) => {
            const { verdict, preflight, actual } = program.explain(document, dialect, { ...request, origin, method: methods[index] });
            assert.equal(cell, verdict.page_can_read ? `✓ ${(preflight ?? actual).rule + 1}` : '✗', `${methods[index]} from ${origin}`);
        });
    }
    await view.set({ headers: '' });
    assert.deepEqual((await read()).rows[0], ['https://app.example', '✓ 2', '✗', '✗', '✓ 1', '✗', '✗']);
    // The cell of the request has the focus first; down and left is another.
    await view.page.focus('#matrix button[tabindex="0"]');
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('ArrowRight');
    assert.match(await view.page.evaluate(() => document.activeElement.textContent), /^✗HEAD from https:\/\/added\.example: refused: /);
    await view.page.keyboard.press('Enter');
    await view.settled();
    assert.deepEqual([await view.value('origin'), await view.value('method')], ['https://added.example', 'HEAD']);
    assert.match(await view.text('verdict'), /^✗/);
    assert.equal(await view.page.evaluate(() => document.activeElement.closest('table')?.id), 'matrix', 'the focus stays');
}

async function converts({ view, program }) {
    const { document, dialect } = DOCUMENTS[0];
    await view.set({ ...asSet(DOCUMENTS[0]), to: 'gcs-json' });
    const after = () => view.page.evaluate(() => [...document.querySelectorAll('#after span:not(.missing)')].map((line) => line.textContent.slice(2)).join(''));
    assert.equal(await after(), program.convert(document, dialect, 'gcs-json'));
    assert.match(await view.text('differences'), /Line 2, column \d+: rule 1, AllowedHeader `x-a`: gcs has one list of headers/);
    await view.page.focus('#differences button');
    await view.page.keyboard.press('Enter');
    assert.equal(await view.focused(), 'document');
    await view.set({ to: 'oss' });
    const oss = program.convert(document, dialect, 'oss').replaceAll('><', '>\n<');
    assert.equal(await after(), oss);
    assert.match(await view.text('conversion-status'), /[1-9]\d* lines? the same/);
    const changed = await view.page.evaluate(() => [...document.querySelectorAll('#before .removed, #after .added')].map((line) => line.textContent.trim()));
    assert(changed.length > 0 && !changed.some((line) => line.includes('AllowedMethod')), `${changed}`);
    await view.click('#use-converted');
    assert.deepEqual([await view.value('dialect'), await view.value('document')], ['oss', oss]);
    // What the other provider would not accept is said.
    await view.set({ document: '[{"origin": ["*"], "method": ["PATCH"]}]', dialect: 'gcs', to: 's3' });
    assert.match(await view.text('conversion-status'), /^The other provider would not accept the result/);
    assert.notEqual(await view.text('differences'), '');
}

async function shares({ view, browser, url }) {
    const state = { ...asSet(DOCUMENTS[7]), origins: 'https://ü.example', to: 'r2' };
    await view.set(state);
    await view.page.focus('#share');
    await view.page.keyboard.press('Enter');
    await view.page.waitForFunction(() => document.getElementById('share-status').textContent !== '', { timeout: 5000 });
    const link = await view.value('link');
    assert(link.startsWith(`${url}#1.`) && !link.includes('?'), link);
    const other = await open(browser, link);
    for (const [id, value] of Object.entries(state)) {
        if (typeof value === 'string') assert.equal(await other.value(id), value, id);
    }
    assert.equal(await other.text('answer'), await view.text('answer'));
    assert.match(await other.text('share-status'), /^The page shows what the link holds/);
    await other.page.close();
}

async function keepsOnBrokenLink({ view, browser, url }) {
    const before = await view.value('document');
    for (const fragment of ['#1.AAAA', '#1.!', '#other', `#1.${Buffer.from('{}').toString('base64url')}`]) {
        await view.page.evaluate((fragment) => {
            document.getElementById('share-status').textContent = '';
            location.hash = fragment;
        }, fragment);
        await view.page.waitForFunction(() => document.getElementById('share-status').textContent.startsWith('The link cannot be read, and nothing was changed'), { timeout: 5000 });
        assert.equal(await view.value('document'), before);
    }
    const other = await open(browser, `${url}#1.AAAA`);
    assert.match(await other.text('share-status'), /^The link cannot be read/);
    assert.equal(await other.value('document'), before);
    await other.page.close();
}

async function usesKeyboard({ view, program }) {
    const { page } = view;
    const tabTo = async (id) => {
        for (let tabs = 0; await view.focused() !== id; tabs += 1) {
            assert(tabs < 12, `${id} is reached by Tab; the focus is on ${await view.focused()}`);
            await page.keyboard.press('Tab');
        }
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
        assert.notEqual(outline, 'none', `the focus on ${id} is visible`);
    };
    const type = async (id, text) => {
        await tabTo(id);
        await page.keyboard.down('Control');
        await page.keyboard.press('a', { commands: ['SelectAll'] });
        await page.keyboard.up('Control');
        await page.keyboard.type(text);
    };
    const document = '[{"AllowedOrigins":["https://k.example"],"AllowedMethods":["PUT"]}]';
    await page.evaluate(() => document.activeElement.blur());
    await tabTo('dialect');
    await page.keyboard.type('S3');
    await type('document', document);
    await type('origin', 'https://k.example');
    await type('method', 'PUT');
    await type('headers', 'x-a: 1');
    await tabTo('credentials');
    await page.keyboard.press(' ');
    await tabTo('Explain');
    await page.keyboard.press('Enter');
    await view.settled();
    assert.deepEqual(JSON.parse(await view.text('answer')),
        program.explain(document, 's3', { origin: 'https://k.example', method: 'PUT', headers: ['x-a: 1'], credentials: true }));
    await tabTo('The same as cors explain --json');
    await tabTo('origins');
    await tabTo('to');
    await tabTo('share');
}

export async function passesAxe({ browser, url, plant }, how) {
    const view = await open(browser, url, how);
    await view.set({ ...asSet(DOCUMENTS[0]), to: 'oss' });
    await view.click('details summary');
    await view.click('#share');
    await check('a refused request');
    await view.set({ document: WITH_ERRORS + CARELESS, dialect: 's3' });
    await check('errors');
    await view.page.close();

    async function check(what) {
        const sideways = await view.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        const wide = sideways > 0 && await view.page.evaluate(() => [...document.querySelectorAll('main *')].filter((found) => found.getBoundingClientRect().right > innerWidth
            && !found.closest('.scroll, .block, .editor, .unseen')).map((found) => found.outerHTML.slice(0, 80)));
        assert(sideways <= 0, `${what}: ${sideways} pixels sideways: ${wide}`);
        if (plant) await view.page.evaluate(plant);
        await view.page.evaluate(AXE);
        const found = await view.page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
            .then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(' ')}`)));
        assert.equal(found.length, 0, `${what}: ${found.join('\n')}`);
    }
}

// Uses the gateway's own page with the keyboard only: takes a bucket's rules, pastes a document, describes a request, reads the answer.
// scripts/check-playground has the rest of the page.
import assert from 'node:assert';

import { toDocument } from './documents.mjs';
import { predict } from './judge.mjs';

const DOCUMENT = toDocument('s3', [
    { AllowedOrigin: ['https://*.a.example'], AllowedMethod: ['GET'] },
    { AllowedOrigin: ['https://x.a.example'], AllowedMethod: ['PUT'], AllowedHeader: ['x-*'] },
]);

export async function usePage({ browser, gateway, cors }) {
    const page = await browser.newPage();
    const complaints = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const chord = async (key, command) => {
        await page.keyboard.down('Control');
        await page.keyboard.press(key, { commands: [command] });
        await page.keyboard.up('Control');
    };
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
    const tabTo = async (id) => {
        for (let tabs = 0; await focused() !== id; tabs += 1) {
            assert(tabs < 20, `${id} is reached; the focus is on ${await focused()}`);
            await page.keyboard.press('Tab');
        }
    };
    const typed = async (id, text) => {
        await tabTo(id);
        await chord('a', 'SelectAll');
        await page.keyboard.type(text);
    };
    const textOf = (id) => page.evaluate((id) => document.getElementById(id).textContent, id);
    const answered = (words) => page.waitForFunction((words) => !document.body.dataset.asking && document.getElementById('verdict').textContent.includes(words),
        { timeout: 5000 }, words);

    // The owner copies the document elsewhere.
    await page.goto('data:text/html,<textarea autofocus></textarea>');
    await page.focus('textarea');
    await page.evaluate((text) => { document.querySelector('textarea').value = text; }, DOCUMENT);
    await chord('a', 'SelectAll');
    await chord('c', 'Copy');

    assert.equal((await gateway.own('PUT', '/page-rules')).status, 200);
    assert.equal((await gateway.own('PUT', '/page-rules?cors', {}, DOCUMENT)).status, 200);
    await page.goto(`http://${gateway.address}/_cors/`);
    await page.waitForFunction(() => document.querySelectorAll('#buckets button').length > 0, { timeout: 5000 });
    await tabTo('dialect');
    await page.keyboard.type('S3');
    await tabTo('document');
    await chord('a', 'SelectAll');
    await chord('v', 'Paste');
    assert.equal(await page.evaluate(() => document.getElementById('document').value), DOCUMENT, 'what was pasted');
    await typed('origin', 'https://x.a.example');
    await typed('method', 'put');
    await typed('headers', 'x-a: 1');
    await tabTo('credentials');
    await page.keyboard.press(' ');
    await tabTo('Explain');
    await page.keyboard.press('Enter');
    await answered('The page can read the response, by rule 2.');
    assert.match(await textOf('exchanges'), /OPTIONSOrigin: https:\/\/x\.a\.example[^]*Status 200[^]*PUTOrigin/);
    assert.match(await textOf('rules'), /1✓ matches https:\/\/\*\.a\.example✗ not allowedthe first that fails/);
    await tabTo('The same as cors explain --json');
    await page.keyboard.press('Enter');
    await tabTo('answer');
    const asked = { method: 'put', headers: { 'x-a': '1' }, credentials: true };
    assert.deepEqual(JSON.parse(await textOf('answer')), predict(cors, 's3', DOCUMENT, 'https://x.a.example', asked));

    // A bucket's own rules, and a request that they refuse.
    await tabTo('Explain with the rules of page-rules');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'origin');
    await typed('origin', 'https://y.a.example');
    await page.keyboard.press('Enter');
    await answered('The page cannot read the response: the preflight is answered with 403. To allow it: ');
    await page.keyboard.down('Shift');
    await tabTo('document');
    await page.keyboard.up('Shift');
    await chord('a', 'SelectAll');
    await page.keyboard.type('<a>');
    await answered('No answer: ');
    assert.equal(await page.evaluate(() => document.getElementById('result').hidden), true);
    assert.deepEqual(complaints, [], `nothing on the console: ${complaints}`);
    await page.close();
}

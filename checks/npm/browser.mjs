// The promises in a page of a browser, which compiles the package from bytes: node browser.mjs TOOLS chromium|firefox
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const [tools, name] = process.argv.slice(2);
const puppeteer = createRequire(`${tools}/`)('puppeteer-core');
const files = {
    '/': ['text/html', '<!doctype html><title>page</title>'],
    '/promises.mjs': ['text/javascript', readFileSync('promises.mjs')],
    '/index.js': ['text/javascript', readFileSync('node_modules/cors-engine/index.js')],
    '/documents.js': ['text/javascript', readFileSync('node_modules/cors-engine/documents.js')],
};
const server = http.createServer((request, response) => {
    const [type, body] = files[request.url] ?? ['text/plain', null];
    response.writeHead(body === null ? 404 : 200, { 'content-type': type }).end(body);
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const options = {
    chromium: { browser: 'chrome', executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] },
    firefox: { browser: 'firefox', executablePath: process.env.FIREFOX },
};
const browser = await puppeteer.launch({ ...options[name], headless: true });
try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const count = await page.evaluate(async () => {
        const { run } = await import('/promises.mjs');
        return run({ ...await import('/index.js'), ...await import('/documents.js') });
    });
    assert(count > 50);
    console.log(`${await browser.version()}: ${count} promises hold`);
} finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
}

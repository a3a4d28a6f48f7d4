// Pages of several origins on loopback, open in a browser, each able to fetch.
import http from 'node:http';
import puppeteer from 'puppeteer-core';

const BROWSERS = {
    chromium: {
        browser: 'chrome', executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync',
            // Otherwise a page of a data: URL may not reach loopback at all, which has nothing to do with CORS.
            '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests'],
    },
    firefox: { browser: 'firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr' },
};

/// Two ports, one name below localhost, and two ways to get the origin `null`.
export async function openPages(name) {
    const servers = [await serve(), await serve()];
    const [one, two] = servers.map((server) => server.address().port);
    const places = {
        first: `http://127.0.0.1:${one}`,
        second: `http://127.0.0.1:${two}`,
        app: `http://app.localhost:${one}`,
        sandbox: `http://127.0.0.1:${one}/sandbox`,
        data: 'data:text/html,<!doctype html><title>data</title>',
    };
    const browser = await puppeteer.launch({ ...BROWSERS[name], headless: true });
    const open = {};
    for (const [place, url] of Object.entries(places)) {
        const page = await browser.newPage();
        await page.goto(url.startsWith('data:') || url.endsWith('/sandbox') ? url : `${url}/`);
        open[place] = { page, origin: await page.evaluate(() => globalThis.origin) };
    }
    return {
        version: await browser.version(),
        browser,
        ports: { one, two },
        origin: (place) => open[place].origin,
        /// The result of one fetch as the page sees it.
        ask: (place, request) => open[place].page.evaluate(fetchInPage, request),
        async close() {
            await browser.close();
            servers.forEach((server) => { server.close(); server.closeAllConnections(); });
        },
    };
}

/// A blank page; below /sandbox one whose origin is opaque. A cookie of the host goes to all its ports.
async function serve() {
    const server = http.createServer((request, answer) => {
        const headers = { 'content-type': 'text/html', 'set-cookie': 'session=1; SameSite=Lax' };
        if (request.url === '/sandbox') headers['content-security-policy'] = 'sandbox allow-scripts';
        answer.writeHead(request.url === '/favicon.ico' ? 404 : 200, headers).end('<!doctype html><title>page</title>');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
}

async function fetchInPage({ url, method, headers, credentials, body }) {
    try {
        const response = await fetch(url, {
            method, headers, credentials: credentials ? 'include' : 'same-origin', body: body ?? undefined,
        });
        return {
            readable: true, status: response.status, type: response.type,
            headers: [...response.headers].map(([name, value]) => [name.toLowerCase(), value]), text: await response.text(),
        };
    } catch (error) {
        return { readable: false, error: String(error) };
    }
}

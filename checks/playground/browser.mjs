// A browser, and the page in it: values are set as a person's typing sets them, and read when the page has asked about them.
import puppeteer from 'puppeteer-core';

const BROWSERS = {
    chromium: {
        browser: 'chrome', executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-lcd-text', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
    firefox: { browser: 'firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr' },
};

export const launch = (name) => puppeteer.launch({ ...BROWSERS[name], headless: true });

/// The page at a URL, ready. `requests` and `complaints` hold all that it asks for and all that it logs.
export async function open(browser, url, { width = 1200, dark = false } = {}) {
    const page = await browser.newPage();
    const requests = [];
    const complaints = [];
    page.on('request', (request) => request.url().startsWith('data:') || requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.setViewport({ width, height: 900 });
    if (dark) await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await page.goto(url);
    const settled = () => page.waitForFunction(() => document.getElementById('dialect').options.length > 0 && !document.body.dataset.asking
        && document.getElementById('verdict').textContent + document.getElementById('problems-status').textContent !== '', { timeout: 10000 });
    await settled();
    return {
        page, requests, complaints, settled,
        text: (id) => page.evaluate((id) => document.getElementById(id).textContent, id),
        value: (id) => page.evaluate((id) => document.getElementById(id).value, id),
        focused: () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent),
        /// Sets controls, and waits for what follows.
        async set(values) {
            await page.evaluate((values) => {
                for (const [id, value] of Object.entries(values)) {
                    const control = document.getElementById(id);
                    if (typeof value === 'boolean') control.checked = value;
                    else control.value = value;
                    control.dispatchEvent(new Event('input', { bubbles: true }));
                    control.dispatchEvent(new Event('change', { bubbles: true }));
                }
            }, values);
            await settled();
        },
        async click(selector) {
            await page.evaluate((selector) => document.querySelector(selector).click(), selector);
            await settled();
        },
    };
}

// The two pictures of the README: node screenshots.mjs FILE FOLDER
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { launch, open } from './browser.mjs';

const [file, folder] = process.argv.slice(2);
const PICTURES = [
    { name: 'playground.png', width: 1280, height: 1000, dark: false, top: 'document-title' },
    { name: 'playground-phone.png', width: 360, height: 1000, dark: true, top: 'answer-title' },
];
const browser = await launch('chromium');
for (const { name, width, height, dark, top } of PICTURES) {
    const { page } = await open(browser, pathToFileURL(resolve(file)).href, { width, dark });
    await page.setViewport({ width, height });
    const from = await page.evaluate((top) => document.getElementById(top).getBoundingClientRect().top + scrollY - 8, top);
    await page.screenshot({ path: join(folder, name), clip: { x: 0, y: from, width, height }, captureBeyondViewport: true });
}
await browser.close();

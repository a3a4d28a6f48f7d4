// One file of the page: style and script stand in it, and a policy names them by their hashes and forbids everything else: node inline.mjs FOLDER
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (name) => readFileSync(join(process.argv[2], name), 'utf8');
const [style, script] = [read('page.css'), read('bundled.js')];
assert(!/<\/script|<!--/i.test(script) && !/<\/style/i.test(style), 'nothing ends its own element');
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = `default-src 'none'; script-src ${hash(script)} 'wasm-unsafe-eval'; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`;

function replaced(page, before, after) {
    assert.equal(page.split(before).length, 2, `${before} is in the page once`);
    return page.replace(before, () => after);
}

let page = read('index.html');
page = replaced(page, '<meta charset="utf-8">', `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">\n<meta name="referrer" content="no-referrer">`);
page = replaced(page, '<link rel="stylesheet" href="page.css">', `<style>${style}</style>`);
page = replaced(page, '<script type="module" src="page.js"></script>', `<script type="module">${script}</script>`);
process.stdout.write(page);

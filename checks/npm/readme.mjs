// Runs the README: node readme.mjs README EXAMPLE. Each block of JavaScript is a module; one that begins with the first line of an example is that file.
import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const [readme, example] = process.argv.slice(2);
const blocks = [...readFileSync(readme, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
const files = readdirSync(example).map((file) => readFileSync(`${example}/${file}`, 'utf8'));
let [run, shown] = [0, 0];
for (const { language, text } of blocks) {
    if (['js', 'jsonc', 'xml'].includes(language) && files.some((file) => file.split('\n')[0] === text.split('\n')[0])) {
        assert(files.includes(text), `the README shows a file that has changed:\n${text}`);
        shown += 1;
    } else if (language === 'js') {
        writeFileSync('readme-block.mjs', text);
        execFileSync(process.execPath, ['readme-block.mjs'], { stdio: 'inherit', timeout: 20000 });
        run += 1;
    } else {
        assert.equal(language, 'text', 'every other block is for reading');
    }
}
assert(run >= 3 && shown >= 2, `${run} blocks run, ${shown} shown`);
console.log(`README: ${run} blocks run, ${shown} are files of the example`);

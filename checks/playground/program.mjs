// What the program `cors` says about the same document and request.
import { spawn, spawnSync } from 'node:child_process';

export function programAt(cors) {
    function run(input, ...given) {
        const { status, stdout, stderr } = spawnSync(cors, given, { input, encoding: 'utf8' });
        if (status > 1) throw new Error(`cors ${given[0]}: ${stderr}`);
        return stdout;
    }
    return {
        explain: (document, dialect, { origin, method, headers = [], credentials = false }) => JSON.parse(run(document, 'explain', '-', '--json', '--dialect', dialect,
            '--origin', origin, '--method', method, ...headers.flatMap((header) => ['--header', header]), ...(credentials ? ['--credentials'] : []))),
        lint: (document, dialect) => JSON.parse(run(document, 'lint', '-', '--json', '--dialect', dialect)),
        convert: (document, from, to) => run(document, 'convert', '-', '--from', from, '--to', to),
    };
}

/// `cors serve --page`, and the address of its page.
export async function serve(cors) {
    const child = spawn(cors, ['serve', '--dialect', 's3', '--listen', '127.0.0.1:0', '--store', 'memory:', '--anonymous', '--page'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const line = await new Promise((resolve, reject) => {
        child.stdout.once('data', (data) => resolve(String(data)));
        child.once('exit', () => reject(new Error('cors serve does not start')));
    });
    const address = /http:\/\/\S+/.exec(line)[0];
    return { address, url: `${address}/_cors/`, stop: () => child.kill() };
}

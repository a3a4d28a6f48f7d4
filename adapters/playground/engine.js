// The engine of the static playground: the documents' library as WebAssembly. It has the functions of the server's engine.js.
import { documentsOver } from './cors-engine/document.js';
import { Library } from './cors-engine/library.js';
import packed from './documents.wasm.gz';

export const where = 'The engine runs in this page: nothing is sent anywhere.';

/** There is no server. */
export const buckets = null;

/// The form in which the page reads the rules.
const RULES_FORM = 's3-json';
/// So that the page stays alive, it is let go of this often.
const BREATH_MILLISECONDS = 30;

const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
const engine = documentsOver(new Library(await WebAssembly.compile(await new Response(unpacked).arrayBuffer())));

/// How often a document was linted, with which the page begins after each change: what is asked about an older one is given up.
let changes = 0;

/// The last document that was compiled: every part of the page asks about the same one.
let compiled = {};

function imageOf(document, dialect) {
    if (compiled.document !== document || compiled.dialect !== dialect) {
        compiled = { document, dialect, image: engine.compile(document, { form: dialect }) };
    }
    return compiled.image;
}

export async function rules(document, dialect) {
    try {
        return JSON.parse(engine.write(imageOf(document, dialect), { form: RULES_FORM }));
    } catch (error) {
        if (error.name !== 'DocumentError') throw error;
        return { error: error.message };
    }
}

export async function lint(document, dialect) {
    changes += 1;
    return engine.lint(document, { form: dialect });
}

export const explain = async (document, dialect, page) => engine.explainDocument(document, { form: dialect, ...page });

export async function matrix(document, dialect, { headers, credentials }, origins, methods) {
    const rows = [];
    const mine = changes;
    let since = performance.now();
    for (const origin of origins) {
        const row = [];
        for (const method of methods) {
            row.push(cell(document, dialect, { origin, method, headers, credentials }));
            if (performance.now() - since > BREATH_MILLISECONDS) {
                await new Promise((done) => setTimeout(done));
                if (mine !== changes) throw new Error('the page has changed');
                since = performance.now();
            }
        }
        rows.push(row);
    }
    return rows;
}

function cell(document, dialect, page) {
    let explained;
    try {
        explained = engine.explain(imageOf(document, dialect), { form: dialect, ...page });
    } catch {
        return { page_can_read: false, reason: 'no_such_page', rule: null };
    }
    const { verdict: { page_can_read, reason }, preflight, actual } = explained;
    return { page_can_read, reason, rule: page_can_read ? (preflight ?? actual).rule : null };
}

export async function convert(document, dialect, to) {
    try {
        return { ...engine.convert(document, { from: dialect, to }), errors: [] };
    } catch (error) {
        if (error.name !== 'DocumentError') throw error;
        return { document: null, differences: [], more: 0, errors: error.errors };
    }
}

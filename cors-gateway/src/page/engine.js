// The engine behind the page: the local server. In the static playground a file with the same functions has it as WebAssembly.

export const where = 'The engine is this local server; nothing is stored, and no bucket is changed.';

// The server answers one question at a time.
let turn = Promise.resolve();

function ask(path, question) {
    const answer = turn.then(() => answered(path, question));
    turn = answer.catch(() => {});
    return answer;
}

async function answered(path, question, tries = 20) {
    const response = await fetch(path, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(question),
    });
    // Another page asks.
    if (response.status === 503 && tries > 0) {
        await new Promise((done) => setTimeout(done, 100));
        return answered(path, question, tries - 1);
    }
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
}

/** The rules as the JSON of S3, or `error`: every error of the document as text. */
export const rules = (document, dialect) => ask('rules', { document, dialect });

/** As `cors lint --json`. */
export const lint = (document, dialect) => ask('lint', { document, dialect });

/** As `cors explain --json`. An Error if no page can make the request. */
export const explain = (document, dialect, page) => ask('explain', { document, dialect, ...page });

/** A row for each origin with a cell for each method: `page_can_read`, `reason`, `rule`. */
export const matrix = (document, dialect, { headers, credentials }, origins, methods) =>
    ask('matrix', { document, dialect, headers, credentials, origins, methods });

/** `document` (null if it cannot be used), `differences`, `more`, `errors`. */
export async function convert(document, dialect, to) {
    const { errors, ...converted } = await ask('convert', { document, dialect, to });
    return { ...converted, errors: errors.map(({ line, column, advice }) => ({ line, column, message: advice })) };
}

/** The server's dialect, its buckets and their documents. */
export async function buckets() {
    const response = await fetch('buckets');
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
}

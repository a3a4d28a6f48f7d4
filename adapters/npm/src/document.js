// Documents to images, to other forms, and what is wrong with them, by the functions of cors_engine_documents.h.
import { bytesOf } from './field.js';

// The structs of that header where pointers have 32 bits.
const OUTPUT = 12;
const POLICY = 320;
const PAGE = 32;
const TEXT = 8;
const ERROR_ROOM = -3;
const ERROR_DOCUMENT = -22;

/** What is wrong with a document: `errors` has a place for each. */
export class DocumentError extends Error {
    constructor(text, errors) {
        super(text);
        this.name = 'DocumentError';
        this.errors = errors;
    }
}

/** The functions, over a library. */
export function documentsOver(library) {
    const encoder = new TextEncoder();
    const decoder = new TextDecoder();

    /** Lays texts behind `fixed` bytes, and outputs behind those: calls `use` until every output has room, and returns its results. */
    function call(fixed, texts, outputs, use) {
        let rooms = Array(outputs).fill(16384);
        for (;;) {
            const length = texts.reduce((sum, text) => sum + text.length, 0);
            const base = library.reserve(fixed + outputs * OUTPUT + length + rooms.reduce((sum, room) => sum + room));
            const first = base + fixed;
            let end = first + outputs * OUTPUT;
            const offsets = texts.map((text) => {
                library.bytes.set(text, end);
                end += text.length;
                return end - text.length;
            });
            rooms.forEach((room, index) => {
                library.setText(first + index * OUTPUT, end, room);
                end += room;
            });
            const error = guarded(() => use(base, offsets, first));
            library.look();
            const lengths = rooms.map((_, index) => library.words.getUint32(first + index * OUTPUT + 8, true));
            // A text has a NUL at its end.
            const isCut = lengths.some((length, index) => length >= rooms[index]);
            if (isCut && (error === 0 || error === ERROR_ROOM || error === ERROR_DOCUMENT)) {
                rooms = rooms.map((room, index) => Math.max(room, lengths[index] + 1));
                continue;
            }
            const results = lengths.map((length, index) => {
                const start = library.words.getUint32(first + index * OUTPUT, true);
                return library.bytes.slice(start, start + length);
            });
            return { error, results };
        }
    }

    /** A trap would be a defect of a parser; it ends this call and leaves nothing behind. */
    function guarded(run) {
        try {
            return run();
        } catch (error) {
            library.restart();
            throw new Error('a defect of cors-engine; please report it with the document', { cause: error });
        }
    }

    function failure(error) {
        return new Error(library.constant(library.functions.cors_engine_error_text(error)));
    }

    const named = (name, text) => {
        if (typeof text !== 'string') throw new TypeError(`${name} is not a string; pass one such as "s3"`);
        if (text.includes('\0')) throw new TypeError(`${name} has a NUL; remove it`);
        return encoder.encode(`${text}\0`);
    };
    const utf8 = (name, text) => (typeof text === 'string' ? encoder.encode(text) : bytesOf(text, name));

    /** A document's image. */
    function compile(document, { form }) {
        const texts = [named('form', form), encoder.encode('document\0'), utf8('the document', document)];
        const { error, results: [image, errors] } = call(0, texts, 2, (base, [formAt, nameAt, textAt], outputs) =>
            library.functions.cors_engine_compile_document(formAt, nameAt, textAt, texts[2].length, outputs, outputs + OUTPUT));
        if (error === ERROR_DOCUMENT) throw documentError(decoder.decode(errors));
        if (error !== 0) throw failure(error);
        return image;
    }

    /** What lint finds in a document. */
    function lint(document, { form }) {
        const texts = [named('form', form), utf8('the document', document)];
        const { error, results: [json] } = call(0, texts, 1, (base, [formAt, textAt], output) =>
            library.functions.cors_engine_lint_document(formAt, textAt, texts[1].length, output));
        if (error !== 0) throw failure(error);
        return JSON.parse(decoder.decode(json));
    }

    /** A document in another form, and every difference. */
    function convert(document, { from, to }) {
        const texts = [named('from', from), named('to', to), utf8('the document', document)];
        const { error, results: [text, json] } = call(0, texts, 2, (base, [fromAt, toAt, textAt], outputs) =>
            library.functions.cors_engine_convert_document(fromAt, toAt, textAt, texts[2].length, outputs, outputs + OUTPUT));
        if (error !== 0 && error !== ERROR_DOCUMENT) throw failure(error);
        const { differences, errors, more, rules_left_out } = JSON.parse(decoder.decode(json));
        if (error === ERROR_DOCUMENT) {
            const places = errors.map(({ line, column, advice }) => ({ line, column, message: advice }));
            throw new DocumentError(places.map(({ message }) => message).join('\n'), places);
        }
        return { document: decoder.decode(text), differences, more, rules_left_out };
    }

    /** What a page can read under the rules of an image, and why. */
    function explain(image, { form, ...page }) {
        return explained(form, bytesOf(image, 'the image'), page, (formAt, policy, imageAt, length, pageAt, output) =>
            library.functions.cors_engine_policy_open(policy, imageAt, length)
            || library.functions.cors_engine_explain(formAt, policy, pageAt, output));
    }

    /** The same under a document that has no errors, in the words of its form. */
    function explainDocument(document, { form, ...page }) {
        return explained(form, utf8('the document', document), page, (formAt, policy, textAt, length, pageAt, output) =>
            library.functions.cors_engine_explain_document(formAt, textAt, length, pageAt, output));
    }

    /** Lays out a page behind a policy and asks about the bytes. */
    function explained(form, bytes, { origin, method = 'GET', headers = [], credentials = false }, ask) {
        const texts = [named('form', form), bytes, utf8('origin', origin), utf8('method', method), ...headers.map((header) => utf8('a header', header))];
        const fixed = POLICY + PAGE + headers.length * TEXT;
        const { error, results: [json] } = call(fixed, texts, 1, (base, [formAt, bytesAt, ...offsets], output) => {
            const [page, list] = [base + POLICY, base + POLICY + PAGE];
            const places = [page, page + TEXT, ...headers.map((_, index) => list + index * TEXT)];
            places.forEach((place, index) => library.setText(place, offsets[index], texts[index + 2].length));
            library.setText(page + 2 * TEXT, list, headers.length);
            library.words.setUint32(page + 3 * TEXT, Number(Boolean(credentials)), true);
            return ask(formAt, base, bytesAt, bytes.length, page, output);
        });
        if (error !== 0) throw failure(error);
        return JSON.parse(decoder.decode(json));
    }

    /** The rules of an image as a document. */
    function write(image, { form }) {
        const texts = [named('form', form), bytesOf(image, 'the image')];
        const { error, results: [text] } = call(POLICY, texts, 1, (base, [formAt, imageAt], output) =>
            library.functions.cors_engine_policy_open(base, imageAt, texts[1].length)
            || library.functions.cors_engine_write_document(formAt, base, output));
        if (error !== 0) throw failure(error);
        return decoder.decode(text);
    }

    return { compile, lint, convert, explain, explainDocument, write };
}

/** The library says `document:LINE:COLUMN: what to change` for each error, with the line below it. */
function documentError(text) {
    const places = [...text.matchAll(/^ *document:(\d+):(\d+): (.*)$/gm)];
    const errors = places.map(([, line, column, message]) => ({ line: Number(line), column: Number(column), message }));
    return new DocumentError(text.trimEnd().replaceAll(/^( *)document: ?/gm, '$1'), errors);
}

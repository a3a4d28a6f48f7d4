// `Policy`: an image, and its answers by `cors_engine_decide`.
import { Decision } from './decision.js';
import { bytesOf, checked, fieldsOf, write } from './field.js';

// The structs of cors_engine.h where pointers have 32 bits; scripts/check-npm compares them with the header.
const POLICY = 0;
const DECISION = 320;
const REQUEST = 448;
const BUFFER = 480;
const BUFFER_BYTES = 16640;
const IMAGE = BUFFER + BUFFER_BYTES;
const TEXT = 8;
const HEADERS = 12;
const HEADER = 16;
const NO_RULE = 65535;
const KINDS = ['not_cors', 'preflight', 'actual'];

/** The bytes are not a policy image, or not one that this release reads. */
export class ImageError extends Error {
    constructor(code, message) {
        super(message);
        this.name = 'ImageError';
        this.code = code;
    }
}

/** The class, over a library. All policies share the library's memory, which holds one image at a time. */
export function policyOver(library) {
    // The policy that is open there, and since when.
    let open = null;
    let since = 0;

    /** The offset of the memory, with an image in it that is open, and `more` bytes of room behind it. */
    function opened(policy, image, more, how) {
        const base = library.reserve(IMAGE + image.length + 8 + more);
        if (open !== policy || since !== library.generation) {
            open = null;
            library.bytes.set(image, base + IMAGE);
            const error = library.functions[how](base + POLICY, base + IMAGE, image.length);
            if (error !== 0) throw new ImageError(error, library.constant(library.functions.cors_engine_error_text(error)));
            open = policy;
            since = library.generation;
        }
        return base;
    }

    return class Policy {
        #image;
        #rules;

        constructor(image) {
            // A copy, because it is checked once.
            this.#image = bytesOf(image, 'the image').slice();
            const base = opened(this, this.#image, 0, 'cors_engine_policy_open');
            this.#rules = library.functions.cors_engine_policy_rules(base + POLICY);
        }

        get rules() {
            return this.#rules;
        }

        decideRequest(request) {
            return this.decide(fieldsOf(request));
        }

        decide({ method, origin, accessControlRequestMethod, accessControlRequestHeaders }) {
            const texts = [
                checked('method', method), checked('origin', origin), checked('accessControlRequestMethod', accessControlRequestMethod),
            ];
            if (texts[0] === undefined) throw new TypeError('method is missing; pass the method of the request');
            const given = Array.isArray(accessControlRequestHeaders) ? accessControlRequestHeaders : [accessControlRequestHeaders];
            const lines = given.map((line) => checked('accessControlRequestHeaders', line)).filter((line) => line !== undefined);
            let more = lines.length * TEXT;
            for (const text of texts) more += text?.length ?? 0;
            for (const line of lines) more += line.length;

            const base = opened(this, this.#image, more, 'cors_engine_policy_view');
            const { bytes, words, functions } = library;
            const list = base + ((IMAGE + this.#image.length + 7) & ~7);
            let end = list + lines.length * TEXT;
            const lend = (at, text) => {
                const start = end;
                if (text !== undefined) end = write(bytes, start, text);
                library.setText(at, text === undefined ? 0 : start, end - start);
            };
            texts.forEach((text, index) => lend(base + REQUEST + index * TEXT, text));
            lines.forEach((line, index) => lend(list + index * TEXT, line));
            library.setText(base + REQUEST + 3 * TEXT, list, lines.length);

            const error = functions.cors_engine_decide(base + POLICY, base + REQUEST, base + BUFFER, BUFFER_BYTES, base + DECISION);
            if (error !== 0) throw new Error(library.constant(functions.cors_engine_error_text(error)));
            const at = base + DECISION;
            const rule = words.getUint16(at + 4, true);
            const headers = [];
            for (let index = 0; index < words.getUint32(at + 8, true); index += 1) {
                const header = at + HEADERS + index * HEADER;
                const value = library.latin1(words.getUint32(header + 8, true), words.getUint32(header + 12, true));
                headers.push([library.constant(words.getUint32(header, true)), value]);
            }
            const reason = bytes[at + 1];
            return new Decision({
                kind: KINDS[bytes[at]],
                reason: reason === 0 ? null : library.constant(functions.cors_engine_reason_name(reason)),
                status: words.getUint16(at + 2, true) || null,
                rule: rule === NO_RULE ? null : rule,
                detail: words.getUint16(at + 6, true),
                headers,
            });
        }
    };
}

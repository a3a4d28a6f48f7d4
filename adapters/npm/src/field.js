// What a request says, as bytes. HTTP carries bytes: each character from U+0000 to U+00FF is the byte of the same number.

const ABOVE_BYTES = /[^\0-\xff]/;

/** Writes a text and returns its end. */
export function write(bytes, at, text) {
    if (typeof text !== 'string') {
        bytes.set(text, at);
        return at + text.length;
    }
    for (let index = 0; index < text.length; index += 1) bytes[at + index] = text.charCodeAt(index);
    return at + text.length;
}

/** A text of a request, or undefined if it was not sent. */
export function checked(name, text) {
    if (text === null || text === undefined) return undefined;
    if (typeof text !== 'string') return bytesOf(text, name);
    if (ABOVE_BYTES.test(text)) throw new TypeError(`${name} has a character above U+00FF; pass one character for each byte`);
    return text;
}

/** The bytes of an ArrayBuffer or of a view of one, also if they come from another realm. */
export function bytesOf(value, name) {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (Object.prototype.toString.call(value) === '[object ArrayBuffer]') return new Uint8Array(value);
    throw new TypeError(`${name} is neither text nor bytes; pass a string or a Uint8Array`);
}

/** CORS_ENGINE_AMBIGUOUS_ORIGIN: no rule matches it. */
const AMBIGUOUS = '\t';

/** What CORS reads of a request of the Fetch standard, or of Node's http module. */
export function fieldsOf(request) {
    return Array.isArray(request.rawHeaders) ? ofNode(request) : ofFetch(request);
}

/** `Headers` joins field lines by a comma and a space, which are in no origin and no method. */
function ofFetch({ method, headers }) {
    const origin = headers.get('origin');
    const requested = headers.get('access-control-request-method');
    const isAmbiguous = origin !== null && (origin.includes(', ') || requested?.includes(', '));
    return {
        method, origin: isAmbiguous ? AMBIGUOUS : received(origin),
        accessControlRequestMethod: received(isAmbiguous ? requested?.split(', ')[0] ?? null : requested),
        accessControlRequestHeaders: received(headers.get('access-control-request-headers')),
    };
}

/** workerd reads fields as UTF-8, the standard as bytes. A character that is not a byte is taken as the bytes that it was read from. */
function received(text) {
    return text !== null && ABOVE_BYTES.test(text) ? new TextEncoder().encode(text) : text;
}

/** Node keeps each field line. */
function ofNode({ method, rawHeaders }) {
    const lines = { origin: [], 'access-control-request-method': [], 'access-control-request-headers': [] };
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) lines[rawHeaders[index].toLowerCase()]?.push?.(rawHeaders[index + 1]);
    const { origin, 'access-control-request-method': requested, 'access-control-request-headers': names } = lines;
    const isAmbiguous = origin.length > 1 || (origin.length === 1 && requested.length > 1);
    return {
        method, origin: isAmbiguous ? AMBIGUOUS : origin[0],
        accessControlRequestMethod: requested[0], accessControlRequestHeaders: names,
    };
}

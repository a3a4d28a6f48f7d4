// The answer to one request, and how it becomes headers of a response.

/** The headers of CORS: an origin server's are replaced, also where the decision has none of that name. */
const REPLACED = [
    'access-control-allow-origin', 'access-control-allow-credentials', 'access-control-allow-methods',
    'access-control-allow-headers', 'access-control-expose-headers', 'access-control-max-age',
];

export class Decision {
    constructor({ kind, reason, status, rule, detail, headers }) {
        this.kind = kind;
        this.granted = rule !== null;
        this.reason = reason;
        this.rule = rule;
        this.status = status;
        this.detail = detail;
        this.headers = headers;
    }

    /** Sets the headers on `Headers`, or on a response of Node's http module. */
    applyTo(target) {
        const response = typeof target.setHeader === 'function' ? ofNode(target) : target;
        for (const name of REPLACED) response.delete(name);
        for (const [name, value] of this.headers) response.set(name, name === 'vary' ? merged(response.get(name), value) : value);
    }
}

function ofNode(response) {
    return {
        delete: (name) => response.removeHeader(name),
        get: (name) => [response.getHeader(name) ?? []].flat().join(', ') || null,
        set: (name, value) => response.setHeader(name, value),
    };
}

/** Vary with the names that are missing from it. `*` is all of them. */
function merged(present, value) {
    const tokens = (text) => text.split(',').map((token) => token.trim()).filter(Boolean);
    const all = tokens(present ?? '');
    if (all.includes('*')) return present;
    for (const token of tokens(value)) {
        if (!all.some((known) => known.toLowerCase() === token.toLowerCase())) all.push(token);
    }
    return all.join(', ');
}

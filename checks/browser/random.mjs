// Random rules and requests from few values, so that about half of the answers are readable.

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];
const ORIGINS = ['*', '{first}', '{second}', '{app}', 'null', 'http://*.localhost:{one}', 'http://127.0.0.1:*', 'https://other.example'];
const ALLOWED_HEADERS = ['*', 'x-*', 'X-A', 'content-type', 'Authorization', 'x-*-date'];
/// GCS answers a preflight with the header names that it exposes.
const EXPOSED = { gcs: ['ETag', '{meta}-color', 'x-a', 'Content-Type', 'x-b'], any: ['ETag', '{meta}-color', 'x-none'] };
const REQUEST_HEADERS = [['X-A', '1'], ['x-b', '2'], ['Content-Type', 'application/json'], ['authorization', 'Bearer x'],
    ['Accept', 'text/plain'], ['x-any-date', '3']];

/// Values that a dialect's rules cannot contain.
const NOT_IN = {
    gcs: { origins: /[^*]\*|\*./, headers: /./ },
    azure: { origins: /:\*$/, headers: /\*./ },
};

export function randomCase(random, dialect) {
    const without = (values, what) => values.filter((value) => !NOT_IN[dialect]?.[what].test(value));
    const below = (bound) => Math.floor(random() * bound);
    const some = (values, from, to) => {
        const left = [...values];
        return Array.from({ length: Math.min(from + below(to - from + 1), left.length) }, () => left.splice(below(left.length), 1)[0]);
    };
    const rules = Array.from({ length: 1 + below(4) }, () => ({
        AllowedOrigin: some(without(ORIGINS, 'origins'), 1, 3),
        AllowedMethod: some(METHODS, 1, 5),
        AllowedHeader: some(without(ALLOWED_HEADERS, 'headers'), 0, 3),
        ExposeHeader: some(EXPOSED[dialect] ?? EXPOSED.any, 0, 3),
        MaxAgeSeconds: some(['0', '60', '86400'], 0, 1),
    }));
    return {
        rules, page: some(['first', 'second', 'app', 'sandbox', 'data'], 1, 1)[0], method: some(METHODS, 1, 1)[0],
        headers: Object.fromEntries(some(REQUEST_HEADERS, 0, 3)), credentials: below(4) === 0,
        object: below(4) === 0 ? 'missing' : 'there',
    };
}

/// Mulberry32: the same seed produces the same numbers everywhere.
export function generator(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

// What the package promises, without a server: run where there is JavaScript. Each promise throws if it is broken.

const XML = '<CORSConfiguration><CORSRule><AllowedOrigin>https://*.app.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>'
    + '<AllowedMethod>GET</AllowedMethod><AllowedHeader>x-*</AllowedHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>';
const WRONG = '<CORSConfiguration><CORSRule>\n<AllowedOrigin>https://*.app.*</AllowedOrigin>\n<AllowedMethod>get</AllowedMethod>\n</CORSRule></CORSConfiguration>';

export function run({ Policy, ImageError, compile, lint, convert, explain, DocumentError }) {
    let count = 0;
    const is = (got, right) => {
        count += 1;
        if (JSON.stringify(got) !== JSON.stringify(right)) throw new Error(`${JSON.stringify(got)} is not ${JSON.stringify(right)}`);
    };
    const thrown = (type, make) => {
        try {
            make();
        } catch (error) {
            is(error instanceof type, true);
            return error;
        }
        throw new Error('nothing is thrown');
    };

    const image = compile(XML, { form: 's3' });
    const policy = new Policy(image);
    is(policy.rules, 1);
    const asked = { method: 'OPTIONS', origin: 'https://eu.app.example', accessControlRequestMethod: 'PUT' };
    const granted = policy.decide({ ...asked, accessControlRequestHeaders: ['x-a', 'X-B,x-c'] });
    is([granted.kind, granted.granted, granted.reason, granted.rule, granted.status], ['preflight', true, null, 0, 200]);
    is(granted.headers, [
        ['access-control-allow-origin', 'https://eu.app.example'], ['access-control-allow-credentials', 'true'],
        ['access-control-allow-methods', 'PUT, GET'], ['access-control-allow-headers', 'x-a, x-b, x-c'],
        ['access-control-max-age', '60'],
        ['vary', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'],
    ]);
    const refused = policy.decide({ ...asked, accessControlRequestHeaders: 'x-a, y' });
    is([refused.granted, refused.reason, refused.rule, refused.status, refused.detail], [false, 'header', null, 403, 1]);
    const none = policy.decide({ method: 'GET' });
    is([none.kind, none.granted, none.reason, none.status], ['not_cors', false, null, null]);
    // Bytes are text of HTTP.
    is(policy.decide({ method: new Uint8Array([71, 69, 84]), origin: 'https://\xff.app.example' }).reason, 'origin');
    thrown(TypeError, () => policy.decide({ method: 'GET', origin: 'https://\u2713.app.example' }));
    thrown(TypeError, () => policy.decide({ origin: 'https://eu.app.example' }));
    thrown(TypeError, () => policy.decide({ method: 'GET', origin: 1 }));

    // Images are copied, and policies do not disturb each other, however large a request is.
    const copied = compile(XML.replace('PUT', 'DELETE'), { form: 's3' });
    const other = new Policy(copied);
    copied.fill(0);
    for (let turn = 0; turn < 3; turn += 1) {
        is(policy.decide(asked).granted, true);
        is(other.decide(asked).reason, 'method');
        const long = 'x-a,'.repeat(20000 * turn + 10);
        is(policy.decide({ ...asked, accessControlRequestHeaders: long }).reason, turn === 0 ? null : 'limit');
        is(other.decide({ method: 'GET', origin: 'a'.repeat(200000 * turn + 5000) }).reason, 'limit');
    }
    is(policy.decide({ ...asked, accessControlRequestHeaders: Array(32).fill('x-a') }).granted, true);
    is(policy.decide({ ...asked, accessControlRequestHeaders: Array(33).fill('x-a') }).reason, 'limit');

    is(thrown(ImageError, () => new Policy(new Uint8Array(3))).code, -11);
    is(thrown(ImageError, () => new Policy(image.slice(0, -1))).code, -13);
    thrown(TypeError, () => new Policy('image'));

    // Requests of Fetch and of Node: several lines of Origin match nothing.
    const lines = (...pairs) => ({ method: 'OPTIONS', rawHeaders: pairs.flat() });
    const origin = ['Origin', 'https://eu.app.example'];
    const method = ['access-control-request-method', 'PUT'];
    is(policy.decideRequest(lines(origin, method)).granted, true);
    is(policy.decideRequest(lines(origin, origin, method)).reason, 'origin');
    is(policy.decideRequest(lines(origin, method, method)).reason, 'origin');
    is(policy.decideRequest(lines(origin, method, ['Access-Control-Request-Headers', 'x-a'], ['Access-Control-Request-Headers', 'y'])).detail, 1);
    const fetched = (pairs) => ({ method: 'OPTIONS', headers: new Headers(pairs) });
    is(policy.decideRequest(fetched([origin, method])).granted, true);
    is(policy.decideRequest(fetched([origin, origin, method])).reason, 'origin');
    is(policy.decideRequest(fetched([origin, method, method])).reason, 'origin');
    is(policy.decideRequest(fetched([])).reason, 'missing_origin');

    // The six are replaced, Vary is merged.
    const headers = new Headers({
        'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'x', 'Access-Control-Allow-Methods': 'x',
        'Access-Control-Allow-Headers': 'x', 'Access-Control-Expose-Headers': 'x', 'Access-Control-Max-Age': 'x', Vary: 'Accept-Encoding, origin',
    });
    policy.decide({ method: 'GET', origin: 'https://evil.example' }).applyTo(headers);
    is([...headers].map(([name]) => name), ['vary']);
    granted.applyTo(headers);
    is(headers.get('access-control-allow-origin'), 'https://eu.app.example');
    is(headers.get('vary'), 'Accept-Encoding, origin, Access-Control-Request-Headers, Access-Control-Request-Method');
    const all = new Headers({ vary: '*' });
    granted.applyTo(all);
    is([all.get('vary'), all.get('access-control-max-age')], ['*', '60']);

    // Every error of a document has its place.
    const { errors, message } = thrown(DocumentError, () => compile(WRONG, { form: 's3' }));
    is(errors, [
        { line: 2, column: 1, message: 'rule 1, AllowedOrigin `https://*.app.*`: keep at most one `*`' },
        { line: 3, column: 1, message: 'rule 1, AllowedMethod `get`: write it as `GET`' },
    ]);
    is(message.includes('document'), false);
    const many = XML.replace('<AllowedHeader>x-*</AllowedHeader>', '<AllowedHeader>x-**</AllowedHeader>'.repeat(900));
    is(thrown(DocumentError, () => compile(many, { form: 's3' })).errors.length, 900);
    const large = `{"CORSRules": [{"AllowedOrigins": [${Array.from({ length: 900 }, (_, index) => `"https://${index}.example"`)}], "AllowedMethods": ["GET"]}]}`;
    is(new Policy(compile(new TextEncoder().encode(large), { form: 's3' })).decide({ method: 'GET', origin: 'https://899.example' }).granted, true);
    is(compile(XML, { form: 's3' }).length, image.length);
    thrown(Error, () => compile(XML, { form: 'unknown' }));
    thrown(TypeError, () => compile(XML, {}));

    // What lint finds has its place, and so has what differs in another form.
    const twice = '{"CORSRules": [{"AllowedOrigins": ["https://a.example", "https://a.example"], "AllowedMethods": ["GET"]}]}';
    const { findings: [found], errors: noErrors } = lint(twice, { form: 's3' });
    is([noErrors, found.line, found.column, found.element, found.value], [[], 1, 57, 'AllowedOrigins', 'https://a.example']);
    is(lint(WRONG, { form: 's3' }).errors.map(({ line, column }) => [line, column]), [[2, 1], [3, 1]]);
    thrown(Error, () => lint(twice, { form: 'unknown' }));
    const oss = convert(twice, { from: 's3', to: 'oss' });
    is(oss.document.includes('<AllowedOrigin>https://a.example</AllowedOrigin>'), true);
    is(new Policy(compile(oss.document, { form: 'oss' })).decide({ method: 'GET', origin: 'https://a.example' }).granted, true);
    const two = XML.replace('<AllowedOrigin>', '<AllowedOrigin>https://b.example</AllowedOrigin><AllowedOrigin>');
    const gcs = convert(two, { from: 's3', to: 'gcs-json' });
    is(gcs.differences.some(({ line, message }) => line > 0 && message.includes('left out')), true);
    is(thrown(DocumentError, () => convert(WRONG, { from: 's3', to: 'oss' })).errors.length, 2);
    is(convert(XML, { from: 's3', to: 'gcs-json' }).rules_left_out, 1);
    thrown(Error, () => convert(XML, { from: 's3', to: 'unknown' }));

    const page = { form: 's3', origin: 'https://app.example' };
    is(explain(image, page).verdict.page_can_read, false);
    is(explain(image, { ...page, origin: 'https://eu.app.example', method: 'PUT', headers: ['x-a: b'], credentials: true }).verdict.page_can_read, true);
    thrown(Error, () => explain(image, { ...page, method: 'no method' }));
    thrown(Error, () => explain(new Uint8Array(3), page));
    return count;
}

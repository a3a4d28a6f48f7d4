// Documents to begin with, and origins and methods to ask about.

export const SAMPLES = [
    {
        title: 'an upload from a site and its subdomains (S3, XML)',
        state: {
            dialect: 's3', origin: 'https://app.example.com', method: 'PUT', headers: 'content-type: application/json\nx-amz-acl: private', credentials: false,
            document: `<CORSConfiguration>
  <CORSRule>
    <AllowedOrigin>https://*.example.com</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
    <AllowedMethod>PUT</AllowedMethod>
    <AllowedHeader>content-type</AllowedHeader>
    <ExposeHeader>ETag</ExposeHeader>
    <MaxAgeSeconds>600</MaxAgeSeconds>
  </CORSRule>
  <CORSRule>
    <AllowedOrigin>*</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
  </CORSRule>
</CORSConfiguration>
`,
        },
    },
    {
        title: 'a rule that is final (Azure, XML)',
        state: {
            dialect: 'azure', origin: 'http://www.contoso.com', method: 'GET', headers: 'x-ms-client-request-id: 1', credentials: false,
            document: `<Cors>
  <CorsRule>
    <AllowedOrigins>*</AllowedOrigins>
    <AllowedMethods>GET</AllowedMethods>
    <MaxAgeInSeconds>200</MaxAgeInSeconds>
    <ExposedHeaders>x-ms-meta-*</ExposedHeaders>
    <AllowedHeaders></AllowedHeaders>
  </CorsRule>
  <CorsRule>
    <AllowedOrigins>http://www.contoso.com</AllowedOrigins>
    <AllowedMethods>GET</AllowedMethods>
    <MaxAgeInSeconds>200</MaxAgeInSeconds>
    <ExposedHeaders></ExposedHeaders>
    <AllowedHeaders>x-ms-client-request-id</AllowedHeaders>
  </CorsRule>
</Cors>
`,
        },
    },
    {
        title: 'careless rules (OSS, XML)',
        state: {
            dialect: 'oss', origin: 'https://app.example', method: 'GET', headers: '', credentials: false,
            document: `<CORSConfiguration>
  <CORSRule>
    <AllowedOrigin>https://app.example/</AllowedOrigin>
    <AllowedOrigin>https://*app.example</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
  </CORSRule>
</CORSConfiguration>
`,
        },
    },
    {
        title: 'one list of headers (Google Cloud Storage, JSON)',
        state: {
            dialect: 'gcs', origin: 'https://app.example', method: 'PUT', headers: 'x-a: 1', credentials: false,
            document: `[
  {
    "origin": ["https://app.example"],
    "method": ["GET", "PUT"],
    "responseHeader": ["content-type"],
    "maxAgeSeconds": 3600
  }
]
`,
        },
    },
];

const USUAL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
/// What fits on a screen, and in the server's limit on one question.
const MOST_ORIGINS = 40;
const MOST_METHODS = 20;

/** Origins to ask about, each with why: the request's own, those added, one for each pattern, and one that is listed nowhere. */
export function originsOf(rules, own, added) {
    const origins = new Map();
    const add = (origin, why) => {
        if (origin && !origins.has(origin) && origins.size < MOST_ORIGINS) origins.set(origin, why);
    };
    add(own, 'the request');
    added.forEach((origin) => add(origin, 'added'));
    for (const pattern of rules.flatMap((rule) => rule.AllowedOrigins ?? [])) {
        add(sampleOf(pattern), pattern.includes('*') ? `for ${pattern}` : 'listed');
    }
    add('https://elsewhere.example', 'listed nowhere');
    return [...origins];
}

/** Methods to ask about: the usual ones, those of the rules, those added. */
export function methodsOf(rules, own, added) {
    const listed = rules.flatMap((rule) => rule.AllowedMethods ?? []).filter((method) => method !== '*');
    return [...new Set([...USUAL_METHODS, ...listed, own, ...added].filter(Boolean))].slice(0, MOST_METHODS);
}

/** An origin that a pattern matches. */
export function sampleOf(pattern) {
    if (pattern === '*') return 'https://any.example';
    if (!pattern.includes('*')) return pattern;
    const [before, after] = [pattern.slice(0, pattern.indexOf('*')), pattern.slice(pattern.indexOf('*') + 1)];
    if (before === '') return `https://app${after}`;
    if (after.startsWith('://')) return `${before}${before === 'http' ? 's' : 'https'}${after}`;
    if (/:\d*$/.test(before)) return `${before}8080${after}`;
    return `${before}app${after}${before.endsWith('://') && after === '' ? '.example' : ''}`;
}

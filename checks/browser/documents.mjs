// Converts rules as data, with the ports of this run, into a provider's document.

/// Replaces {first}, {one}, {meta} and the like in every text below.
export function filled(value, words) {
    return JSON.parse(JSON.stringify(value).replace(/\{(\w+)\}/g, (whole, word) => words[word] ?? whole));
}

/// The features of a dialect's documents; rules use the elements of OSS and S3.
export function toDocument(dialect, rules) {
    if (dialect === 'gcs') return `<CorsConfig>${rules.map(toGcs).join('')}</CorsConfig>`;
    if (dialect === 'azure') return `<Cors>${rules.map(toAzure).join('')}</Cors>`;
    const elements = (rule) => Object.entries(rule).flatMap(([name, values]) => values.map((value) => element(name, value))).join('');
    return `<CORSConfiguration>${rules.map((rule) => element('CORSRule', elements(rule), true)).join('')}</CORSConfiguration>`;
}

function toGcs({ AllowedOrigin, AllowedMethod, ExposeHeader, MaxAgeSeconds }) {
    const list = (outer, inner, values) => element(outer, values.map((value) => element(inner, value)).join(''), true);
    return element('Cors', [
        list('Origins', 'Origin', AllowedOrigin), list('Methods', 'Method', AllowedMethod),
        ...(ExposeHeader.length > 0 ? [list('ResponseHeaders', 'ResponseHeader', ExposeHeader)] : []),
        ...MaxAgeSeconds.map((value) => element('MaxAgeSec', value)),
    ].join(''), true);
}

function toAzure({ AllowedOrigin, AllowedMethod, AllowedHeader, ExposeHeader, MaxAgeSeconds: [seconds = '0'] }) {
    const lists = { AllowedOrigins: AllowedOrigin, AllowedMethods: AllowedMethod, AllowedHeaders: AllowedHeader, ExposedHeaders: ExposeHeader };
    const parts = Object.entries(lists).map(([name, values]) => element(name, values.join(',')));
    return element('CorsRule', parts.join('') + element('MaxAgeInSeconds', seconds), true);
}

function element(name, content, isMarkup = false) {
    return `<${name}>${isMarkup ? content : content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`;
}

// Rules as data, with the ports of this run, as a bucket's document.

/// Fills {first}, {one}, {meta} and the like in every text below.
export function filled(value, words) {
    return JSON.parse(JSON.stringify(value).replace(/\{(\w+)\}/g, (whole, word) => words[word] ?? whole));
}

export function toXml(rules) {
    const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const elements = (rule) => Object.entries(rule).flatMap(([name, values]) =>
        values.map((value) => `<${name}>${escaped(value)}</${name}>`)).join('');
    return `<CORSConfiguration>${rules.map((rule) => `<CORSRule>${elements(rule)}</CORSRule>`).join('')}</CORSConfiguration>`;
}

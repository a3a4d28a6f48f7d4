// The server's buckets and their rules, where there is a server.
import { byId, element, say } from './elements.js';

/** Shows the buckets; `use` is called with a document and the server's dialect. */
export async function showBuckets(buckets, use) {
    byId('buckets-section').hidden = false;
    say('buckets-status', 'Looking ...');
    try {
        const { dialect, buckets: found, more } = await buckets();
        byId('buckets').replaceChildren(...found.flatMap(({ bucket, document }) => itemsOf(bucket, document, dialect, use)));
        say('buckets-status', `${found.length} shown${more > 0 ? `, and ${more} more that are not shown` : ''}; dialect ${dialect}.`);
    } catch (error) {
        say('buckets-status', `No list: ${error.message}`);
    }
}

function itemsOf(bucket, document, dialect, use) {
    // White space between elements means nothing in a document.
    const lines = document?.replaceAll('><', '>\n<');
    const title = element('h3', {}, bucket);
    if (lines === undefined) return [title, element('p', {}, 'no CORS configuration')];
    const rules = element('pre', { class: 'block', role: 'region', tabindex: '0', 'aria-label': `Rules of ${bucket}` }, lines);
    const button = element('button', { type: 'button' }, `Explain with the rules of ${bucket}`);
    button.addEventListener('click', () => use({ document: lines, dialect }));
    return [title, rules, button];
}

// The state of the page in the fragment of its address, which browsers never send.
import { byId, say } from './elements.js';

/// `#1.` and the state as JSON, deflated, in base64url.
const PREFIX = '#1.';
/// A link can make a short text long.
const MOST_BYTES = 4 * 1024 * 1024;

/** A state as a fragment. */
export async function fragmentOf(state) {
    const packed = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const bytes = await gathered(packed);
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return PREFIX + btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The state of a fragment. An Error if it is not one. */
export async function stateOf(fragment, isState) {
    if (!fragment.startsWith(PREFIX)) throw new Error('it does not begin with #1.');
    const bytes = Uint8Array.from(atob(fragment.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    const text = await gathered(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')));
    const state = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    if (!isState(state)) throw new Error('it is not a state of this page');
    return state;
}

/** Reads the address now and whenever it changes, and makes a link when asked. */
export async function watchLinks({ read, write, isState }) {
    const load = async () => {
        if (!location.hash.startsWith('#1.') && location.hash.length < 2) return false;
        try {
            write(await stateOf(location.hash, isState));
            say('share-status', 'The page shows what the link holds.');
            return true;
        } catch (error) {
            say('share-status', `The link cannot be read, and nothing was changed: ${error.message}.`);
            return false;
        }
    };
    byId('share').addEventListener('click', async () => {
        const fragment = await fragmentOf(read());
        history.replaceState(null, '', fragment);
        byId('link').value = location.href;
        byId('link-field').hidden = false;
        const isCopied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
        if (!isCopied) {
            byId('link').focus();
            byId('link').select();
        }
        say('share-status', isCopied ? 'The link is copied, and in the address bar.' : 'The link is in the address bar, and selected above.');
    });
    addEventListener('hashchange', load);
    return load();
}

async function gathered(stream) {
    const parts = [];
    let length = 0;
    for (const reader = stream.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.push(value);
        length += value.length;
        if (length > MOST_BYTES) {
            await reader.cancel();
            throw new Error('it is too long');
        }
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
}

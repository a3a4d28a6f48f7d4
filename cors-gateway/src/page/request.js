// The controls: what they say is the state of the page, which is shared as it is.
import { byId } from './elements.js';

/** The names of the state's members are those of the controls. */
const TEXTS = ['document', 'dialect', 'origin', 'method', 'headers', 'origins', 'more-methods', 'to'];

/** The state of the controls. */
export function read() {
    const state = Object.fromEntries(TEXTS.map((id) => [id, byId(id).value]));
    return { ...state, credentials: byId('credentials').checked };
}

/** Sets the controls that a state has a value for. */
export function write(state) {
    for (const id of TEXTS) {
        if (state[id] !== undefined) byId(id).value = state[id];
    }
    if (state.credentials !== undefined) byId('credentials').checked = state.credentials;
}

/** Whether a value is a state: every member is one, and of its type. */
export function isState(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const isMember = ([name, member]) =>
        (name === 'credentials' ? typeof member === 'boolean' : TEXTS.includes(name) && typeof member === 'string');
    const isOption = (id) => value[id] === undefined || [...byId(id).options].some((option) => option.value === value[id]);
    return Object.entries(value).every(isMember) && typeof value.document === 'string' && isOption('dialect') && isOption('to');
}

/** The page that makes the request. */
export function pageOf(state) {
    return {
        origin: state.origin.trim(), method: state.method.trim(), credentials: state.credentials,
        headers: state.headers.split('\n').filter((line) => line.trim() !== ''),
    };
}

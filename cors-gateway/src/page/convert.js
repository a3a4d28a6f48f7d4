// The document in another form: two panes with their lines compared, and every difference in meaning.
import { placeItem } from './editor.js';
import { byId, counted, element, say } from './elements.js';
import { FORMS } from './forms.js';
import { compared } from './lines.js';

let converted = null;

/** Fills the choice of forms; `use` is called with a document and its dialect. */
export function watchConversion(use) {
    byId('to').append(...FORMS.map(([name, , title]) => element('option', { value: name }, title)));
    byId('use-converted').addEventListener('click', () => {
        const [, dialect] = FORMS.find(([name]) => name === byId('to').value);
        use({ document: converted, dialect });
    });
}

/** Shows nothing. */
export function clearConversion() {
    byId('conversion').hidden = true;
    byId('conversion-status').textContent = '';
}

/** Shows a conversion of a document. */
export function showConversion(text, { document: result, differences, more, errors }) {
    converted = result === null ? null : inLines(result);
    byId('conversion').hidden = false;
    byId('use-converted').hidden = result === null;
    const told = [...errors.map(({ message }) => ({ line: 0, message })), ...differences];
    byId('differences').replaceChildren(...told.map(({ line, column, message }) =>
        (line > 0 ? placeItem(line, column, message) : element('li', {}, message))));
    const rows = compared(linesOf(text), linesOf(converted ?? ''));
    const kept = rows.filter(([left, right]) => left === right).length;
    const meaning = differences.length + more === 0 ? 'It means the same.' : `It means something else in ${counted(differences.length + more, 'place')}.`;
    say('conversion-status', result === null ? 'The other provider would not accept the result.' : `${meaning} ${counted(kept, 'line')} the same, ${rows.length - kept} not.`);
    byId('before').replaceChildren(...rows.map(([left, right]) => lineOf(left, right, 'removed', '−')));
    byId('after').replaceChildren(...rows.map(([left, right]) => lineOf(right, left, 'added', '+')));
}

/** White space between elements means nothing in XML, which is written without. */
const inLines = (text) => (text.startsWith('<') ? text.replaceAll('><', '>\n<') : text);

/** The lines of a text; of XML its elements, wherever their lines begin. */
function linesOf(text) {
    const lines = text.trimStart().startsWith('<') ? text.replaceAll(/>\s*</g, '>\n<').trim() : text.replace(/\n$/, '');
    return lines.split('\n');
}

function lineOf(line, other, kind, sign) {
    if (line === null) return element('span', { class: 'missing' }, '\n');
    const isSame = line === other;
    return element('span', { class: isSame ? 'same' : kind }, `${isSame ? ' ' : sign} ${line}\n`);
}

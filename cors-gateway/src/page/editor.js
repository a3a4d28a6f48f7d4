// The document: marks beside its lines, the list of what is wrong with it, and the way from the list to the place.
import { byId, counted, element, say } from './elements.js';
import { dialectOf, titleOf } from './forms.js';

const SIGNS = { error: '✗', warning: '!', note: 'i' };
const RANKS = ['note', 'warning', 'error'];
/// A list that a person reads. The status says how many there are.
const MAX_SHOWN = 200;

const area = byId('document');
let marked = new Map();

/** Keeps the marks beside the lines. */
export function watchEditor(useDialect) {
    area.addEventListener('scroll', follow);
    area.addEventListener('input', () => { marked = new Map(); drawMarks(); });
    byId('other-form').addEventListener('click', () => useDialect(byId('other-form').value));
}

/** Shows the errors and findings of a report; `errorText` is what the engine says of a document that it does not read. */
export function showProblems(report, errorText) {
    const problems = [
        ...report.errors.map(({ line, column, advice }) => ({ line, column, severity: 'error', text: withoutPlace(advice) })),
        ...report.findings.map((finding) => ({ ...finding, text: textOf(finding) })),
    ].sort((one, other) => one.line - other.line || one.column - other.column);
    marked = new Map();
    for (const { line, severity } of problems) {
        if (RANKS.indexOf(severity) > RANKS.indexOf(marked.get(line) ?? '')) marked.set(line, severity);
    }
    drawMarks();
    byId('problems').replaceChildren(...problems.slice(0, MAX_SHOWN).map(itemOf));
    const other = errorText && /^(?:document: )?(this (?:is|looks like) .+)$/m.exec(errorText)?.[1];
    showOther(other);
    say('problems-status', [other && `${other}.`, summary(report, errorText)].filter(Boolean).join(' '));
}

/** Nothing is known about the document. */
export function clearProblems(text) {
    marked = new Map();
    drawMarks();
    showOther(undefined);
    byId('problems').replaceChildren();
    say('problems-status', text);
}

/** A list item whose button moves the caret to a place. */
export function placeItem(line, column, ...words) {
    const button = element('button', { type: 'button', class: 'place' }, `Line ${line}, column ${column}: `, ...words);
    button.addEventListener('click', () => goTo(line, column));
    return element('li', {}, button);
}

/** The offset of a line and a column, which counts characters, in a text. */
export function offsetOf(text, line, column) {
    let start = 0;
    for (let number = 1; number < line; number += 1) {
        const end = text.indexOf('\n', start);
        if (end < 0) return text.length;
        start = end + 1;
    }
    const end = text.indexOf('\n', start);
    const characters = [...text.slice(start, end < 0 ? text.length : end)];
    return start + characters.slice(0, column - 1).join('').length;
}

function goTo(line, column) {
    const offset = offsetOf(area.value, line, column);
    area.focus();
    area.setSelectionRange(offset, offset);
    const height = parseFloat(getComputedStyle(area).lineHeight);
    area.scrollTop = Math.max(0, (line - 4) * height);
    follow();
}

function summary(report, errorText) {
    const { errors, findings, more } = report;
    const count = (severity) => findings.filter((finding) => finding.severity === severity).length;
    // The whole configuration may be too large.
    if (errors.length === 0 && errorText) return errorText;
    const parts = [
        errors.length > 0 && `not valid: ${counted(errors.length, 'error')}`,
        count('error') > 0 && counted(count('error'), 'rule value') + ' without effect',
        count('warning') > 0 && counted(count('warning'), 'warning'),
        count('note') > 0 && counted(count('note'), 'note'),
        more > 0 && `${more} more`,
    ].filter(Boolean);
    return parts.length === 0 ? 'Valid; lint finds nothing.' : `${errors.length > 0 ? 'The document is' : 'Valid, with'} ${parts.join(', ')}.`;
}

function showOther(other) {
    const button = byId('other-form');
    const dialect = other && dialectOf(other.replace(/^this (is|looks like) /, ''));
    button.hidden = !dialect;
    button.value = dialect ?? '';
    button.textContent = dialect ? `Read it with the rules of ${titleOf(dialect)}` : '';
}

function itemOf({ line, column, severity, text, code }) {
    const sign = element('span', { class: severity }, `${SIGNS[severity]} ${severity}${code ? ` ${code}` : ''}: `);
    return placeItem(line, column, sign, text);
}

function textOf({ rule, element: name, value, summary, hint, edit }) {
    const place = [`rule ${rule + 1}`, name && `${name}${value === null ? '' : ` \`${value}\``}`].filter(Boolean).join(', ');
    const better = edit?.with ? `: ${[edit.with].flat().join(' ')}` : '';
    return `${place}: ${summary}; ${hint}${better}`;
}

/** The place is in the item already. */
const withoutPlace = (advice) => advice.replace(/^line \d+, column \d+[,:]? */, '');

function drawMarks() {
    const lines = area.value.split('\n').length;
    const children = [];
    let plain = '';
    for (let line = 1; line <= lines; line += 1) {
        const severity = marked.get(line);
        if (severity) {
            children.push(plain, element('span', { class: severity }, `${SIGNS[severity]} ${line}`), '\n');
            plain = '';
        } else {
            plain += `${line}\n`;
        }
    }
    byId('marks').replaceChildren(...children, plain);
    follow();
}

function follow() {
    byId('marks').scrollTop = area.scrollTop;
}

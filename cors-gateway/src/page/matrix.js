// Origins by methods: who can read what. A cell is a button that fills in the request.
import { byId, element, unseen } from './elements.js';
import { wordsOfReason } from './explanation.js';
import { methodsOf, originsOf } from './samples.js';

/// Row and column of the cell that has the focus, or would have it.
let at = [0, 0];

/** The origins, each with why, and the methods to ask about. */
export function pairsOf(rules, page, state) {
    const words = (text) => text.split(/[\s,]+/).filter(Boolean);
    return {
        origins: originsOf(rules, page.origin, words(state.origins)),
        methods: methodsOf(rules, page.method, words(state['more-methods'])),
    };
}

/** Shows a row for each origin; `ask` is called with the pair of a cell. */
export function showMatrix({ origins, methods }, rows, page, ask) {
    const table = byId('matrix');
    const hadFocus = table.contains(document.activeElement);
    const head = [unseen('Origin'), ...methods].map((title) => element('th', { scope: 'col' }, title));
    const body = origins.map(([origin, why], row) => element('tr', {},
        element('th', { scope: 'row' }, element('code', {}, origin), ' ', element('span', { class: 'hint' }, why)),
        ...methods.map((method, column) => {
            const isAsked = page.origin === origin && page.method === method;
            const button = cellOf(rows[row][column], `${method} from ${origin}`, isAsked);
            button.addEventListener('click', () => {
                at = [row, column];
                ask({ origin, method });
            });
            return element('td', {}, button);
        })));
    table.replaceChildren(element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...body));
    at = [Math.min(at[0], origins.length - 1), Math.min(at[1], methods.length - 1)];
    const button = buttonAt(...at);
    if (button) button.tabIndex = 0;
    if (hadFocus) button?.focus();
}

/** Nothing to compare. */
export function clearMatrix() {
    byId('matrix').replaceChildren();
}

/** The arrow keys move between cells. */
export function watchMatrix() {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    byId('matrix').addEventListener('keydown', (event) => {
        const step = steps[event.key];
        if (!step) return;
        event.preventDefault();
        moveTo(at[0] + step[0], at[1] + step[1]);
    });
    byId('matrix').addEventListener('focusin', (event) => {
        const cell = event.target.closest('td');
        if (cell) moveTo(cell.parentElement.sectionRowIndex, cell.cellIndex - 1);
    });
}

function moveTo(row, column) {
    const next = buttonAt(row, column);
    if (!next) return;
    const last = buttonAt(...at);
    if (last) last.tabIndex = -1;
    at = [row, column];
    next.tabIndex = 0;
    if (document.activeElement !== next) next.focus();
}

const buttonAt = (row, column) => byId('matrix').tBodies[0]?.rows[row]?.cells[column + 1]?.querySelector('button');

function cellOf({ page_can_read: can, reason, rule }, title, isAsked) {
    const words = can ? `granted by rule ${rule + 1}` : `refused: ${wordsOfReason(reason)}`;
    return element('button', {
        type: 'button', tabindex: '-1', class: `${can ? 'yes' : 'no'}${isAsked ? ' asked' : ''}`, title: words, 'aria-current': isAsked ? 'true' : undefined,
    }, element('span', { 'aria-hidden': 'true' }, can ? `✓ ${rule + 1}` : '✗'), unseen(`${title}: ${words}`));
}

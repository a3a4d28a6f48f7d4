// The answer to a request: the verdict, a table of the rules by condition, the two exchanges, what the page may read.
import { byId, element, say, unseen } from './elements.js';

/// What a reason means, for people. The first exchange's status is filled in.
const REASONS = {
    preflight_status: 'the preflight is answered with {status}',
    preflight_no_allow_origin: 'the answer to the preflight does not name its origin',
    preflight_star_with_credentials: 'the preflight is answered with *, which does not count with credentials',
    preflight_other_origin: 'the answer to the preflight names another origin',
    preflight_no_allow_credentials: 'the answer to the preflight does not allow credentials',
    method_not_allowed: 'the preflight does not allow the method',
    header_not_allowed: 'the preflight does not allow a header',
    no_allow_origin: 'the response does not name its origin',
    star_with_credentials: 'the response has *, which does not count with credentials',
    other_origin: 'the response names another origin',
    no_allow_credentials: 'the response does not allow credentials',
    no_such_page: 'no page can send this request',
};
const OF_PREFLIGHT = /^(preflight_|method_not_allowed|header_not_allowed)/;

/** A reason in words. */
export const wordsOfReason = (reason, status) => (REASONS[reason] ?? reason).replace('{status}', status ?? 'an error');

/** Shows that there is no answer, and why. */
export function showNoAnswer(text) {
    byId('result').hidden = true;
    byId('verdict').className = text === '' ? '' : 'no';
    say('verdict', text);
}

/** Shows an explanation. */
export function showExplanation(answer) {
    const { verdict, preflight, actual, suggestion, obstacle } = answer;
    const can = verdict.page_can_read;
    byId('verdict').className = can ? 'yes' : 'no';
    say('verdict', can ? `✓ The page can read the response, by rule ${(preflight ?? actual).rule + 1}.` : `✗ The page cannot read the response: ${[
        wordsOfReason(verdict.reason, preflight?.status), adviceOf(suggestion, obstacle),
    ].join('. ')}.`);
    byId('result').hidden = false;
    byId('readable').textContent = wordsOfReadable(verdict);
    byId('notes').replaceChildren(...answer.notes.map(({ text }) => element('li', {}, `Note: ${text}.`)));
    showRules(answer);
    const isSent = can || !OF_PREFLIGHT.test(verdict.reason);
    byId('exchanges').replaceChildren(
        preflight ? exchange('Preflight', preflight) : element('p', {}, 'No preflight is needed.'),
        isSent ? exchange('Request', actual) : element('p', {}, 'The request itself is not sent, because the preflight failed.'),
    );
    byId('answer').textContent = JSON.stringify(answer, null, 2);
}

function adviceOf(suggestion, obstacle) {
    if (suggestion) return `To allow it: ${suggestion.text}`;
    return obstacle ? `No rule can allow it: ${obstacle}` : 'No single change to these rules would allow it';
}

function wordsOfReadable({ page_can_read: can, reason, readable_headers: names }) {
    if (!can) return OF_PREFLIGHT.test(reason) ? 'The page reads nothing.' : 'The server performs the request, but the page reads nothing of the response.';
    return `The page may read the status, the body and these headers, if the response has them: ${names.join(', ')}.`;
}

function showRules(answer) {
    const { request, rule: answers } = answer.preflight ?? answer.actual;
    const names = request.access_control_request_headers?.split(',') ?? [];
    const isFinal = answer.selection === 'commit_then_fail';
    const chosen = isFinal ? answer.rules.find((rule) => rule.origin_matched !== null && rule.method_matched)?.rule : answers;
    byId('selection').textContent = isFinal
        ? 'The first rule that matches origin and method is final, and must allow the headers.'
        : 'The first rule that matches origin, method and every header answers.';
    const head = ['Rule', 'Origin', 'Method', ...names.map((name) => element('code', {}, name)), 'Result'];
    byId('rules').replaceChildren(
        element('thead', {}, element('tr', {}, ...head.map((title) => element('th', { scope: 'col' }, title)))),
        element('tbody', {}, ...answer.rules.map((rule) => rowOf(rule, conditionsOf(rule, names), { chosen, answers }))),
    );
}

/** Each condition: whether it holds (null where it was not looked at), and in words. */
function conditionsOf(rule, names) {
    const near = rule.near_miss ? `; has ${rule.near_miss.allowed_origin}: ${rule.near_miss.difference}` : '';
    const refused = rule.header_refused === null ? names.length : names.indexOf(rule.header_refused);
    return [
        rule.origin_matched === null ? [false, `no match${near}`] : [true, `matches ${rule.origin_matched}`],
        rule.method_matched ? [true, 'allowed'] : [false, 'not allowed'],
        ...names.map((_, index) => {
            if (index < refused) return [true, 'allowed'];
            return index === refused ? [false, 'not allowed'] : [null, 'not looked at'];
        }),
    ];
}

function rowOf(rule, conditions, { chosen, answers }) {
    const first = conditions.findIndex(([holds]) => holds === false);
    const cells = conditions.map(([holds, words], index) => {
        const sign = { true: '✓', false: '✗', null: '–' }[holds];
        const text = [sign, words].join(' ');
        const cell = element('td', { class: holds === null ? 'hint' : holds ? 'yes' : 'no' }, index === first ? element('strong', {}, text) : text);
        if (index === first) {
            cell.classList.add('first-to-fail');
            cell.append(element('small', {}, 'the first that fails'));
        }
        return cell;
    });
    const isChosen = rule.rule === chosen;
    const result = resultOf(rule, isChosen, answers);
    const title = rule.id ? `${rule.rule + 1} (${rule.id})` : `${rule.rule + 1}`;
    return element('tr', { class: isChosen ? (rule.rule === answers ? 'answers' : 'refuses') : undefined },
        element('th', { scope: 'row' }, title), ...cells, element('td', {}, isChosen ? element('strong', {}, result) : result));
}

function resultOf(rule, isChosen, answers) {
    if (rule.rule === answers) return '✓ answers';
    if (isChosen) return '✗ is final, and refuses';
    return rule.matches ? 'matches, but another rule comes first' : 'does not match';
}

function exchange(title, { request, status, error, headers }) {
    const named = Object.entries(request).filter(([name]) => name.startsWith('access_control'));
    const asked = [request.method, `Origin: ${request.origin}`, ...named.map(([name, value]) => `${headerName(name)}: ${value}`)];
    const answered = [
        ...(status === null ? [] : [`Status ${status}`]),
        ...(error === null ? [] : [`${error.code}: ${error.message}`]),
        ...(headers.length === 0 ? ['no CORS headers'] : headers.map(([name, value]) => `${name}: ${value}`)),
    ];
    return element('section', { class: 'exchange', 'aria-label': title }, element('h4', {}, title), element('div', { class: 'sides' },
        side('→ sent', asked), side('← answered', answered)));
}

function side(title, lines) {
    const [arrow, word] = title.split(' ');
    const items = lines.map((line) => element('li', {}, element('code', {}, line)));
    return element('div', {}, element('h5', { class: 'hint' }, element('span', { 'aria-hidden': 'true' }, `${arrow} `), word, unseen(' lines')),
        element('ul', { class: 'lines' }, ...items));
}

const headerName = (name) => name.split('_').map((word) => word[0].toUpperCase() + word.slice(1)).join('-');

// The page: whenever a control changes, everything below is asked again of the engine, and shown.
import { showBuckets } from './buckets.js';
import { clearConversion, showConversion, watchConversion } from './convert.js';
import { clearProblems, showProblems, watchEditor } from './editor.js';
import { byId, element } from './elements.js';
import * as engine from './engine.js';
import { showExplanation, showNoAnswer } from './explanation.js';
import { DIALECTS, titleOf } from './forms.js';
import { clearMatrix, pairsOf, showMatrix, watchMatrix } from './matrix.js';
import { isState, pageOf, read, write } from './request.js';
import { SAMPLES } from './samples.js';
import { watchLinks } from './share.js';

const PAUSE_MILLISECONDS = 250;
let latest = 0;
let pause;

/** Shows a state, and what follows from it. */
function show(state) {
    write(state);
    update();
}

/** Asks the engine about the controls as they are; what a later change makes old is not shown. */
async function update() {
    clearTimeout(pause);
    latest += 1;
    const mine = latest;
    const isOld = () => mine !== latest;
    const state = read();
    document.body.dataset.asking = 'yes';
    try {
        await ask(state, isOld);
    } catch (error) {
        if (!isOld()) showNoAnswer(`No answer: ${error.message}`);
    }
    if (!isOld()) delete document.body.dataset.asking;
}

async function ask(state, isOld) {
    const { document: text, dialect } = state;
    const page = pageOf(state);
    if (text.trim() === '') {
        clearProblems('Paste a document, or begin with an example.');
        showNothing('');
        return;
    }
    const report = await engine.lint(text, dialect);
    const rules = isOld() ? null : await engine.rules(text, dialect);
    if (isOld()) return;
    showProblems(report, rules.error);
    if (rules.error) {
        showNothing('No answer: the document has errors.');
        return;
    }
    const parts = [explainPart, matrixPart, convertPart];
    for (const part of parts) {
        const draw = await part({ state, page, rules: rules.CORSRules });
        if (isOld()) return;
        draw();
    }
}

function showNothing(why) {
    showNoAnswer(why);
    clearMatrix();
    clearConversion();
}

async function explainPart({ state, page }) {
    try {
        const answer = await engine.explain(state.document, state.dialect, page);
        return () => showExplanation(answer);
    } catch (error) {
        return () => showNoAnswer(`No answer: ${error.message}`);
    }
}

async function matrixPart({ state, page, rules }) {
    const pairs = pairsOf(rules, page, state);
    const rows = await engine.matrix(state.document, state.dialect, page, pairs.origins.map(([origin]) => origin), pairs.methods);
    return () => showMatrix(pairs, rows, page, show);
}

async function convertPart({ state }) {
    if (state.to === '') return clearConversion;
    const converted = await engine.convert(state.document, state.dialect, state.to);
    return () => showConversion(state.document, converted);
}

/** A document in place of the one that is there; the request is next. */
function use(state) {
    show(state);
    byId('origin').focus();
}

function fillChoices() {
    byId('dialect').append(...DIALECTS.map((name) => element('option', { value: name }, titleOf(name))));
    byId('sample').append(...SAMPLES.map(({ title }, index) => element('option', { value: String(index) }, title)));
    byId('where').textContent = engine.where;
}

function watch() {
    const soon = () => {
        document.body.dataset.asking = 'yes';
        clearTimeout(pause);
        pause = setTimeout(update, PAUSE_MILLISECONDS);
    };
    document.querySelector('main').addEventListener('input', soon);
    byId('form').addEventListener('submit', (event) => {
        event.preventDefault();
        update();
    });
    byId('sample').addEventListener('change', ({ target }) => {
        const sample = SAMPLES[target.value];
        if (sample) show(sample.state);
    });
    watchEditor((dialect) => show({ dialect }));
    watchConversion(show);
    watchMatrix();
}

fillChoices();
watch();
const isLinked = await watchLinks({ read, write: show, isState });
if (!isLinked) show(SAMPLES[0].state);
if (engine.buckets) await showBuckets(engine.buckets, use);

//! The law of advice: following a suggestion makes the page read, and nothing worse.

use core::slice;

use cors_advice::browser::{Page, judge};
use cors_advice::diff::diff;
use cors_advice::edit::Draft;
use cors_advice::explain::{PageExplanation, explain};
use cors_advice::lint::{LintCode, Severity, lint};
use cors_core::{Configuration, List, PolicyVec, Rule, RuleBuf};
use cors_xml::{Document, Form, Provider};

use super::{Verdict, equal, that};
use crate::follow::follow;

/// Asks for advice about a page and rules in a form, follows its words in the document, and checks
/// that the document is accepted, that the page can read, that nobody is kept out whom the advice
/// does not mention, and that lint has nothing new to warn of. Returns whether there was advice.
///
/// Rules that the form cannot hold have no advice to follow.
///
/// # Errors
///
/// What became worse, or what the words do not say.
pub fn following_advice_helps(
    form: Form<'_>,
    rules: &Configuration<'_>,
    page: &Page,
) -> Result<bool, String> {
    let Some((text, old)) = document(form, rules) else {
        return Ok(false);
    };
    let explanation = explain(&old.as_policy(), form, page);
    let Some(suggestion) = &explanation.suggestion else {
        return Ok(false);
    };
    let context = |why: String| format!("{text}\n{page:?}\n{}\n{why}", suggestion.text);
    let followed = follow(&text, &suggestion.text).map_err(context)?;
    let new = form
        .parse(followed.as_bytes())
        .map_err(|errors| context(errors.to_string()))?;
    let helped = suggestion.applied_to(page).ok_or("no page can be so")?;
    check(&explanation, &old, &new, &helped)
        .map_err(|why| context(format!("{followed}\n{why}")))?;
    Ok(true)
}

fn check(
    explanation: &PageExplanation<'_>,
    old: &PolicyVec,
    new: &Document<'_>,
    page: &Page,
) -> Verdict {
    let provider = explanation.provider;
    let suggestion = explanation.suggestion.as_ref().ok_or("no suggestion")?;
    let image = new.compile().map_err(|error| error.to_string())?;
    let (old, policy) = (old.as_policy(), image.as_policy());
    // The words and the data say the same.
    let mut draft = Draft::of(&old);
    that(
        suggestion.edits.iter().all(|edit| draft.apply(edit)),
        "the edits do not fit",
    )?;
    let written: Vec<RuleBuf> = policy.rules().map(|rule| RuleBuf::from(&rule)).collect();
    equal("the rules", &draft.rules, &written)?;
    // The page can read.
    judge(&policy, provider, page).map_err(|failure| format!("still refused: {failure}"))?;
    // Nobody is kept out, unless the text says so.
    let has_caution = suggestion.text.ends_with(')');
    let changes = diff(provider, &old, &policy);
    let refused = changes.changes.iter().find(|change| !change.granted);
    if let (Some(refused), false) = (refused, has_caution) {
        return Err(format!("kept out: {refused:?}"));
    }
    // Lint has nothing new to warn of.
    let before = Draft::of(&old).with_configuration(&provider.dialect, warnings);
    let after = new.with_configuration(warnings);
    let about_page = warnings_about_origin(provider, page);
    // What the question asks for: a page on http, or on https beside an origin on http that was
    // there; an upload that sets no header; and what the caution says.
    let asked_for = |code: &LintCode| match code {
        // Answers differ by Origin where a second one is let in; the note on caches says what to set.
        LintCode::PlainHttp | LintCode::AnswersDifferByOrigin => true,
        LintCode::UnreachableRule => has_caution,
        LintCode::UploadsWithoutHeaders => page.preflight_need().header_names.is_empty(),
        // A browser can send an origin that the DNS does not have, or that looks like two.
        code => about_page.contains(code),
    };
    let mut fresh = after
        .iter()
        .filter(|code| !before.contains(code) && !asked_for(code));
    match fresh.next() {
        Some(code) => Err(format!("lint warns: {code}")),
        None => Ok(()),
    }
}

/// What lint says of a rule for the page's origin alone.
fn warnings_about_origin(provider: &Provider, page: &Page) -> Vec<LintCode> {
    let origins = [page.origin()];
    let rule = Rule {
        allowed_origins: List::new(&origins),
        allowed_methods: List::new(&["GET"]),
        ..Rule::EMPTY
    };
    warnings(&Configuration::new(
        &provider.dialect,
        slice::from_ref(&rule),
    ))
}

fn warnings(configuration: &Configuration<'_>) -> Vec<LintCode> {
    lint(configuration)
        .filter(|finding| finding.severity() >= Severity::Warning)
        .map(|finding| finding.code)
        .collect()
}

/// The rules as a document of the form, if it can hold them all, and their policy.
fn document(form: Form<'_>, rules: &Configuration<'_>) -> Option<(String, PolicyVec)> {
    // The words of the others are those of JSON.
    if !form.is_xml() && !form.is_json() {
        return None;
    }
    let mut text = String::new();
    form.write(rules, &mut text).ok()?;
    let image = form.parse(text.as_bytes()).ok()?.compile().ok()?;
    Some((text, image))
}

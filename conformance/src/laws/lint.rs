//! The laws of lint: its findings are true of the reference's answers.

use cors_advice::lint::LintCode;
use cors_core::Field;
use reference::evaluate;
use reference::model::{Configuration, Request, Rule};

use super::{Verdict, equal};
use crate::providers;

/// Lint's findings about a configuration are true of its answers: a rule reported as unreachable
/// never wins, and an origin reported as redundant, or as never sent by a browser, changes no
/// decision when it is removed.
///
/// # Errors
///
/// The finding that is not true.
pub fn findings_are_true(configuration: &Configuration, request: &Request) -> Verdict {
    let findings = providers::findings(configuration);
    let answer = evaluate(configuration, request);
    for finding in findings {
        let unreachable = finding.code == LintCode::UnreachableRule;
        if unreachable && answer.rule() == Some(finding.rule) {
            return Err(format!("an unreachable rule wins: {finding}, {answer:?}"));
        }
        let redundant = matches!(finding.code, LintCode::Duplicate | LintCode::Redundant);
        if let (true, Some(item)) = (redundant, finding.item) {
            let mut without = configuration.clone();
            if let Some(list) = without
                .rules
                .get_mut(finding.rule)
                .and_then(|rule| list_of(rule, finding.field))
            {
                list.remove(item);
            }
            let given = evaluate(&without, request);
            equal(
                &format!("without the redundant item: {finding}"),
                &answer.decision,
                &given.decision,
            )?;
        }
    }
    Ok(())
}

/// A rule reported as unreachable wins none of the requests that are made for it: its own origins
/// with text for the `*`, its methods, and its header names, one by one and together.
///
/// # Errors
///
/// The request that it wins.
pub fn unreachable_rules_never_win(configuration: &Configuration) -> Verdict {
    let findings = providers::findings(configuration);
    let unreachable = findings
        .iter()
        .filter(|finding| finding.code == LintCode::UnreachableRule);
    // Enough for any cases that a person would write; a fuzzer covers the rest.
    for finding in unreachable.take(4) {
        let Some(rule) = configuration.rules.get(finding.rule) else {
            return Err(format!("no such rule: {finding}"));
        };
        let names: Vec<String> = texts(&rule.allowed_headers).flat_map(samples).collect();
        let lists = names.iter().map(|name| vec![name.clone().into_bytes()]);
        let all: Vec<Vec<u8>> = names.iter().map(|name| name.clone().into_bytes()).collect();
        let lists: Vec<Vec<Vec<u8>>> = lists.chain([Vec::new(), all]).collect();
        for origin in texts(&rule.allowed_origins).flat_map(samples) {
            for method in &rule.allowed_methods {
                for lines in &lists {
                    let request = Request {
                        method: b"OPTIONS".to_vec(),
                        origin: Some(origin.clone().into_bytes()),
                        access_control_request_method: Some(method.clone().into_bytes()),
                        access_control_request_headers: lines.clone(),
                    };
                    if evaluate(configuration, &request).rule() == Some(finding.rule) {
                        return Err(format!("an unreachable rule wins: {finding}, {request:?}"));
                    }
                }
            }
        }
    }
    Ok(())
}

fn texts(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str)
}

/// Texts that a pattern matches.
fn samples(pattern: &str) -> Vec<String> {
    let middles: &[&str] = if pattern.contains('*') {
        &["", "a", "a.b", "-", "://"]
    } else {
        &[""]
    };
    middles
        .iter()
        .map(|middle| pattern.replacen('*', middle, 1))
        .collect()
}

fn list_of(rule: &mut Rule, field: Option<Field>) -> Option<&mut Vec<String>> {
    match field? {
        Field::AllowedOrigin => Some(&mut rule.allowed_origins),
        Field::AllowedMethod => Some(&mut rule.allowed_methods),
        Field::AllowedHeader => Some(&mut rule.allowed_headers),
        Field::ExposeHeader => Some(&mut rule.expose_headers),
        _ => None,
    }
}

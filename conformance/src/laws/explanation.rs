//! The law of explanations: an explanation names the same rule as the decision.

use cors_core::Policy;
use reference::model::{Configuration, Decision, DialectName, Refusal, Request};

use super::{Verdict, equal};
use crate::engine;

/// An explanation names the same rule as the decision, and what it says about each rule follows
/// from the rule's text.
///
/// # Errors
///
/// The rule that does not fit.
pub fn explanation_agrees(configuration: &Configuration, request: &Request) -> Verdict {
    let Ok(image) = engine::compile(configuration) else {
        return Ok(());
    };
    let policy = Policy::from_bytes(&image).map_err(|error| error.to_string())?;
    engine::with_request(request, |request| {
        let explanation = policy.explain(request);
        let answer = engine::answer(explanation.decision());
        let judged = match answer.decision {
            Decision::NotCors => false,
            Decision::Preflight(result) | Decision::Actual(result) => {
                !matches!(result, Err(reason) if !matches!(reason, Refusal::NoRuleMatched(_)))
            }
        };
        let dialect = configuration.dialect;
        let commits = matches!(dialect, DialectName::Azure | DialectName::Gcs);
        let mut first = None;
        for (said, rule) in explanation.rules().zip(&configuration.rules) {
            let origin = request.origin.unwrap_or_default();
            let origins = &rule.allowed_origins;
            let matched = origins
                .iter()
                .position(|text| reference::origin_matches_in(dialect, text, origin));
            equal("origin matched", &matched, &said.origin_matched)?;
            let candidate = said.origin_matched.is_some() && said.method_matched;
            if first.is_none() && candidate && (commits || said.is_match()) {
                first = Some((said.rule_index, said.is_match()));
            }
        }
        if judged {
            let winner = first.filter(|(_, matches)| *matches).map(|(rule, _)| rule);
            equal("winning rule", &answer.rule(), &winner)?;
        }
        Ok(())
    })
}

//! Finds the smallest change to the rules after which a page can read. Each change is tried first.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use cors_core::dialect::{AllowCredentials, AllowHeaders, AllowOrigin, RuleSelection};
use cors_core::{Dialect, Field, Grant, Pattern, Policy, RuleBuf};
use cors_xml::{DEFAULT_MAX_AGE_SECONDS, Form};

use crate::browser::{CorsFailure, Failure, Page, judge};
use crate::edit::{Draft, Edit};
use crate::lint::{Finding, LintCode, lint};
use crate::near_miss::NearMiss;

/// The maximum number of rules that are tried with a change: each costs a compilation.
const MAX_TRIED: usize = 16;
/// The maximum number of rules that are compared with all later ones.
const MAX_COMPARED: usize = 64;

/// Changes that help together, and what else they do.
#[derive(Debug)]
pub(super) struct RuleChange {
    pub(super) edits: Vec<Edit>,
    /// Who is kept out by the change.
    pub(super) caution: Option<&'static str>,
}

const KEEPS_OTHERS_OUT: &str = "every other origin is then refused";
const MAY_KEEP_OTHERS_OUT: &str =
    "this rule then answers pages that a later one answered; cors diff lists what that changes";

/// What is changed, and for whom.
pub(super) struct Search<'s> {
    pub(super) policy: &'s Policy<'s>,
    pub(super) form: Form<'s>,
    pub(super) page: &'s Page,
}

/// What a rule lacks for the page.
struct Lack {
    rule: usize,
    edits: Vec<Edit>,
    has_near_miss: bool,
}

impl Lack {
    fn names_the_origin(&self) -> bool {
        let is_origin =
            |edit: &Edit| matches!(edit, Edit::Add { field, .. } if *field == Field::AllowedOrigin);
        self.edits.iter().any(is_origin)
    }
}

impl Search<'_> {
    /// Whether a rule may be written for the page's origin: no rule is for an origin that no
    /// browser sends, nor for `null`, which every site can send from a frame with a sandbox.
    fn may_name_origin(&self) -> bool {
        self.page.origin() != "null" && self.page.origin_oddity().is_none()
    }

    /// The smallest change that helps, if there is one.
    pub(super) fn find(&self, failure: &Failure) -> Option<RuleChange> {
        let draft = Draft::of(self.policy);
        if let Failure::Actual(CorsFailure::WildcardWithCredentials)
        | Failure::Preflight(CorsFailure::WildcardWithCredentials) = failure
        {
            return self.name_the_origin(&draft);
        }
        let may_name_origin = self.may_name_origin();
        let mut lacks = self.lacks(&draft.rules);
        lacks.retain(|lack| may_name_origin || !lack.names_the_origin());
        // A rule that lacks one thing is changed; otherwise a new rule is preferred.
        lacks.sort_by_key(|lack| (lack.edits.len(), !lack.has_near_miss, lack.rule));
        lacks.truncate(MAX_COMPARED);
        let edits_of = |lack: &Lack| lack.edits.clone();
        let safe = |lack: &&Lack| self.keeps_everybody(&draft.rules, lack);
        let safe: Vec<Vec<Edit>> = lacks.iter().filter(safe).map(edits_of).collect();
        let (small, large): (Vec<_>, Vec<_>) = safe.into_iter().partition(|edits| edits.len() == 1);
        let new = may_name_origin.then(|| vec![self.new_rule(&draft)]);
        let hides = |edits: &[Edit]| self.hides_a_rule(&draft, edits);
        let tried =
            |changes: Vec<Vec<Edit>>| self.first_that_helps(&draft, changes, |edits| !hides(edits));
        let found = tried(small)
            .or_else(|| tried(new.into_iter().collect()))
            .or_else(|| tried(large));
        if let Some(edits) = found {
            return Some(RuleChange {
                edits,
                caution: None,
            });
        }
        let all = lacks.iter().map(edits_of).collect();
        let edits = self.first_that_helps(&draft, all, |_| true)?;
        Some(RuleChange {
            edits,
            caution: Some(MAY_KEEP_OTHERS_OUT),
        })
    }

    /// For a request with credentials that a rule with `*` answers: a rule for the origin before
    /// that one, or if there is no room for it, the origin in place of the `*`.
    fn name_the_origin(&self, draft: &Draft) -> Option<RuleChange> {
        if !self.may_name_origin() {
            return None;
        }
        let winner = self.page.with_requests(|preflight, actual| {
            let decision = self.policy.decide(preflight.unwrap_or(actual));
            decision.grant().map(Grant::rule_index)
        })?;
        // The other requests that it answers were answered by the same lists before.
        let rule = RuleBuf {
            id: self.new_id(draft),
            allowed_origins: vec![self.page.origin().to_owned()],
            allowed_methods: vec![self.page.method().to_owned()],
            ..draft.rules.get(winner)?.clone()
        };
        let insert = vec![Edit::InsertRule {
            index: winner,
            new: rule,
        }];
        if self.helps(draft, &insert) {
            return Some(RuleChange {
                edits: insert,
                caution: None,
            });
        }
        let replace = vec![Edit::Replace {
            rule: winner,
            field: Field::AllowedOrigin,
            value: "*".to_owned(),
            with: vec![self.page.origin().to_owned()],
        }];
        self.helps(draft, &replace).then_some(RuleChange {
            edits: replace,
            caution: Some(KEEPS_OTHERS_OUT),
        })
    }

    fn first_that_helps(
        &self,
        draft: &Draft,
        changes: Vec<Vec<Edit>>,
        is_wanted: impl Fn(&[Edit]) -> bool,
    ) -> Option<Vec<Edit>> {
        let mut tried = changes.into_iter().take(MAX_TRIED);
        tried.find(|edits| self.helps(draft, edits) && is_wanted(edits))
    }

    /// Whether a rule never wins after a change, and could win before.
    fn hides_a_rule(&self, draft: &Draft, edits: &[Edit]) -> bool {
        let hidden = |draft: &Draft| {
            draft.with_configuration(&self.form.provider().dialect, |configuration| {
                let unreachable = |finding: &Finding| finding.code == LintCode::UnreachableRule;
                lint(configuration).filter(unreachable).count()
            })
        };
        let mut changed = draft.clone();
        edits.iter().all(|edit| changed.apply(edit)) && hidden(&changed) > hidden(draft)
    }

    fn helps(&self, draft: &Draft, edits: &[Edit]) -> bool {
        let mut changed = draft.clone();
        let dialect = &self.form.provider().dialect;
        edits.iter().all(|edit| changed.apply(edit))
            && changed.compile(dialect).is_ok_and(|image| {
                judge(&image.as_policy(), self.form.provider(), self.page).is_ok()
            })
            && is_accepted(self.form, &changed)
    }

    /// What each rule lacks, in order.
    fn lacks(&self, rules: &[RuleBuf]) -> Vec<Lack> {
        let names = self.page.preflight_need().header_names;
        let names: Vec<String> = names.into_iter().collect();
        let of_rule = |(index, rule): (usize, &RuleBuf)| {
            let edits = self.missing(index, rule, &names);
            let mut origins = rule.allowed_origins.iter();
            Lack {
                rule: index,
                has_near_miss: origins
                    .any(|origin| NearMiss::of(origin, self.page.origin()).is_some()),
                edits,
            }
        };
        let lacks = rules.iter().enumerate().map(of_rule);
        lacks.filter(|lack| !lack.edits.is_empty()).collect()
    }

    /// What a rule lacks for the page, member by member.
    fn missing(&self, index: usize, rule: &RuleBuf, names: &[String]) -> Vec<Edit> {
        let dialect = &self.form.provider().dialect;
        let (origin, method) = (self.page.origin(), self.page.method());
        let mut edits = Vec::new();
        let mut lacks = |field: Field, values: Vec<String>| {
            edits.push(Edit::Add {
                rule: index,
                field,
                values,
            });
        };
        if !any_matches(&rule.allowed_origins, origin) {
            lacks(Field::AllowedOrigin, vec![origin.to_owned()]);
        }
        if !allows_method(dialect, rule, method) {
            lacks(Field::AllowedMethod, vec![method.to_owned()]);
        }
        let field = headers_field(dialect);
        // A list that the browser compares has no patterns, and its `*` does not include
        // Authorization.
        let is_compared = field == Field::ExposeHeader;
        let is_allowed = |name: &&String| {
            headers_of(dialect, rule).iter().any(|text| {
                let is_by_wildcard = text == "*" && name.eq_ignore_ascii_case("authorization");
                header_matches(text, name) && !(is_compared && is_by_wildcard)
            })
        };
        let missing: Vec<String> = names
            .iter()
            .filter(|name| !is_allowed(name))
            .cloned()
            .collect();
        if !missing.is_empty() {
            lacks(field, missing);
        }
        edits
    }

    /// Whether no page that a later rule lets in can lose by these additions to a rule: each later
    /// rule has nothing to do with what is added, or has nothing that this rule has not.
    fn keeps_everybody(&self, rules: &[RuleBuf], lack: &Lack) -> bool {
        let dialect = &self.form.provider().dialect;
        let next = lack.rule.saturating_add(1);
        let (Some(rule), Some(later)) = (rules.get(lack.rule), rules.get(next..)) else {
            return false;
        };
        let concerns = |later: &RuleBuf| {
            lack.edits.iter().any(|edit| match edit {
                Edit::Add { field, values, .. } => match field {
                    Field::AllowedOrigin => any_matches(&later.allowed_origins, self.page.origin()),
                    Field::AllowedMethod => allows_method(dialect, later, self.page.method()),
                    // Where headers do not choose the rule, none answers for another.
                    _ => {
                        dialect.evaluation.rule_selection == RuleSelection::AllThree
                            && values.iter().any(|name| {
                                let mut listed = headers_of(dialect, later).iter();
                                listed.any(|text| header_matches(text, name))
                            })
                    }
                },
                _ => true,
            })
        };
        later
            .iter()
            .all(|later| !concerns(later) || is_as_good(dialect, rule, later))
    }

    /// A new rule at the end, which can only answer what no rule answered before.
    fn new_rule(&self, draft: &Draft) -> Edit {
        let headers: Vec<String> = self
            .page
            .preflight_need()
            .header_names
            .into_iter()
            .collect();
        let requires_age = self.form.requires(Field::MaxAgeSeconds);
        let mut new = RuleBuf {
            id: self.new_id(draft),
            allowed_origins: vec![self.page.origin().to_owned()],
            allowed_methods: vec![self.page.method().to_owned()],
            max_age_seconds: requires_age.then_some(DEFAULT_MAX_AGE_SECONDS),
            ..RuleBuf::default()
        };
        match headers_field(&self.form.provider().dialect) {
            Field::ExposeHeader => new.expose_headers = headers,
            _ => new.allowed_headers = headers,
        }
        Edit::InsertRule {
            index: draft.rules.len(),
            new,
        }
    }

    /// A name that no rule has, where rules must have names.
    fn new_id(&self, draft: &Draft) -> Option<String> {
        let is_new = |id: &String| draft.rules.iter().all(|rule| rule.id.as_ref() != Some(id));
        let ids = (1_usize..).map(|number| "rule-".to_owned() + &number.to_string());
        let mut ids = ids.skip(draft.rules.len());
        self.form.requires(Field::Id).then(|| ids.find(is_new))?
    }
}

/// Whether one rule gives a page everything that another does, if both let it in.
fn is_as_good(dialect: &Dialect, rule: &RuleBuf, other: &RuleBuf) -> bool {
    let covers =
        |list: &[String], value: &String| list.iter().any(|text| header_matches(text, value));
    let response = &dialect.response;
    let gives_credentials = |rule: &RuleBuf| match response.allow_credentials {
        AllowCredentials::Never => false,
        AllowCredentials::OptIn => rule.allow_credentials,
        AllowCredentials::UnlessWildcard => {
            let has_wildcard = rule.allowed_origins.iter().any(|origin| origin == "*");
            match response.allow_origin {
                AllowOrigin::WildcardInRule => !has_wildcard,
                AllowOrigin::OnlyWildcard => !has_wildcard || rule.allowed_origins.len() > 1,
            }
        }
    };
    let chooses_by_headers = dialect.evaluation.rule_selection == RuleSelection::AllThree;
    let headers = headers_of(dialect, other).iter();
    other
        .expose_headers
        .iter()
        .all(|name| covers(&rule.expose_headers, name))
        && (gives_credentials(rule) || !gives_credentials(other))
        && (chooses_by_headers
            || headers
                .clone()
                .all(|name| covers(headers_of(dialect, rule), name)))
}

/// Whether the form can hold the rules and the provider accepts the document.
#[cfg(feature = "documents")]
fn is_accepted(form: Form<'_>, draft: &Draft) -> bool {
    let mut text = String::new();
    let written = draft.with_configuration(&form.provider().dialect, |configuration| {
        form.write(configuration, &mut text)
    });
    written.is_ok() && form.parse(text.as_bytes()).is_ok()
}

/// Without the readers of documents, only the rules are checked, by compiling them.
#[cfg(not(feature = "documents"))]
fn is_accepted(_: Form<'_>, _: &Draft) -> bool {
    true
}

fn any_matches(origins: &[String], origin: &str) -> bool {
    origins
        .iter()
        .any(|text| Pattern::parse(text).is_some_and(|pattern| pattern.matches(origin.as_bytes())))
}

fn allows_method(dialect: &Dialect, rule: &RuleBuf, method: &str) -> bool {
    let methods = dialect.evaluation.methods;
    let mut listed = rule.allowed_methods.iter();
    listed.any(|text| methods.allows(text, method.as_bytes()))
}

fn header_matches(text: &str, name: &str) -> bool {
    Pattern::parse(text).is_some_and(|pattern| pattern.matches_ignoring_case(name.as_bytes()))
}

/// The list of the headers that may be sent: some dialects have one list for both directions.
fn headers_field(dialect: &Dialect) -> Field {
    if dialect.response.allow_headers == AllowHeaders::ExposeHeaders {
        Field::ExposeHeader
    } else {
        Field::AllowedHeader
    }
}

fn headers_of<'r>(dialect: &Dialect, rule: &'r RuleBuf) -> &'r [String] {
    match headers_field(dialect) {
        Field::ExposeHeader => &rule.expose_headers,
        _ => &rule.allowed_headers,
    }
}

//! Translates a configuration from one dialect into another, and lists every difference.

mod converted_rule;
#[cfg(feature = "documents")]
pub mod document;
mod loss;
mod rules;

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use cors_core::dialect::{AllowHeaders, MethodSet, OriginComparison, RuleSelection, VaryRule};
use cors_core::{CompileError, CompileErrorKind, Configuration, Dialect, Field, Rule};
use cors_xml::{DEFAULT_MAX_AGE_SECONDS, Provider};

use converted_rule::ConvertedRule;
pub use loss::{Loss, LossKind};
use rules::{allows_credentials, remove_items, remove_last, shadowed};

/// A configuration translated into another dialect, and what was lost.
///
/// **If nothing is lost, both configurations behave identically**: for every origin, method and
/// list of header names that a page may use, with and without credentials, the preflight succeeds
/// under both or under neither, the actual request is granted under both or under neither, the same
/// rule wins, the page can read the same headers, and the browser caches the preflight for the same
/// time. Other response headers, such as Vary, may differ between dialects.
///
/// # Examples
///
/// ```
/// use cors_advice::convert::Conversion;
/// use cors_core::{Configuration, Dialect, List, Rule};
/// use cors_xml::Provider;
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://*.a.example", "https://b.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let conversion = Conversion::new(&Configuration::new(&Dialect::S3, &rules), &Provider::GCS);
/// let losses: Vec<String> = conversion.losses().iter().map(ToString::to_string).collect();
/// assert_eq!(
///     losses,
///     [
///         "rule 1, AllowedOrigin `https://*.a.example`: left out; gcs says: remove the `*`, or put it where this dialect accepts one",
///         "rule 1: pages could send credentials, but cannot under gcs",
///     ],
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Conversion<'c> {
    dialect: Dialect,
    rules: Vec<ConvertedRule<'c>>,
    losses: Vec<Loss<'c>>,
    response_vary: bool,
    checks: usize,
}

impl<'c> Conversion<'c> {
    /// Translates a valid configuration for another provider.
    ///
    /// # Complexity
    ///
    /// Each rule is checked a few times. Where rules are chosen in another way, each rule is compared
    /// with every later one, and each two distinct origin patterns with a `*` are.
    pub fn new(configuration: &Configuration<'c>, provider: &Provider) -> Conversion<'c> {
        let mut conversion = Conversion {
            dialect: provider.dialect,
            rules: Vec::with_capacity(configuration.rules.len()),
            losses: Vec::new(),
            response_vary: configuration.response_vary && provider.documents.response_vary,
            checks: 0,
        };
        let from = configuration.dialect;
        let varied = from.response.vary == VaryRule::ResponseVary && configuration.response_vary;
        if varied && !conversion.response_vary {
            conversion.lose(LossKind::ResponseVary, None, None, None);
        }
        for (index, rule) in configuration.rules.iter().enumerate() {
            conversion.rule(from, provider, index, rule);
        }
        conversion.compare_rule_selections(configuration);
        conversion
    }

    /// What was lost: first for the configuration as a whole, then in the order of the rules.
    pub fn losses(&self) -> &[Loss<'c>] {
        &self.losses
    }

    /// How often a rule was checked under the other dialect: a few times a rule, whatever it holds.
    pub fn checks(&self) -> usize {
        self.checks
    }

    /// Lends the configuration in the other dialect.
    pub fn with_configuration<T>(&self, read: impl FnOnce(&Configuration<'_>) -> T) -> T {
        let rules: Vec<Rule<'_>> = self.rules.iter().map(ConvertedRule::as_rule).collect();
        read(&Configuration {
            response_vary: self.response_vary,
            ..Configuration::new(&self.dialect, &rules)
        })
    }

    fn lose(
        &mut self,
        kind: LossKind,
        rule: Option<usize>,
        field: Option<Field>,
        value: Option<&'c str>,
    ) {
        self.losses.push(Loss {
            kind,
            dialect: self.dialect.name,
            rule,
            field,
            value,
        });
    }

    fn rule(&mut self, from: &Dialect, provider: &Provider, index: usize, rule: &Rule<'c>) {
        let to = provider.dialect;
        if self.rules.len() >= usize::from(to.limits.max_rules) {
            let limit = to.limits.max_rules;
            let kind = LossKind::RuleLeftOut(CompileErrorKind::TooManyRules { limit });
            return self.lose(kind, Some(index), None, None);
        }
        let mut converted = ConvertedRule::new(rule);
        self.merge_header_lists(from, index, &mut converted);
        converted.rule.allow_credentials =
            to.limits.allow_credentials && allows_credentials(from, rule);
        if provider.documents.required.contains(&Field::MaxAgeSeconds) {
            // What browsers use when there is none.
            converted.rule.max_age_seconds = rule.max_age_seconds.or(Some(DEFAULT_MAX_AGE_SECONDS));
        }
        let options = converted.methods.contains(&"OPTIONS");
        if options && from.evaluation.preflight != to.evaluation.preflight {
            let field = Some(Field::AllowedMethod);
            self.lose(
                LossKind::OptionsRequest,
                Some(index),
                field,
                Some("OPTIONS"),
            );
        }
        self.compare_any_method(from, index, &mut converted);
        self.compare_default_ports(from, index, &mut converted);
        if provider.documents.joins_lists() {
            self.remove_unwritable(index, &mut converted);
        }
        // Each round removes everything of one kind from a list, so there are few.
        loop {
            self.checks = self.checks.saturating_add(1);
            let errors = converted.first_errors(&to);
            let Some(error) = errors.first() else { break };
            let is_empty = matches!(
                error.kind,
                CompileErrorKind::NoOrigin | CompileErrorKind::NoMethod
            );
            if is_empty || !self.remove(index, &mut converted, error, &errors) {
                let kind = LossKind::RuleLeftOut(error.kind);
                return self.lose(kind, Some(index), error.field, None);
            }
        }
        self.compare_credentials(from, index, rule, &converted);
        self.rules.push(converted);
    }

    /// Removes what the other dialect does not accept; returns false if that is not possible.
    fn remove(
        &mut self,
        index: usize,
        converted: &mut ConvertedRule<'c>,
        error: &CompileError,
        errors: &[CompileError],
    ) -> bool {
        let limits = self.dialect.limits;
        let removed: Vec<(CompileErrorKind, &'c str)> = match (error.field, error.kind) {
            (Some(Field::MaxAgeSeconds), _) => {
                let (min, max) = (limits.min_max_age_seconds, limits.max_max_age_seconds);
                let to = converted
                    .rule
                    .max_age_seconds
                    .map(|age| age.clamp(min, max));
                converted.rule.max_age_seconds = to;
                let kind = LossKind::MaxAgeMoved {
                    to: to.unwrap_or_default(),
                };
                self.lose(kind, Some(index), error.field, None);
                return to.is_some();
            }
            (Some(Field::Id), kind) => converted
                .rule
                .id
                .take()
                .map(|id| (kind, id))
                .into_iter()
                .collect(),
            (_, CompileErrorKind::CredentialsForUnfixedOrigin) => {
                // The loss is reported when both rules are compared.
                return core::mem::replace(&mut converted.rule.allow_credentials, false);
            }
            (Some(field), kind) => converted
                .list_mut(field)
                .map(|list| match kind {
                    CompileErrorKind::TooManyHeaders { literal, prefixed } => {
                        let mut removed = remove_last(list, literal, |name| !name.contains('*'));
                        removed.extend(remove_last(list, prefixed, |name| name.contains('*')));
                        removed.into_iter().map(|value| (kind, value)).collect()
                    }
                    CompileErrorKind::TooManyOrigins { limit } => {
                        let removed = remove_last(list, limit, |_| true);
                        removed.into_iter().map(|value| (kind, value)).collect()
                    }
                    _ => remove_items(list, errors),
                })
                .unwrap_or_default(),
            (None, _) => Vec::new(),
        };
        for (kind, value) in &removed {
            self.lose(
                LossKind::LeftOut(*kind),
                Some(index),
                error.field,
                Some(value),
            );
        }
        !removed.is_empty()
    }

    /// Handles a `*` that means every method in one dialect only: in the other it is a method of
    /// that name, or nothing. Every method is written as the five that all dialects have.
    fn compare_any_method(
        &mut self,
        from: &Dialect,
        index: usize,
        converted: &mut ConvertedRule<'c>,
    ) {
        let is_any = |dialect: &Dialect| dialect.evaluation.methods.allows("*", b"GET");
        if is_any(from) == is_any(&self.dialect) || !converted.methods.contains(&"*") {
            return;
        }
        converted.methods.retain(|method| *method != "*");
        let kind = if is_any(from) {
            for &method in MethodSet::Five.names() {
                if !converted.methods.contains(&method) {
                    converted.methods.push(method);
                }
            }
            LossKind::AnyMethodSpelledOut
        } else {
            LossKind::AnyMethod
        };
        let field = Some(Field::AllowedMethod);
        self.lose(kind, Some(index), field, Some("*"));
    }

    /// Handles origins with a default port, which one dialect compares as if they had none.
    fn compare_default_ports(
        &mut self,
        from: &Dialect,
        index: usize,
        converted: &mut ConvertedRule<'c>,
    ) {
        let (before, after) = (from.origin_comparison, self.dialect.origin_comparison);
        if before == after {
            return;
        }
        let kind = match before {
            OriginComparison::DefaultPortsEqual => LossKind::DefaultPortRemoved,
            OriginComparison::Bytes => LossKind::DefaultPort,
        };
        let field = Some(Field::AllowedOrigin);
        let origins = core::mem::take(&mut converted.origins);
        for origin in &origins {
            let shortest = OriginComparison::DefaultPortsEqual.shortest(origin);
            if shortest == *origin {
                converted.origins.push(origin);
                continue;
            }
            self.lose(kind, Some(index), field, Some(origin));
            let is_listed = origins.contains(&shortest) || converted.origins.contains(&shortest);
            if kind == LossKind::DefaultPortRemoved && !is_listed {
                converted.origins.push(shortest);
            }
        }
    }

    /// Converts between a single list of headers for both directions and two lists.
    fn merge_header_lists(
        &mut self,
        from: &Dialect,
        index: usize,
        converted: &mut ConvertedRule<'c>,
    ) {
        let has_one =
            |dialect: &Dialect| dialect.response.allow_headers == AllowHeaders::ExposeHeaders;
        let lists = [&converted.headers, &converted.exposed];
        let has_wildcard = lists.into_iter().any(|list| list.contains(&"*"));
        if has_wildcard && has_one(from) != has_one(&self.dialect) {
            self.lose(LossKind::WildcardHeader, Some(index), None, None);
        }
        match (has_one(from), has_one(&self.dialect)) {
            (true, false) => converted.headers.clone_from(&converted.exposed),
            (false, true) => {
                let headers = core::mem::take(&mut converted.headers);
                let folded = |list: &[&str]| -> BTreeSet<String> {
                    list.iter().map(|name| name.to_ascii_lowercase()).collect()
                };
                let holds =
                    |list: &BTreeSet<String>, name: &str| list.contains(&name.to_ascii_lowercase());
                let (sent, mut read) = (folded(&headers), folded(&converted.exposed));
                let only_read = converted.exposed.iter().find(|name| !holds(&sent, name));
                let only_sent = headers.iter().find(|name| !holds(&read, name));
                let (field, name) = match (only_sent, only_read) {
                    (Some(name), _) => (Field::AllowedHeader, name),
                    (None, Some(name)) => (Field::ExposeHeader, name),
                    (None, None) => return,
                };
                let name = *name;
                self.lose(
                    LossKind::OneHeaderList,
                    Some(index),
                    Some(field),
                    Some(name),
                );
                for name in headers {
                    if read.insert(name.to_ascii_lowercase()) {
                        converted.exposed.push(name);
                    }
                }
            }
            _ => {}
        }
    }

    /// Compares whether pages may send credentials: some dialects have a setting for it in each
    /// rule, the others decide it themselves.
    fn compare_credentials(
        &mut self,
        from: &Dialect,
        index: usize,
        rule: &Rule<'c>,
        converted: &ConvertedRule<'c>,
    ) {
        let before = allows_credentials(from, rule);
        let after = allows_credentials(&self.dialect, &converted.as_rule());
        let kind = match (before, after) {
            (true, false) => LossKind::CredentialsLost,
            (false, true) => LossKind::CredentialsGained,
            _ => return,
        };
        self.lose(kind, Some(index), None, None);
    }

    /// Removes values that a comma-separated list cannot hold: with a comma, or with space around
    /// them.
    fn remove_unwritable(&mut self, index: usize, converted: &mut ConvertedRule<'c>) {
        for field in [
            Field::AllowedOrigin,
            Field::AllowedMethod,
            Field::AllowedHeader,
            Field::ExposeHeader,
        ] {
            let Some(list) = converted.list_mut(field) else {
                continue;
            };
            let (writable, removed): (Vec<&str>, Vec<&str>) = core::mem::take(list)
                .into_iter()
                .partition(|value| !value.contains(',') && value.trim_ascii() == *value);
            *list = writable;
            for value in removed {
                self.lose(LossKind::Unwritable, Some(index), Some(field), Some(value));
            }
        }
    }

    /// Finds rules that are chosen differently: in one dialect the headers help choose the rule, in
    /// the other the first rule that matches origin and method is final. This matters where a rule
    /// comes before another for the same origin and method, and allows fewer headers.
    fn compare_rule_selections(&mut self, configuration: &Configuration<'c>) {
        let chooses =
            |dialect: &Dialect| dialect.evaluation.rule_selection == RuleSelection::AllThree;
        if chooses(configuration.dialect) == chooses(&self.dialect) {
            return;
        }
        for (index, other) in shadowed(configuration) {
            let kind = LossKind::HeadersChooseRule { other };
            self.lose(kind, Some(index), Some(Field::AllowedHeader), None);
        }
    }
}

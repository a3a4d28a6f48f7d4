//! Configurations and requests made to collide: few pieces, combined in many ways.
//!
//! Patterns share prefixes and suffixes and nest in one another. Requests are mostly derived from
//! their configuration, sometimes with a small change, so that matches, near misses and matches by
//! a later rule are common.

mod configuration;
mod request;

use proptest::prelude::Strategy;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use reference::model::{Configuration, DialectName, Request};

pub use configuration::{configuration, unchecked_configuration};

/// A valid configuration and a related request, in any dialect.
pub fn case() -> BoxedStrategy<(Configuration, Request)> {
    select(DialectName::ALL.as_slice())
        .prop_flat_map(case_in)
        .boxed()
}

/// A valid configuration of one dialect and a related request.
pub fn case_in(dialect: DialectName) -> BoxedStrategy<(Configuration, Request)> {
    with_request(configuration(dialect))
}

/// A configuration that may be invalid, and a related request, in any dialect.
pub fn unchecked_case() -> BoxedStrategy<(Configuration, Request)> {
    select(DialectName::ALL.as_slice())
        .prop_flat_map(|dialect| with_request(unchecked_configuration(dialect)))
        .boxed()
}

/// A request that is related to a configuration.
pub fn request(configuration: &Configuration) -> impl Strategy<Value = Request> + '_ {
    request::wishes().prop_map(|wishes| wishes.request(configuration))
}

fn with_request(
    configurations: BoxedStrategy<Configuration>,
) -> BoxedStrategy<(Configuration, Request)> {
    (configurations, request::wishes())
        .prop_map(|(configuration, wishes)| {
            let request = wishes.request(&configuration);
            (configuration, request)
        })
        .boxed()
}

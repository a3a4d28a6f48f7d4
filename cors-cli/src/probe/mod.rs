//! What a real server answers to a page: which requests are sent, and what is wrong with the answers.

pub(crate) mod cache;
pub(crate) mod exchange;
pub(crate) mod finding;
pub(crate) mod page;
mod party;
pub(crate) mod plan;
#[cfg(test)]
mod recorded;
pub(crate) mod report;
pub(crate) mod rules;

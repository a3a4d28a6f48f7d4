//! The commands, one file each.

pub(crate) mod compile;
pub(crate) mod conformance;
pub(crate) mod convert;
pub(crate) mod decide;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod inspect;
pub(crate) mod lint;
pub(crate) mod manual;
pub(crate) mod parse;
pub(crate) mod probe;
pub(crate) mod serve;
pub(crate) mod write;

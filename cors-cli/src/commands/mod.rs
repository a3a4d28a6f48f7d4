//! The commands, one file each, and the answer that two of them print.

pub(crate) mod answer;
pub(crate) mod decide;
pub(crate) mod explain;
pub(crate) mod parse;
pub(crate) mod serve;
pub(crate) mod write;

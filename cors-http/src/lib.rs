#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod exchange;
mod layer;
mod lookup;
mod policy;

pub use exchange::{MAX_FIELD_LINES, ResponseHeaders};
pub use layer::{Cors, CorsLayer, ResponseFuture};
pub use lookup::{CorsByLookup, CorsByLookupLayer};
pub use policy::SharedPolicy;

#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod aws_chunked;
mod checksum;
mod configurations;
mod credentials;
mod document;
mod failure;
mod gateway;
mod layout;
mod log;
mod metrics;
mod objects;
mod operations;
mod options;
mod page;
mod reply;
mod server;
mod signature;
mod style;
mod upload;

pub use configurations::CONFIGURATION_TTL;
pub use credentials::{Credentials, CredentialsError};
pub use options::{Explain, Options, Question, StartError};
pub use server::run;

/// What errors name as the host: nothing of the machine.
const HOST_ID: &str = "cors-gateway";

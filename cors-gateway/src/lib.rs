#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod access;
mod aws_chunked;
mod checksum;
mod configurations;
mod credentials;
mod element;
mod exchange;
mod failure;
mod gateway;
mod hex;
mod layout;
mod log;
mod metrics;
mod objects;
mod operations;
mod options;
mod page;
mod read_values;
mod reply;
mod server;
mod signature;
mod storage;
mod style;
mod upload;

pub use configurations::CONFIGURATION_TTL;
pub use credentials::{Credentials, CredentialsError};
pub use log::log_to_stderr;
pub use options::{Log, Options, StartError};
pub use server::{Server, run, start};

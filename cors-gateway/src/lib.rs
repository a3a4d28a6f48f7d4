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
mod host;
mod layout;
mod limits;
mod log;
mod metrics;
mod objects;
mod operations;
mod options;
mod page;
mod progress;
mod read_values;
mod reply;
mod server;
mod signature;
mod storage;
mod style;
mod upload;
mod upload_memory;

pub use configurations::CONFIGURATION_TTL;
pub use credentials::{Credentials, CredentialsError, KeyProblem};
pub use log::{Log, log_to_stderr};
pub use options::{Options, StartError};
pub use server::{Server, run, start};
pub use signature::{RequestSigner, Unsignable};

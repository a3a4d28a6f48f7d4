//! The table of answers: the same questions for every server that the engine is linked into, over raw sockets.
//!
//!     adapters write DIR                     the policies as files, and DIR/policies.txt that lists them
//!     adapters ask HOST:PORT [OPTION]...     asks the server that uses them, and compares
//!
//! The README beside this file says how a server is prepared, and how to add one.

mod ask;
mod connection;
mod expected;
mod policies;
mod random;
mod raw;
mod undeliverable;

use std::path::Path;
use std::process::ExitCode;

use ask::Options;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["write", directory] => policies::write(Path::new(directory)).map(|()| true),
        ["ask", address, options @ ..] => {
            Options::parse(options).and_then(|options| ask::ask(address, &options))
        }
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("adapters: {why}");
            ExitCode::from(2)
        }
    }
}

const USAGE: &str = "usage: adapters write DIR
       adapters ask HOST:PORT [--adapter NAME] [--count N] [--seed N] [--vary TOKEN,...]
  --adapter  what this server cannot be given is known by this name (default: none)
  --count    the number of random requests (default: 3000)
  --seed     makes other random requests (default: 1)
  --vary     what the server behind adds to Vary";

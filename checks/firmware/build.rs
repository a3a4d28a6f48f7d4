//! Compiles a CORS document into the policy image in flash, and the vectors into a table. An
//! invalid document fails the build; the environment variable `WRONG_ANSWER` plants a wrong
//! expectation.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use conformance::engine;
use cors_xml::{Document, Provider};
use reference::model::{Configuration, Request};
use reference::question::Question;
use reference::{evaluate, vectors};

fn main() {
    let out = PathBuf::from(env::var("OUT_DIR").unwrap());
    let document = env::var("CORS_DOCUMENT")
        .unwrap_or_else(|_| "../../cors-xml/documents/example.xml".to_owned());
    println!("cargo:rerun-if-env-changed=CORS_DOCUMENT");
    println!("cargo:rerun-if-changed={document}");
    let bytes = fs::read(&document).unwrap_or_else(|error| panic!("{document}: {error}"));
    match Document::parse(&Provider::OSS, &bytes) {
        Ok(parsed) => {
            fs::write(out.join("policy.bin"), parsed.compile().unwrap().as_bytes()).unwrap()
        }
        Err(errors) => panic!("{document}: {}", errors.first()),
    }
    fs::write(out.join("vectors.rs"), table()).unwrap();

    let target = env::var("TARGET").unwrap();
    if target.starts_with("wasm32") {
        for argument in ["--no-entry", "--export=run"] {
            println!("cargo:rustc-link-arg-bins={argument}");
        }
        return;
    }
    let memory = match target.as_str() {
        "thumbv6m-none-eabi" => include_str!("memory/microbit.x"),
        "riscv32imc-unknown-none-elf" => include_str!("memory/virt.x"),
        _ => include_str!("memory/lm3s6965evb.x"),
    };
    fs::write(out.join("memory.x"), memory).unwrap();
    println!("cargo:rustc-link-search={}", out.display());
    if target.starts_with("riscv") {
        println!("cargo:rustc-link-arg-bins=-Tmemory.x");
    }
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    println!("cargo:rustc-link-arg-bins=--nmagic");
}

/// Every vector that asks for a decision, with the reference's answer, as Rust source.
fn table() -> String {
    let mut text = String::from("pub static CASES: &[Case] = &[\n");
    for row in vectors::rows().unwrap() {
        if let Question::Evaluate(configuration, request) = row.question().unwrap() {
            // The server's caps are tested on the host: 64 KiB of request do not fit next to the
            // table.
            let small = format!("{request:?}").len() < 4096;
            if let (true, Ok(image)) = (small, engine::compile(&configuration)) {
                case(&mut text, &row.position, &image, &configuration, &request);
            }
        }
    }
    println!("cargo:rerun-if-env-changed=WRONG_ANSWER");
    if env::var_os("WRONG_ANSWER").is_some() {
        // The check must see the first vector fail.
        text = text.replacen("rule: ", "rule: 77 + ", 1);
    }
    text.push_str("];\n");
    text
}

fn case(
    text: &mut String,
    name: &str,
    image: &[u8],
    configuration: &Configuration,
    request: &Request,
) {
    let answer = evaluate(configuration, request);
    let rule = answer
        .rule()
        .map_or(-1, |rule| i32::try_from(rule).unwrap());
    let headers: Vec<u8> = answer
        .headers
        .iter()
        .flat_map(|(name, value)| [name.as_bytes(), b": ", value, b"\n"].concat())
        .collect();
    let lines: Vec<String> = request
        .access_control_request_headers
        .iter()
        .map(|line| bytes(line))
        .collect();
    let _ = writeln!(
        text,
        "Case {{ name: {name:?}, image: {}, request: Request {{ method: {}, origin: {}, access_control_request_method: {}, \
         access_control_request_headers: &[{}] }}, rule: {rule}, headers: {} }},",
        bytes(image),
        bytes(&request.method),
        optional(request.origin.as_deref()),
        optional(request.access_control_request_method.as_deref()),
        lines.join(", "),
        bytes(&headers),
    );
}

fn bytes(bytes: &[u8]) -> String {
    let text: String = bytes
        .iter()
        .flat_map(|byte| std::ascii::escape_default(*byte))
        .map(char::from)
        .collect();
    format!("b\"{text}\"")
}

fn optional(value: Option<&[u8]>) -> String {
    value.map_or_else(
        || "None".to_owned(),
        |value| format!("Some({})", bytes(value)),
    )
}

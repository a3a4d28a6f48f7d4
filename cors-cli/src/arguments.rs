//! The command line: every option and its help.

mod examples;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cors_xml::{Form, Provider};

use crate::commands::conformance::level::Level;
use crate::commands::conformance::server::Service;
use crate::form;
use examples::{
    COMPILE_HELP, COMPLETIONS_HELP, CONFORMANCE_HELP, CONVERT_HELP, DECIDE_HELP, DIFF_HELP,
    EXPLAIN_HELP, INSPECT_HELP, LINT_HELP, MAN_HELP, PARSE_HELP, PROBE_HELP, SERVE_HELP,
    WRITE_HELP,
};

/// Explains, decides, lints, converts, compares, compiles and serves bucket CORS configurations.
///
/// Exit status: 0 granted or valid, 1 refused or not valid, 2 wrong usage or unreadable input.
#[derive(Debug, Parser)]
#[command(name = "cors", version, about, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play the browser: would a page on this origin be allowed, by which rule, and why?
    #[command(after_help = EXPLAIN_HELP)]
    Explain(ExplainArguments),
    /// Ask a real server what a browser would ask: what would a page get, what is wrong, and who set it?
    #[command(after_help = PROBE_HELP)]
    Probe(ProbeArguments),
    /// Decide requests: JSON lines in, JSON lines out
    #[command(after_help = DECIDE_HELP)]
    Decide(DecideArguments),
    /// Check a configuration and print its rules, or every error, as JSON
    #[command(after_help = PARSE_HELP)]
    Parse(DocumentArguments),
    /// Print the configuration as `GET ?cors` returns it
    #[command(after_help = WRITE_HELP)]
    Write(DocumentArguments),
    /// Serve buckets with CORS to OSS and S3 clients and to browsers
    #[command(after_help = SERVE_HELP)]
    Serve(ServeArguments),
    /// Report what has no effect and what allows too much
    #[command(after_help = LINT_HELP)]
    Lint(LintArguments),
    /// Translate a configuration for another provider, and list every difference
    #[command(after_help = CONVERT_HELP)]
    Convert(ConvertArguments),
    /// List which pages a new configuration newly allows or refuses
    #[command(after_help = DIFF_HELP)]
    Diff(DiffArguments),
    /// Write the policy image of a configuration
    #[command(after_help = COMPILE_HELP)]
    Compile(CompileArguments),
    /// Show the contents of a policy image, and its byte ranges by name
    #[command(after_help = INSPECT_HELP)]
    Inspect(InspectArguments),
    /// Ask a server what the provider was recorded to answer, and report every difference
    #[command(after_help = CONFORMANCE_HELP)]
    Conformance(ConformanceArguments),
    /// Print a completion script for a shell
    #[command(after_help = COMPLETIONS_HELP)]
    Completions(CompletionsArguments),
    /// Print the manual page
    #[command(after_help = MAN_HELP)]
    Man(ManArguments),
}

const CREDENTIALS_HELP: &str = "The accepted keys: a file of ACCESS_KEY_ID:ACCESS_KEY_SECRET lines; without it, \
    CORS_ACCESS_KEY_ID and CORS_ACCESS_KEY_SECRET in the environment";

const CONFORMANCE_CREDENTIALS_HELP: &str = "The key that signs: a file with one ACCESS_KEY_ID:ACCESS_KEY_SECRET line; without it, \
    CORS_ACCESS_KEY_ID and CORS_ACCESS_KEY_SECRET in the environment";

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The provider to emulate: its documents, limits, errors and headers
    #[arg(long, value_enum, default_value_t = ServeDialect::Oss)]
    pub(crate) dialect: ServeDialect,
    /// The address to listen on; port 0 picks a free port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8333")]
    pub(crate) listen: SocketAddr,
    /// Where buckets are kept: a folder, memory:, or a URL
    #[arg(long, value_name = "STORE", default_value = "cors-data")]
    pub(crate) store: String,
    #[arg(long, value_name = "FILE", help = CREDENTIALS_HELP)]
    pub(crate) credentials: Option<PathBuf>,
    /// Also serve unsigned requests; for testing, on loopback only
    #[arg(long)]
    pub(crate) anonymous: bool,
    /// Also accept V1 signatures of OSS
    #[arg(long)]
    pub(crate) v1_signatures: bool,
    /// Serve /_cors/: a page that explains requests and shows all rules, and the counters
    #[arg(long)]
    pub(crate) page: bool,
    /// A domain whose subdomains are buckets, as in photos.localhost; may be repeated
    #[arg(long = "domain", value_name = "HOST", default_value = "localhost")]
    pub(crate) domains: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The configuration document: a path, or - for standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// The page's origin: scheme, host and port
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) origin: String,
    /// The method the page uses
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: String,
    /// A request header the page sets: NAME or 'NAME: VALUE'; may be repeated
    #[arg(long = "header", value_name = "HEADER")]
    pub(crate) headers: Vec<String>,
    /// The page sends credentials (fetch with credentials: 'include')
    #[arg(long)]
    pub(crate) credentials: bool,
    /// The provider whose semantics apply; strict reads S3 documents
    #[arg(long, value_enum, default_value_t = DialectName::OSS)]
    pub(crate) dialect: DialectName,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ProbeArguments {
    /// What the page requests: an http or https URL
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// The page's origin: scheme, host and port; without it, two origins that no server knows ask
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) origin: Option<String>,
    /// A method the page uses; may be repeated
    #[arg(long = "method", value_name = "METHOD", default_values = ["GET", "HEAD"])]
    pub(crate) methods: Vec<String>,
    /// A request header the page sets: NAME or 'NAME: VALUE'; may be repeated
    #[arg(long = "header", value_name = "HEADER")]
    pub(crate) headers: Vec<String>,
    /// The page sends credentials (fetch with credentials: 'include')
    #[arg(long)]
    pub(crate) credentials: bool,
    /// Send requests that may change something too, with an empty body, and not only their preflights
    #[arg(long)]
    pub(crate) write: bool,
    /// The rules that should be in force: every difference is a finding
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<String>,
    /// The provider whose semantics apply to --config; strict reads S3 documents
    #[arg(long, value_enum, default_value_t = DialectName::OSS)]
    pub(crate) dialect: DialectName,
    /// The longest time of one request, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArguments {
    /// The configuration document: a path, or - for standard input
    #[arg(value_name = "CONFIG", required_unless_present = "not_configured")]
    pub(crate) config: Option<String>,
    /// Answer as for a bucket without rules
    #[arg(long, conflicts_with = "config")]
    pub(crate) not_configured: bool,
    /// The requests: a path, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) requests: String,
    /// The provider whose semantics apply; strict reads S3 documents
    #[arg(long, value_enum, default_value_t = DialectName::OSS)]
    pub(crate) dialect: DialectName,
}

#[derive(Debug, Args)]
pub(crate) struct DocumentArguments {
    /// The configuration document: a path, or - for standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// The provider whose semantics apply; strict reads S3 documents
    #[arg(long, value_enum, default_value_t = DialectName::OSS)]
    pub(crate) dialect: DialectName,
}

#[derive(Debug, Args)]
pub(crate) struct LintArguments {
    /// The configuration document: a path, or - for standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// The provider whose semantics apply; strict reads S3 documents
    #[arg(long, value_enum, default_value_t = DialectName::OSS)]
    pub(crate) dialect: DialectName,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Print a SARIF 2.1.0 log, for code review
    #[arg(long, conflicts_with = "json")]
    pub(crate) sarif: bool,
    /// The lowest severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    pub(crate) fail_on: FailOn,
}

/// The lowest severity at which lint fails.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOn {
    Note,
    Warning,
    Error,
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct ConvertArguments {
    /// The configuration document: a path, or - for standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// The form of the input
    #[arg(long, value_parser = form::parser())]
    pub(crate) from: Form<'static>,
    /// The form to write
    #[arg(long, value_parser = form::parser())]
    pub(crate) to: Form<'static>,
    /// Write nothing if anything would be lost
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The configuration before: a path, or - for standard input
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// The configuration after: a path, or - for standard input
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// The provider whose semantics apply; strict reads S3 documents
    #[arg(long, value_enum, default_value_t = DialectName::OSS)]
    pub(crate) dialect: DialectName,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompileArguments {
    /// The configuration document: a path, or - for standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// The file to write the image to
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: String,
    /// The provider whose semantics apply; strict reads S3 documents
    #[arg(long, value_enum, default_value_t = DialectName::OSS)]
    pub(crate) dialect: DialectName,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArguments {
    /// The policy image: a path, or - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) image: String,
}

#[expect(clippy::struct_excessive_bools, reason = "options without values")]
#[derive(Debug, Args)]
pub(crate) struct ConformanceArguments {
    #[arg(
        value_name = "URL",
        help = "The server: http://HOST:PORT or https://HOST"
    )]
    pub(crate) url: String,
    /// The provider that the server is compared with
    #[arg(long, value_enum)]
    pub(crate) dialect: ServeDialect,
    #[arg(long, value_name = "FILE", help = CONFORMANCE_CREDENTIALS_HELP)]
    pub(crate) credentials: Option<PathBuf>,
    /// The region that requests are signed for; us-east-1 on s3 and cn-hangzhou on oss if not given
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// The bucket is the first label of the host, not the first segment of the path
    #[arg(long)]
    pub(crate) virtual_host: bool,
    /// Only rows with this text in their names; * is any text
    #[arg(long, value_name = "PATTERN")]
    pub(crate) only: Option<String>,
    /// How well a row must be known at least
    #[arg(long, value_enum, default_value_t = Level::Specification)]
    pub(crate) level: Level,
    /// How long to wait, in seconds, until GET ?cors shows what was put
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) settle: u64,
    /// Also print the rows that are the same, and those that cannot be asked
    #[arg(long, conflicts_with = "json")]
    pub(crate) all: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
    #[arg(
        long,
        value_name = "FILE",
        help = "Also write a JUnit report to this file"
    )]
    pub(crate) junit: Option<PathBuf>,
    /// Send nothing; list what would be sent
    #[arg(long, conflicts_with_all = ["json", "junit", "all"])]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The command to describe; without it, the whole program
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}

/// The dialects that the gateway can serve.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ServeDialect {
    Oss,
    S3,
}

/// A provider of the library by name; its documents, limits and semantics apply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DialectName(&'static Provider);

impl ServeDialect {
    pub(crate) fn provider(self) -> &'static Provider {
        match self {
            ServeDialect::Oss => &Provider::OSS,
            ServeDialect::S3 => &Provider::S3,
        }
    }

    pub(crate) fn service(self) -> &'static Service {
        match self {
            ServeDialect::Oss => &Service::OSS,
            ServeDialect::S3 => &Service::S3,
        }
    }
}

impl DialectName {
    pub(crate) const OSS: DialectName = DialectName(&Provider::OSS);

    pub(crate) fn provider(self) -> &'static Provider {
        self.0
    }
}

static DIALECT_NAMES: LazyLock<[DialectName; Provider::ALL.len()]> =
    LazyLock::new(|| Provider::ALL.map(DialectName));

impl ValueEnum for DialectName {
    fn value_variants<'a>() -> &'a [Self] {
        DIALECT_NAMES.as_slice()
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name))
    }
}

//! The command line: every option and its help.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cors_core::Dialect;

use crate::form::FormName;

/// Explains, decides, lints, converts, compares and compiles bucket CORS configurations.
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
    /// Answer requests, JSON lines in and out
    #[command(after_help = DECIDE_HELP)]
    Decide(DecideArguments),
    /// Check a configuration and print what it holds, or everything that is wrong, as JSON
    #[command(after_help = PARSE_HELP)]
    Parse(DocumentArguments),
    /// Print the configuration as `GET ?cors` returns it
    #[command(after_help = WRITE_HELP)]
    Write(DocumentArguments),
    /// Serve buckets with CORS to OSS and S3 clients and to browsers
    #[command(after_help = SERVE_HELP)]
    Serve(ServeArguments),
    /// Tell what has no effect and what lets in too much
    #[command(after_help = LINT_HELP)]
    Lint(LintArguments),
    /// Translate a configuration for another provider, and tell everything that this changes
    #[command(after_help = CONVERT_HELP)]
    Convert(ConvertArguments),
    /// Tell which pages a new configuration lets through or keeps out
    #[command(after_help = DIFF_HELP)]
    Diff(DiffArguments),
    /// Write the policy image of a configuration
    #[command(after_help = COMPILE_HELP)]
    Compile(CompileArguments),
    /// Show what a policy image holds, its byte ranges by name
    #[command(after_help = INSPECT_HELP)]
    Inspect(InspectArguments),
    /// Print a shell's completion script
    #[command(after_help = COMPLETIONS_HELP)]
    Completions(CompletionsArguments),
    /// Print the manual page
    #[command(after_help = MAN_HELP)]
    Man(ManArguments),
}

const LINT_HELP: &str = "\
Examples:
  cors lint bucket.xml
  cors lint cors.json --dialect s3 --json
  cors lint bucket.xml --sarif > cors.sarif
  cors lint bucket.xml --fail-on error

Identifiers, hints and examples: docs/lint.md. A document in JSON is recognised.

Exit status: 0 nothing as severe as --fail-on says, 1 something is or the configuration is not valid, 2 wrong usage or
unreadable input.";

const CONVERT_HELP: &str = "\
Examples:
  cors convert bucket.xml --from s3 --to gcs-json > cors.json
  cors convert cors.json --from r2 --to oss --strict
  aws s3api get-bucket-cors ... | cors convert - --from s3-json --to azure

What cannot be expressed or would change a decision is told rule by rule on standard error. Where nothing is told, the
same pages without credentials get through by the same rules; see docs/convert.md.

Exit status: 0 written, 1 the configuration is not valid, or --strict and something was lost, 2 wrong usage or
unreadable input.";

const DIFF_HELP: &str = "\
Examples:
  cors diff old.xml new.xml
  cors diff old.json new.json --dialect s3 --json
  git show HEAD:bucket.xml | cors diff - bucket.xml

Origins are tried pattern by pattern of both configurations, with their methods and headers; each line was decided by
both.

Exit status: 0 no difference was found, 1 there is one, 2 wrong usage or unreadable input.";

const COMPILE_HELP: &str = "\
Examples:
  cors compile bucket.xml -o bucket.cors
  cors compile cors.json --dialect s3 -o bucket.cors

Exit status: 0 written, 1 the configuration is not valid, 2 wrong usage, or an input or output that fails.";

const INSPECT_HELP: &str = "\
Examples:
  cors inspect bucket.cors

Exit status: 0 it is a policy image, 1 it is none, 2 wrong usage or unreadable input.";

const COMPLETIONS_HELP: &str = "\
Examples:
  cors completions bash > ~/.local/share/bash-completion/completions/cors
  cors completions zsh > ~/.zfunc/_cors";

const MAN_HELP: &str = "\
Examples:
  cors man > cors.1
  cors man lint > cors-lint.1";

const EXPLAIN_HELP: &str = "\
Examples:
  cors explain bucket.xml --origin https://app.example --method PUT --header content-type
  cors explain bucket.xml --origin https://app.example --method GET --credentials --dialect s3
  cors explain - --origin https://app.example --method POST --header 'content-type: text/plain' --json < bucket.xml

A header is NAME or 'NAME: VALUE'. Some names need a preflight by their value only: without one, accept,
accept-language and content-language are taken as safe, content-type and range as not.

Under --dialect strict the document is read as S3 writes it.

--json prints one object: dialect, preflight_needed, preflight_reason, preflight (request, outcome, rule, status,
error, refusal, headers) or null, actual (the same), verdict (page_can_read, reason, readable_headers), rules,
suggestion or null.

Exit status: 0 the page can read the answer, 1 it cannot, 2 wrong usage or unreadable input.";

const DECIDE_HELP: &str = "\
A request is one JSON object a line:
  {\"method\": \"OPTIONS\", \"origin\": \"https://a.example\", \"access_control_request_method\": \"PUT\",
   \"access_control_request_headers\": \"x-a, x-b\"}
A member that is null or absent was not sent; the last may be an array of field lines. Each character from U+0000 to
U+00FF stands for one byte.

The answer is one JSON object a line, in order: outcome (not_cors, preflight_granted, preflight_refused,
actual_granted, actual_refused, bad_request), rule (counted from 0, or null), status (of a preflight, or null), error
(code and message of a failed preflight, or null), refusal (step and more, or null), headers.

Examples:
  echo '{\"method\": \"GET\", \"origin\": \"https://a.example\"}' | cors decide bucket.xml --requests -
  cors decide --not-configured --dialect s3 --requests requests.jsonl

Exit status: 0 every line was answered, 2 wrong usage or unreadable input.";

const PARSE_HELP: &str = "\
Examples:
  cors parse bucket.xml
  cors parse bucket.xml --dialect s3
  aws s3api get-bucket-cors ... | cors parse - --dialect s3

Exit status: 0 valid, 1 not valid, 2 wrong usage or unreadable input.";

const WRITE_HELP: &str = "\
Examples:
  cors write bucket.xml
  cors write bucket.xml --dialect s3

Exit status: 0 written, 1 the configuration is not valid, 2 wrong usage or unreadable input.";

const SERVE_HELP: &str = "\
Try it:
  cors serve --dialect s3 --anonymous --store memory: &
  curl -X PUT http://127.0.0.1:8333/photos
  curl -X PUT http://127.0.0.1:8333/photos?cors --data-binary @bucket.xml
  curl -i -X OPTIONS http://127.0.0.1:8333/photos/a.jpg -H 'Origin: https://app.example' \\
       -H 'Access-Control-Request-Method: GET'

With keys, and a client:
  echo 'AKIDEXAMPLE:a-long-secret' > keys; chmod 600 keys
  cors serve --dialect s3 --credentials keys --store ./data
  AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=a-long-secret AWS_DEFAULT_REGION=us-east-1 \\
      aws --endpoint-url http://127.0.0.1:8333 s3 mb s3://photos

When ready, one line goes to standard output: listening on http://ADDRESS:PORT. Each request is one JSON line on \
standard error, with the reason of every refusal. Counters for Prometheus: /_cors/metrics. A page that explains \
requests and lists the buckets' rules, for this machine only: /_cors/. SIGINT and SIGTERM let what has begun finish.

Signatures: AWS V4, OSS V1 and V4, in headers and in URLs; a clock may be off by 15 minutes. Preflights need none. \
A bucket is the first part of the path, or the first label of a host below --domain.

Several gateways may share one store: a change made by one is in force at the others within 2 seconds. \
STORE is a folder, memory: or, where this program was built with its feature cloud, a URL as s3://BUCKET/PREFIX, \
gs://BUCKET or az://CONTAINER; credentials for those come from AWS_*, GOOGLE_* and AZURE_* in the environment.

Exit status: 0 stopped by a signal, 2 could not start.";

const CREDENTIALS_HELP: &str = "Who may sign: a file of ACCESS_KEY_ID:ACCESS_KEY_SECRET lines; without it, \
    CORS_ACCESS_KEY_ID and CORS_ACCESS_KEY_SECRET in the environment";

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// Whose clients are served: documents, limits, errors, headers
    #[arg(long, value_enum, default_value_t = ServeDialect::Oss)]
    pub(crate) dialect: ServeDialect,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8333")]
    pub(crate) listen: SocketAddr,
    /// Where buckets are kept: a folder, memory:, or a URL
    #[arg(long, value_name = "STORE", default_value = "cors-data")]
    pub(crate) store: String,
    #[arg(long, value_name = "FILE", help = CREDENTIALS_HELP)]
    pub(crate) credentials: Option<PathBuf>,
    /// Serve requests without a signature too; for trials, on loopback only
    #[arg(long)]
    pub(crate) anonymous: bool,
    /// A host below which the first label is a bucket, as photos.localhost; may be repeated
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
    /// Whose rules apply
    #[arg(long, value_enum, default_value_t = PageDialect::Oss)]
    pub(crate) dialect: PageDialect,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArguments {
    /// The configuration document: a path, or - for standard input
    #[arg(value_name = "CONFIG", required_unless_present = "not_configured")]
    pub(crate) config: Option<String>,
    /// Answer as a bucket without rules does
    #[arg(long, conflicts_with = "config")]
    pub(crate) not_configured: bool,
    /// Where the requests are: a path, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) requests: String,
    /// Whose rules apply; a document of gcs or azure may be its own or in the shape of S3, of strict in the shape of S3
    #[arg(long, value_enum, default_value_t = AnyDialect::Oss)]
    pub(crate) dialect: AnyDialect,
}

#[derive(Debug, Args)]
pub(crate) struct DocumentArguments {
    /// The configuration document: a path, or - for standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// Whose document it is
    #[arg(long, value_enum, default_value_t = DocumentDialect::Oss)]
    pub(crate) dialect: DocumentDialect,
}

#[derive(Debug, Args)]
pub(crate) struct LintArguments {
    /// The configuration document: a path, or - for standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// Whose rules apply
    #[arg(long, value_enum, default_value_t = AnyDialect::Oss)]
    pub(crate) dialect: AnyDialect,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Print a SARIF 2.1.0 log, for code review
    #[arg(long, conflicts_with = "json")]
    pub(crate) sarif: bool,
    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    pub(crate) fail_on: FailOn,
}

/// From which severity on lint fails.
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
    /// The form it is in
    #[arg(long, value_enum)]
    pub(crate) from: FormName,
    /// The form to write
    #[arg(long, value_enum)]
    pub(crate) to: FormName,
    /// Write nothing if something would be lost
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
    /// Whose rules apply
    #[arg(long, value_enum, default_value_t = AnyDialect::Oss)]
    pub(crate) dialect: AnyDialect,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompileArguments {
    /// The configuration document: a path, or - for standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// Where the image goes
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: String,
    /// Whose rules apply
    #[arg(long, value_enum, default_value_t = AnyDialect::Oss)]
    pub(crate) dialect: AnyDialect,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArguments {
    /// The policy image: a path, or - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) image: String,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The command whose page is wanted; without it, the program's
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}

/// Dialects whose documents are read.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DocumentDialect {
    Oss,
    S3,
    Cos,
}

/// Dialects whose clients are served.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ServeDialect {
    Oss,
    S3,
}

/// Dialects under which a page is explained.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PageDialect {
    Oss,
    S3,
    Cos,
    Strict,
}

/// Dialects under which requests are decided.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum AnyDialect {
    Oss,
    S3,
    Cos,
    Gcs,
    Azure,
    Strict,
}

impl DocumentDialect {
    pub(crate) fn dialect(self) -> &'static Dialect {
        match self {
            DocumentDialect::Oss => &Dialect::OSS,
            DocumentDialect::S3 => &Dialect::S3,
            DocumentDialect::Cos => &Dialect::COS,
        }
    }
}

impl ServeDialect {
    pub(crate) fn dialect(self) -> &'static Dialect {
        match self {
            ServeDialect::Oss => &Dialect::OSS,
            ServeDialect::S3 => &Dialect::S3,
        }
    }
}

impl PageDialect {
    pub(crate) fn dialect(self) -> &'static Dialect {
        match self {
            PageDialect::Oss => &Dialect::OSS,
            PageDialect::S3 => &Dialect::S3,
            PageDialect::Cos => &Dialect::COS,
            PageDialect::Strict => &Dialect::STRICT,
        }
    }
}

impl AnyDialect {
    pub(crate) fn dialect(self) -> &'static Dialect {
        match self {
            AnyDialect::Oss => &Dialect::OSS,
            AnyDialect::S3 => &Dialect::S3,
            AnyDialect::Cos => &Dialect::COS,
            AnyDialect::Gcs => &Dialect::GCS,
            AnyDialect::Azure => &Dialect::AZURE,
            AnyDialect::Strict => &Dialect::STRICT,
        }
    }
}

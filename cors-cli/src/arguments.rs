//! The command line: every option and its help.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use cors_core::Dialect;

/// Explains, decides, parses and writes bucket CORS configurations.
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
}

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
    /// Whose rules apply; documents of strict are read as S3 writes them
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

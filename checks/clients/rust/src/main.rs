//! The official Rust client of S3 against the gateway: put, get the same back, preflights, delete,
//! get again, invalid documents, a wrong secret.

use std::error::Error;

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};
use aws_sdk_s3::{Client, Config};
use aws_smithy_http_client::Builder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const BUCKET: &str = "rust-example";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let endpoint = std::env::args().nth(1);
    let endpoint = endpoint.ok_or("give the gateway's URL")?;
    let client = client(&endpoint, "secret");
    client.create_bucket().bucket(BUCKET).send().await?;
    let mut passed = 0;
    let mut check = |name: &str, holds: bool| {
        assert!(holds, "failed: {name}");
        passed += 1;
    };

    let rules = vec![
        rule("https://*.a.example", "PUT")
            .id("r1")
            .allowed_methods("GET")
            .allowed_headers("*")
            .expose_headers("ETag")
            .max_age_seconds(0)
            .build()?,
        rule("*", "GET").build()?,
    ];
    put(&client, rules.clone()).await?;
    check("back equal", get(&client).await? == rules);

    let any_origin = |method: &str| rule("*", method).build();
    let two_wildcards = rule("http://*.*", "GET").build()?;
    let exposed = rule("*", "GET").expose_headers("x-*");
    let exposed = exposed.build()?;
    for (name, bad, code) in [
        (
            "an unsupported method",
            vec![any_origin("PATCH")?],
            "InvalidRequest",
        ),
        (
            "two wildcards in an origin",
            vec![two_wildcards],
            "InvalidRequest",
        ),
        (
            "a wildcard in ExposeHeader",
            vec![exposed],
            "InvalidRequest",
        ),
        ("101 rules", vec![any_origin("GET")?; 101], "InvalidRequest"),
        ("no rule", Vec::new(), "MalformedXML"),
    ] {
        check(
            name,
            code_of(put(&client, bad).await).as_deref() == Some(code),
        );
    }
    check(
        "a refused put changes nothing",
        get(&client).await? == rules,
    );

    let granted = preflight(&endpoint, "https://x.a.example").await?;
    for line in [
        "HTTP/1.1 200 OK",
        "access-control-allow-origin: https://x.a.example",
        "access-control-allow-headers: x-a",
        "access-control-max-age: 0",
    ] {
        check(line, granted.lines().any(|answered| answered == line));
    }
    let refused = preflight(&endpoint, "https://a.example").await?;
    check("a refused preflight", refused.starts_with("HTTP/1.1 403"));

    let stranger = self::client(&endpoint, "wrong");
    check(
        "a wrong secret",
        code_of(put(&stranger, rules).await).as_deref() == Some("SignatureDoesNotMatch"),
    );
    let delete = client.delete_bucket_cors().bucket(BUCKET);
    delete.send().await?;
    check(
        "removed",
        code_of(get(&client).await).as_deref() == Some("NoSuchCORSConfiguration"),
    );
    println!("s3, aws-sdk-s3 of Rust: {passed} passed, 0 failed");
    Ok(())
}

/// A client of the gateway; plain HTTP, as on loopback.
fn client(endpoint: &str, secret: &str) -> Client {
    let credentials = Credentials::new("AKIDEXAMPLE", secret, None, None, "check");
    Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(Builder::new().build_http())
            .endpoint_url(endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(credentials)
            .force_path_style(true)
            .build(),
    )
}

fn rule(origin: &str, method: &str) -> aws_sdk_s3::types::builders::CorsRuleBuilder {
    CorsRule::builder()
        .allowed_origins(origin)
        .allowed_methods(method)
}

async fn put(client: &Client, rules: Vec<CorsRule>) -> Result<(), aws_sdk_s3::Error> {
    let configuration = CorsConfiguration::builder().set_cors_rules(Some(rules));
    let put = client
        .put_bucket_cors()
        .bucket(BUCKET)
        .cors_configuration(configuration.build()?);
    put.send().await?;
    Ok(())
}

async fn get(client: &Client) -> Result<Vec<CorsRule>, aws_sdk_s3::Error> {
    let answer = client.get_bucket_cors().bucket(BUCKET).send().await?;
    Ok(answer.cors_rules().to_vec())
}

/// The code of the client's own error; `None` if the gateway accepted the request.
fn code_of<T>(answer: Result<T, aws_sdk_s3::Error>) -> Option<String> {
    let error = answer.err()?;
    error.code().map(str::to_owned)
}

/// Sends a plain OPTIONS request, as a browser does, and returns the head of the answer.
async fn preflight(endpoint: &str, origin: &str) -> Result<String, std::io::Error> {
    let host = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await?;
    let request = format!(
        "OPTIONS /{BUCKET}/any HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nOrigin: {origin}\r\n\
         Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: X-A\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

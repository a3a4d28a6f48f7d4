//! The official Rust client of S3 against the gateway: put, get back equal, ask, delete, get again, bad documents, a wrong secret.

use std::fmt::Debug;

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};
use aws_sdk_s3::{Client, Config};
use aws_smithy_http_client::Builder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const BUCKET: &str = "rust-example";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let endpoint = std::env::args().nth(1).expect("the gateway's URL");
    let client = client(&endpoint, "secret");
    client
        .create_bucket()
        .bucket(BUCKET)
        .send()
        .await
        .expect("a bucket");
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
            .build()
            .expect("a rule"),
        rule("*", "GET").build().expect("a rule"),
    ];
    put(&client, rules.clone()).await.expect("put");
    check("back equal", get(&client).await.expect("get") == rules);

    let star = |method: &str| rule("*", method).build().expect("a rule");
    let two_stars = rule("http://*.*", "GET").build().expect("a rule");
    let exposed = rule("*", "GET").expose_headers("x-*");
    let exposed = exposed.build().expect("a rule");
    for (name, bad, code) in [
        ("a bad method", vec![star("PATCH")], "InvalidRequest"),
        ("two stars in an origin", vec![two_stars], "InvalidRequest"),
        ("a star in ExposeHeader", vec![exposed], "InvalidRequest"),
        ("101 rules", vec![star("GET"); 101], "InvalidRequest"),
        ("no rule", Vec::new(), "MalformedXML"),
    ] {
        check(name, code_of(put(&client, bad).await) == code);
    }
    check(
        "a refused put changes nothing",
        get(&client).await.expect("get") == rules,
    );

    let granted = preflight(&endpoint, "https://x.a.example").await;
    for line in [
        "HTTP/1.1 200 OK",
        "access-control-allow-origin: https://x.a.example",
        "access-control-allow-headers: x-a",
        "access-control-max-age: 0",
    ] {
        check(line, granted.lines().any(|answered| answered == line));
    }
    let refused = preflight(&endpoint, "https://a.example").await;
    check("a refused preflight", refused.starts_with("HTTP/1.1 403"));

    let stranger = self::client(&endpoint, "wrong");
    check(
        "a wrong secret",
        code_of(put(&stranger, rules).await) == "SignatureDoesNotMatch",
    );
    let delete = client.delete_bucket_cors().bucket(BUCKET);
    delete.send().await.expect("delete");
    check(
        "none any more",
        code_of(get(&client).await) == "NoSuchCORSConfiguration",
    );
    println!("s3, aws-sdk-s3 of Rust: {passed} passed, 0 failed");
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
        .cors_configuration(configuration.build().expect("rules"));
    put.send().await?;
    Ok(())
}

async fn get(client: &Client) -> Result<Vec<CorsRule>, aws_sdk_s3::Error> {
    let answer = client.get_bucket_cors().bucket(BUCKET).send().await?;
    Ok(answer.cors_rules().to_vec())
}

/// The code of the client's own error.
fn code_of<T: Debug>(answer: Result<T, aws_sdk_s3::Error>) -> String {
    let error = answer.expect_err("refused");
    error.code().unwrap_or_default().to_owned()
}

/// A plain OPTIONS, as a browser sends it: the head of the answer.
async fn preflight(endpoint: &str, origin: &str) -> String {
    let host = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.expect("the gateway");
    let request = format!(
        "OPTIONS /{BUCKET}/any HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nOrigin: {origin}\r\n\
         Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: X-A\r\n\r\n"
    );
    let sent = stream.write_all(request.as_bytes()).await;
    sent.expect("sent");
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer).await;
    read.expect("an answer");
    answer
}

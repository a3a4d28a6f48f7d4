//! The bucket service: routing, the answers of each provider, how much of a body is read.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use cors_http::{Bucket, BucketCors, BucketCorsStore, SharedPolicy};
use cors_xml::Provider;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use tower::ServiceExt;

/// Buckets in memory. The one called `broken` cannot be read, and `locked` cannot be written.
#[derive(Debug)]
struct Memory(Mutex<HashMap<String, Bucket>>);

impl Memory {
    fn new() -> Memory {
        let names = ["photos", "locked"];
        Memory(Mutex::new(HashMap::from(
            names.map(|name| (name.to_owned(), Bucket::WithoutCors)),
        )))
    }

    fn set(&self, name: &str, bucket: Bucket) -> Result<(), String> {
        if name == "locked" {
            return Err("disk /dev/secret is full".to_owned());
        }
        self.0.lock().unwrap().insert(name.to_owned(), bucket);
        Ok(())
    }
}

impl BucketCorsStore for Memory {
    type Error = String;

    async fn find(&self, name: &str) -> Result<Bucket, String> {
        if name == "broken" {
            return Err("disk /dev/secret is gone".to_owned());
        }
        let bucket = self.0.lock().unwrap().get(name).cloned();
        Ok(bucket.unwrap_or(Bucket::Missing))
    }

    async fn put(&self, name: &str, policy: SharedPolicy, document: &[u8]) -> Result<(), String> {
        assert!(!document.is_empty());
        self.set(name, Bucket::WithCors(policy))
    }

    async fn delete(&self, name: &str) -> Result<(), String> {
        self.set(name, Bucket::WithoutCors)
    }
}

type Service = BucketCors<Memory>;

fn service(provider: &'static Provider) -> Service {
    BucketCors::new(provider, Memory::new(), ["storage.example"])
}

fn document(origin: &str) -> String {
    format!(
        "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"
    )
}

async fn ask(
    service: &Service,
    method: &str,
    uri: &str,
    headers: &[(&str, &str)],
    body: impl Body<Data = Bytes, Error: Send> + Send + 'static,
) -> Response<String> {
    let request = Request::builder().method(method).uri(uri);
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    let service = service.clone();
    service.oneshot(request.body(body).unwrap()).await.unwrap()
}

fn code(response: &Response<String>) -> (u16, String) {
    let body = response.body();
    let code = body.split_once("<Code>").map_or("", |(_, rest)| rest);
    let code = code.split_once('<').map_or("", |(code, _)| code);
    (response.status().as_u16(), code.to_owned())
}

fn none() -> String {
    String::new()
}

#[tokio::test]
async fn a_bucket_is_named_by_path_or_host_and_the_query_with_or_without_a_value() {
    for provider in [&Provider::OSS, &Provider::S3] {
        let service = service(provider);
        for (uri, host) in [
            ("/photos?cors", "storage.example"),
            ("/photos?cors=", "storage.example"),
            ("/photos/?cors", "10.0.0.1:8333"),
            ("/photos/?x=1&cors=", "storage.example"),
            ("/?cors", "photos.storage.example"),
            ("/?cors=", "photos.storage.example:8333"),
            ("/?cors", "photos.oss-cn-hangzhou.aliyuncs.com"),
            ("/?cors", "photos.s3.eu-west-1.amazonaws.com"),
            ("http://photos.storage.example/?cors", ""),
        ] {
            let host = [("host", host)];
            let headers = if host[0].1.is_empty() { &[][..] } else { &host };
            let name = provider.dialect.name;
            let got = ask(&service, "GET", uri, headers, none()).await;
            assert_eq!(
                code(&got),
                (404, "NoSuchCORSConfiguration".into()),
                "{name} {uri}"
            );
            let put = ask(&service, "PUT", uri, headers, document("https://a.example")).await;
            assert_eq!(
                (put.status().as_u16(), put.body().as_str()),
                (200, ""),
                "{name} {uri}"
            );
            assert!(put.headers().contains_key(provider.wire.request_id_header));
            let got = ask(&service, "GET", uri, headers, none()).await;
            assert_eq!(got.headers()["content-type"], "application/xml");
            assert!(
                got.body()
                    .contains("<AllowedOrigin>https://a.example</AllowedOrigin>")
            );
            for _ in 0..2 {
                let deleted = ask(&service, "DELETE", uri, headers, none()).await;
                assert_eq!(deleted.status(), 204, "{name} {uri}");
            }
        }
    }
}

#[tokio::test]
async fn a_request_to_the_wrong_target_is_answered_in_the_providers_words() {
    for (method, uri, expected) in [
        ("GET", "/other?cors", (404, "NoSuchBucket")),
        ("PUT", "/other?cors", (404, "NoSuchBucket")),
        ("DELETE", "/other?cors", (404, "NoSuchBucket")),
        ("POST", "/photos?cors", (405, "MethodNotAllowed")),
        ("PUT", "/photos", (405, "MethodNotAllowed")),
        ("GET", "/photos/k?cors", (405, "MethodNotAllowed")),
        ("GET", "/", (405, "MethodNotAllowed")),
        ("OPTIONS", "/", (405, "MethodNotAllowed")),
        ("GET", "/No?cors", (400, "InvalidBucketName")),
        ("OPTIONS", "/photos/%00", (400, "InvalidObjectName")),
        ("GET", "/photos?cors&%FF", (400, "InvalidURI")),
        ("GET", "/broken?cors", (500, "InternalError")),
        ("PUT", "/locked?cors", (500, "InternalError")),
        ("DELETE", "/locked?cors", (500, "InternalError")),
    ] {
        for provider in [&Provider::OSS, &Provider::S3] {
            let answer = ask(&service(provider), method, uri, &[], document("*")).await;
            assert_eq!(
                code(&answer),
                (expected.0, expected.1.into()),
                "{method} {uri}"
            );
            assert!(!answer.body().contains("secret"));
        }
    }
    let host = ("host", "storage.example");
    let two = ask(
        &service(&Provider::S3),
        "GET",
        "/photos?cors",
        &[host, host],
        none(),
    )
    .await;
    assert_eq!(code(&two), (400, "InvalidURI".into()));
}

#[tokio::test]
async fn a_refused_put_is_answered_as_its_provider_does_and_leaves_the_old_configuration() {
    let md5 = ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==");
    let (crc32, sha1) = (
        ("x-amz-checksum-crc32", "AAAAAA=="),
        ("x-amz-checksum-sha1", ""),
    );
    let bad = "<CORSConfiguration>".to_owned();
    let large = |limit: usize| " ".repeat(limit + 1);
    for (provider, headers, body, expected) in [
        (&Provider::OSS, &[][..], bad.clone(), "MalformedXML"),
        (
            &Provider::OSS,
            &[],
            document("https://*.*"),
            "InvalidArgument",
        ),
        (&Provider::OSS, &[md5], document("*"), "InvalidDigest"),
        (&Provider::OSS, &[md5], large(16 * 1024), "EntityTooLarge"),
        (&Provider::S3, &[], bad, "MalformedXML"),
        (
            &Provider::S3,
            &[],
            document("https://*.*"),
            "InvalidRequest",
        ),
        (&Provider::S3, &[md5], document("*"), "BadDigest"),
        (&Provider::S3, &[crc32], document("*"), "BadDigest"),
        (
            &Provider::S3,
            &[crc32, sha1],
            document("*"),
            "InvalidRequest",
        ),
        (&Provider::S3, &[md5, md5], document("*"), "InvalidDigest"),
        (&Provider::S3, &[md5], large(64 * 1024), "MalformedXML"),
    ] {
        let service = service(provider);
        ask(
            &service,
            "PUT",
            "/photos?cors",
            &[],
            document("https://old.example"),
        )
        .await;
        let put = ask(&service, "PUT", "/photos?cors", headers, body).await;
        assert_eq!(code(&put), (400, expected.into()), "{headers:?}");
        let got = ask(&service, "GET", "/photos?cors", &[], none()).await;
        assert!(got.body().contains("https://old.example"));
    }
    // OSS ignores S3's checksums.
    let put = ask(
        &service(&Provider::OSS),
        "PUT",
        "/photos?cors",
        &[crc32, sha1],
        document("*"),
    )
    .await;
    assert_eq!(put.status(), 200);
}

#[tokio::test]
async fn a_preflight_is_answered_by_the_buckets_rules_in_the_providers_order() {
    let origin = ("origin", "https://a.example");
    let (get, put) = (
        ("access-control-request-method", "GET"),
        ("access-control-request-method", "PUT"),
    );
    for (provider, uri, headers, expected, kind) in [
        (
            &Provider::S3,
            "/photos/k",
            &[origin, get][..],
            (200, ""),
            "",
        ),
        (
            &Provider::S3,
            "/photos/k",
            &[origin, put],
            (403, "AccessForbidden"),
            "OBJECT",
        ),
        (
            &Provider::S3,
            "/photos",
            &[origin, put],
            (403, "AccessForbidden"),
            "BUCKET",
        ),
        (&Provider::S3, "/photos?cors", &[origin, get], (200, ""), ""),
        (
            &Provider::S3,
            "/photos/k",
            &[origin],
            (400, "BadRequest"),
            "",
        ),
        (&Provider::S3, "/other/k", &[get], (400, "BadRequest"), ""),
        (
            &Provider::S3,
            "/other/k",
            &[origin, get],
            (403, "AccessForbidden"),
            "BUCKET",
        ),
        (
            &Provider::S3,
            "/locked/k",
            &[origin, get],
            (403, "AccessForbidden"),
            "BUCKET",
        ),
        (&Provider::OSS, "/photos/k", &[origin, get], (200, ""), ""),
        (
            &Provider::OSS,
            "/photos/k",
            &[origin, put],
            (403, "AccessForbidden"),
            "",
        ),
        (
            &Provider::OSS,
            "/other/k",
            &[origin, get],
            (404, "NoSuchBucket"),
            "",
        ),
        (
            &Provider::OSS,
            "/locked/k",
            &[origin, get],
            (403, "AccessForbidden"),
            "",
        ),
    ] {
        let service = service(provider);
        ask(
            &service,
            "PUT",
            "/photos?cors",
            &[],
            document("https://a.example"),
        )
        .await;
        let answer = ask(&service, "OPTIONS", uri, headers, none()).await;
        assert_eq!(
            code(&answer),
            (expected.0, expected.1.into()),
            "{uri} {headers:?}"
        );
        let kind = format!("<ResourceType>{kind}</ResourceType>");
        assert!(
            kind.contains("><") || answer.body().contains(&kind),
            "{}",
            answer.body()
        );
        let allowed = answer.headers().get("access-control-allow-origin");
        assert_eq!(allowed.is_some(), expected.0 == 200);
    }
}

#[tokio::test]
async fn the_answer_to_a_page_carries_the_headers_of_the_buckets_own_rules() {
    let service = service(&Provider::S3);
    let origin = [("origin", "https://a.example")];
    let put = ask(
        &service,
        "PUT",
        "/photos?cors",
        &origin,
        document("https://a.example"),
    )
    .await;
    assert!(
        !put.headers().contains_key("access-control-allow-origin"),
        "no configuration was in force"
    );
    for uri in ["/photos?cors", "/photos?cors&x"] {
        let got = ask(&service, "GET", uri, &origin, none()).await;
        assert_eq!(
            got.headers()["access-control-allow-origin"],
            "https://a.example"
        );
    }
    let refused = ask(&service, "POST", "/photos?cors", &origin, none()).await;
    assert!(
        !refused
            .headers()
            .contains_key("access-control-allow-origin")
    );
}

/// A body that counts the frames read from it.
struct Counted {
    frames: Vec<Result<Frame<Bytes>, &'static str>>,
    /// Returned after the last frame, again and again.
    then: Option<Bytes>,
    announced: u64,
    taken: Arc<AtomicUsize>,
}

impl Body for Counted {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        let frame = if self.frames.is_empty() {
            self.then.clone().map(|bytes| Ok(Frame::data(bytes)))
        } else {
            Some(self.frames.remove(0))
        };
        if let Some(Ok(frame)) = &frame {
            let length = frame.data_ref().map_or(0, Bytes::len);
            self.taken.fetch_add(length, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = SizeHint::new();
        hint.set_lower(self.announced);
        hint
    }
}

#[tokio::test]
async fn a_body_is_read_up_to_the_limit_and_no_further() {
    for provider in [&Provider::OSS, &Provider::S3] {
        let limit = provider.documents.max_bytes;
        for (piece, announced, most) in [
            (1, 0, limit + 1),
            (1000, 0, limit + 1000),
            (1, u64::try_from(limit).unwrap(), limit + 1),
            (1, u64::try_from(limit).unwrap() + 1, 0),
        ] {
            let taken = Arc::new(AtomicUsize::new(0));
            let body = Counted {
                frames: Vec::new(),
                then: Some(Bytes::from(vec![b' '; piece])),
                announced,
                taken: Arc::clone(&taken),
            };
            let put = ask(&service(provider), "PUT", "/photos?cors", &[], body).await;
            assert_eq!(put.status(), 400);
            let taken = taken.load(Ordering::Relaxed);
            assert!(
                taken <= most && (taken > limit || most == 0),
                "{taken} of {most}"
            );
        }
        // A document of exactly the limit is accepted.
        let padded = document("*");
        let padded = format!("{padded}{}", " ".repeat(limit - padded.len()));
        let put = ask(&service(provider), "PUT", "/photos?cors", &[], padded).await;
        assert_eq!(put.status(), 200);
    }
}

#[tokio::test]
async fn an_incomplete_body_is_refused_and_a_trailer_may_carry_the_checksum() {
    let data = |text: String| Ok(Frame::data(Bytes::from(text)));
    let whole = document("*");
    let (first, second) = whole.split_at(20);
    let trailer = |value: &str| {
        let mut fields = HeaderMap::new();
        fields.insert("x-amz-checksum-crc32", value.parse().unwrap());
        Ok(Frame::trailers(fields))
    };
    for (last, expected) in [
        (Err("the connection is gone"), (400, "IncompleteBody")),
        (trailer("7Zz8mA=="), (200, "")),
        (trailer("AAAAAA=="), (400, "BadDigest")),
    ] {
        let body = Counted {
            frames: vec![data(first.to_owned()), data(second.to_owned()), last],
            then: None,
            announced: 0,
            taken: Arc::default(),
        };
        let put = ask(&service(&Provider::S3), "PUT", "/photos?cors", &[], body).await;
        assert_eq!(code(&put), (expected.0, expected.1.into()));
    }
}

//! [AWS Signature Version
//! 4](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html) for S3.

use hyper::HeaderMap;
use hyper::header::HeaderName;
use sha2::{Digest, Sha256};

use super::canonical;
use super::chunk_signer::{ChunkSigner, Signer};
use super::clock::{BASIC, basic_time, check_life, check_skew, http_time};
use super::refusal::{check, malformed, not_signed, secret};
use super::scope::parameter;
use super::signed::{Payload, Sender, Signed};
use super::signed_names::SignedNames;
use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::hex::{from_hex, hex};

pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
pub(super) const CONTENT_SHA256: &str = "x-amz-content-sha256";

/// The value of `x-amz-content-sha256`.
pub(super) enum DeclaredPayload {
    Unsigned,
    Sha256([u8; 32]),
    Chunked { signed: bool },
}

pub(super) fn payload_of(headers: &HeaderMap) -> Result<DeclaredPayload, Failure> {
    let Some(value) = headers.get(CONTENT_SHA256) else {
        return Ok(DeclaredPayload::Unsigned);
    };
    match value.to_str().unwrap_or_default() {
        "UNSIGNED-PAYLOAD" => Ok(DeclaredPayload::Unsigned),
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => Ok(DeclaredPayload::Chunked { signed: false }),
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => {
            Ok(DeclaredPayload::Chunked { signed: true })
        }
        digest => from_hex(digest)
            .map(DeclaredPayload::Sha256)
            .ok_or_else(|| {
                malformed("x-amz-content-sha256 is neither a digest nor a known keyword")
            }),
    }
}

pub(super) fn verify_header(
    request: &Signed<'_>,
    parameters: &str,
    credentials: &Credentials,
) -> Result<Sender, Failure> {
    let get = |name| parameter(parameters, name).ok_or_else(|| malformed(name));
    let date = |name: &str| request.headers.get(name)?.to_str().ok();
    let time = date("x-amz-date")
        .and_then(basic_time)
        .or_else(|| date("date").and_then(|text| basic_time(text).or_else(|| http_time(text))))
        .ok_or_else(|| malformed("x-amz-date"))?;
    check_skew(time, request.now)?;
    let time_text = time.format(BASIC).to_string();
    let scope = Signer::scope(get("Credential")?, &time_text)?;
    let (names, signature) = (get("SignedHeaders")?, get("Signature")?);
    let names = signed_names(request.headers, names)?;
    let payload = request
        .headers
        .get(CONTENT_SHA256)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| malformed(CONTENT_SHA256))?;
    let secret = secret(credentials, scope.key_id)?;
    let signer = Signer::new(&scope, secret, &time_text);
    check_request(&signer, request, &names, payload, signature)?;
    let payload = match payload_of(request.headers)? {
        DeclaredPayload::Unsigned => Payload::Unsigned,
        DeclaredPayload::Sha256(digest) => Payload::Sha256(digest),
        DeclaredPayload::Chunked { signed: false } => Payload::Chunked(None),
        DeclaredPayload::Chunked { signed: true } => {
            Payload::Chunked(Some(Box::new(ChunkSigner::new(signer, signature))))
        }
    };
    Ok(Sender {
        key_id: Some(scope.key_id.to_owned()),
        payload,
    })
}

pub(super) fn verify_query(
    request: &Signed<'_>,
    credentials: &Credentials,
) -> Result<Sender, Failure> {
    let get = |name| request.target.value(name).ok_or_else(|| malformed(name));
    if get("X-Amz-Algorithm")? != ALGORITHM {
        return Err(malformed("X-Amz-Algorithm"));
    }
    let time_text = get("X-Amz-Date")?;
    let time = basic_time(time_text).ok_or_else(|| malformed("X-Amz-Date"))?;
    check_life(time, get("X-Amz-Expires")?, request.now)?;
    let scope = Signer::scope(get("X-Amz-Credential")?, time_text)?;
    let names = signed_names(request.headers, get("X-Amz-SignedHeaders")?)?;
    let secret = secret(credentials, scope.key_id)?;
    let signer = Signer::new(&scope, secret, time_text);
    let signature = get("X-Amz-Signature")?;
    check_request(&signer, request, &names, "UNSIGNED-PAYLOAD", signature)?;
    Ok(Sender {
        key_id: Some(scope.key_id.to_owned()),
        payload: Payload::Unsigned,
    })
}

/// Signs a request that has its `host`, `x-amz-date` and `x-amz-content-sha256`: returns the value of
/// its Authorization header. Everything that AWS requires to be signed is.
pub(super) fn sign(
    request: &Signed<'_>,
    key_id: &str,
    secret: &str,
    region: &str,
) -> Result<String, Failure> {
    let get = |name: &'static str| {
        let value = request.headers.get(name).and_then(|v| v.to_str().ok());
        value.ok_or_else(|| malformed(name))
    };
    let (time, payload) = (get("x-amz-date")?, get(CONTENT_SHA256)?);
    let credential = Signer::credential(key_id, time, region);
    let scope = Signer::scope(&credential, time)?;
    let mut names: Vec<&str> = request.headers.keys().map(HeaderName::as_str).collect();
    names.retain(|name| {
        name.starts_with("x-amz-") || matches!(*name, "host" | "content-md5" | "content-type")
    });
    names.sort_unstable();
    let names = names.join(";");
    let names = signed_names(request.headers, &names)?;
    let path = canonical::path(&request.target.raw_path);
    let digest = canonical_request(request, &path, &names, payload).finalize();
    let signature = Signer::new(&scope, secret, time).sign(ALGORITHM, &hex(&digest));
    let names = names.text;
    Ok(format!(
        "{ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"
    ))
}

/// Reads the names that are signed. The host and every `x-amz-` header must be; otherwise a proxy on
/// the way could change them.
fn signed_names<'t>(headers: &HeaderMap, text: &'t str) -> Result<SignedNames<'t>, Failure> {
    let names = SignedNames::parse(text, "SignedHeaders")?;
    if !names.has("host") {
        return Err(not_signed("host"));
    }
    let mut sent = headers.keys().map(HeaderName::as_str);
    let is_open =
        |name: &&str| name.starts_with("x-amz-") && !names.has(name) && *name != CONTENT_SHA256;
    match sent.find(is_open) {
        Some(name) => Err(not_signed(name)),
        None => Ok(names),
    }
}

fn check_request(
    signer: &Signer,
    request: &Signed<'_>,
    names: &SignedNames<'_>,
    payload: &str,
    signature: &str,
) -> Result<(), Failure> {
    // Clients sign the path as they send it; some send an encoded `/` in a key but sign it
    // unencoded.
    let raw = request.target.raw_path.as_str();
    let plain = canonical::path(raw);
    let mut result = Err(malformed("no path"));
    for path in [plain.as_str(), raw] {
        let digest = canonical_request(request, path, names, payload).finalize();
        let ours = signer.sign(ALGORITHM, &hex(&digest));
        result = check(ours.as_bytes(), signature.as_bytes());
        if result.is_ok() || plain == raw {
            break;
        }
    }
    result
}

/// Hashes the canonical request.
fn canonical_request(
    request: &Signed<'_>,
    path: &str,
    names: &SignedNames<'_>,
    payload: &str,
) -> Sha256 {
    let pairs = request
        .target
        .query
        .iter()
        .filter(|(name, _)| name != "X-Amz-Signature")
        .map(|(name, value)| (name.as_str(), value.as_deref()));
    let mut text = Sha256::new();
    for part in [request.method, "\n", path, "\n"] {
        text.update(part);
    }
    canonical::query(pairs, false, &mut text);
    text.update("\n");
    for name in names.iter() {
        canonical::header(request.headers, name, &mut text);
    }
    for part in ["\n", names.text, "\n", payload] {
        text.update(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use cors_http::Target;

    use super::*;
    use crate::signature::chunk_signer::EMPTY_SHA256;
    use crate::signature::{Scheme, verify};

    const KEY: &str = "AKIAIOSFODNN7EXAMPLE";

    fn credentials() -> Credentials {
        let mut credentials = Credentials::default();
        credentials
            .insert(KEY, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
            .unwrap();
        credentials
    }

    fn verified(
        method: &str,
        uri: &str,
        headers: &[(&'static str, &str)],
        now: &str,
    ) -> Result<Sender, Failure> {
        let (path, query) = uri
            .split_once('?')
            .map_or((uri, None), |(p, q)| (p, Some(q)));
        let host = "examplebucket.s3.amazonaws.com";
        let target = Target::parse(host, path, query, &[]).unwrap();
        let mut map = HeaderMap::new();
        map.insert("host", host.parse().unwrap());
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let now: DateTime<Utc> = basic_time(now).unwrap();
        let request = Signed {
            method,
            target: &target,
            headers: &map,
            now,
        };
        verify(&request, &credentials(), &[Scheme::AwsV4])
    }

    fn authorization(signed: &str, signature: &str) -> String {
        format!(
            "AWS4-HMAC-SHA256 Credential={KEY}/20130524/us-east-1/s3/aws4_request, SignedHeaders={signed}, Signature={signature}"
        )
    }

    /// The examples of
    /// [AWS](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
    #[test]
    fn the_providers_examples_are_verified() {
        let date = ("x-amz-date", "20130524T000000Z");
        let empty = (CONTENT_SHA256, EMPTY_SHA256);
        let plain = "host;x-amz-content-sha256;x-amz-date";
        for (uri, signature) in [
            (
                "/?lifecycle",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            ),
            (
                "/?max-keys=2&prefix=J",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
        ] {
            let authorization = authorization(plain, signature);
            let headers = [date, empty, ("authorization", authorization.as_str())];
            let sender = verified("GET", uri, &headers, "20130524T001000Z").unwrap();
            assert_eq!(sender.key_id.as_deref(), Some(KEY));
            let late = verified("GET", uri, &headers, "20130524T001501Z")
                .err()
                .unwrap();
            assert_eq!(late.code(), "RequestTimeTooSkewed");
            let other = verified("DELETE", uri, &headers, "20130524T001000Z")
                .err()
                .unwrap();
            assert_eq!(other.code(), "SignatureDoesNotMatch");
        }
        let authorization = authorization(
            "host;range;x-amz-content-sha256;x-amz-date",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        );
        let headers = [
            date,
            empty,
            ("range", "bytes=0-9"),
            ("authorization", &authorization),
        ];
        verified("GET", "/test.txt", &headers, "20130524T000000Z").unwrap();
        let headers = [
            date,
            empty,
            ("range", "bytes=0-8"),
            ("authorization", &authorization),
        ];
        assert!(verified("GET", "/test.txt", &headers, "20130524T000000Z").is_err());
    }

    #[test]
    fn the_providers_presigned_url_is_valid_for_its_day() {
        let uri = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        verified("GET", uri, &[], "20130524T235959Z").unwrap();
        let failure = verified("GET", uri, &[], "20130525T000001Z").err().unwrap();
        assert_eq!(failure.reason, "expired");
        let failure = verified(
            "GET",
            uri,
            &[("x-amz-acl", "public-read")],
            "20130524T000000Z",
        );
        assert_eq!(failure.err().unwrap().reason, "header_not_signed");
    }

    #[test]
    fn a_head_of_one_name_repeated_is_refused_before_it_is_hashed() {
        let names = ["host;x-amz-content-sha256;x-amz-date", &";a".repeat(15_000)].concat();
        let authorization = authorization(&names, "0");
        let value = "v".repeat(31_000);
        let headers = [
            ("x-amz-date", "20130524T000000Z"),
            (CONTENT_SHA256, "UNSIGNED-PAYLOAD"),
            ("a", value.as_str()),
            ("authorization", authorization.as_str()),
        ];
        let refused = |now| verified("GET", "/k", &headers, now).err().unwrap().reason;
        assert_eq!(refused("20130524T000000Z"), "malformed_signature");
        // A head that was seen on its way is worth a quarter of an hour.
        assert_eq!(refused("20130524T001501Z"), "clock_skew");
    }

    /// The example of [AWS](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html).
    #[test]
    fn the_providers_chunks_are_verified_in_order() {
        let authorization = authorization(
            "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        );
        let headers = [
            ("x-amz-date", "20130524T000000Z"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            (CONTENT_SHA256, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
            ("content-length", "66824"),
            ("authorization", &authorization),
        ];
        let uri = "/examplebucket/chunkObject.txt";
        let host = "s3.amazonaws.com";
        let target = Target::parse(host, uri, None, &[]).unwrap();
        let mut map = HeaderMap::new();
        map.insert("host", host.parse().unwrap());
        for (name, value) in headers {
            map.insert(name, value.parse().unwrap());
        }
        let now = basic_time("20130524T000000Z").unwrap();
        let request = Signed {
            method: "PUT",
            target: &target,
            headers: &map,
            now,
        };
        let Payload::Chunked(Some(mut chunks)) = verify(&request, &credentials(), &[Scheme::AwsV4])
            .unwrap()
            .payload
        else {
            panic!("not chunked");
        };
        let first = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
        let second = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497";
        let last = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";
        let (long, short) = (
            Sha256::digest(vec![b'a'; 65536]),
            Sha256::digest(vec![b'a'; 1024]),
        );
        assert!(
            chunks.check_chunk(&short, second).is_err(),
            "the second chunk is refused as the first"
        );
        chunks.check_chunk(&long, first).unwrap();
        chunks.check_chunk(&short, second).unwrap();
        chunks.check_chunk(&Sha256::digest(b""), last).unwrap();
    }
}

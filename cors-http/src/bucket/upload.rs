//! The document of a PUT: its bytes up to the provider's limit, checked against its headers.

use std::future::poll_fn;
use std::pin::pin;

use bytes::Buf;
use cors_xml::{BodyDigests, Checksum, Provider, PutError, put_bucket_cors};
use http::header::HeaderValue;
use http::{HeaderMap, HeaderName};
use http_body::Body;

use crate::shared_policy::SharedPolicy;

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

impl SharedPolicy {
    /// Accepts the document of a `PutBucketCors`: checks its size, then the digests in the headers
    /// and in the trailer fields, then the document, and compiles it.
    ///
    /// # Errors
    ///
    /// As [`put_bucket_cors`]; [`PutError::to_wire_error`] returns the answer.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_http::SharedPolicy;
    /// use cors_xml::{PutError, Provider};
    /// use http::HeaderMap;
    ///
    /// let document = b"<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
    /// let mut headers = HeaderMap::new();
    /// headers.insert("x-amz-checksum-crc32", "7Zz8mA==".parse()?);
    /// let policy = SharedPolicy::from_put(&Provider::S3, document, &headers, &HeaderMap::new())?;
    /// assert!(!policy.as_bytes().is_empty());
    ///
    /// headers.append("x-amz-checksum-sha1", "ykrNBhGZUh+ID/iMdULNpigXAwk=".parse()?);
    /// let error = SharedPolicy::from_put(&Provider::S3, document, &headers, &HeaderMap::new()).unwrap_err();
    /// assert_eq!(error, PutError::SeveralChecksums);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_put(
        provider: &Provider,
        document: &[u8],
        headers: &HeaderMap,
        trailer: &HeaderMap,
    ) -> Result<Self, PutError> {
        let checksums = Checksum::ALL.into_iter().flat_map(|checksum| {
            let lines = [headers, trailer].map(|fields| fields.get_all(checksum.header_name()));
            let values = lines.into_iter().flatten();
            values.map(move |value| (checksum, value.as_bytes()))
        });
        let checksums: Vec<_> = checksums.collect();
        let mut content_md5 = headers.get_all(CONTENT_MD5).iter();
        let digests = BodyDigests {
            content_md5: match (content_md5.next(), content_md5.next()) {
                // Two lines are equivalent to one with a comma, which is not base64.
                (Some(_), Some(_)) => Some(b","),
                (one, _) => one.map(HeaderValue::as_bytes),
            },
            checksums: &checksums,
        };
        let image = put_bucket_cors(provider, document, &digests)?.image;
        Ok(SharedPolicy::from(image))
    }
}

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread<E> {
    TooLarge,
    Failed(E),
}

/// Reads a body and its trailer fields. Reading stops at the frame that passes `limit` bytes; a
/// body whose announced size is above the limit is not read at all.
pub(super) async fn read<B: Body>(
    body: B,
    limit: usize,
) -> Result<(Vec<u8>, HeaderMap), Unread<B::Error>> {
    let mut body = pin!(body);
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    if body.size_hint().lower() > most {
        return Err(Unread::TooLarge);
    }
    let (mut bytes, mut trailer) = (Vec::new(), HeaderMap::new());
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        match frame.map_err(Unread::Failed)?.into_data() {
            Ok(data) if data.remaining() > limit.saturating_sub(bytes.len()) => {
                return Err(Unread::TooLarge);
            }
            Ok(mut data) => {
                while data.has_remaining() {
                    let chunk = data.chunk();
                    bytes.extend_from_slice(chunk);
                    data.advance(chunk.len());
                }
            }
            Err(frame) => {
                if let Ok(fields) = frame.into_trailers() {
                    trailer.extend(fields);
                }
            }
        }
    }
    Ok((bytes, trailer))
}

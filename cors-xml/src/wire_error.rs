//! One error as it goes over the wire: status, code, message, and the body's XML.

use core::fmt::{self, Write};

use cors_core::{BadRequest, Refusal, Request};

use crate::checksum::Checksum;
#[cfg(feature = "quick-xml")]
use crate::document_error::DocumentError;
use crate::error_table::{ErrorRow, ExtraElements, Piece};
use crate::escape::{Escaping, write_text};
use crate::provider::Provider;

/// An error of a provider, ready to be sent.
///
/// # Examples
///
/// ```
/// use cors_xml::Provider;
///
/// let error = Provider::S3.no_such_configuration("photos");
/// assert_eq!((error.status, error.code), (404, "NoSuchCORSConfiguration"));
///
/// let mut body = String::new();
/// error.write_to("4442587FB7D0A2F9", "host", &mut body)?;
/// assert!(body.contains("<BucketName>photos</BucketName>"));
/// # Ok::<(), std::fmt::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WireError<'e> {
    /// The HTTP status.
    pub status: u16,
    /// `Code`.
    pub code: &'static str,
    /// `Message`.
    pub message: Message<'e>,
    /// `EC`, where it is known.
    pub ec: Option<&'static str>,
    extra: Extra<'e>,
}

/// The text of an error; `Display` gives it. Bytes of a request that are no UTF-8 show as U+FFFD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'e> {
    pieces: &'static [Piece],
    subject: Subject<'e>,
}

/// What a preflight was sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceType {
    /// A bucket.
    Bucket,
    /// A key in a bucket.
    Object,
}

/// What an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject<'e> {
    None,
    Bytes(&'e [u8]),
    /// Field lines, which mean the same as one joined with `,`.
    Lines(&'e [&'e [u8]]),
    #[cfg(feature = "quick-xml")]
    Document(&'e DocumentError),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extra<'e> {
    None,
    BucketName(&'e str),
    Preflight {
        method: &'e [u8],
        resource_type: ResourceType,
    },
}

impl Provider {
    /// What answers a PUT whose document has this error; the first of a document's errors is the one to send.
    #[cfg(feature = "quick-xml")]
    pub fn document_error<'e>(&self, error: &'e DocumentError) -> WireError<'e> {
        WireError::new(
            error.row(&self.errors),
            Subject::Document(error),
            Extra::None,
        )
    }

    /// What answers a refused preflight. `request` is the one that was decided.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{BadRequest, Refusal, Request};
    /// use cors_xml::{ResourceType, Provider};
    ///
    /// let request = Request {
    ///     method: b"OPTIONS",
    ///     origin: Some(b"https://a.example"),
    ///     access_control_request_method: Some(b"PATCH"),
    ///     ..Request::EMPTY
    /// };
    /// let refusal = Refusal::BadRequest(BadRequest::InvalidMethod);
    /// let error = Provider::S3.preflight_error(refusal, &request, ResourceType::Object);
    /// assert_eq!(error.status, 400);
    /// assert_eq!(error.message.to_string(), "Invalid Access-Control-Request-Method: PATCH");
    /// ```
    pub fn preflight_error<'e>(
        &self,
        refusal: Refusal,
        request: &Request<'e>,
        resource_type: ResourceType,
    ) -> WireError<'e> {
        let errors = &self.errors;
        let (row, subject) = match refusal {
            Refusal::BadRequest(BadRequest::MissingOrigin) => {
                (&errors.missing_origin, Subject::None)
            }
            Refusal::BadRequest(BadRequest::MissingMethod | BadRequest::InvalidMethod) => {
                let method = request.access_control_request_method.unwrap_or(b"null");
                (&errors.invalid_request_method, Subject::Bytes(method))
            }
            Refusal::BadRequest(BadRequest::InvalidHeaderName) => (
                &errors.invalid_request_headers,
                Subject::Lines(request.access_control_request_headers),
            ),
            Refusal::NotEnabled => (&errors.not_enabled, Subject::None),
            // No rule matched, a limit, an invalid header name that is no error of the request.
            _ => (&errors.not_allowed, Subject::None),
        };
        preflight(row, subject, request, resource_type)
    }

    /// What answers a preflight to a bucket that does not exist. One without `Origin` is told that first, whatever
    /// it was sent to.
    pub fn preflight_no_such_bucket<'e>(
        &self,
        bucket: &'e str,
        request: &Request<'e>,
    ) -> WireError<'e> {
        if request.origin.is_none_or(<[u8]>::is_empty) {
            return WireError::new(&self.errors.missing_origin, Subject::None, Extra::None);
        }
        let row = &self.errors.preflight_no_such_bucket;
        match row.extra {
            ExtraElements::BucketName => {
                WireError::new(row, Subject::None, Extra::BucketName(bucket))
            }
            _ => preflight(row, Subject::None, request, ResourceType::Bucket),
        }
    }

    /// What answers `GET ?cors` where no configuration is set.
    pub fn no_such_configuration<'e>(&self, bucket: &'e str) -> WireError<'e> {
        about_bucket(&self.errors.no_such_configuration, bucket)
    }

    /// What answers for a bucket that does not exist.
    pub fn no_such_bucket<'e>(&self, bucket: &'e str) -> WireError<'e> {
        about_bucket(&self.errors.no_such_bucket, bucket)
    }

    /// What answers a caller who may not read or change the configuration.
    pub fn access_denied(&self) -> WireError<'static> {
        WireError::new(&self.errors.access_denied, Subject::None, Extra::None)
    }

    /// What answers a `Content-MD5` that is not the base64 of 16 bytes.
    pub fn undecodable_digest(&self) -> WireError<'static> {
        WireError::new(&self.errors.undecodable_digest, Subject::None, Extra::None)
    }

    /// What answers a `Content-MD5` that is not the digest of the body.
    pub fn digest_mismatch(&self) -> WireError<'static> {
        WireError::new(&self.errors.digest_mismatch, Subject::None, Extra::None)
    }

    /// What answers more than one `x-amz-checksum-*`.
    pub fn several_checksums(&self) -> WireError<'static> {
        WireError::new(&self.errors.several_checksums, Subject::None, Extra::None)
    }

    /// What answers an `x-amz-checksum-*` that is not the base64 of as many bytes as it has.
    pub fn undecodable_checksum(&self, checksum: Checksum) -> WireError<'static> {
        let header = Subject::Bytes(checksum.header_name().as_bytes());
        WireError::new(&self.errors.undecodable_checksum, header, Extra::None)
    }

    /// What answers an `x-amz-checksum-*` that is not the digest of the body.
    pub fn checksum_mismatch(&self, checksum: Checksum) -> WireError<'static> {
        let name = Subject::Bytes(checksum.name().as_bytes());
        WireError::new(&self.errors.checksum_mismatch, name, Extra::None)
    }

    /// What answers a method that the configuration of a bucket does not have.
    pub fn method_not_allowed(&self) -> WireError<'static> {
        WireError::new(&self.errors.method_not_allowed, Subject::None, Extra::None)
    }

    /// What answers a name that no bucket can have.
    pub fn invalid_bucket_name(&self) -> WireError<'static> {
        WireError::new(&self.errors.invalid_bucket_name, Subject::None, Extra::None)
    }

    /// What answers a key that no object can have.
    pub fn invalid_object_name(&self) -> WireError<'static> {
        WireError::new(&self.errors.invalid_object_name, Subject::None, Extra::None)
    }

    /// What answers a query that cannot be read.
    pub fn invalid_uri(&self) -> WireError<'static> {
        WireError::new(&self.errors.invalid_uri, Subject::None, Extra::None)
    }

    /// What answers a body that ended before its end.
    pub fn incomplete_body(&self) -> WireError<'static> {
        WireError::new(&self.errors.incomplete_body, Subject::None, Extra::None)
    }

    /// What answers when the server fails.
    pub fn internal_error(&self) -> WireError<'static> {
        WireError::new(&self.errors.internal_error, Subject::None, Extra::None)
    }
}

fn about_bucket<'e>(row: &ErrorRow, bucket: &'e str) -> WireError<'e> {
    let extra = match row.extra {
        ExtraElements::BucketName => Extra::BucketName(bucket),
        _ => Extra::None,
    };
    WireError::new(row, Subject::None, extra)
}

fn preflight<'e>(
    row: &ErrorRow,
    subject: Subject<'e>,
    request: &Request<'e>,
    resource_type: ResourceType,
) -> WireError<'e> {
    let method = request.access_control_request_method.unwrap_or(b"OPTIONS");
    let extra = match row.extra {
        ExtraElements::MethodOnBucket => Extra::Preflight {
            method,
            resource_type: ResourceType::Bucket,
        },
        ExtraElements::MethodOnResource => Extra::Preflight {
            method,
            resource_type,
        },
        ExtraElements::None | ExtraElements::BucketName => Extra::None,
    };
    WireError::new(row, subject, extra)
}

impl<'e> WireError<'e> {
    fn new(row: &ErrorRow, subject: Subject<'e>, extra: Extra<'e>) -> Self {
        let message = Message {
            pieces: row.message,
            subject,
        };
        WireError {
            status: row.status,
            code: row.code,
            message,
            ec: row.ec,
            extra,
        }
    }

    /// Writes the error's body: an `Error` element with `Code`, `Message`, what this error has besides,
    /// `RequestId`, `HostId`, and `EC` where it is known.
    ///
    /// # Errors
    ///
    /// Only those of `out`.
    ///
    /// # Security
    ///
    /// Values of the request are escaped; a byte that XML cannot hold is written as U+FFFD, so that the body is
    /// well-formed whatever was sent.
    pub fn write_to(&self, request_id: &str, host_id: &str, out: &mut impl Write) -> fmt::Result {
        out.write_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>")?;
        write!(out, "<Code>{}</Code><Message>", self.code)?;
        write!(Escaping(out), "{}", self.message)?;
        out.write_str("</Message>")?;
        match self.extra {
            Extra::None => {}
            Extra::BucketName(bucket) => write_element("BucketName", bucket, out)?,
            Extra::Preflight {
                method,
                resource_type,
            } => {
                out.write_str("<Method>")?;
                write!(Escaping(out), "{}", Lossy(method))?;
                write!(
                    out,
                    "</Method><ResourceType>{}</ResourceType>",
                    resource_type.name()
                )?;
            }
        }
        write_element("RequestId", request_id, out)?;
        write_element("HostId", host_id, out)?;
        if let Some(ec) = self.ec {
            write_element("EC", ec, out)?;
        }
        out.write_str("</Error>")
    }
}

fn write_element(name: &str, text: &str, out: &mut impl Write) -> fmt::Result {
    write!(out, "<{name}>")?;
    write_text(out, text)?;
    write!(out, "</{name}>")
}

impl ResourceType {
    /// The text of the element `ResourceType`.
    pub const fn name(self) -> &'static str {
        match self {
            ResourceType::Bucket => "BUCKET",
            ResourceType::Object => "OBJECT",
        }
    }
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces
            .iter()
            .try_for_each(|piece| match (piece, self.subject) {
                (Piece::Text(text), _) => f.write_str(text),
                (Piece::Value, Subject::Bytes(bytes)) => write!(f, "{}", Lossy(bytes)),
                (Piece::Value, Subject::Lines(lines)) => {
                    lines.iter().enumerate().try_for_each(|(index, line)| {
                        f.write_str(if index == 0 { "" } else { "," })?;
                        write!(f, "{}", Lossy(line))
                    })
                }
                #[cfg(feature = "quick-xml")]
                (Piece::Value, Subject::Document(error)) => {
                    f.write_str(error.value.as_deref().unwrap_or_default())
                }
                #[cfg(feature = "quick-xml")]
                (Piece::Element, Subject::Document(error)) => {
                    f.write_str(error.element.as_deref().unwrap_or_default())
                }
                #[cfg(feature = "quick-xml")]
                (Piece::Explanation, Subject::Document(error)) => write!(f, "{error}"),
                // The subject has no such part.
                _ => Ok(()),
            })
    }
}

/// Bytes as text, what is no UTF-8 as U+FFFD.
struct Lossy<'e>(&'e [u8]);

impl fmt::Display for Lossy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.utf8_chunks().try_for_each(|chunk| {
            f.write_str(chunk.valid())?;
            f.write_str(if chunk.invalid().is_empty() {
                ""
            } else {
                "\u{fffd}"
            })
        })
    }
}

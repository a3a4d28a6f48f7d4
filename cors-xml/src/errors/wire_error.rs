//! An error response: status, code, message and XML body.

use core::fmt::{self, Write};

use cors_core::Request;

use super::cause::Cause;
use super::error_table::{ExtraElements, Piece};
use crate::checksum::Checksum;
use crate::providers::Provider;
#[cfg(feature = "alloc")]
use crate::read::DocumentError;
use crate::write::{Escaping, write_text};

/// A provider's error response, ready to be sent.
///
/// # Examples
///
/// ```
/// use cors_xml::{Cause, Provider, Subject};
///
/// let error = Provider::S3.error(Cause::NoSuchConfiguration, Subject::Bucket("photos"));
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
    /// `Code`; empty if the response has no body.
    pub code: &'static str,
    /// `Message`.
    pub message: Message<'e>,
    /// `EC`, if it is known.
    pub ec: Option<&'static str>,
    extra: ExtraElements,
}

/// The message of an error, written by `Display`. Request bytes that are not UTF-8 appear as
/// U+FFFD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'e> {
    pieces: &'static [Piece],
    subject: Subject<'e>,
}

/// The target of a preflight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceType {
    /// A bucket.
    Bucket,
    /// An object in a bucket.
    Object,
}

/// What an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject<'e> {
    /// Nothing that the response names.
    None,
    /// The bucket of this name.
    Bucket(&'e str),
    /// A checksum of the body.
    Checksum(Checksum),
    /// A preflight: see [`Subject::preflight`].
    Preflight {
        /// The requested method.
        access_control_request_method: Option<&'e [u8]>,
        /// The requested header names, one slice for each field line.
        access_control_request_headers: &'e [&'e [u8]],
        /// The target.
        resource_type: ResourceType,
    },
    /// An error of a document.
    #[cfg(feature = "alloc")]
    Document(&'e DocumentError),
}

impl<'e> Subject<'e> {
    /// Returns the subject for a preflight and its target.
    pub const fn preflight(request: &Request<'e>, resource_type: ResourceType) -> Subject<'e> {
        Subject::Preflight {
            access_control_request_method: request.access_control_request_method,
            access_control_request_headers: request.access_control_request_headers,
            resource_type,
        }
    }
}

impl Provider {
    /// Returns the error response for a cause: status, code, message and body as this provider
    /// writes them.
    ///
    /// The names and values in the message and the body come from the subject. The cause determines
    /// which kind of subject is expected; a part that the subject does not have is left out.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{BadRequest, Refusal, Request};
    /// use cors_xml::{Provider, ResourceType, Subject};
    ///
    /// let request = Request {
    ///     method: b"OPTIONS",
    ///     origin: Some(b"https://a.example"),
    ///     access_control_request_method: Some(b"PATCH"),
    ///     ..Request::EMPTY
    /// };
    /// let refusal = Refusal::BadRequest(BadRequest::InvalidMethod);
    /// let subject = Subject::preflight(&request, ResourceType::Object);
    /// let error = Provider::S3.error(refusal.into(), subject);
    /// assert_eq!(error.status, 400);
    /// assert_eq!(error.message.to_string(), "Invalid Access-Control-Request-Method: PATCH");
    /// ```
    pub fn error<'e>(&self, cause: Cause, subject: Subject<'e>) -> WireError<'e> {
        let row = self.wire.errors.row(cause);
        WireError {
            status: row.status,
            code: row.code,
            message: Message {
                pieces: row.message,
                subject,
            },
            ec: row.ec,
            extra: row.extra,
        }
    }
}

impl WireError<'_> {
    /// Writes the error's body: an `Error` element with `Code`, `Message`, the error's further
    /// elements, `RequestId`, `HostId`, and `EC` if it is known. Writes nothing if the response has no
    /// body.
    ///
    /// # Errors
    ///
    /// Only those of `out`.
    ///
    /// # Security
    ///
    /// Values from the request are escaped. What XML does not allow is written as U+FFFD, so the
    /// body is well-formed whatever was sent.
    pub fn write_to(&self, request_id: &str, host_id: &str, out: &mut impl Write) -> fmt::Result {
        if self.code.is_empty() {
            return Ok(());
        }
        out.write_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>")?;
        write!(out, "<Code>{}</Code><Message>", self.code)?;
        write!(Escaping(out), "{}", self.message)?;
        out.write_str("</Message>")?;
        match (self.extra, self.message.subject) {
            (ExtraElements::BucketName, Subject::Bucket(bucket)) => {
                write_element("BucketName", bucket, out)?;
            }
            #[cfg(feature = "alloc")]
            (ExtraElements::Argument, Subject::Document(error)) => {
                if let (Some(name), Some(value)) = (&error.element, &error.value) {
                    write_element("ArgumentName", name, out)?;
                    write_element("ArgumentValue", value, out)?;
                }
            }
            (
                ExtraElements::MethodOnBucket | ExtraElements::MethodOnResource,
                Subject::Preflight {
                    access_control_request_method: method,
                    resource_type,
                    ..
                },
            ) => {
                let resource_type = match self.extra {
                    ExtraElements::MethodOnBucket => ResourceType::Bucket,
                    _ => resource_type,
                };
                out.write_str("<Method>")?;
                write!(Escaping(out), "{}", Lossy(method.unwrap_or(b"OPTIONS")))?;
                write!(
                    out,
                    "</Method><ResourceType>{}</ResourceType>",
                    resource_type.name()
                )?;
            }
            _ => {}
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
    /// Returns the text of the element `ResourceType`.
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
                (Piece::ChecksumName, Subject::Checksum(checksum)) => f.write_str(checksum.name()),
                (Piece::ChecksumHeader, Subject::Checksum(checksum)) => {
                    f.write_str(checksum.header_name())
                }
                (
                    Piece::RequestMethod,
                    Subject::Preflight {
                        access_control_request_method: method,
                        ..
                    },
                ) => write!(f, "{}", Lossy(method.unwrap_or(b"null"))),
                (
                    Piece::RequestHeaders,
                    Subject::Preflight {
                        access_control_request_headers: lines,
                        ..
                    },
                ) => {
                    // Several field lines mean the same as one line joined with `,`.
                    lines.iter().enumerate().try_for_each(|(index, line)| {
                        f.write_str(if index == 0 { "" } else { "," })?;
                        write!(f, "{}", Lossy(line))
                    })
                }
                #[cfg(feature = "alloc")]
                (Piece::Value, Subject::Document(error)) => {
                    f.write_str(error.value.as_deref().unwrap_or_default())
                }
                #[cfg(feature = "alloc")]
                (Piece::Element, Subject::Document(error)) => {
                    f.write_str(error.element.as_deref().unwrap_or_default())
                }
                #[cfg(feature = "alloc")]
                (Piece::Explanation, Subject::Document(error)) => write!(f, "{error}"),
                // The subject has no such part.
                _ => Ok(()),
            })
    }
}

/// Displays bytes as text, with U+FFFD for what is not UTF-8.
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

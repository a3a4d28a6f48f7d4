//! PUT, GET and DELETE of a bucket's CORS configuration, and its preflights, in two steps: before
//! and after authentication.

use std::error::Error;
use std::fmt;

use cors_core::{Configuration, Decision, Outcome};
use cors_xml::{Cause, Provider, PutError, Subject, WireError};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, Response, StatusCode};
use http_body::Body;

use super::store::{Bucket, BucketCorsStore};
use super::target::Target;
use super::upload::{Unread, read};
use crate::cors_headers::CorsHeaders;
use crate::shared_policy::SharedPolicy;

/// Bucket CORS for a server that has its own operations: [`decide`](Self::decide) comes before
/// authentication, because browsers send preflights without credentials, and
/// [`perform`](Self::perform) after it. [`BucketCors`](crate::BucketCors) combines both in one
/// service.
///
/// # Security
///
/// Nothing is authenticated here: call `perform` only for a caller who is allowed to read or change
/// the configuration.
///
/// # Examples
///
/// ```
/// use cors_http::{Bucket, BucketCorsStore, BucketOperations, BucketRequest, SharedPolicy, Target};
/// use cors_xml::Provider;
/// use http::{HeaderMap, Method, StatusCode};
///
/// /// One bucket, without a configuration.
/// struct Photos;
///
/// impl BucketCorsStore for Photos {
///     type Error = std::io::Error;
///
///     async fn find(&self, name: &str) -> std::io::Result<Bucket> {
///         Ok(if name == "photos" { Bucket::WithoutCors } else { Bucket::Missing })
///     }
///
///     async fn put(&self, _: &str, _: SharedPolicy, _: &[u8]) -> std::io::Result<()> {
///         Ok(())
///     }
///
///     async fn delete(&self, _: &str) -> std::io::Result<()> {
///         Ok(())
///     }
/// }
///
/// let operations = BucketOperations::new(&Provider::S3, Photos, "my-server");
/// let request = BucketRequest {
///     method: &Method::GET,
///     headers: &HeaderMap::new(),
///     target: &Target::parse("storage.example", "/photos", Some("cors"), &[])?,
///     request_id: "1",
/// };
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let decided = operations.decide(&request, |_| {}).await?;
/// assert!(decided.preflight.is_none());
/// // Here the server authenticates the caller, and handles everything other than `?cors`.
/// let bucket = decided.bucket.as_ref().unwrap_or(&Bucket::Missing);
/// let answer = operations.perform(&request, bucket, String::new()).await.unwrap();
/// assert_eq!(answer.status, StatusCode::NOT_FOUND);
/// assert_eq!(answer.reason, Some("no_such_configuration"));
/// let mut response = answer.into_response();
/// decided.headers.apply_to(response.headers_mut());
/// # Ok::<(), std::io::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct BucketOperations<S> {
    provider: &'static Provider,
    store: S,
    host_id: &'static str,
    /// The policy for buckets without a configuration.
    without_rules: Option<SharedPolicy>,
}

/// A request, as both steps see it.
#[derive(Clone, Copy, Debug)]
pub struct BucketRequest<'r> {
    /// The method.
    pub method: &'r Method,
    /// The header fields.
    pub headers: &'r HeaderMap,
    /// The bucket, key and query of the request.
    pub target: &'r Target,
    /// The request id in errors and in the log.
    pub request_id: &'r str,
}

/// What is known about a request before its sender is authenticated.
#[derive(Debug)]
#[non_exhaustive]
pub struct Decided {
    /// The bucket that the request names; `None` if it names none.
    pub bucket: Option<Bucket>,
    /// The answer, if the request is a preflight: the server has nothing else to do for it.
    pub preflight: Option<Answer>,
    /// The CORS headers for the response, whether it comes from here or from the server: those of
    /// the policy in force when the request arrived.
    pub headers: DecidedHeaders,
}

/// The CORS headers of a response that has not been produced yet.
#[derive(Debug)]
pub struct DecidedHeaders(Option<CorsHeaders>);

/// An answer, without the headers that every answer of a server has.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// An XML document, or nothing.
    pub document: Option<String>,
    /// For logs and metrics: the reason for an error, one word from a fixed set.
    pub reason: Option<&'static str>,
    /// Details for the log only, not for the client.
    pub detail: Option<String>,
    /// The `EC` of an error, which OSS also sends as the header `x-oss-ec`.
    pub ec: Option<&'static str>,
}

/// Why there is no [`Answer`]: the failure is the server's own, and the server chooses what to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationError<S, B> {
    /// The store failed.
    Store(S),
    /// The body could not be read to its end.
    Body(B),
}

impl<S: BucketCorsStore> BucketOperations<S> {
    /// Creates operations that answer as `provider` does. Errors name `host_id` as the host.
    pub fn new(provider: &'static Provider, store: S, host_id: &'static str) -> Self {
        BucketOperations {
            provider,
            store,
            host_id,
            without_rules: SharedPolicy::compile(&Configuration::new(&provider.dialect, &[])).ok(),
        }
    }

    /// The provider whose answers are sent.
    pub fn provider(&self) -> &'static Provider {
        self.provider
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Finds the bucket, decides the request by its rules, and answers it if it is a preflight.
    /// `read` receives the decision, for a log.
    ///
    /// # Errors
    ///
    /// The errors of [`BucketCorsStore::find`].
    pub async fn decide(
        &self,
        request: &BucketRequest<'_>,
        read: impl FnOnce(&Decision<'_, '_>),
    ) -> Result<Decided, S::Error> {
        let bucket = match &request.target.bucket {
            None => None,
            Some(name) => Some(self.store.find(name).await?),
        };
        let policy = bucket.as_ref().and_then(Bucket::policy);
        let Some(policy) = policy.or(self.without_rules.as_ref()) else {
            let error = self.provider.error(Cause::InternalError, Subject::None);
            let answer = self.refused(&error, "no_policy", request.request_id);
            return Ok(Decided {
                bucket,
                preflight: Some(answer),
                headers: DecidedHeaders(None),
            });
        };
        let (preflight, headers) =
            policy.decide(request.method, request.headers, |asked, decision| {
                read(decision);
                match decision.outcome() {
                    Outcome::Preflight(Ok(_)) => Some(Answer::empty(StatusCode::OK)),
                    Outcome::Preflight(Err(refusal)) => {
                        let bucket = bucket.as_ref().unwrap_or(&Bucket::WithoutCors);
                        let error =
                            bucket.preflight_error(self.provider, refusal, asked, request.target);
                        Some(self.refused(&error, refusal.word(), request.request_id))
                    }
                    Outcome::NotCors | Outcome::Actual(_) => None,
                }
            });
        Ok(Decided {
            bucket,
            preflight,
            headers: DecidedHeaders(Some(headers)),
        })
    }

    /// Performs `PUT`, `GET` or `DELETE` of a bucket's configuration; `bucket` is what
    /// [`decide`](Self::decide) found. A refused PUT leaves the old configuration in force. A body
    /// is read only up to the provider's limit; a time limit is up to `body` itself.
    ///
    /// # Errors
    ///
    /// The errors of the store and of the body.
    pub async fn perform<B: Body>(
        &self,
        request: &BucketRequest<'_>,
        bucket: &Bucket,
        body: B,
    ) -> Result<Answer, OperationError<S::Error, B::Error>> {
        let id = request.request_id;
        let Some(name) = &request.target.bucket else {
            return Ok(self.method_not_allowed(id));
        };
        match (request.method, bucket) {
            (&Method::GET, _) => Ok(match bucket.document(self.provider, name) {
                Ok(document) => Answer::document(StatusCode::OK, document),
                Err(error) if matches!(bucket, Bucket::Missing) => {
                    self.refused(&error, "no_such_bucket", id)
                }
                Err(error) => self.refused(&error, "no_such_configuration", id),
            }),
            (&Method::PUT | &Method::DELETE, Bucket::Missing) => {
                let error = self
                    .provider
                    .error(Cause::NoSuchBucket, Subject::Bucket(name));
                Ok(self.refused(&error, "no_such_bucket", id))
            }
            (&Method::PUT, _) => self.put(request, name, body).await,
            (&Method::DELETE, _) => {
                let deleted = self.store.delete(name).await;
                deleted.map_err(OperationError::Store)?;
                Ok(Answer::empty(StatusCode::NO_CONTENT))
            }
            _ => Ok(self.method_not_allowed(id)),
        }
    }

    /// Checks size, digests and document, then compiles the image, in this order. Only then is
    /// anything stored.
    async fn put<B: Body>(
        &self,
        request: &BucketRequest<'_>,
        name: &str,
        body: B,
    ) -> Result<Answer, OperationError<S::Error, B::Error>> {
        let (provider, id) = (self.provider, request.request_id);
        let (document, trailer) = match read(body, provider.documents.max_bytes).await {
            Ok(read) => read,
            Err(Unread::TooLarge) => {
                return Ok(self.refused_put(&PutError::too_large(provider), id));
            }
            Err(Unread::Failed(error)) => return Err(OperationError::Body(error)),
        };
        match SharedPolicy::from_put(provider, &document, request.headers, &trailer) {
            Ok(policy) => {
                let put = self.store.put(name, policy, &document).await;
                put.map_err(OperationError::Store)?;
                Ok(Answer::empty(StatusCode::OK))
            }
            Err(error) => Ok(self.refused_put(&error, id)),
        }
    }

    fn refused_put(&self, error: &PutError, request_id: &str) -> Answer {
        let detail = match error {
            PutError::Document(errors) => errors.first().to_string(),
            _ => error.to_string(),
        };
        let error_on_wire = error.to_wire_error(self.provider);
        Answer {
            detail: Some(detail),
            ..self.refused(&error_on_wire, error.word(), request_id)
        }
    }

    /// The provider's error document, if its response has one. `reason` is for logs and metrics.
    pub fn refused(&self, error: &WireError<'_>, reason: &'static str, request_id: &str) -> Answer {
        let mut document = String::new();
        // Writing to a string cannot fail.
        let _ = error.write_to(request_id, self.host_id, &mut document);
        let status = StatusCode::from_u16(error.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Answer {
            reason: Some(reason),
            ec: error.ec,
            document: Some(document).filter(|document| !document.is_empty()),
            ..Answer::empty(status)
        }
    }

    pub(super) fn method_not_allowed(&self, request_id: &str) -> Answer {
        let error = self.provider.error(Cause::MethodNotAllowed, Subject::None);
        self.refused(&error, "method_not_allowed", request_id)
    }
}

impl DecidedHeaders {
    /// Adds the headers to a response: those of CORS replace existing ones, Vary is appended to.
    pub fn apply_to(self, response: &mut HeaderMap) {
        if let Some(headers) = self.0 {
            headers.apply_to(response);
        }
    }
}

impl Answer {
    fn empty(status: StatusCode) -> Self {
        Answer {
            status,
            document: None,
            reason: None,
            detail: None,
            ec: None,
        }
    }

    fn document(status: StatusCode, document: String) -> Self {
        Answer {
            document: Some(document),
            ..Answer::empty(status)
        }
    }

    /// Converts the answer to a response; a document gets the content type of XML.
    pub fn into_response(self) -> Response<String> {
        let is_document = self.document.is_some();
        let mut response = Response::new(self.document.unwrap_or_default());
        *response.status_mut() = self.status;
        if is_document {
            let content_type = HeaderValue::from_static("application/xml");
            response.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        response
    }
}

impl<S: fmt::Display, B: fmt::Display> fmt::Display for OperationError<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OperationError::Store(error) => write!(f, "the store failed: {error}"),
            OperationError::Body(error) => write!(f, "the body could not be read: {error}"),
        }
    }
}

impl<S: Error, B: Error> Error for OperationError<S, B> {}

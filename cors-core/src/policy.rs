//! The compiled policy: a view of one policy image that decides requests.

use core::fmt;
use core::ops::Range;

use crate::decision::Decision;
use crate::dialect::Evaluation;
use crate::error::ImageError;
use crate::explain::Explanation;
use crate::image::{Image, RESPONSE_VARY};
use crate::request::Request;
use crate::rule::Rule;

/// A compiled policy: borrows its image, decides requests. Cheap to copy, free to share between threads.
///
/// # Examples
///
/// ```
/// use cors_core::{Configuration, Dialect, List, PolicyBuf, Request, Rule};
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://*.a.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let owner = PolicyBuf::<512>::compile(&Configuration::new(&Dialect::OSS, &rules))?;
/// let policy = owner.as_policy();
/// let decision = policy.decide(&Request { method: b"GET", origin: Some(b"https://x.a.example"), ..Request::EMPTY });
/// assert_eq!(decision.grant().unwrap().rule_index(), 0);
/// # Ok::<(), cors_core::CompileError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Policy<'p>(Image<'p>);

impl fmt::Debug for Policy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("rules", &self.len())
            .field("bytes", &self.as_bytes().len())
            .finish()
    }
}

impl<'p> Policy<'p> {
    /// Reads a policy image, from wherever it was kept. Nothing is rebuilt and nothing is copied.
    ///
    /// # Errors
    ///
    /// An [`ImageError`] when the bytes are not an image, are cut off, or do not fit together.
    ///
    /// # Security
    ///
    /// Hostile bytes result in an error, or in a policy that answers without a panic within the stated bounds and never
    /// puts a control character into a response. Flags, sets and indexes are compared with the rules: what is granted, and
    /// by which rule, is what [`Policy::rules`] shows. The rules themselves, and the dialect, are believed: anyone who can
    /// write the image decides who may read the data.
    ///
    /// # Complexity
    ///
    /// Linear in the image, and in its rules once more for each 8192 distinct patterns; a pattern whose hash collides with
    /// n others takes as many comparisons as n has binary digits.
    pub fn from_bytes(image: &'p [u8]) -> Result<Policy<'p>, ImageError> {
        Image::read(image).map(Policy)
    }

    /// Views an image that [`Policy::from_bytes`] or [`compile`](crate::compile) has accepted before: only the header is read.
    ///
    /// For firmware whose build has checked the image, and for owners that look at their image once a request.
    ///
    /// # Errors
    ///
    /// An [`ImageError`] when the header or the offsets of the parts do not hold.
    ///
    /// # Security
    ///
    /// Bytes that were never checked still cannot cause a panic or a read outside of them, but what they answer is
    /// unspecified, and their texts may hold control characters.
    ///
    /// # Complexity
    ///
    /// Constant.
    pub fn from_checked_bytes(image: &'p [u8]) -> Result<Policy<'p>, ImageError> {
        Image::view(image).map(Policy)
    }

    /// The policy of an image that was just compiled.
    pub(crate) fn of(image: Image<'p>) -> Policy<'p> {
        Policy(image)
    }

    /// A view of bytes that a compile has written or that were checked. Were they not an image, every request would be refused.
    pub(crate) fn trusted(image: &'p [u8]) -> Policy<'p> {
        Policy(Image::view(image).unwrap_or(Image::EMPTY))
    }

    /// Decides one request. The same request always gets the same answer: nothing is remembered.
    ///
    /// # Complexity
    ///
    /// Time linear in the bytes of the request up to the caps ([`MAX_ORIGIN_BYTES`](crate::MAX_ORIGIN_BYTES),
    /// [`MAX_REQUEST_HEADER_BYTES`](crate::MAX_REQUEST_HEADER_BYTES),
    /// [`MAX_REQUEST_HEADER_NAMES`](crate::MAX_REQUEST_HEADER_NAMES)); beyond a cap nothing more is read. To this the origin,
    /// and each of up to 256 names, adds the configuration's part. Up to 16 distinct shapes (pairs of prefix and suffix length of patterns
    /// with a `*`) add the bytes of each; more of them add a binary search among the prefixes and one among the suffixes, and a few instructions
    /// for each pattern whose suffix ends the text. Its distinct methods, at most 64, count; and, where every one of 16 seeds leaves more than 16
    /// hashes together, a comparison for each of these. Beyond 64 rules all of this counts once for each block of 64 that
    /// has a rule for the origin, up to the one with the rule that matches. Otherwise the number of rules and patterns does not
    /// count. Less than 1 KiB of stack, no other space.
    pub fn decide<'r>(&self, request: &Request<'r>) -> Decision<'p, 'r> {
        self.0.decide(request)
    }

    /// Decides a request, and keeps what is needed to say why.
    ///
    /// # Complexity
    ///
    /// As [`Policy::decide`]; going over the rules costs as much again for each of them.
    pub fn explain<'r>(&self, request: &Request<'r>) -> Explanation<'p, 'r> {
        Explanation::new(self.0, request)
    }

    /// The image: keep these bytes and the policy is kept.
    pub fn as_bytes(&self) -> &'p [u8] {
        self.0.as_bytes()
    }

    /// Number of rules.
    pub fn len(&self) -> usize {
        usize::from(self.0.rule_count)
    }

    /// Whether there are no rules, which means that CORS is not enabled.
    pub fn is_empty(&self) -> bool {
        self.0.rule_count == 0
    }

    /// The configuration's `ResponseVary`.
    pub fn response_vary(&self) -> bool {
        self.0.has(RESPONSE_VARY)
    }

    /// How this policy reads a request.
    pub fn evaluation(&self) -> Evaluation {
        self.0.evaluation
    }

    /// The rules, in their order and spelling.
    pub fn rules(&self) -> impl Iterator<Item = Rule<'p>> + use<'p> {
        let image = self.0;
        (0..image.rule_count).map(move |rule| image.record(rule).rule())
    }

    /// The header values of each rule that do not depend on the request: for adapters that prepare header values once.
    pub fn rule_values(&self) -> impl Iterator<Item = RuleValues<'p>> + use<'p> {
        let image = self.0;
        (0..image.rule_count).map(move |rule| {
            let record = image.record(rule);
            RuleValues {
                allow_methods: record.methods,
                expose_headers: record.expose_headers,
                max_age: record.max_age,
            }
        })
    }

    /// The parts of the image in their order, each with its name and its bytes; together they are the whole image.
    ///
    /// The names are those of the layout's description; a later version of the image may have others.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Configuration, Dialect, PolicyBuf};
    ///
    /// let owner = PolicyBuf::<128>::compile(&Configuration::new(&Dialect::OSS, &[]))?;
    /// let first = owner.as_policy().parts().next();
    /// assert_eq!(first, Some(("header", 0..64)));
    /// # Ok::<(), cors_core::CompileError>(())
    /// ```
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, Range<usize>)> + use<'p> {
        self.0.parts()
    }
}

/// The values of a rule's response headers that do not depend on the request; empty where the rule has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleValues<'p> {
    /// AllowedMethod joined with `, `.
    pub allow_methods: &'p [u8],
    /// ExposeHeader joined with `, `.
    pub expose_headers: &'p [u8],
    /// MaxAgeSeconds in decimal.
    pub max_age: &'p [u8],
}

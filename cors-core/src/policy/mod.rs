//! The compiled policy: a view of one flat image, and the buffer that can own it.

mod compile;
mod decide;
mod draft;
mod hash;
mod image;
mod index;
mod layout;
mod lookup;
mod methods;
mod owner;
mod parts;
mod rule_set;
mod sets;

use core::fmt;

pub(crate) use compile::{bytes_needed, write_image};
pub(crate) use image::Record;
pub(crate) use layout::{ALLOWS_CREDENTIALS, HAS_WILDCARD, ONLY_WILDCARD};
pub use owner::PolicyBuf;

use crate::dialect::{Evaluation, ResponseHeaders};
use crate::error::ImageError;
use crate::rule::Rule;
use lookup::{Index, MethodRow};
use rule_set::{SetName, SetTable};

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
pub struct Policy<'p> {
    image: &'p [u8],
    flags: u8,
    rule_count: u16,
    evaluation: Evaluation,
    response: ResponseHeaders,
    record_places: &'p [[u8; 4]],
    records_end: u32,
    methods: &'p [[u8; 16]],
    sets: SetTable<'p>,
    origins: Index<'p>,
    headers: Index<'p>,
}

impl fmt::Debug for Policy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("rules", &self.rule_count)
            .field("bytes", &self.image.len())
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
    /// Hostile bytes give an error, or a policy that answers without a panic within the stated bounds and never
    /// puts a control character into a response. That its answers follow from its rules is not checked: who
    /// can write the image decides who may read the data.
    ///
    /// # Complexity
    ///
    /// Linear in the image.
    pub fn from_bytes(image: &'p [u8]) -> Result<Policy<'p>, ImageError> {
        image::read(image)
    }

    /// Views an image that [`Policy::from_bytes`] or [`compile`](crate::compile) has accepted before: only the header is read.
    ///
    /// For owners on the heap that look at their image once a request.
    ///
    /// # Errors
    ///
    /// An [`ImageError`] when the header or the places of the parts do not hold.
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
        image::view_checked(image)
    }

    /// A view of what [`compile`](crate::compile) has just written, which needs no checks.
    pub(crate) fn trusted(image: &'p [u8]) -> Policy<'p> {
        // An image that its writer cannot read back would be a mistake here; it refuses everything then.
        image::view_checked(image).unwrap_or(Policy::WITHOUT_RULES)
    }

    const WITHOUT_RULES: Policy<'static> = {
        let nothing = Index {
            image: &[],
            any: SetName::EMPTY,
            entries: &[],
            fan: &[],
            shapes: &[],
        };
        Policy {
            image: &[],
            flags: 0,
            rule_count: 0,
            evaluation: crate::Dialect::OSS.evaluation,
            response: crate::Dialect::OSS.response,
            record_places: &[],
            records_end: 0,
            methods: &[],
            sets: SetTable {
                words: &[],
                row_words: 1,
            },
            origins: nothing,
            headers: nothing,
        }
    };

    /// The image: keep these bytes and the policy is kept.
    pub fn as_bytes(&self) -> &'p [u8] {
        self.image
    }

    /// Number of rules.
    pub fn len(&self) -> usize {
        usize::from(self.rule_count)
    }

    /// Whether there is no rule, which means that CORS is not enabled.
    pub fn is_empty(&self) -> bool {
        self.rule_count == 0
    }

    /// The configuration's `ResponseVary`.
    pub fn response_vary(&self) -> bool {
        self.flags & layout::RESPONSE_VARY != 0
    }

    /// How this policy reads a request.
    pub fn evaluation(&self) -> Evaluation {
        self.evaluation
    }

    /// The rules, in their order and spelling.
    pub fn rules(&self) -> impl Iterator<Item = Rule<'p>> + use<'p> {
        let policy = *self;
        (0..policy.rule_count).map(move |index| policy.record(index).rule())
    }

    pub(crate) fn record(&self, index: u16) -> Record<'p> {
        self.record_bytes(index)
            .and_then(Record::parse)
            .unwrap_or(Record::EMPTY)
    }

    fn record_bytes(&self, index: u16) -> Option<&'p [u8]> {
        let place = |index: usize| {
            self.record_places
                .get(index)
                .map(|place| u32::from_le_bytes(*place))
        };
        let index = usize::from(index);
        let start = place(index)?;
        layout::part(
            self.image,
            start,
            place(index.checked_add(1)?).unwrap_or(self.records_end),
        )
    }

    fn text_of(&self, row: MethodRow) -> &'p [u8] {
        let end = row.text.saturating_add(u32::from(row.length));
        layout::part(self.image, row.text, end).unwrap_or_default()
    }
}

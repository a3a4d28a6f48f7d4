//! `cors_engine_decision`, and the function that makes one.

use core::ffi::{c_char, c_int};
use core::mem::MaybeUninit;

use cors_core::{
    Decision as CoreDecision, Furthest, Grant, HeaderValue, MAX_HEADERS, Outcome, Refusal,
};

use crate::error::Error;
use crate::policy::Policy;
use crate::request::Request;
use crate::text::{Text, lent_mut};
use crate::words::header_name;

/// The request has no Origin.
pub const NOT_CORS: u8 = 0;
/// The request is a preflight: the caller answers it.
pub const PREFLIGHT: u8 = 1;
/// Any other CORS request: it goes on.
pub const ACTUAL: u8 = 2;
/// No rule matched.
pub const NO_RULE: u16 = u16::MAX;

/// `cors_engine_header`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Header<'a> {
    /// The name.
    pub name: Text<'a>,
    /// The value.
    pub value: Text<'a>,
}

/// `cors_engine_decision`: the answer to one request. What C left in the memory for one is not read.
#[derive(Debug)]
#[repr(C)]
pub struct Decision<'a> {
    /// [`NOT_CORS`], [`PREFLIGHT`] or [`ACTUAL`].
    pub kind: u8,
    /// 0, or the number of the refusal.
    pub reason: u8,
    /// The status of the answer to a preflight; otherwise 0.
    pub status: u16,
    /// The rule that matched, counted from 0, or [`NO_RULE`].
    pub rule: u16,
    /// More of a refusal: the first header name that was not allowed, or the limit.
    pub detail: u16,
    pub(crate) headers_len: usize,
    /// The first `headers_len` of them are set.
    pub(crate) headers: [MaybeUninit<Header<'a>>; MAX_HEADERS],
}

impl<'a> Decision<'a> {
    /// What is answered where nothing is decided.
    pub const NONE: Decision<'static> = Decision {
        kind: NOT_CORS,
        reason: 0,
        status: 0,
        rule: NO_RULE,
        detail: 0,
        headers_len: 0,
        headers: [const { MaybeUninit::uninit() }; MAX_HEADERS],
    };

    /// Makes it one where nothing is decided, and leaves the memory of the headers alone.
    fn clear(&mut self) {
        self.kind = NOT_CORS;
        self.reason = 0;
        self.status = 0;
        self.rule = NO_RULE;
        self.detail = 0;
        self.headers_len = 0;
    }

    /// The headers of the response.
    pub fn headers(&self) -> impl Iterator<Item = &Header<'a>> {
        let set = self.headers.iter().take(self.headers_len);
        // SAFETY: `push` sets a header before it counts it.
        set.map(|header| unsafe { header.assume_init_ref() })
    }

    fn push(&mut self, header: Header<'a>) {
        if let Some(place) = self.headers.get_mut(self.headers_len) {
            place.write(header);
            self.headers_len = self.headers_len.saturating_add(1);
        }
    }

    /// Says what was decided, without the headers.
    fn set_outcome(&mut self, decision: &CoreDecision<'_, '_>) {
        let result = match decision.outcome() {
            Outcome::NotCors => return,
            Outcome::Preflight(result) => {
                self.kind = PREFLIGHT;
                self.status = result.map_or_else(Refusal::status, |_| 200);
                result
            }
            Outcome::Actual(result) => {
                self.kind = ACTUAL;
                result
            }
        };
        match result {
            Ok(grant) => self.rule = rule_number(&grant),
            Err(refusal) => {
                self.reason = refusal.code();
                self.detail = match refusal {
                    Refusal::NoRuleMatched {
                        furthest: Furthest::Header(index),
                    } => index,
                    Refusal::LimitExceeded(limit) => limit.code().into(),
                    _ => 0,
                };
            }
        }
    }

    /// Sets the headers. Only the names of Access-Control-Allow-Headers are written, into the buffer.
    ///
    /// The decision is one about what is lent for `'a`; only the list of lines, which no header is part of, is shorter-lived.
    fn set_headers(
        &mut self,
        decision: &CoreDecision<'_, '_>,
        buffer: &'a mut [u8],
    ) -> Result<(), Error> {
        let mut buffer = Some(buffer);
        let mut fits = true;
        decision.for_each_header(|header, value| {
            let value = match value.as_bytes() {
                // SAFETY: a stored value is part of the image, of a text of the request, or a constant; all may be read for 'a.
                Some(bytes) => Some(unsafe { Text::new(bytes).prolonged() }),
                // No decision has a second one.
                None => buffer.take().and_then(|buffer| written(&value, buffer)),
            };
            let name = Text::new(header_name(header).to_bytes());
            match value {
                Some(value) => self.push(Header { name, value }),
                None => fits = false,
            }
        });
        if fits { Ok(()) } else { Err(Error::Room) }
    }
}

/// Decides one request.
///
/// # Safety
///
/// `buffer` is NULL, or points to `buffer_len` bytes that nothing else reads or writes for `'a`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_engine_decide<'a>(
    policy: Option<&Policy<'a>>,
    request: Option<&Request<'a>>,
    buffer: *mut c_char,
    buffer_len: usize,
    decision: Option<&mut Decision<'a>>,
) -> c_int {
    let Some(decided) = decision else {
        return Error::Null.code();
    };
    decided.clear();
    // SAFETY: the caller's promise.
    let buffer = unsafe { lent_mut::<'a>(buffer.cast(), buffer_len) };
    let result = decide(policy, request, buffer, decided);
    if result.is_err() {
        // A caller that overlooks the error grants nothing.
        decided.clear();
    }
    Error::status(result)
}

fn decide<'a>(
    policy: Option<&Policy<'a>>,
    request: Option<&Request<'a>>,
    buffer: Result<&'a mut [u8], Error>,
    decided: &mut Decision<'a>,
) -> Result<(), Error> {
    let view = policy.ok_or(Error::Null)?.view()?;
    let buffer = buffer?;
    request.ok_or(Error::Null)?.with(|request| {
        let decision = view.decide(request);
        decided.set_outcome(&decision);
        decided.set_headers(&decision, buffer)
    })
}

fn rule_number(grant: &Grant<'_, '_>) -> u16 {
    u16::try_from(grant.rule_index()).unwrap_or(NO_RULE)
}

/// Writes a value to the front of the buffer, if there is room.
fn written<'a>(value: &HeaderValue<'_>, buffer: &'a mut [u8]) -> Option<Text<'a>> {
    let len = value.write_to(buffer)?;
    buffer.get(..len).map(Text::new)
}

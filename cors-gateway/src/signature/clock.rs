//! The times of signatures: their formats, clock skew, the lifetime of URLs.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::refusal::{expired, malformed};
use crate::failure::Failure;

/// How far a client's clock may be off, either way: 15 minutes for both providers.
const MAX_SKEW: TimeDelta = TimeDelta::minutes(15);
/// Longest lifetime of a V4 presigned URL: 7 days for both providers.
const MAX_EXPIRES_SECONDS: i64 = 7 * 24 * 60 * 60;

pub(super) fn check_skew(time: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Failure> {
    if (now - time).abs() <= MAX_SKEW {
        Ok(())
    } else {
        Err(Failure::new(
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
            "clock_skew",
        ))
    }
}

/// Checks a V4 presigned URL: it is valid from its date, less the allowed skew, for the given
/// number of seconds.
pub(super) fn check_life(
    time: DateTime<Utc>,
    expires: &str,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let seconds = expires
        .parse::<i64>()
        .ok()
        .filter(|seconds| (1..=MAX_EXPIRES_SECONDS).contains(seconds))
        .ok_or_else(|| malformed("the lifetime of the URL must be 1 to 604800 seconds"))?;
    if time - now > MAX_SKEW || now - time > TimeDelta::seconds(seconds) {
        return Err(expired());
    }
    Ok(())
}

/// The format of the times of V4.
pub(super) const BASIC: &str = "%Y%m%dT%H%M%SZ";

/// Parses a time such as `20261124T063649Z`, written exactly so.
pub(super) fn basic_time(text: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(text, BASIC)
        .ok()
        .filter(|time| time.format(BASIC).to_string() == text)
        .map(|time| time.and_utc())
}

pub(super) fn http_time(text: &str) -> Option<DateTime<Utc>> {
    httpdate::parse_http_date(text).ok().map(DateTime::from)
}

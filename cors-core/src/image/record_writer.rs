//! Writes the records of an image.

use super::header::HEADER_BYTES;
use super::records::{
    ALLOWS_CREDENTIALS, HAS_ID, HAS_WILDCARD, OFFSET_BYTES, ONLY_WILDCARD, OTHER_SPELLINGS,
    RECORD_HEAD_BYTES, REPEATS_EXPOSED,
};
use super::writer::{ImageWriter, WriteError};
use crate::dialect::AllowHeaders;
use crate::error::Field;
use crate::rule::{Configuration, List, Rule};

/// Writes the records' offsets, then the records. They follow the header.
pub(crate) fn write_records(
    writer: &mut ImageWriter<'_>,
    configuration: &Configuration<'_>,
) -> Result<(), WriteError> {
    let rules = configuration.rules;
    for _ in rules {
        writer.push(&[0; OFFSET_BYTES])?;
    }
    for (index, rule) in rules.iter().enumerate() {
        let offset = writer.offset()?;
        let row = index.saturating_mul(OFFSET_BYTES);
        writer.put(HEADER_BYTES.saturating_add(row), &offset.to_le_bytes())?;
        write_record(writer, configuration, index, rule)?;
    }
    Ok(())
}

fn write_record(
    writer: &mut ImageWriter<'_>,
    configuration: &Configuration<'_>,
    index: usize,
    rule: &Rule<'_>,
) -> Result<(), WriteError> {
    let head = writer.len();
    writer.push(&[0; RECORD_HEAD_BYTES])?;
    let max_age = match rule.max_age_seconds {
        Some(seconds) => push_decimal(writer, seconds)?,
        None => 0,
    };
    let methods = push_joined(writer, rule.allowed_methods, index, Field::AllowedMethod)?;
    let exposed = push_joined(writer, rule.expose_headers, index, Field::ExposeHeader)?;
    let id = rule.id.unwrap_or_default();
    writer.push(id.as_bytes())?;
    let id_length = u16::try_from(id.len()).map_err(|_| WriteError::too_long(index, Field::Id))?;
    let origins_start = writer.len();
    push_prefixed(writer, rule.allowed_origins, index, Field::AllowedOrigin)?;
    let origins =
        u32::try_from(writer.len().saturating_sub(origins_start)).map_err(|_| WriteError::Full)?;
    let mut flags = flags_of(rule);
    if push_other_spellings(writer, configuration, rule)? {
        flags |= OTHER_SPELLINGS;
    }
    if configuration.dialect.response.allow_headers == AllowHeaders::ExposeHeaders {
        flags |= REPEATS_EXPOSED;
    }
    let names = rule.requestable_headers(configuration.dialect);
    push_prefixed(writer, names, index, Field::AllowedHeader)?;

    let [m0, m1] = methods.to_le_bytes();
    let [e0, e1] = exposed.to_le_bytes();
    let [i0, i1] = id_length.to_le_bytes();
    let [o0, o1, o2, o3] = origins.to_le_bytes();
    writer.put(
        head,
        &[flags, max_age, m0, m1, e0, e1, i0, i1, o0, o1, o2, o3],
    )
}

fn flags_of(rule: &Rule<'_>) -> u8 {
    let mut origins = rule.allowed_origins.iter();
    let is_alone = origins.next() == Some("*") && origins.next().is_none();
    let has_wildcard = rule.allowed_origins.iter().any(|item| item == "*");
    [
        (has_wildcard, HAS_WILDCARD),
        (is_alone, ONLY_WILDCARD),
        (rule.allow_credentials, ALLOWS_CREDENTIALS),
        (rule.id.is_some(), HAS_ID),
    ]
    .into_iter()
    .filter(|(is_set, _)| *is_set)
    .fold(0, |flags, (_, flag)| flags | flag)
}

/// Writes a number in decimal; returns the number of its characters.
fn push_decimal(writer: &mut ImageWriter<'_>, number: i32) -> Result<u8, WriteError> {
    let mut length = 0_u8;
    if number < 0 {
        writer.push(b"-")?;
        length = 1;
    }
    let mut rest = number.unsigned_abs();
    let mut power = 1_000_000_000_u32;
    let mut started = false;
    while power > 0 {
        let digit = rest.checked_div(power).unwrap_or(0);
        rest = rest.checked_rem(power).unwrap_or(0);
        power /= 10;
        started |= digit != 0 || power == 0;
        if started {
            writer.push(&[b'0'.saturating_add(u8::try_from(digit).unwrap_or(0))])?;
            length = length.saturating_add(1);
        }
    }
    Ok(length)
}

/// Writes a list as a header value; returns its length.
fn push_joined(
    writer: &mut ImageWriter<'_>,
    list: List<'_>,
    rule: usize,
    field: Field,
) -> Result<u16, WriteError> {
    let start = writer.len();
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            writer.push(b", ")?;
        }
        writer.push(item.as_bytes())?;
    }
    u16::try_from(writer.len().saturating_sub(start)).map_err(|_| WriteError::too_long(rule, field))
}

/// Writes each item of a list after its length.
fn push_prefixed(
    writer: &mut ImageWriter<'_>,
    list: List<'_>,
    rule: usize,
    field: Field,
) -> Result<(), WriteError> {
    for item in &list {
        let length = u16::try_from(item.len()).map_err(|_| WriteError::too_long(rule, field))?;
        writer.push(&length.to_le_bytes())?;
        writer.push(item.as_bytes())?;
    }
    Ok(())
}

/// Writes the other spelling of each origin that has one, after the length of them all; returns whether there is any.
fn push_other_spellings(
    writer: &mut ImageWriter<'_>,
    configuration: &Configuration<'_>,
    rule: &Rule<'_>,
) -> Result<bool, WriteError> {
    let comparison = configuration.dialect.origin_comparison;
    let origins = rule.allowed_origins.iter();
    let mut others = origins
        .filter_map(|origin| comparison.other_spelling(origin.as_bytes()))
        .peekable();
    if others.peek().is_none() {
        return Ok(false);
    }
    let head = writer.len();
    writer.push(&[0; 4])?;
    for (text, port) in others {
        // An origin that long is beyond the cap of requests anyway.
        let Ok(length) = u16::try_from(text.len().saturating_add(port.len())) else {
            continue;
        };
        writer.push(&length.to_le_bytes())?;
        writer.push(text)?;
        writer.push(port)?;
    }
    let bytes = writer.len().saturating_sub(head).saturating_sub(4);
    let bytes = u32::try_from(bytes).map_err(|_| WriteError::Full)?;
    writer.put(head, &bytes.to_le_bytes())?;
    Ok(true)
}

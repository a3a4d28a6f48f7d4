//! Rules into a policy image: everything is written into the caller's buffer, sorted there, and cut to size.

use super::Policy;
use super::draft::{Draft, Stop, position, too_long};
use super::index::{merge_entries, write_fan, write_raw_entries, write_shapes};
use super::layout::{
    ALLOWS_CREDENTIALS, HAS_ID, HAS_WILDCARD, HEADER_BYTES, Header, ONLY_WILDCARD,
    ORIGIN_INDEPENDENT, Places, RECORD_HEAD_BYTES, RESPONSE_VARY,
};
use super::methods::{name_method_sets, write_methods};
use super::sets::{Sets, holders};
use crate::error::{CompileError, CompileErrorKind, Field};
use crate::rule::{Configuration, List, Rule};

/// Compiles a checked configuration at the front of a buffer.
pub(crate) fn write_image<'b>(
    configuration: &Configuration<'_>,
    buffer: &'b mut [u8],
) -> Result<Policy<'b>, CompileError> {
    let mut draft = Draft {
        bytes: buffer,
        length: 0,
    };
    match write(&mut draft, configuration) {
        Ok(()) => {
            let Draft { bytes, length } = draft;
            Ok(Policy::trusted(bytes.get(..length).unwrap_or_default()))
        }
        Err(Stop::Limit(error)) => Err(error),
        Err(Stop::Full) => Err(CompileError::of_all(match bytes_needed(configuration) {
            Some(needed) => CompileErrorKind::BufferTooSmall { needed },
            None => CompileErrorKind::TooManyPatterns,
        })),
    }
}

/// A number of bytes in which the configuration surely compiles; `None` beyond 4 GiB.
pub(crate) fn bytes_needed(configuration: &Configuration<'_>) -> Option<usize> {
    let rules = configuration.rules;
    let row_bytes = rules.len().div_ceil(64).checked_mul(8)?;
    // Three rows of bits at most for what is not a pattern of its own, and one for each two patterns.
    let mut bytes = HEADER_BYTES.checked_add(8)?;
    let mut rows = 2_usize;
    for rule in rules {
        let mut patterns = 0_usize;
        let mut text = rule
            .id
            .map_or(0, str::len)
            .checked_add(16)?
            .checked_add(RECORD_HEAD_BYTES)?;
        for item in rule.allowed_origins.iter().chain(&rule.allowed_headers) {
            patterns = patterns.checked_add(1)?;
            text = text.checked_add(item.len())?.checked_add(2)?;
        }
        for item in rule.allowed_methods.iter().chain(&rule.expose_headers) {
            text = text.checked_add(item.len())?.checked_add(2)?;
        }
        let methods = rule.allowed_methods.iter().count();
        rows = rows.checked_add(methods)?.checked_add(patterns)?;
        // For a pattern: an entry, a place in the fan, a shape. For a method: a row.
        bytes = bytes
            .checked_add(text)?
            .checked_add(patterns.checked_mul(18)?)?
            .checked_add(methods.checked_mul(16)?)?;
    }
    if rules.len() > 1 {
        bytes = bytes.checked_add(rows.checked_mul(row_bytes)?)?;
    }
    (u32::try_from(bytes).is_ok()).then_some(bytes)
}

fn write(draft: &mut Draft<'_>, configuration: &Configuration<'_>) -> Result<(), Stop> {
    let rules = configuration.rules;
    let rule_count = u16::try_from(rules.len()).map_err(|_| Stop::Full)?;
    let mut places = Places::default();

    draft.push(&[0; HEADER_BYTES])?;
    for _ in rules {
        draft.push(&[0; 4])?;
    }
    for (index, rule) in rules.iter().enumerate() {
        let place = draft.place()?;
        draft.put(
            HEADER_BYTES.saturating_add(index.saturating_mul(4)),
            &place.to_le_bytes(),
        )?;
        write_record(draft, index, rule)?;
    }
    places.methods = draft.place()?;
    write_methods(draft, rules, rule_count, places.methods)?;
    places.origin_entries = draft.place()?;
    let methods = draft.rows_from(places.methods, 16);
    write_raw_entries::<false>(draft, rules, rule_count, places.methods)?;
    let raw_headers = draft.place()?;
    write_raw_entries::<true>(draft, rules, rule_count, places.methods)?;

    // The sets grow at the end, while the entries before them shrink.
    let raw_sets = draft.length;
    let mut sets = Sets {
        start: raw_sets,
        rows: 0,
        row_bytes: rules.len().div_ceil(64).saturating_mul(8),
    };
    let known = configuration.dialect.evaluation.methods;
    name_method_sets(draft, known, rules, places.methods, methods, &mut sets)?;
    let any_origin = sets.push(
        draft,
        holders(rules, |rule| {
            rule.allowed_origins.iter().any(|item| item == "*")
        }),
    )?;
    let any_header = sets.push(
        draft,
        holders(rules, |rule| {
            rule.allowed_headers.iter().any(|item| item == "*")
        }),
    )?;
    let raw_origins = count_rows(places.origin_entries, raw_headers);
    let origins = merge_entries::<false>(
        draft,
        (places.origin_entries, raw_origins),
        places.origin_entries,
        &mut sets,
    )?;
    places.header_entries = after(places.origin_entries, origins, 8)?;
    let raw_header_count = count_rows(
        raw_headers,
        u32::try_from(raw_sets).map_err(|_| Stop::Full)?,
    );
    let headers = merge_entries::<true>(
        draft,
        (raw_headers, raw_header_count),
        places.header_entries,
        &mut sets,
    )?;
    places.sets = after(places.header_entries, headers, 8)?;
    draft.close_gap(
        usize::try_from(places.sets).map_err(|_| Stop::Full)?,
        raw_sets,
    )?;

    places.origin_fan = draft.place()?;
    write_fan::<false>(draft, places.origin_entries, origins)?;
    places.header_fan = draft.place()?;
    write_fan::<true>(draft, places.header_entries, headers)?;
    places.origin_shapes = draft.place()?;
    write_shapes(draft, places.origin_entries, origins)?;
    places.header_shapes = draft.place()?;
    write_shapes(draft, places.header_entries, headers)?;
    places.end = draft.place()?;

    let independent = !rules.is_empty()
        && rules.iter().all(|rule| {
            rule.allowed_origins.iter().any(|item| item == "*") && !rule.allow_credentials
        });
    let header = Header {
        flags: if configuration.response_vary {
            RESPONSE_VARY
        } else {
            0
        } | if independent { ORIGIN_INDEPENDENT } else { 0 },
        rule_count,
        evaluation: configuration.dialect.evaluation,
        response: configuration.dialect.response,
        any_origin,
        any_header,
        places,
    };
    draft.put(0, &header.to_bytes())
}

fn count_rows(start: u32, end: u32) -> usize {
    usize::try_from(end.saturating_sub(start) / 8).unwrap_or(0)
}

fn after(part: u32, rows: usize, row_bytes: usize) -> Result<u32, Stop> {
    u32::try_from(position(part, rows, row_bytes)).map_err(|_| Stop::Full)
}

/// See [`Record::parse`](super::image::Record::parse) for the layout.
fn write_record(draft: &mut Draft<'_>, index: usize, rule: &Rule<'_>) -> Result<(), Stop> {
    let head = draft.length;
    draft.push(&[0; RECORD_HEAD_BYTES])?;
    let max_age = match rule.max_age_seconds {
        Some(seconds) => push_decimal(draft, seconds)?,
        None => 0,
    };
    let methods = push_joined(draft, rule.allowed_methods, index, Field::AllowedMethod)?;
    let exposed = push_joined(draft, rule.expose_headers, index, Field::ExposeHeader)?;
    let id = rule.id.unwrap_or_default();
    draft.push(id.as_bytes())?;
    let id_length = u16::try_from(id.len()).map_err(|_| too_long(index, Field::Id))?;
    let origins_start = draft.length;
    push_prefixed(draft, rule.allowed_origins, index, Field::AllowedOrigin)?;
    let origins =
        u32::try_from(draft.length.saturating_sub(origins_start)).map_err(|_| Stop::Full)?;
    push_prefixed(draft, rule.allowed_headers, index, Field::AllowedHeader)?;

    let stars = rule
        .allowed_origins
        .iter()
        .filter(|item| *item == "*")
        .count();
    let only_wildcard = stars == 1 && rule.allowed_origins.iter().count() == 1;
    let flags = if stars > 0 { HAS_WILDCARD } else { 0 }
        | if only_wildcard { ONLY_WILDCARD } else { 0 }
        | if rule.allow_credentials {
            ALLOWS_CREDENTIALS
        } else {
            0
        }
        | if rule.id.is_some() { HAS_ID } else { 0 };
    let [m0, m1] = methods.to_le_bytes();
    let [e0, e1] = exposed.to_le_bytes();
    let [i0, i1] = id_length.to_le_bytes();
    let [o0, o1, o2, o3] = origins.to_le_bytes();
    draft.put(
        head,
        &[flags, max_age, m0, m1, e0, e1, i0, i1, o0, o1, o2, o3],
    )
}

/// Writes a number in decimal; gives the number of its characters.
fn push_decimal(draft: &mut Draft<'_>, number: i32) -> Result<u8, Stop> {
    let mut length = 0_u8;
    if number < 0 {
        draft.push(b"-")?;
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
            draft.push(&[b'0'.saturating_add(u8::try_from(digit).unwrap_or(0))])?;
            length = length.saturating_add(1);
        }
    }
    Ok(length)
}

/// Writes a list as a header value; gives its length.
fn push_joined(
    draft: &mut Draft<'_>,
    list: List<'_>,
    rule: usize,
    field: Field,
) -> Result<u16, Stop> {
    let start = draft.length;
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            draft.push(b", ")?;
        }
        draft.push(item.as_bytes())?;
    }
    u16::try_from(draft.length.saturating_sub(start)).map_err(|_| too_long(rule, field))
}

fn push_prefixed(
    draft: &mut Draft<'_>,
    list: List<'_>,
    rule: usize,
    field: Field,
) -> Result<(), Stop> {
    for item in &list {
        let length = u16::try_from(item.len()).map_err(|_| too_long(rule, field))?;
        draft.push(&length.to_le_bytes())?;
        draft.push(item.as_bytes())?;
    }
    Ok(())
}

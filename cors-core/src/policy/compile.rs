//! Rules into a policy image: everything is written into the caller's buffer, sorted there, and cut to size.

use core::cmp::Ordering;

use super::draft::{Draft, Stop, position, sort};
use super::hash::{equal, hash, hash_parts};
use super::image::{
    self, ALLOWS_CREDENTIALS, HAS_ID, HAS_STAR, HEADER_BYTES, Header, ONLY_STAR, ORIGIN_INDEPENDENT, Places,
    RECORD_HEAD_BYTES, RESPONSE_VARY, can_match,
};
use super::lookup::{EntryRow, MethodRow, ShapeRow, slice_of, tag};
use super::rule_set::SetName;
use super::Policy;
use crate::diagnose::check;
use crate::error::{CompileError, CompileErrorKind, Field};
use crate::rule::{Configuration, List, Rule};

/// Where the places of the records lie.
#[expect(clippy::cast_possible_truncation, reason = "64 fits in 32 bits")]
const RECORD_PLACES: u32 = HEADER_BYTES as u32;

/// Most distinct methods of one image; the IANA registry holds about forty.
const MAX_METHODS: usize = 64;

/// Compiles rules into a policy image at the front of a buffer.
///
/// No rule at all compiles too: such a policy answers as a bucket without a configuration does.
///
/// # Errors
///
/// The first finding of [`check`], or a limit of the image format, or
/// [`BufferTooSmall`](CompileErrorKind::BufferTooSmall) with a number of bytes that is enough. What the buffer
/// holds after an error is unspecified.
///
/// # Complexity
///
/// `n log n` in the number of patterns, linear in the text of the rules; no space beyond the buffer.
/// A tenant who looks for patterns with colliding hashes adds a comparison of two texts to each step.
///
/// # Examples
///
/// ```
/// use cors_core::{Configuration, Dialect, List, Policy, Rule, compile};
///
/// let rules = [Rule {
///     allowed_origins: List::new(&["https://a.example"]),
///     allowed_methods: List::new(&["GET"]),
///     ..Rule::EMPTY
/// }];
/// let mut buffer = [0; 512];
/// let image = compile(&Configuration::new(&Dialect::OSS, &rules), &mut buffer)?.as_bytes();
/// assert!(Policy::from_bytes(image).is_ok());
/// # Ok::<(), cors_core::CompileError>(())
/// ```
pub fn compile<'b>(configuration: &Configuration<'_>, buffer: &'b mut [u8]) -> Result<Policy<'b>, CompileError> {
    if let Some(error) = check(configuration).next() {
        return Err(error);
    }
    let mut draft = Draft { bytes: buffer, length: 0 };
    match write(&mut draft, configuration) {
        Ok(()) => {
            let Draft { bytes, length } = draft;
            Ok(Policy::trusted(bytes.get(..length).unwrap_or_default()))
        }
        Err(Stop::Limit(error)) => Err(error),
        Err(Stop::Full) => Err(whole(match enough_bytes(configuration) {
            Some(needed) => CompileErrorKind::BufferTooSmall { needed },
            None => CompileErrorKind::TooManyPatterns,
        })),
    }
}

fn whole(kind: CompileErrorKind) -> CompileError {
    CompileError { kind, rule: None, field: None, item: None }
}

/// A number of bytes in which the configuration surely compiles; `None` beyond 4 GiB.
fn enough_bytes(configuration: &Configuration<'_>) -> Option<usize> {
    let rules = configuration.rules;
    let row_bytes = rules.len().div_ceil(64).checked_mul(8)?;
    // Three rows of bits at most for what is not a pattern of its own, and one for each two patterns.
    let mut bytes = HEADER_BYTES.checked_add(8)?;
    let mut rows = 2_usize;
    for rule in rules {
        let mut patterns = 0_usize;
        let mut text = rule.id.map_or(0, str::len).checked_add(16)?.checked_add(RECORD_HEAD_BYTES)?;
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
        bytes = bytes.checked_add(text)?.checked_add(patterns.checked_mul(18)?)?.checked_add(methods.checked_mul(16)?)?;
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
        draft.put(HEADER_BYTES.saturating_add(index.saturating_mul(4)), &place.to_le_bytes())?;
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
    let mut sets = Sets { start: raw_sets, rows: 0, row_bytes: rules.len().div_ceil(64).saturating_mul(8) };
    name_method_sets(draft, rules, places.methods, methods, &mut sets)?;
    let any_origin = sets.push(draft, holders(rules, |rule| rule.allowed_origins.iter().any(|item| item == "*")))?;
    let any_header = sets.push(draft, holders(rules, |rule| rule.allowed_headers.iter().any(|item| item == "*")))?;
    let raw_origins = count_rows(places.origin_entries, raw_headers);
    let origins = merge_entries::<false>(draft, (places.origin_entries, raw_origins), places.origin_entries, &mut sets)?;
    places.header_entries = after(places.origin_entries, origins, 8)?;
    let raw_header_count = count_rows(raw_headers, u32::try_from(raw_sets).map_err(|_| Stop::Full)?);
    let headers = merge_entries::<true>(draft, (raw_headers, raw_header_count), places.header_entries, &mut sets)?;
    places.sets = after(places.header_entries, headers, 8)?;
    draft.close_gap(usize::try_from(places.sets).map_err(|_| Stop::Full)?, raw_sets)?;

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
        && rules.iter().all(|rule| rule.allowed_origins.iter().any(|item| item == "*") && !rule.allow_credentials);
    let header = Header {
        flags: if configuration.response_vary { RESPONSE_VARY } else { 0 }
            | if independent { ORIGIN_INDEPENDENT } else { 0 },
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

fn too_long(rule: usize, field: Field) -> Stop {
    Stop::Limit(CompileError { kind: CompileErrorKind::TooLong, rule: Some(rule), field: Some(field), item: None })
}

/// See [`image::Record::parse`] for the layout.
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
    let origins = u32::try_from(draft.length.saturating_sub(origins_start)).map_err(|_| Stop::Full)?;
    push_prefixed(draft, rule.allowed_headers, index, Field::AllowedHeader)?;

    let stars = rule.allowed_origins.iter().filter(|item| *item == "*").count();
    let only_star = stars == 1 && rule.allowed_origins.iter().count() == 1;
    let flags = if stars > 0 { HAS_STAR } else { 0 }
        | if only_star { ONLY_STAR } else { 0 }
        | if rule.allow_credentials { ALLOWS_CREDENTIALS } else { 0 }
        | if rule.id.is_some() { HAS_ID } else { 0 };
    let [m0, m1] = methods.to_le_bytes();
    let [e0, e1] = exposed.to_le_bytes();
    let [i0, i1] = id_length.to_le_bytes();
    let [o0, o1, o2, o3] = origins.to_le_bytes();
    draft.put(head, &[flags, max_age, m0, m1, e0, e1, i0, i1, o0, o1, o2, o3])
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
fn push_joined(draft: &mut Draft<'_>, list: List<'_>, rule: usize, field: Field) -> Result<u16, Stop> {
    let start = draft.length;
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            draft.push(b", ")?;
        }
        draft.push(item.as_bytes())?;
    }
    u16::try_from(draft.length.saturating_sub(start)).map_err(|_| too_long(rule, field))
}

fn push_prefixed(draft: &mut Draft<'_>, list: List<'_>, rule: usize, field: Field) -> Result<(), Stop> {
    for item in list.iter() {
        let length = u16::try_from(item.len()).map_err(|_| too_long(rule, field))?;
        draft.push(&length.to_le_bytes())?;
        draft.push(item.as_bytes())?;
    }
    Ok(())
}

/// The place and the record of a rule already written; the last record ends at `records_end`.
fn record<'d>(draft: &'d Draft<'_>, index: usize, count: u16, records_end: u32) -> Option<(u32, image::Record<'d>)> {
    let place = |index: usize| u32::from_le_bytes(draft.row(RECORD_PLACES, index));
    let next = index.checked_add(1)?;
    let end = if next < usize::from(count) { place(next) } else { records_end };
    Some((place(index), image::Record::parse(image::part(draft.bytes, place(index), end)?)?))
}

/// Writes a row for each distinct method, in order of first appearance; the sets are named later.
fn write_methods(draft: &mut Draft<'_>, rules: &[Rule<'_>], rule_count: u16, part: u32) -> Result<(), Stop> {
    for (index, rule) in rules.iter().enumerate() {
        let (place, record) = record(draft, index, rule_count, part).ok_or(Stop::Full)?;
        let mut at = position(place, RECORD_HEAD_BYTES.saturating_add(record.max_age.len()), 1);
        for (item, method) in rule.allowed_methods.iter().enumerate() {
            let known = draft.rows_from(part, 16);
            let text = u32::try_from(at).map_err(|_| Stop::Full)?;
            let row = MethodRow {
                key: MethodRow::key(method.as_bytes()),
                text,
                length: u16::try_from(method.len()).map_err(|_| too_long(index, Field::AllowedMethod))?,
                set: SetName::Empty,
            };
            let is_known = (0..known).any(|index| {
                let other = MethodRow::parse(&draft.row(part, index));
                other.key == row.key && method_text(draft, other) == method.as_bytes()
            });
            if !is_known {
                if known == MAX_METHODS {
                    return Err(Stop::Limit(CompileError {
                        kind: CompileErrorKind::TooManyMethods,
                        rule: Some(index),
                        field: Some(Field::AllowedMethod),
                        item: Some(item),
                    }));
                }
                draft.push(&row.to_bytes())?;
            }
            at = at.saturating_add(method.len()).saturating_add(2);
        }
    }
    Ok(())
}

fn method_text<'d>(draft: &'d Draft<'_>, row: MethodRow) -> &'d [u8] {
    image::part(draft.bytes, row.text, row.text.saturating_add(u32::from(row.length))).unwrap_or_default()
}

/// The numbers of the rules for which something holds.
fn holders<'c>(rules: &'c [Rule<'c>], holds: impl Fn(&Rule<'c>) -> bool + Clone) -> impl Iterator<Item = u16> + Clone {
    (0_u16..).zip(rules).filter(move |(_, rule)| holds(rule)).map(|(number, _)| number)
}

fn name_method_sets(
    draft: &mut Draft<'_>,
    rules: &[Rule<'_>],
    part: u32,
    count: usize,
    sets: &mut Sets,
) -> Result<(), Stop> {
    for index in 0..count {
        let row = MethodRow::parse(&draft.row(part, index));
        let first = method_text(draft, row);
        // The same text in the rules, which do not change while the draft does.
        let Some(method) = rules.iter().flat_map(|rule| &rule.allowed_methods).find(|text| text.as_bytes() == first)
        else {
            return Err(Stop::Full);
        };
        let set = sets.push(draft, holders(rules, |rule| rule.allowed_methods.iter().any(|item| item == method)))?;
        draft.put_row(part, index, MethodRow { set, ..row }.to_bytes())?;
    }
    Ok(())
}

/// The table of sets, at the end of the draft while it grows.
struct Sets {
    start: usize,
    rows: u16,
    row_bytes: usize,
}

impl Sets {
    /// Names the set of the given rules, ascending; a set of several becomes a row.
    fn push(&mut self, draft: &mut Draft<'_>, rules: impl Iterator<Item = u16> + Clone) -> Result<SetName, Stop> {
        let Some(first) = rules.clone().next() else { return Ok(SetName::Empty) };
        if rules.clone().all(|rule| rule == first) {
            return Ok(SetName::Rule(first));
        }
        self.open_row(draft)?;
        for rule in rules {
            self.mark(draft, rule)?;
        }
        self.close_row()
    }

    fn open_row(&mut self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        for _ in 0..self.row_bytes {
            draft.push(&[0])?;
        }
        Ok(())
    }

    /// Adds a rule to the row being written.
    fn mark(&mut self, draft: &mut Draft<'_>, rule: u16) -> Result<(), Stop> {
        let row = usize::from(self.rows).saturating_mul(self.row_bytes);
        let at = self.start.saturating_add(row).saturating_add(usize::from(rule / 8));
        let byte = draft.bytes.get_mut(at).ok_or(Stop::Full)?;
        *byte |= 1 << (rule % 8);
        Ok(())
    }

    fn close_row(&mut self) -> Result<SetName, Stop> {
        if self.rows >= SetName::MAX_ROWS {
            return Err(Stop::Limit(whole(CompileErrorKind::TooManyPatterns)));
        }
        let name = SetName::Row(self.rows);
        self.rows = self.rows.saturating_add(1);
        Ok(name)
    }
}

/// An entry before equal ones are merged: where its text lies, the top of its hash, its one rule.
#[derive(Clone, Copy)]
struct RawEntry {
    text: u32,
    hash_top: u16,
    rule: u16,
}

impl RawEntry {
    fn parse(row: [u8; 8]) -> RawEntry {
        let EntryRow { text, tag, set } = EntryRow::parse(&row);
        RawEntry { text, hash_top: tag, rule: set.to_bits() }
    }

    fn to_bytes(self) -> [u8; 8] {
        EntryRow { text: self.text, tag: self.hash_top, set: SetName::Rule(self.rule) }.to_bytes()
    }
}

/// Under which hash a pattern is filed.
fn pattern_hash<const FOLD: bool>(text: &[u8]) -> u64 {
    match split_at_star(text) {
        None => hash::<FOLD>(text, 0),
        Some((prefix, suffix)) => hash_parts::<FOLD>(prefix, suffix),
    }
}

fn split_at_star(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (prefix, rest) = text.split_at_checked(memchr::memchr(b'*', text)?)?;
    Some((prefix, rest.get(1..)?))
}

/// Writes an entry for every pattern of every rule that could match a request, `*` left aside; sorts them.
fn write_raw_entries<const FOLD: bool>(
    draft: &mut Draft<'_>,
    rules: &[Rule<'_>],
    rule_count: u16,
    records_end: u32,
) -> Result<(), Stop> {
    let part = draft.place()?;
    for (number, rule) in (0_u16..).zip(rules) {
        let (place, record) = record(draft, usize::from(number), rule_count, records_end).ok_or(Stop::Full)?;
        let before = [record.max_age, record.methods, record.expose_headers, record.id];
        let skipped = before.iter().map(|text| text.len()).fold(RECORD_HEAD_BYTES, usize::saturating_add);
        let origins = record.origins.len();
        let (list, skipped) = if FOLD {
            (rule.allowed_headers, skipped.saturating_add(origins))
        } else {
            (rule.allowed_origins, skipped)
        };
        let mut at = position(place, skipped, 1);
        for item in list.iter() {
            let text = item.as_bytes();
            if text != b"*" && can_match::<FOLD>(text) {
                let [.., low, high] = pattern_hash::<FOLD>(text).to_le_bytes();
                let hash_top = u16::from_le_bytes([low, high]);
                let text = u32::try_from(at).map_err(|_| Stop::Full)?;
                draft.push(&RawEntry { text, hash_top, rule: number }.to_bytes())?;
            }
            at = at.saturating_add(text.len()).saturating_add(2);
        }
    }
    let count = draft.rows_from(part, 8);
    sort(draft, part, count, |draft, left, right| compare::<FOLD>(draft, RawEntry::parse(left), RawEntry::parse(right)))
}

/// By hash, then by text, then by rule. Equal texts need no hash.
fn compare<const FOLD: bool>(draft: &Draft<'_>, left: RawEntry, right: RawEntry) -> Ordering {
    left.hash_top.cmp(&right.hash_top).then_with(|| {
        let (left_text, right_text) = (draft.text(left.text), draft.text(right.text));
        if equal::<FOLD>(left_text, right_text) {
            return left.rule.cmp(&right.rule);
        }
        let hashes = pattern_hash::<FOLD>(left_text).cmp(&pattern_hash::<FOLD>(right_text));
        hashes.then_with(|| {
            let fold = |byte: &u8| if FOLD { byte.to_ascii_lowercase() } else { *byte };
            left_text.iter().map(fold).cmp(right_text.iter().map(fold))
        })
    })
}

/// Makes one entry of each run of raw entries with equal texts, from `to` on; gives their number.
fn merge_entries<const FOLD: bool>(
    draft: &mut Draft<'_>,
    (part, count): (u32, usize),
    to: u32,
    sets: &mut Sets,
) -> Result<usize, Stop> {
    let mut merged = 0_usize;
    let mut start = 0_usize;
    while start < count {
        let first = RawEntry::parse(draft.row(part, start));
        let text = draft.text(first.text);
        let hash = pattern_hash::<FOLD>(text);
        let mut end = start.saturating_add(1);
        let mut last = first;
        while end < count {
            let next = RawEntry::parse(draft.row(part, end));
            if next.hash_top != first.hash_top || !equal::<FOLD>(draft.text(next.text), text) {
                break;
            }
            last = next;
            end = end.saturating_add(1);
        }
        // Equal texts are sorted by rule.
        let set = if first.rule == last.rule {
            SetName::Rule(first.rule)
        } else {
            sets.open_row(draft)?;
            for index in start..end {
                let rule = RawEntry::parse(draft.row(part, index)).rule;
                sets.mark(draft, rule)?;
            }
            sets.close_row()?
        };
        draft.put_row(to, merged, EntryRow { text: first.text, tag: tag(hash), set }.to_bytes())?;
        merged = merged.saturating_add(1);
        start = end;
    }
    if merged > usize::from(SetName::MAX_ROWS) {
        return Err(Stop::Limit(whole(CompileErrorKind::TooManyPatterns)));
    }
    Ok(merged)
}

/// Writes where each slice of the entries begins, and where the last one ends.
fn write_fan<const FOLD: bool>(draft: &mut Draft<'_>, entries: u32, count: usize) -> Result<(), Stop> {
    let mut begun = 0_usize;
    for index in 0..count {
        let text = EntryRow::parse(&draft.row(entries, index)).text;
        let slice = slice_of(pattern_hash::<FOLD>(draft.text(text)), count);
        let start = u16::try_from(index).map_err(|_| Stop::Full)?;
        while begun <= slice {
            draft.push(&start.to_le_bytes())?;
            begun = begun.saturating_add(1);
        }
    }
    let end = u16::try_from(count).map_err(|_| Stop::Full)?;
    while begun <= count {
        draft.push(&end.to_le_bytes())?;
        begun = begun.saturating_add(1);
    }
    Ok(())
}

/// Writes the distinct shapes of the entries with a `*`.
fn write_shapes(draft: &mut Draft<'_>, entries: u32, count: usize) -> Result<(), Stop> {
    let part = draft.place()?;
    for index in 0..count {
        let text = EntryRow::parse(&draft.row(entries, index)).text;
        if let Some((prefix, suffix)) = split_at_star(draft.text(text)) {
            let shape = ShapeRow::of(prefix, suffix).ok_or(Stop::Full)?;
            draft.push(&shape.to_bytes())?;
        }
    }
    let raw = draft.rows_from(part, 8);
    sort(draft, part, raw, |_, left, right| {
        let (left, right) = (ShapeRow::parse(&left), ShapeRow::parse(&right));
        (left.prefix, left.suffix).cmp(&(right.prefix, right.suffix))
    })?;
    let mut kept = 0_usize;
    for index in 0..raw {
        let shape = ShapeRow::parse(&draft.row(part, index));
        let last = kept.checked_sub(1).map(|last| (last, ShapeRow::parse(&draft.row(part, last))));
        match last.filter(|(_, last)| (last.prefix, last.suffix) == (shape.prefix, shape.suffix)) {
            Some((at, last)) => {
                let joined =
                    ShapeRow { before: last.before | shape.before, after: last.after | shape.after, ..last };
                draft.put_row(part, at, joined.to_bytes())?;
            }
            None => {
                draft.put_row(part, kept, shape.to_bytes())?;
                kept = kept.saturating_add(1);
            }
        }
    }
    draft.length = position(part, kept, 8);
    Ok(())
}

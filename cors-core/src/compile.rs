//! Rules into a policy image: each part is written into the caller's buffer in order, sorted there, and cut to size.

use crate::error::{CompileError, CompileErrorKind};
use crate::image::{
    HEADER_AFFIXES, HEADER_BYTES, Header, Image, ImageWriter, MAX_SHAPES, ORIGIN_AFFIXES, Offsets,
    RESPONSE_VARY, SEEDS, SetTableWriter, WriteError, merge_entries, rules_where, write_fanout,
    write_method_sets, write_methods, write_raw_entries, write_records, write_wildcards,
};
use crate::rule::Configuration;

/// A slice of more entries than this makes the compiler look for another seed. With one entry for each slice on average, none
/// of a million honest configurations has one.
const LONG_SLICE: usize = 16;

/// Compiles a checked configuration at the front of a buffer.
pub(crate) fn write_image<'b>(
    configuration: &Configuration<'_>,
    buffer: &'b mut [u8],
) -> Result<Image<'b>, CompileError> {
    match write_with_a_seed(buffer, configuration) {
        Ok(length) => {
            let image = buffer.get(..length).unwrap_or_default();
            Ok(Image::view(image).unwrap_or(Image::EMPTY))
        }
        Err(WriteError::Limit(error)) => Err(error),
        Err(WriteError::Full) => Err(CompileError::of_all(match bytes_needed(configuration) {
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
    let mut wildcards = 0_usize;
    for rule in rules {
        let mut patterns = 0_usize;
        let mut text = rule.id.map_or(0, str::len).checked_add(28)?;
        let names = rule.requestable_headers(configuration.dialect);
        for item in rule.allowed_origins.iter().chain(&names) {
            patterns = patterns.checked_add(1)?;
            wildcards = wildcards.checked_add(usize::from(item.contains('*')))?;
            text = text.checked_add(item.len())?.checked_add(2)?;
        }
        let comparison = configuration.dialect.origin_comparison;
        let others = rule.allowed_origins.iter();
        for (text_of, port) in others.filter_map(|item| comparison.other_spelling(item.as_bytes()))
        {
            patterns = patterns.checked_add(1)?;
            // The length of all of them, and of each.
            text = text
                .checked_add(text_of.len())?
                .checked_add(port.len())?
                .checked_add(6)?;
        }
        for item in rule.allowed_methods.iter().chain(&rule.expose_headers) {
            text = text.checked_add(item.len())?.checked_add(2)?;
        }
        let methods = rule.allowed_methods.iter().count();
        rows = rows.checked_add(methods)?.checked_add(patterns)?;
        // For a pattern: an entry, a row of the fanout, a shape. For a method: a row.
        bytes = bytes
            .checked_add(text)?
            .checked_add(patterns.checked_mul(18)?)?
            .checked_add(methods.checked_mul(16)?)?;
    }
    if rules.len() > 1 {
        bytes = bytes.checked_add(rows.checked_mul(row_bytes)?)?;
    }
    if wildcards > MAX_SHAPES {
        // Two affixes, a start and a pattern for each in place of a shape; and twice the counts, and the last start.
        bytes = bytes
            .checked_add(wildcards.checked_mul(18)?)?
            .checked_add(20)?;
    }
    (u32::try_from(bytes).is_ok()).then_some(bytes)
}

/// Writes with the first seed under which no slice is long, which is 0 unless a tenant looked for collisions: then one text would
/// be compared with many. Returns the length of the image.
fn write_with_a_seed(
    buffer: &mut [u8],
    configuration: &Configuration<'_>,
) -> Result<usize, WriteError> {
    let (mut best, mut shortest) = (0, usize::MAX);
    for seed in 0..SEEDS {
        let (length, longest) = write(&mut ImageWriter::new(buffer, seed), configuration, seed)?;
        if longest <= LONG_SLICE {
            return Ok(length);
        }
        if longest < shortest {
            (best, shortest) = (seed, longest);
        }
    }
    write(&mut ImageWriter::new(buffer, best), configuration, best).map(|(length, _)| length)
}

/// Each part in its order; returns the length of the image and the number of entries in its longest slice. Entries are written before they are merged, so that they shrink, while the table of sets grows behind them.
fn write(
    writer: &mut ImageWriter<'_>,
    configuration: &Configuration<'_>,
    seed: u32,
) -> Result<(usize, usize), WriteError> {
    let rules = configuration.rules;
    let rule_count = u16::try_from(rules.len()).map_err(|_| WriteError::Full)?;
    let mut offsets = Offsets::default();

    writer.push(&[0; HEADER_BYTES])?;
    write_records(writer, configuration)?;
    offsets.methods = writer.offset()?;
    write_methods(writer, rules, rule_count, offsets.methods)?;
    offsets.origin_entries = writer.offset()?;
    write_raw_entries::<false>(writer, rule_count, offsets.methods)?;
    let raw_headers = writer.offset()?;
    write_raw_entries::<true>(writer, rule_count, offsets.methods)?;
    let raw_end = writer.offset()?;

    let mut sets = SetTableWriter::new(writer, rule_count);
    let known = configuration.dialect.evaluation.methods;
    let methods = (offsets.methods, offsets.origin_entries);
    write_method_sets(writer, known, rules, methods, &mut sets)?;
    let any_origin = rules_where(rules, |rule| {
        rule.allowed_origins.iter().any(|item| item == "*")
    });
    let any_origin = sets.push(writer, any_origin)?;
    let any_header = rules_where(rules, |rule| {
        let names = rule.requestable_headers(configuration.dialect);
        names.iter().any(|item| item == "*")
    });
    let any_header = sets.push(writer, any_header)?;
    let raw = (offsets.origin_entries, raw_headers);
    offsets.header_entries =
        merge_entries::<false>(writer, raw, offsets.origin_entries, &mut sets)?;
    let raw = (raw_headers, raw_end);
    offsets.sets = merge_entries::<true>(writer, raw, offsets.header_entries, &mut sets)?;
    sets.close_gap(writer, offsets.sets)?;

    let origins = (offsets.origin_entries, offsets.header_entries);
    let headers = (offsets.header_entries, offsets.sets);
    offsets.origin_fanout = writer.offset()?;
    let longest_of_origins = write_fanout::<false>(writer, origins)?;
    offsets.header_fanout = writer.offset()?;
    let longest = longest_of_origins.max(write_fanout::<true>(writer, headers)?);
    offsets.origin_wildcards = writer.offset()?;
    let mut flags = 0;
    if configuration.response_vary {
        flags |= RESPONSE_VARY;
    }
    if write_wildcards(writer, origins, false)? {
        flags |= ORIGIN_AFFIXES;
    }
    offsets.header_wildcards = writer.offset()?;
    if write_wildcards(writer, headers, true)? {
        flags |= HEADER_AFFIXES;
    }
    offsets.end = writer.offset()?;

    let header = Header {
        flags,
        rule_count,
        evaluation: configuration.dialect.evaluation,
        response: configuration.dialect.response,
        any_origin,
        any_header,
        offsets,
        seed,
    };
    writer.put(0, &header.to_bytes())?;
    Ok((writer.len(), longest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::providers::Dialect;
    use crate::rule::{List, Rule};
    use std::string::{String, ToString};
    use std::vec;
    use std::vec::Vec;

    fn of_origins<'c>(origins: &'c [&'c str]) -> [Rule<'c>; 1] {
        [Rule {
            allowed_origins: List::new(origins),
            allowed_methods: List::new(&["GET"]),
            ..Rule::EMPTY
        }]
    }

    /// Some of twenty thousand texts are in one slice of a few hundred under each seed: those that are first in the order of their hashes.
    #[test]
    fn where_each_seed_has_a_long_slice_the_first_seed_with_the_shortest_is_taken() {
        let texts: Vec<String> = (0..20_000).map(|number| number.to_string()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let rules = of_origins(&texts);
        let configuration = Configuration::new(&Dialect::STRICT, &rules);
        let mut buffer = vec![0; 1 << 20];
        let mut together: Vec<&str> = Vec::new();
        for seed in 0..SEEDS {
            let mut writer = ImageWriter::new(&mut buffer, seed);
            let (length, _) = write(&mut writer, &configuration, seed).ok().unwrap();
            let image = Image::view(&buffer[..length]).unwrap();
            let (_, entries) = image.parts().nth(4).unwrap();
            let entries = image.as_bytes()[entries].as_chunks::<8>().0;
            let count = if seed == 0 { 30 } else { 20 };
            together.extend(entries.iter().take(count).map(|[a, b, c, d, ..]| {
                let at = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).unwrap();
                let (length, text) = image.as_bytes()[at..].split_first_chunk().unwrap();
                let text = &text[..usize::from(u16::from_le_bytes(*length))];
                let number: usize = str::from_utf8(text).unwrap().parse().unwrap();
                texts[number]
            }));
        }
        let rules = of_origins(&together);
        let configuration = Configuration::new(&Dialect::STRICT, &rules);
        let longest: Vec<usize> = (0..SEEDS)
            .map(|seed| {
                let mut writer = ImageWriter::new(&mut buffer, seed);
                write(&mut writer, &configuration, seed).ok().unwrap().1
            })
            .collect();
        let shortest = *longest.iter().min().unwrap();
        let ties = longest.iter().filter(|length| **length == shortest);
        assert!(
            shortest > LONG_SLICE && longest[0] > shortest && ties.count() > 1,
            "{longest:?}"
        );
        let first = longest.iter().position(|length| *length == shortest);
        let image = write_image(&configuration, &mut buffer).unwrap();
        let seed = u32::from_le_bytes(*image.as_bytes()[60..].first_chunk().unwrap());
        assert_eq!(usize::try_from(seed).ok(), first, "{longest:?}");
    }
}

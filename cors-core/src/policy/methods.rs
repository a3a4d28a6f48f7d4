//! Writes the methods of a policy image: a row for each distinct one, in order of first appearance.

use super::draft::{Draft, Stop, position, record, too_long};
use super::layout::{RECORD_HEAD_BYTES, part};
use super::lookup::MethodRow;
use super::rule_set::SetName;
use super::sets::{Sets, holders};
use crate::dialect::MethodSet;
use crate::error::{CompileError, CompileErrorKind, Field};
use crate::rule::Rule;

/// Most distinct methods of one image; the IANA registry holds about forty.
const MAX_METHODS: usize = 64;

/// Writes a row for each distinct method, in order of first appearance; the sets are named later.
pub(super) fn write_methods(
    draft: &mut Draft<'_>,
    rules: &[Rule<'_>],
    rule_count: u16,
    start: u32,
) -> Result<(), Stop> {
    for (index, rule) in rules.iter().enumerate() {
        let (place, record) = record(draft, index, rule_count, start).ok_or(Stop::Full)?;
        let mut at = position(
            place,
            RECORD_HEAD_BYTES.saturating_add(record.max_age.len()),
            1,
        );
        for (item, method) in rule.allowed_methods.iter().enumerate() {
            let known = draft.rows_from(start, 16);
            let text = u32::try_from(at).map_err(|_| Stop::Full)?;
            let row = MethodRow {
                key: MethodRow::key(method.as_bytes()),
                text,
                length: u16::try_from(method.len())
                    .map_err(|_| too_long(index, Field::AllowedMethod))?,
                set: SetName::EMPTY,
            };
            let is_known = (0..known).any(|index| {
                let other = MethodRow::parse(&draft.row(start, index));
                other.is(method.as_bytes(), row.key, || method_text(draft, other))
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
    part(
        draft.bytes,
        row.text,
        row.text.saturating_add(u32::from(row.length)),
    )
    .unwrap_or_default()
}

/// Names the set of rules of each method: those that list it, or list what stands for every method.
pub(super) fn name_method_sets(
    draft: &mut Draft<'_>,
    methods: MethodSet,
    rules: &[Rule<'_>],
    start: u32,
    count: usize,
    sets: &mut Sets,
) -> Result<(), Stop> {
    for index in 0..count {
        let row = MethodRow::parse(&draft.row(start, index));
        let first = method_text(draft, row);
        // The same text in the rules, which do not change while the draft does.
        let Some(method) = rules
            .iter()
            .flat_map(|rule| &rule.allowed_methods)
            .find(|text| text.as_bytes() == first)
        else {
            return Err(Stop::Full);
        };
        let set = sets.push(
            draft,
            holders(rules, |rule| {
                let mut items = rule.allowed_methods.iter();
                items.any(|item| methods.allows(item, method.as_bytes()))
            }),
        )?;
        draft.put_row(start, index, MethodRow { set, ..row }.to_bytes())?;
    }
    Ok(())
}

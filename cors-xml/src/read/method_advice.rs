//! What to write in place of a method that a rule may not name.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cors_core::{Dialect, Field};

use crate::shapes::MemberShape;

/// Returns which methods are allowed, in the spelling of the document, or how to spell the one that
/// was meant. `None` if every method name is allowed.
pub(crate) fn method_advice(
    dialect: &Dialect,
    shape: Option<&MemberShape>,
    value: &str,
) -> Option<String> {
    let methods = dialect.evaluation.methods;
    let operations = shape.map_or(&[][..], |shape| shape.operations);
    let names: Vec<&str> = if operations.is_empty() {
        methods.names().to_vec()
    } else {
        operations.iter().map(|(name, _)| *name).collect()
    };
    let (last, others) = names.split_last()?;
    let is_allowed = |text: &str| methods.contains(text.as_bytes());
    let written = |method: &str| match shape {
        Some(shape) => String::from(shape.written(Field::AllowedMethod, method)),
        None => String::from(method),
    };
    let upper = value.trim().to_ascii_uppercase();
    if is_allowed(&upper) {
        return Some(format!("write it as `{}`", written(&upper)));
    }
    let parts = upper.split(',').map(str::trim);
    if upper.contains(',') && parts.clone().all(is_allowed) {
        let parts: Vec<String> = parts.map(written).collect();
        return Some(format!(
            "write each method on its own: {}",
            parts.join(", ")
        ));
    }
    let others = others.join(", ");
    let reason = match &*upper {
        "OPTIONS" => "; OPTIONS needs no rule".into(),
        "*" => format!("; there is no `*` on {}", dialect.name),
        _ => String::new(),
    };
    Some(format!("use {others} or {last}{reason}"))
}

//! Laws that hold for every configuration and request, as functions: tests and fuzz targets call
//! the same ones.
//!
//! A law that is violated returns the violation as an error. To check another implementation,
//! convert the types of [`reference::model`] as [`engine`](crate::engine) does.

mod advice;
mod agreement;
pub mod bucket_service;
mod conversion;
pub mod documents;
pub mod exchanges;
mod explanation;
mod image;
mod invariance;
mod lint;
mod output;
mod responses;
mod work;

pub use advice::following_advice_helps;
pub use agreement::{same_answer, same_faults};
pub use conversion::{conversion_can_be_read, conversion_keeps_answers};
pub use explanation::explanation_agrees;
pub use image::{hostile_image, image_answers_as_its_rules, image_keeps_the_rules, shown};
pub use invariance::{names_are_a_set, rules_that_change_nothing};
pub use lint::{findings_are_true, unreachable_rules_never_win};
pub use output::{no_control_byte, vary_tells_origins_apart};
pub use work::{
    changes_are_true, conversion_work_is_bounded, lint_work_is_bounded, redundant_values_are_found,
};

/// `Ok`, or the violation of a law.
pub type Verdict = Result<(), String>;

pub(crate) fn equal<T: PartialEq + std::fmt::Debug>(
    what: &str,
    expected: &T,
    given: &T,
) -> Verdict {
    if expected == given {
        Ok(())
    } else {
        Err(format!("{what}: expected {expected:?}, got {given:?}"))
    }
}

fn that(holds: bool, what: &str) -> Verdict {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

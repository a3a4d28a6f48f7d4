//! Rules as data to images.

use core::ffi::c_int;
use core::fmt::Write as _;
use std::string::String;
use std::vec::Vec;

use cors_core::{CompileError, Configuration as CoreConfiguration, List, Rule as CoreRule, check};

use super::output::{Output, clear, report};
use super::{guarded, provider_named, utf8};
use crate::error::Error;
use crate::text::{Lent, Name, Text};

/// The max age of a rule without one.
pub const NO_MAX_AGE: i32 = i32::MIN;

/// `cors_engine_rule`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Rule<'a> {
    /// The name, if it has one.
    pub id: Text<'a>,
    /// AllowedOrigin.
    pub allowed_origins: Lent<'a, Text<'a>>,
    /// AllowedMethod.
    pub allowed_methods: Lent<'a, Text<'a>>,
    /// AllowedHeader.
    pub allowed_headers: Lent<'a, Text<'a>>,
    /// ExposeHeader.
    pub expose_headers: Lent<'a, Text<'a>>,
    /// MaxAgeSeconds, or [`NO_MAX_AGE`].
    pub max_age_seconds: i32,
    /// 0 or 1.
    pub allow_credentials: u8,
}

/// `cors_engine_configuration`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Configuration<'a> {
    /// The provider.
    pub provider: Name<'a>,
    /// The rules, in their order.
    pub rules: Lent<'a, Rule<'a>>,
    /// 0 or 1.
    pub response_vary: u8,
}

/// Compiles rules.
#[unsafe(no_mangle)]
pub extern "C" fn cors_engine_compile_rules(
    configuration: Option<&Configuration<'_>>,
    mut image: Option<&mut Output<'_>>,
    mut errors: Option<&mut Output<'_>>,
) -> c_int {
    guarded(|| {
        clear(image.as_deref_mut())?;
        clear(errors.as_deref_mut())?;
        let configuration = configuration.ok_or(Error::Null)?;
        let provider = provider_named(configuration.provider)?;
        let given = configuration.rules.values()?;
        let lists: Vec<[Vec<&str>; 4]> = given.iter().map(lists).collect::<Result<_, _>>()?;
        let rules = given
            .iter()
            .zip(&lists)
            .map(|(rule, lists)| core_rule(rule, lists));
        let rules = rules.collect::<Result<Vec<_>, Error>>()?;
        let configuration = CoreConfiguration {
            response_vary: configuration.response_vary != 0,
            ..CoreConfiguration::new(&provider.dialect, &rules)
        };
        match configuration
            .checked()
            .and_then(|checked| checked.compile())
        {
            Ok(compiled) => image.map_or(Ok(()), |image| image.write_all(compiled.as_bytes())),
            Err(first) => {
                report(errors, &described(&configuration, first))?;
                Err(Error::Rules)
            }
        }
    })
}

/// The texts of a rule's four lists.
fn lists<'a>(rule: &Rule<'a>) -> Result<[Vec<&'a str>; 4], Error> {
    let texts = |list: &Lent<'a, Text<'a>>| -> Result<Vec<&'a str>, Error> {
        list.values()?.iter().map(utf8).collect()
    };
    Ok([
        texts(&rule.allowed_origins)?,
        texts(&rule.allowed_methods)?,
        texts(&rule.allowed_headers)?,
        texts(&rule.expose_headers)?,
    ])
}

fn core_rule<'a>(
    rule: &Rule<'a>,
    [origins, methods, headers, exposed]: &'a [Vec<&'a str>; 4],
) -> Result<CoreRule<'a>, Error> {
    Ok(CoreRule {
        id: match rule.id.get()? {
            Some(_) => Some(utf8(&rule.id)?),
            None => None,
        },
        allowed_origins: List::new(origins),
        allowed_methods: List::new(methods),
        allowed_headers: List::new(headers),
        expose_headers: List::new(exposed),
        max_age_seconds: Some(rule.max_age_seconds).filter(|age| *age != NO_MAX_AGE),
        allow_credentials: rule.allow_credentials != 0,
    })
}

/// Every error on a line. That the image is too large is found by compiling only.
fn described(configuration: &CoreConfiguration<'_>, first: CompileError) -> String {
    let mut text = String::new();
    let mut found = check(configuration).peekable();
    let of_image = found.peek().is_none().then_some(first);
    for error in of_image.into_iter().chain(found) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{error}");
    }
    text
}

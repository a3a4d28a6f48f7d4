//! Providers, lint and conversions, with questions and answers in the reference's types.

use cors_advice::convert::{Conversion, LossKind};
use cors_advice::lint;
use cors_xml::Provider;
use reference::model::{Configuration, DialectName};

use crate::engine;

/// Returns lint's findings for a configuration.
pub fn findings(configuration: &Configuration) -> Vec<lint::Finding> {
    engine::with_configuration(configuration, |configuration| {
        lint::lint(configuration).collect()
    })
}

/// Converts the configuration to another dialect, and returns the rule and the kind of each loss
/// that the conversion reports.
pub fn converted(
    configuration: &Configuration,
    to: DialectName,
) -> (Configuration, Vec<(Option<usize>, LossKind)>) {
    let name = engine::dialect(to).name;
    let provider = Provider::named(name).unwrap_or(&Provider::S3);
    engine::with_configuration(configuration, |original| {
        let conversion = Conversion::new(original, provider);
        let losses = conversion.losses().iter();
        let losses = losses.map(|loss| (loss.rule, loss.kind)).collect();
        let converted = conversion.with_configuration(|converted| Configuration {
            dialect: to,
            rules: converted.rules.iter().map(engine::rule).collect(),
            response_vary: converted.response_vary,
        });
        (converted, losses)
    })
}

/// The name of a provider's dialect. A provider that the reference does not know (R2, B2, OBS)
/// decides as the first that it knows with the same data.
pub fn dialect_name(provider: &Provider) -> DialectName {
    let known = || DialectName::ALL.into_iter();
    let is_name = |name: &DialectName| engine::dialect(*name).name == provider.dialect.name;
    let is_alike = |name: &DialectName| {
        let (known, asked) = (engine::dialect(*name), &provider.dialect);
        (known.evaluation, known.response, known.origin_comparison)
            == (asked.evaluation, asked.response, asked.origin_comparison)
    };
    known()
        .find(is_name)
        .or_else(|| known().find(is_alike))
        .unwrap_or(DialectName::S3)
}

/// The configuration of an image, or one without rules in place of an image.
///
/// # Errors
///
/// Why the image is invalid.
pub fn configuration(provider: &Provider, image: Option<&[u8]>) -> Result<Configuration, String> {
    let mut configuration = Configuration {
        dialect: dialect_name(provider),
        rules: Vec::new(),
        response_vary: false,
    };
    if let Some(image) = image {
        let policy = cors_core::Policy::from_bytes(image).map_err(|error| error.to_string())?;
        configuration.rules = policy.rules().map(|given| engine::rule(&given)).collect();
        configuration.response_vary = policy.response_vary();
    }
    Ok(configuration)
}

//! Every law on generated cases: few, so that a test run is short; fuzzing tries millions. `PROPTEST_CASES` sets their number.

use conformance::{engine, generate, laws, providers};
use cors_advice::convert::LossKind;
use proptest::prelude::*;
use reference::model::{Configuration, DialectName};

use crate::runner;

fn hold(verdict: laws::Verdict) -> Result<(), TestCaseError> {
    verdict.map_err(TestCaseError::fail)
}

#[test]
fn the_engine_and_the_reference_return_the_same_answers() {
    for dialect in DialectName::ALL {
        runner(800)
            .run(&generate::case_in(dialect), |(configuration, request)| {
                hold(laws::same_answer(&configuration, &request))?;
                hold(laws::explanation_agrees(&configuration, &request))?;
                hold(laws::no_control_byte(&engine::evaluate(
                    &configuration,
                    &request,
                )))
            })
            .unwrap();
    }
}

#[test]
fn the_engine_and_the_reference_find_the_same_faults() {
    for dialect in DialectName::ALL {
        runner(250)
            .run(
                &generate::unchecked_configuration(dialect),
                |configuration| hold(laws::same_faults(&configuration)),
            )
            .unwrap();
    }
}

#[test]
fn an_image_preserves_the_rules() {
    runner(800)
        .run(&generate::case(), |(configuration, _)| {
            hold(laws::image_keeps_the_rules(&configuration))
        })
        .unwrap();
}

#[test]
fn lint_findings_are_true() {
    let mut unreachable = 0;
    for dialect in DialectName::ALL {
        let reported = std::cell::Cell::new(0);
        runner(150)
            .run(&generate::case_in(dialect), |(configuration, request)| {
                let findings = providers::findings(&configuration);
                let here = findings
                    .iter()
                    .filter(|finding| finding.code == cors_advice::lint::LintCode::UnreachableRule)
                    .count();
                reported.set(reported.get() + here);
                hold(laws::findings_are_true(&configuration, &request))?;
                hold(laws::unreachable_rules_never_win(&configuration))
            })
            .unwrap();
        println!("{dialect:?}: {} rules that never win", reported.get());
        unreachable += reported.get();
    }
    assert!(unreachable > 150, "the cases have too few such rules");
}

#[test]
fn lint_finds_every_redundant_value_with_bounded_work() {
    for dialect in DialectName::ALL {
        runner(100)
            .run(&generate::case_in(dialect), |(configuration, _)| {
                hold(laws::redundant_values_are_found(&configuration))?;
                hold(laws::lint_work_is_bounded(&configuration))
            })
            .unwrap();
    }
}

#[test]
fn a_conversion_without_a_loss_changes_no_answer() {
    for from in DialectName::ALL {
        for to in DialectName::ALL {
            let kept = std::cell::Cell::new(0);
            runner(80)
                .run(&generate::case_in(from), |(configuration, request)| {
                    for configuration in [&configuration, &plain(&configuration)] {
                        let (converted, losses) = providers::converted(configuration, to);
                        let is_kept = losses.iter().all(|(_, kind)| {
                            let credentials =
                                [LossKind::CredentialsGained, LossKind::CredentialsLost];
                            credentials.contains(kind)
                        });
                        kept.set(kept.get() + u32::from(is_kept && !converted.rules.is_empty()));
                        hold(laws::conversion_keeps_answers(configuration, to, &request))?;
                    }
                    Ok(())
                })
                .unwrap();
            println!(
                "{from:?} to {to:?}: {} without a loss other than of credentials",
                kept.get()
            );
            assert!(kept.get() > 0, "{from:?} to {to:?}: nothing was tried");
        }
    }
}

#[test]
fn a_conversion_is_read_again_by_every_form_of_its_provider() {
    for from in DialectName::ALL {
        runner(15)
            .run(&generate::case_in(from), |(configuration, _)| {
                hold(laws::conversion_can_be_read(&configuration))?;
                hold(laws::conversion_can_be_read(&plain(&configuration)))
            })
            .unwrap();
    }
}

/// Removes features that only some dialects have, if that leaves it valid: names, wildcards in
/// origins, two header lists.
fn plain(configuration: &Configuration) -> Configuration {
    let mut plain = configuration.clone();
    plain.response_vary = false;
    for rule in &mut plain.rules {
        rule.id = None;
        rule.max_age_seconds = rule.max_age_seconds.filter(|seconds| *seconds >= 0);
        for origin in &mut rule.allowed_origins {
            if origin != "*" {
                *origin = origin.replace('*', "");
            }
        }
        rule.allowed_headers.retain(|name| !name.contains('*'));
        if configuration.dialect != DialectName::Gcs {
            rule.expose_headers = rule.allowed_headers.clone();
        }
    }
    if reference::check::faults(&plain).is_empty() {
        plain
    } else {
        configuration.clone()
    }
}

#[test]
fn changes_that_must_not_matter_change_no_answer() {
    runner(800)
        .run(&generate::case(), |(configuration, request)| {
            hold(laws::names_are_a_set(&configuration, &request))?;
            hold(laws::rules_that_change_nothing(&configuration, &request))
        })
        .unwrap();
}

#[test]
fn answers_that_differ_by_origin_name_it_in_vary_under_strict() {
    let pairs = (
        generate::case_in(DialectName::Strict),
        any::<prop::sample::Index>(),
    );
    runner(800)
        .run(&pairs, |((configuration, request), index)| {
            let origins: Vec<&String> = configuration
                .rules
                .iter()
                .flat_map(|rule| &rule.allowed_origins)
                .collect();
            let other = (!origins.is_empty()).then(|| index.get(&origins).replace('*', "x"));
            for other in [None, other.as_deref(), Some("\u{fc}"), Some("")] {
                let other = other.map(str::as_bytes);
                hold(laws::vary_tells_origins_apart(
                    &configuration,
                    &request,
                    other,
                ))?;
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_changed_byte_of_an_image_gives_an_error_or_a_harmless_policy() {
    let mutations = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    runner(2500)
        .run(
            &(generate::case(), mutations),
            |((configuration, request), mutations)| {
                let Ok(mut image) = engine::compile(&configuration) else {
                    return Ok(());
                };
                for (index, byte) in mutations {
                    let at = index.index(image.len());
                    image[at] = byte;
                }
                hold(laws::hostile_image(&image, &request))?;
                hold(laws::image_answers_as_its_rules(&image, &request))
            },
        )
        .unwrap();
}

#[test]
fn advice_about_generated_cases_can_be_followed() {
    for dialect in DialectName::ALL {
        runner(12)
            .run(&generate::case_in(dialect), |(configuration, request)| {
                let text = reference::case_text::write(&configuration, &request);
                conformance::targets::advice(&text);
                Ok(())
            })
            .unwrap();
    }
}

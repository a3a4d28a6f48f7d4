//! The policies that questions are about: those of the vectors and random ones, always the same, and how they are written to files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use conformance::{engine, generate};
use cors_xml::{Form, Provider};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use reference::model::{Configuration, DialectName, Request};
use reference::question::Question;
use reference::vectors::{self, BrokenVector};

/// The number of random policies of each dialect.
const RANDOM_OF_EACH: usize = 4;

/// A policy, and what the vectors ask it.
pub(crate) struct Policy {
    /// The name of its file, and of the path that it is for: `/NAME/...`.
    pub(crate) name: String,
    pub(crate) configuration: Configuration,
    pub(crate) image: Vec<u8>,
    pub(crate) questions: Vec<Asked>,
}

/// A request of the vectors, and the row that it is from.
pub(crate) struct Asked {
    pub(crate) position: String,
    pub(crate) request: Request,
}

/// Returns every policy.
///
/// # Errors
///
/// A configuration that the engine does not compile.
pub(crate) fn all() -> Result<Vec<Policy>, String> {
    let mut policies: Vec<Policy> = Vec::new();
    let mut known: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let broken = |error: BrokenVector| error.to_string();
    for row in vectors::rows().map_err(broken)? {
        let Question::Evaluate(configuration, request) = row.question().map_err(broken)? else {
            continue;
        };
        let (configuration, image) = compiled(configuration)?;
        let index = *known.entry(image.clone()).or_insert(policies.len());
        if index == policies.len() {
            policies.push(Policy {
                name: format!("v{index:03}"),
                configuration,
                image,
                questions: Vec::new(),
            });
        }
        if let Some(policy) = policies.get_mut(index) {
            policy.questions.push(Asked {
                position: row.position,
                request,
            });
        }
    }
    let mut runner = runner(0);
    for dialect in DialectName::ALL {
        let strategy = generate::configuration(dialect);
        for number in 0..RANDOM_OF_EACH {
            let configuration = sample(&strategy, &mut runner)?;
            let (configuration, image) = compiled(configuration)?;
            policies.push(Policy {
                name: format!("random-{}-{number}", engine::dialect(dialect).name),
                configuration,
                image,
                questions: Vec::new(),
            });
        }
    }
    Ok(policies)
}

/// A configuration with its image. One that is invalid is used as one without rules.
fn compiled(configuration: Configuration) -> Result<(Configuration, Vec<u8>), String> {
    if let Ok(image) = engine::compile(&configuration) {
        return Ok((configuration, image));
    }
    let nothing = Configuration {
        rules: Vec::new(),
        ..configuration
    };
    let image = engine::compile(&nothing).map_err(|error| error.to_string())?;
    Ok((nothing, image))
}

/// A source of random values for strategies.
pub(crate) fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    for (byte, part) in bytes.iter_mut().zip(seed.to_le_bytes()) {
        *byte = part;
    }
    TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &bytes),
    )
}

/// A value of a strategy.
pub(crate) fn sample<S: Strategy>(
    strategy: &S,
    runner: &mut TestRunner,
) -> Result<S::Value, String> {
    let tree = strategy.new_tree(runner).map_err(|why| why.to_string())?;
    Ok(tree.current())
}

/// Writes each policy as `DIR/DIALECT/NAME.json` or `.xml`, or as `.cors` if it has no document; the images of all as
/// `DIR/images/NAME.cors`; and `DIR/policies.txt`, with a line `NAME DIALECT PATH` for each.
///
/// # Errors
///
/// Those of the file system.
pub(crate) fn write(directory: &Path) -> Result<(), String> {
    let mut list = String::new();
    let mut documents = 0_usize;
    let policies = all()?;
    for (index, policy) in policies.iter().enumerate() {
        let Policy { name, image, .. } = policy;
        let dialect = engine::dialect(policy.configuration.dialect).name;
        let (extension, content) = match document(policy, index % 2 == 0) {
            Some((extension, text)) => {
                documents = documents.saturating_add(1);
                (extension, text.into_bytes())
            }
            None => ("cors", image.clone()),
        };
        let path = format!("{dialect}/{name}.{extension}");
        put(&directory.join(&path), &content)?;
        put(&directory.join(format!("images/{name}.cors")), image)?;
        writeln!(list, "{name} {dialect} {path}").map_err(|error| error.to_string())?;
    }
    put(&directory.join("policies.txt"), list.as_bytes())?;
    println!(
        "{} policies, {documents} of them as documents",
        policies.len()
    );
    Ok(())
}

fn put(path: &Path, content: &[u8]) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, content));
    written.map_err(|error| format!("{}: {error}", path.display()))
}

/// The policy as a document that compiles into the same image: in JSON if that is preferred and there is one, otherwise in XML.
fn document(policy: &Policy, prefer_json: bool) -> Option<(&'static str, String)> {
    let dialect = engine::dialect(policy.configuration.dialect).name;
    let provider = Provider::named(dialect)?;
    let mut forms: Vec<Form<'_>> = provider.forms().collect();
    forms.retain(|form| form.is_json() || form.is_xml());
    forms.sort_by_key(|form| form.is_json() != prefer_json);
    forms.into_iter().find_map(|form| {
        let text = engine::with_configuration(&policy.configuration, |configuration| {
            let mut text = String::new();
            form.write(configuration, &mut text).ok().map(|()| text)
        })?;
        let extension = if form.is_json() { "json" } else { "xml" };
        is_read_as(provider, &text, &policy.image).then_some((extension, text))
    })
}

/// Whether a text, in the form that is recognised, compiles into this image.
fn is_read_as(provider: &Provider, text: &str, image: &[u8]) -> bool {
    let form = provider.form_of(text.as_bytes());
    let Ok(document) = form.parse(text.as_bytes()) else {
        return false;
    };
    document
        .compile()
        .is_ok_and(|compiled| compiled.as_bytes() == image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policies_are_many_and_most_have_documents_of_both_notations() {
        let policies = all().unwrap();
        let questions: usize = policies.iter().map(|policy| policy.questions.len()).sum();
        assert!(questions > 400, "{questions}");
        let notations = |prefer| {
            policies
                .iter()
                .filter_map(move |policy| document(policy, prefer))
        };
        let json = notations(true)
            .filter(|(extension, _)| *extension == "json")
            .count();
        let xml = notations(false)
            .filter(|(extension, _)| *extension == "xml")
            .count();
        assert!(
            json * 10 > policies.len() * 6,
            "{json} of {}",
            policies.len()
        );
        assert!(xml * 10 > policies.len() * 6, "{xml} of {}", policies.len());
    }
}

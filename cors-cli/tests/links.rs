//! The pages: each is in the reading order, and each relative link leads to a file, and to a heading of it.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A page's lines outside of its code blocks.
fn prose(text: &str) -> Vec<&str> {
    let mut is_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            lines.push(line);
        }
    }
    lines
}

/// The targets of a page's links and pictures, without those of the web and those of rustdoc.
fn links(text: &str) -> Vec<String> {
    let text = prose(text).join("\n");
    let targets = text.split("](").skip(1);
    let targets = targets.filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()));
    let is_relative = |target: &String| !target.contains("::") && !target.contains("://");
    targets.filter(is_relative).collect()
}

/// The anchors of a page's headings, as GitHub and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let lines = prose(text);
    for heading in lines.iter().filter(|line| line.starts_with('#')) {
        let title = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = title
            .chars()
            .filter(|character| character.is_alphanumeric() || " -_".contains(*character));
        let slug: String = kept
            .map(|character| if character == ' ' { '-' } else { character })
            .collect();
        let repeated = (1..).map(|number| format!("{slug}-{number}"));
        let name = std::iter::once(slug.clone())
            .chain(repeated)
            .find(|name| !found.contains(name));
        found.insert(name.unwrap());
    }
    found
}

/// A path without `..`, from the root.
fn resolved(page: &Path, target: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in page.parent().unwrap().join(target).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{target} leaves the repository"),
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path
}

/// What is wrong with the links of a page, whose path is from the root.
fn faults(page: &Path, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for link in links(text) {
        let (target, anchor) = link.split_once('#').unwrap_or((&link, ""));
        let path = if target.is_empty() {
            page.to_owned()
        } else {
            resolved(page, target)
        };
        let file = root().join(&path);
        let has_anchor = || anchors(&fs::read_to_string(&file).unwrap()).contains(anchor);
        if !file.exists() {
            faults.push(format!("{}: {link} is not there", page.display()));
        } else if !anchor.is_empty() && !has_anchor() {
            faults.push(format!("{}: {link} is no heading", page.display()));
        }
    }
    faults
}

/// The pages of the book, from the root.
fn in_order() -> BTreeSet<PathBuf> {
    let summary = Path::new("docs/SUMMARY.md");
    let text = fs::read_to_string(root().join(summary)).unwrap();
    let pages = links(&text);
    let set: BTreeSet<PathBuf> = pages.iter().map(|page| resolved(summary, page)).collect();
    assert_eq!(set.len(), pages.len(), "a page is there twice");
    set
}

/// Every page below a folder.
fn pages_in(folder: &str) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let path = Path::new(folder).join(name);
        if path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("md"))
        {
            pages.push(path);
        } else if root().join(&path).join("README.md").exists() {
            pages.push(path.join("README.md"));
        }
    }
    pages
}

#[test]
fn every_page_is_in_the_reading_order() {
    let order = in_order();
    let pages = [pages_in("docs"), pages_in("adapters")].concat();
    assert!(pages.len() >= 20, "{pages:?}");
    for page in pages {
        if page != Path::new("docs/SUMMARY.md") {
            assert!(order.contains(&page), "{} is missing", page.display());
        }
    }
}

/// Otherwise the link is dead in the book.
#[test]
fn every_page_that_is_linked_to_is_in_the_reading_order() {
    let order = in_order();
    for page in &order {
        let text = fs::read_to_string(root().join(page)).unwrap();
        for link in links(&text) {
            let (target, _) = link.split_once('#').unwrap_or((&link, ""));
            let path = resolved(page, target);
            let leads_to = [path.join("README.md"), path];
            let is_page = |path: &&PathBuf| {
                root().join(path).is_file() && path.extension().is_some_and(|end| end == "md")
            };
            if let Some(other) = leads_to.iter().find(is_page).filter(|_| !target.is_empty()) {
                assert!(
                    order.contains(other) || other == Path::new("docs/SUMMARY.md"),
                    "{}: {link} is not in docs/SUMMARY.md",
                    page.display()
                );
            }
        }
    }
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut pages: Vec<PathBuf> = in_order().into_iter().collect();
    pages.extend(pages_in("adapters"));
    pages.push(PathBuf::from("docs/SUMMARY.md"));
    let mut count = 0;
    let mut wrong = Vec::new();
    for page in pages {
        let text = fs::read_to_string(root().join(&page)).unwrap();
        count += links(&text).len();
        wrong.extend(faults(&page, &text));
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(count > 100, "{count} links");
}

#[test]
fn a_broken_link_is_noticed() {
    let page = Path::new("docs/explain.md");
    for (text, count) in [
        ("[a](lint.md#c001) [b](../README.md#what-it-costs)", 0),
        ("[a](lint.md#c000)", 1),
        ("![a](missing.png) [b](lint.txt)", 2),
        ("```\n[a](missing.md)\n```", 0),
        ("# Twice\n# Twice\n[a](https://missing.example/a.md)", 0),
    ] {
        assert_eq!(faults(page, text).len(), count, "{text}");
    }
}

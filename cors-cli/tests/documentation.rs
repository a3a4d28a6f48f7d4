//! The documentation: README and pages show what the program prints, and every command has a page and examples in its help.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use std::fs;
use std::iter;
use std::path::Path;
use std::process::Command;

/// Each `$ cors ...` command in a page's text blocks, with the output below it: standard error
/// first, then standard output.
fn shown(page: &str) -> Vec<(&str, String)> {
    let mut shown: Vec<(&str, String)> = Vec::new();
    for block in page.split("```text\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        if !block.starts_with("$ cors ") {
            continue;
        }
        for line in block.lines() {
            match (line.strip_prefix("$ cors "), shown.last_mut()) {
                (Some(command), _) => shown.push((command, String::new())),
                (None, Some((_, output))) => {
                    output.push_str(line);
                    output.push('\n');
                }
                (None, None) => {}
            }
        }
    }
    shown
}

/// Runs each command that a page shows, in a folder, and compares; returns how many there are. A shown line that ends in ` ...` is the
/// beginning of a longer one.
fn compare(page: &Path, folder: &Path) -> usize {
    let text = fs::read_to_string(page).unwrap();
    let commands = shown(&text);
    for (command, expected) in &commands {
        let output = Command::new(env!("CARGO_BIN_EXE_cors"))
            .args(command.split_whitespace())
            .current_dir(folder)
            .output()
            .unwrap();
        let printed = [output.stderr, output.stdout].concat();
        let printed = String::from_utf8(printed).unwrap();
        let cut: Vec<&str> = printed
            .trim_end()
            .lines()
            .zip(expected.lines().chain(iter::repeat("")))
            .map(|(line, shown)| match shown.strip_suffix(" ...") {
                Some(beginning) if line.starts_with(beginning) => shown,
                _ => line,
            })
            .collect();
        assert_eq!(
            cut.join("\n"),
            expected.trim_end(),
            "{}: cors {command}",
            page.display()
        );
    }
    commands.len()
}

#[test]
fn every_page_shows_what_the_program_prints() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let mut count = 0;
    for entry in fs::read_dir(&docs).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        count += compare(&path, &docs.join("examples"));
    }
    assert!(count >= 17, "only {count} commands are shown");
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    assert_eq!(compare(&root.join("README.md"), &root), 1);
}

#[test]
fn every_command_has_a_page_and_examples_in_its_help() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_cors"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let help = run(&["--help"]);
    let commands = help.split_once("Commands:\n").unwrap().1;
    let commands = commands.split_once("\n\n").unwrap().0;
    let names: Vec<&str> = commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.len() >= 12, "{help}");
    for name in names {
        let is_shown = fs::read_dir(&docs).unwrap().any(|entry| {
            let path = entry.unwrap().path();
            path.is_file()
                && fs::read_to_string(path)
                    .unwrap()
                    .lines()
                    .any(|line| line.starts_with('#') && line.contains(&format!("`cors {name}`")))
        });
        assert!(is_shown, "no page has `cors {name}` in a heading");
        for help in [run(&[name, "--help"]), run(&["help", name])] {
            assert!(help.contains(&format!("cors {name}")), "{name}: {help}");
            assert!(
                help.contains("Examples:") || help.contains("Try it:"),
                "{name}: {help}"
            );
            assert!(help.contains("Exit status"), "{name}: {help}");
        }
        let page = run(&["man", name]);
        assert!(page.contains("Exit status"), "{name}: {page}");
    }
}

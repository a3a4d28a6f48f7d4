//! `cors completions` and `cors man`: output for every shell and every command.

mod program;

use program::run;

#[test]
fn completions_and_man_pages_exist_for_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (status, out, _) = run(&["completions", shell], "");
        assert!(status == 0 && out.contains("fail-on"), "{shell}");
    }
    let (status, page, _) = run(&["man"], "");
    assert!(status == 0 && page.contains(".TH cors 1"), "{page}");
    for command in [
        "explain",
        "decide",
        "parse",
        "write",
        "serve",
        "lint",
        "convert",
        "diff",
        "compile",
        "inspect",
        "completions",
        "man",
    ] {
        let (status, page, _) = run(&["man", command], "");
        assert!(
            status == 0 && (page.contains("Examples") || page.contains("Try it")),
            "{command}: {page}"
        );
        let (status, help, _) = run(&[command, "--help"], "");
        assert!(
            status == 0 && (help.contains("Examples:") || help.contains("Try it:")),
            "{command}"
        );
    }
    assert_eq!(run(&["man", "nothing"], "").0, 2);
}

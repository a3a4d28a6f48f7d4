//! The files of the page, each with its path and type. The static playground is built from the same files.

use hyper::StatusCode;

use crate::reply::Reply;

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A row for each file: its path below `/_cors/`, its type, its text.
const FILES: [(&str, &str, &str); 15] = [
    ("", HTML, include_str!("index.html")),
    ("page.css", STYLE, include_str!("page.css")),
    ("page.js", SCRIPT, include_str!("page.js")),
    ("buckets.js", SCRIPT, include_str!("buckets.js")),
    ("convert.js", SCRIPT, include_str!("convert.js")),
    ("editor.js", SCRIPT, include_str!("editor.js")),
    ("elements.js", SCRIPT, include_str!("elements.js")),
    ("engine.js", SCRIPT, include_str!("engine.js")),
    ("explanation.js", SCRIPT, include_str!("explanation.js")),
    ("forms.js", SCRIPT, include_str!("forms.js")),
    ("lines.js", SCRIPT, include_str!("lines.js")),
    ("matrix.js", SCRIPT, include_str!("matrix.js")),
    ("request.js", SCRIPT, include_str!("request.js")),
    ("samples.js", SCRIPT, include_str!("samples.js")),
    ("share.js", SCRIPT, include_str!("share.js")),
];

/// The file at a path, if there is one.
pub(super) fn at(path: &str) -> Option<Reply> {
    let path = path.strip_prefix("/_cors/")?;
    let (_, media_type, text) = FILES.into_iter().find(|(name, ..)| *name == path)?;
    Some(Reply::whole(StatusCode::OK, Some(media_type), text.into()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use cors_xml::{Form, Provider};

    use super::FILES;

    #[test]
    fn every_file_of_the_folder_is_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/page");
        let names = fs::read_dir(folder).unwrap().map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_prefix("index.html")
                .map_or(name.clone(), str::to_owned)
        });
        let found: BTreeSet<String> = names
            .filter(|name| Path::new(name).extension().is_none_or(|end| end != "rs"))
            .collect();
        let served: BTreeSet<String> = FILES.iter().map(|(name, ..)| (*name).to_owned()).collect();
        assert_eq!(served, found);
    }

    #[test]
    fn the_page_lists_every_dialect_and_every_form() {
        let rows = Form::all().map(|form| {
            let name = form.name().unwrap_or_default();
            format!(
                "    ['{name}', '{}', '{}'],",
                form.provider().name,
                form.title()
            )
        });
        let forms = format!(
            "export const FORMS = [\n{}\n];",
            rows.collect::<Vec<_>>().join("\n")
        );
        let names = Provider::ALL.map(|provider| format!("'{}'", provider.name));
        let dialects = format!("export const DIALECTS = [{}];", names.join(", "));
        let text = include_str!("forms.js");
        assert!(text.contains(&forms), "forms.js does not have\n{forms}");
        assert!(
            text.contains(&dialects),
            "forms.js does not have\n{dialects}"
        );
    }
}

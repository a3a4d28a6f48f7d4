//! Reads small request documents other than configurations: a tree of elements with text in its
//! leaves.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

/// Most elements open at once: those documents are `root > entry > field`.
const MAX_DEPTH: usize = 3;

/// Passes each element to `found` where it ends, in document order: the names of the elements down
/// to it, without the root, and its text. Returns `None` for a document that is not well-formed,
/// has another root or is deeper than those documents are, and as soon as `found` returns `None`.
///
/// # Complexity
///
/// Linear in the bytes of the document.
pub(crate) fn read_values(
    document: &str,
    root: &str,
    mut found: impl FnMut(&[&str], String) -> Option<()>,
) -> Option<()> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut is_complete = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                if open.is_empty() && (is_complete || tag.local_name().as_ref() != root) {
                    return None;
                }
                if open.len() >= MAX_DEPTH {
                    return None;
                }
                open.push(tag.local_name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(name) => match name.resolve_char_ref().ok()? {
                Some(character) => text.push(character),
                None => text.push_str(resolve_predefined_entity(&name)?),
            },
            Event::End(_) => {
                let path: Vec<&str> = open.iter().skip(1).map(String::as_str).collect();
                found(&path, std::mem::take(&mut text))?;
                open.pop();
                is_complete |= open.is_empty();
            }
            Event::DocType(_) => return None,
            Event::Eof => return is_complete.then_some(()),
            _ => {}
        }
    }
}

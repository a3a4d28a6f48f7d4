//! The paths of the store: one object for each bucket, configuration and object of a client.
//!
//! | path | what |
//! |---|---|
//! | `buckets/BUCKET` | when the bucket was made |
//! | `cors/BUCKET` | its CORS configuration: policy image and document |
//! | `uploads/BUCKET/ID/about` | key and headers of a multipart upload |
//! | `uploads/BUCKET/ID/NUMBER` | a part, stored like a client's object |
//! | `uploads/BUCKET/ID/whole` | a large object that must not replace another, until it is complete |
//! | `objects/BUCKET/...` | a client's object and, after its bytes, its attributes |
//!
//! A key may be a prefix of another (`a` and `a/b`), and may contain empty segments, dot segments
//! and any byte; a path of the store may not. So each segment but the last gets a `+`, and every
//! byte that is not plain is written as `=HEX`.

use std::fmt::Write as _;

use object_store::path::Path;

/// Longest piece of a file name; file systems allow 255 bytes.
const PIECE_BYTES: usize = 200;

pub(crate) fn bucket(name: &str) -> Path {
    Path::from_iter(["buckets", name])
}

pub(crate) fn buckets() -> Path {
    Path::from("buckets")
}

pub(crate) fn configuration(bucket: &str) -> Path {
    Path::from_iter(["cors", bucket])
}

pub(crate) fn objects(bucket: &str) -> Path {
    Path::from_iter(["objects", bucket])
}

/// The folder of all uploads in parts, or of one if there is an id.
pub(crate) fn uploads(bucket: &str, id: Option<&str>) -> Path {
    ["uploads", bucket].into_iter().chain(id).collect()
}

pub(crate) fn upload_about(bucket: &str, id: &str) -> Path {
    Path::from_iter(["uploads", bucket, id, "about"])
}

pub(crate) fn upload_part(bucket: &str, id: &str, number: u16) -> Path {
    Path::from_iter(["uploads", bucket, id, &number.to_string()])
}

/// `id` is that of the request.
pub(crate) fn staged(bucket: &str, id: &str) -> Path {
    Path::from_iter(["uploads", bucket, id, "whole"])
}

pub(crate) fn object(bucket: &str, key: &str) -> Path {
    let mut pieces = folder_pieces(key);
    pieces.extend(pieces_of(key.rsplit('/').next().unwrap_or(key), ""));
    ["objects", bucket]
        .into_iter()
        .chain(pieces.iter().map(String::as_str))
        .collect()
}

/// The deepest folder that contains every key with this prefix.
pub(crate) fn folder(bucket: &str, prefix: &str) -> Path {
    let pieces = folder_pieces(prefix);
    ["objects", bucket]
        .into_iter()
        .chain(pieces.iter().map(String::as_str))
        .collect()
}

fn folder_pieces(key: &str) -> Vec<String> {
    let folders = key.rsplit_once('/').map(|(folders, _)| folders);
    folders
        .into_iter()
        .flat_map(|folders| folders.split('/'))
        .flat_map(|segment| pieces_of(segment, "+"))
        .collect()
}

/// The key of the object at a path below `objects/BUCKET`.
pub(crate) fn key(bucket: &str, path: &Path) -> Option<String> {
    let prefix = objects(bucket);
    let mut key = Vec::new();
    for piece in path.prefix_match(&prefix)? {
        let piece = piece.as_ref();
        let (text, end): (&str, &[u8]) = match (piece.strip_suffix('!'), piece.strip_suffix('+')) {
            (Some(text), _) => (text, b""),
            (None, Some(text)) => (text, b"/"),
            (None, None) => (piece, b""),
        };
        decode(text, &mut key)?;
        key.extend_from_slice(end);
    }
    String::from_utf8(key).ok()
}

/// Writes a segment as one or more pieces; a piece that is continued ends in `!`.
fn pieces_of(segment: &str, end: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for byte in segment.bytes() {
        if piece.len() >= PIECE_BYTES {
            piece.push('!');
            pieces.push(std::mem::take(&mut piece));
        }
        let is_plain = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_')
            || (byte == b'.' && !piece.is_empty());
        if is_plain {
            piece.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(piece, "={byte:02X}");
        }
    }
    if piece.is_empty() && end.is_empty() {
        piece.push('=');
    }
    piece.push_str(end);
    pieces.push(piece);
    pieces
}

fn decode(text: &str, out: &mut Vec<u8>) -> Option<()> {
    if text == "=" {
        return Some(());
    }
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'=' {
            let digits = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_own_path_and_survives_the_round_trip() {
        let long = "x".repeat(1000);
        let keys = [
            "a",
            "a/",
            "a/b",
            "/a",
            "//",
            "..",
            "../..",
            ".",
            "a b",
            "a=20b",
            "a+",
            "a+/b",
            "a~",
            "\u{fc}",
            "a#1",
            "a%2Fb",
            "%",
            "=",
            "+",
            "~",
            "/",
            &long,
            "x/\r\n\u{7f}",
        ];
        let mut paths: Vec<_> = keys.iter().map(|name| object("bucket", name)).collect();
        for (name, path) in keys.iter().zip(&paths) {
            assert_eq!(key("bucket", path).as_deref(), Some(*name), "{path}");
            assert!(path.parts().all(|part| part.as_ref().len() <= 255));
            assert!(path.prefix_matches(&folder("bucket", name)), "{name}");
        }
        paths.sort();
        for pair in paths.windows(2) {
            assert!(pair[0] != pair[1]);
            assert!(
                !pair[1].prefix_matches(&pair[0]),
                "{pair:?}: one file is the other's folder"
            );
        }
    }
}

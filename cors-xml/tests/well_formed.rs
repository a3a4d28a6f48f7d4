//! What is not well-formed: each case is a sentence, a document, its first fault, and where that is.

#![cfg(feature = "quick-xml")]
#![expect(clippy::expect_used, reason = "a broken promise stops the test")]
#![expect(clippy::too_many_lines, reason = "a table of cases")]

use cors_xml::{Document, DocumentErrorKind as K, Provider, Subject};
use proptest::prelude::*;

fn fault(document: &[u8]) -> (K, usize, usize) {
    let errors = Document::parse(&Provider::S3, document).expect_err("refused");
    assert_eq!(errors.iter().count(), 1, "a fault stands alone: {errors}");
    let error = errors.first();
    (error.kind, error.line, error.column)
}

#[test]
fn the_printed_example_is_refused_where_its_first_fault_is() {
    // `<? xml`: a processing instruction without a name.
    assert_eq!(
        fault(include_bytes!("../documents/seed-as-printed.xml")),
        (K::InvalidMarkup, 1, 3)
    );
}

#[test]
fn mending_the_printed_example_fault_by_fault_finds_the_next() {
    let printed = include_str!("../documents/seed-as-printed.xml");
    let declared = printed.replacen("<? xml", "<?xml", 1);
    assert_eq!(fault(declared.as_bytes()), (K::InvalidDeclaration, 1, 38));
    let ended = declared.replacen("? >", "?>", 1);
    assert_eq!(fault(ended.as_bytes()), (K::MismatchedEndTag, 7, 31));
    let closed = ended.replace("</alliwedheader>", "</Alliwedheader>");
    let errors = Document::parse(&Provider::OSS, closed.as_bytes()).expect_err("refused");
    let unknown: Vec<_> = errors
        .iter()
        .map(|error| (error.kind, error.line, error.column))
        .collect();
    assert_eq!(
        unknown,
        [(K::UnknownElement, 7, 1), (K::UnknownElement, 13, 1)]
    );
    let spelled = closed.replace("Alliwedheader", "AllowedHeader");
    assert!(Document::parse(&Provider::OSS, spelled.as_bytes()).is_ok());
}

#[test]
fn these_documents_have_a_fault_there() {
    let cases: &[(&str, &[u8], K, usize, usize)] = &[
        ("no bytes", b"", K::NoRoot, 1, 1),
        ("white space alone", b" \n ", K::NoRoot, 2, 2),
        (
            "a declaration alone",
            b"<?xml version='1.0'?>",
            K::NoRoot,
            1,
            22,
        ),
        ("text before the root", b" x<a/>", K::OutsideRoot, 1, 2),
        ("text after the root", b"<a/>\nx", K::OutsideRoot, 2, 1),
        (
            "a NUL after the root",
            b"<a/>\0",
            K::ForbiddenCharacter,
            1,
            5,
        ),
        ("a second root", b"<a/><b/>", K::OutsideRoot, 1, 5),
        (
            "a reference after the root",
            b"<a/>&#32;",
            K::OutsideRoot,
            1,
            5,
        ),
        (
            "a CDATA section after the root",
            b"<a/><![CDATA[]]>",
            K::OutsideRoot,
            1,
            5,
        ),
        (
            "a second byte order mark",
            b"\xef\xbb\xbf\xef\xbb\xbf<a/>",
            K::OutsideRoot,
            1,
            1,
        ),
        ("an end tag alone", b"</a>", K::MismatchedEndTag, 1, 1),
        (
            "an end tag after the root",
            b"<a/></a>",
            K::MismatchedEndTag,
            1,
            5,
        ),
        (
            "an end tag in another case",
            b"<a></A>",
            K::MismatchedEndTag,
            1,
            4,
        ),
        (
            "an end tag with another prefix",
            b"<x:a></y:a>",
            K::MismatchedEndTag,
            1,
            6,
        ),
        (
            "crossing elements",
            b"<a><b></a></b>",
            K::MismatchedEndTag,
            1,
            7,
        ),
        (
            "an end tag with an attribute",
            b"<a></a b='c'>",
            K::InvalidTag,
            1,
            8,
        ),
        (
            "an end tag with a space before its name",
            b"<a></ a>",
            K::InvalidName,
            1,
            6,
        ),
        (
            "an element without an end",
            b"<a>\n <b>",
            K::UnclosedElement,
            2,
            2,
        ),
        (
            "a root without an end",
            b"<a>text",
            K::UnclosedElement,
            1,
            1,
        ),
        ("a tag without an end", b"<a><b c", K::UnclosedMarkup, 1, 4),
        ("a lone < at the end", b"<a><", K::UnclosedMarkup, 1, 4),
        ("a lone < in text", b"<a>1 < 2</a>", K::InvalidName, 1, 7),
        (
            "a name that begins with a digit",
            b"<1/>",
            K::InvalidName,
            1,
            2,
        ),
        (
            "a name that begins with a hyphen",
            b"<-a/>",
            K::InvalidName,
            1,
            2,
        ),
        (
            "a name with a sign inside",
            "<a×b/>".as_bytes(),
            K::InvalidTag,
            1,
            3,
        ),
        ("a tag within a tag", b"<a <b/>", K::InvalidName, 1, 4),
        ("a slash before a space", b"<a/ >", K::InvalidTag, 1, 4),
        (
            "an attribute without a value",
            b"<a b/>",
            K::InvalidTag,
            1,
            5,
        ),
        (
            "an attribute without quotes",
            b"<a b=c/>",
            K::InvalidTag,
            1,
            6,
        ),
        (
            "an attribute that is not ended",
            b"<a b='c/>",
            K::UnclosedMarkup,
            1,
            1,
        ),
        (
            "attributes without a space between",
            b"<a b='1'c='2'/>",
            K::InvalidTag,
            1,
            9,
        ),
        ("a < in an attribute", b"<a b='<'/>", K::InvalidTag, 1, 7),
        (
            "an unknown entity in an attribute",
            b"<a b='&c;'/>",
            K::UnknownEntity,
            1,
            7,
        ),
        (
            "an attribute given twice",
            b"<a b='1' c='2' b='3' d/>",
            K::RepeatedAttribute,
            1,
            16,
        ),
        (
            "a namespace declared twice",
            b"<a xmlns='1' xmlns='1'/>",
            K::RepeatedAttribute,
            1,
            14,
        ),
        (
            "an unknown entity",
            b"<a>&nbsp;</a>",
            K::UnknownEntity,
            1,
            4,
        ),
        (
            "an entity in another case",
            b"<a>&AMP;</a>",
            K::UnknownEntity,
            1,
            4,
        ),
        (
            "an ampersand alone",
            b"<a>a & b</a>",
            K::InvalidReference,
            1,
            6,
        ),
        ("an ampersand at the end", b"<a>&", K::UnclosedMarkup, 1, 4),
        (
            "a reference without its semicolon",
            b"<a>&amp</a>",
            K::InvalidReference,
            1,
            4,
        ),
        (
            "a reference to NUL",
            b"<a>&#0;</a>",
            K::InvalidReference,
            1,
            4,
        ),
        (
            "a reference to a surrogate",
            b"<a>&#xD800;</a>",
            K::InvalidReference,
            1,
            4,
        ),
        (
            "a reference to a control character",
            b"<a>&#1;</a>",
            K::InvalidReference,
            1,
            4,
        ),
        (
            "a reference to U+FFFF",
            b"<a>&#xFFFF;</a>",
            K::InvalidReference,
            1,
            4,
        ),
        (
            "a reference beyond Unicode",
            b"<a>&#x110000;</a>",
            K::InvalidReference,
            1,
            4,
        ),
        (
            "a reference beyond 32 bits",
            b"<a>&#99999999999;</a>",
            K::InvalidReference,
            1,
            4,
        ),
        (
            "a reference without digits",
            b"<a>&#;</a>",
            K::InvalidReference,
            1,
            4,
        ),
        (
            "a hexadecimal reference without digits",
            b"<a>&#x;</a>",
            K::InvalidReference,
            1,
            4,
        ),
        (
            "a reference with a sign",
            b"<a>&#+65;</a>",
            K::InvalidReference,
            1,
            4,
        ),
        (
            "a reference with a capital X",
            b"<a>&#X41;</a>",
            K::InvalidReference,
            1,
            4,
        ),
        ("]]> in text", b"<a>x]]></a>", K::CdataEnd, 1, 5),
        (
            "a CDATA section without an end",
            b"<a><![CDATA[x]]</a>",
            K::UnclosedMarkup,
            1,
            4,
        ),
        (
            "a CDATA section in lower case",
            b"<a><![cdata[x]]></a>",
            K::InvalidMarkup,
            1,
            7,
        ),
        (
            "two hyphens in a comment",
            b"<a><!-- a -- b --></a>",
            K::DoubleHyphen,
            1,
            11,
        ),
        (
            "a comment that ends in three hyphens",
            b"<a><!-- a ---></a>",
            K::DoubleHyphen,
            1,
            11,
        ),
        (
            "a comment without an end",
            b"<a><!-- a",
            K::UnclosedMarkup,
            1,
            4,
        ),
        (
            "a comment that begins with one hyphen",
            b"<a><!- a --></a>",
            K::InvalidMarkup,
            1,
            7,
        ),
        (
            "a document type declaration",
            b"<!DOCTYPE a><a/>",
            K::Doctype,
            1,
            1,
        ),
        (
            "a document type declaration with entities",
            b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            K::Doctype,
            1,
            1,
        ),
        (
            "a document type declaration in lower case",
            b"<!doctype a><a/>",
            K::InvalidMarkup,
            1,
            3,
        ),
        (
            "a document type declaration without an end",
            b"<!DOCTYPE a",
            K::Doctype,
            1,
            1,
        ),
        (
            "a declaration of an element",
            b"<!ELEMENT a><a/>",
            K::InvalidMarkup,
            1,
            3,
        ),
        (
            "a declaration after a space",
            b" <?xml version='1.0'?><a/>",
            K::InvalidDeclaration,
            1,
            2,
        ),
        (
            "a declaration inside",
            b"<a><?xml version='1.0'?></a>",
            K::InvalidDeclaration,
            1,
            4,
        ),
        (
            "a declaration in capitals",
            b"<?XML version='1.0'?><a/>",
            K::InvalidDeclaration,
            1,
            1,
        ),
        (
            "a declaration without a version",
            b"<?xml encoding='UTF-8'?><a/>",
            K::InvalidDeclaration,
            1,
            7,
        ),
        (
            "a declaration of version 2",
            b"<?xml version='2.0'?><a/>",
            K::InvalidDeclaration,
            1,
            16,
        ),
        (
            "a declaration with members in another order",
            b"<?xml version='1.0' standalone='no' encoding='UTF-8'?><a/>",
            K::InvalidDeclaration,
            1,
            37,
        ),
        (
            "a declaration with another standalone",
            b"<?xml version='1.0' standalone='maybe'?><a/>",
            K::InvalidDeclaration,
            1,
            33,
        ),
        (
            "a declaration without a space before standalone",
            b"<?xml version='1.0'standalone='yes'?><a/>",
            K::InvalidDeclaration,
            1,
            20,
        ),
        (
            "a declaration without a space before encoding",
            b"<?xml version='1.0'encoding='UTF-8'?><a/>",
            K::InvalidDeclaration,
            1,
            20,
        ),
        (
            "a declaration with a space at its end",
            b"<?xml version='1.0' ?>",
            K::NoRoot,
            1,
            23,
        ),
        (
            "a declaration that ends in ? >",
            b"<?xml version='1.0'? ><a/>",
            K::InvalidDeclaration,
            1,
            21,
        ),
        (
            "a declared ISO-8859-1",
            b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
            K::OtherEncoding,
            1,
            31,
        ),
        (
            "a declared UTF-16",
            b"<?xml version='1.0' encoding='UTF-16'?><a/>",
            K::OtherEncoding,
            1,
            31,
        ),
        (
            "an instruction without a name",
            b"<? a?><a/>",
            K::InvalidMarkup,
            1,
            3,
        ),
        (
            "an instruction without anything",
            b"<??><a/>",
            K::InvalidMarkup,
            1,
            3,
        ),
        (
            "an instruction without an end",
            b"<a/><?b ? >",
            K::UnclosedMarkup,
            1,
            5,
        ),
        ("a byte that is no UTF-8", b"<a>\xff</a>", K::NotUtf8, 1, 4),
        ("an overlong encoding", b"<a>\xc0\x80</a>", K::NotUtf8, 1, 4),
        (
            "an encoded surrogate",
            b"<a>\xed\xa0\x80</a>",
            K::NotUtf8,
            1,
            4,
        ),
        ("UTF-16", b"\xff\xfe<\0a\0/\0>\0", K::NotUtf8, 1, 1),
        (
            "a cut off character",
            "<a/>é".as_bytes().split_last().unwrap().1,
            K::NotUtf8,
            1,
            5,
        ),
        (
            "a control character in text",
            b"<a>\n\x01</a>",
            K::ForbiddenCharacter,
            2,
            1,
        ),
        (
            "a form feed between elements",
            b"<a>\x0c</a>",
            K::ForbiddenCharacter,
            1,
            4,
        ),
        (
            "U+FFFE in a comment",
            "<!-- \u{fffe} --><a/>".as_bytes(),
            K::ForbiddenCharacter,
            1,
            6,
        ),
        (
            "a fault before a byte that is no UTF-8",
            b"<a b>\xff</a>",
            K::InvalidTag,
            1,
            5,
        ),
        (
            "a byte that is no UTF-8 in a reference",
            b"<a>&am\xff;</a>",
            K::NotUtf8,
            1,
            7,
        ),
        (
            "a control character in a tag",
            b"<a\x02/>",
            K::ForbiddenCharacter,
            1,
            3,
        ),
        (
            "a fault after characters of several bytes",
            "<a>éé\r\n😀&</a>".as_bytes(),
            K::InvalidReference,
            2,
            2,
        ),
    ];
    for (name, document, kind, line, column) in cases {
        assert_eq!(fault(document), (*kind, *line, *column), "{name}");
    }
}

#[test]
fn every_fault_is_answered_with_malformed_xml() {
    for document in [&b""[..], b"<a", b"<a>&b;</a>", b"<!DOCTYPE a>", b"\xff"] {
        for provider in Provider::ALL {
            let errors = Document::parse(provider, document).unwrap_err();
            let error = provider.error(errors.first().cause(), Subject::Document(errors.first()));
            assert_eq!((error.status, error.code), (400, "MalformedXML"));
        }
    }
}

#[test]
fn a_fault_names_the_element_that_is_concerned() {
    for (document, name) in [
        ("<a><b></a>", "b"),
        ("<a><b/>", "a"),
        ("<a>&eacute;</a>", "eacute"),
        ("<a b='' b=''/>", "b"),
    ] {
        let errors = Document::parse(&Provider::S3, document.as_bytes()).unwrap_err();
        assert_eq!(errors.first().element.as_deref(), Some(name), "{document}");
    }
}

#[test]
fn no_beginning_of_a_document_is_a_document() {
    let whole = include_str!("../documents/example.xml").trim_end();
    assert!(Document::parse(&Provider::OSS, whole.as_bytes()).is_ok());
    for length in 0..whole.len() {
        let (kind, ..) = fault(&whole.as_bytes()[..length]);
        assert!(
            matches!(kind, K::NoRoot | K::UnclosedMarkup | K::UnclosedElement),
            "{kind:?} after {length} bytes"
        );
    }
}

#[test]
fn a_tag_of_thousands_of_attributes_or_levels_is_read_in_time() {
    let attributes = (0..5000)
        .map(|index| format!("a{index}=''"))
        .collect::<Vec<_>>()
        .join(" ");
    assert_eq!(
        fault(format!("<a {attributes} a0=''/>").as_bytes()).0,
        K::RepeatedAttribute
    );
    assert_eq!(fault("<a>".repeat(20_000).as_bytes()).0, K::UnclosedElement);
}

proptest! {
    #[test]
    fn any_bytes_give_a_document_or_errors_inside_it(
        inserted in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        removed in proptest::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let mut bytes = include_bytes!("../documents/example.xml").to_vec();
        for (at, byte) in inserted {
            bytes.insert(at.index(bytes.len()), byte);
        }
        for at in removed {
            bytes.remove(at.index(bytes.len()));
        }
        if let Err(errors) = Document::parse(&Provider::OSS, &bytes) {
            let lines = bytes.len() + 1;
            prop_assert!(errors.iter().all(|error| (1..=lines).contains(&error.line) && (1..=lines).contains(&error.column)));
        }
    }
}

//! What a document may contain: each case is a description, a document, and the result.

#![cfg(feature = "quick-xml")]
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken promise stops the test"
)]
#![expect(clippy::too_many_lines, reason = "tables of cases")]

use cors_core::{CompileErrorKind, Dialect};
use cors_xml::{Document, DocumentError, DocumentErrorKind, DocumentErrors, Provider};

const OSS: &Provider = &Provider::OSS;
const S3: &Provider = &Provider::S3;
const COS: &Provider = &Provider::COS;

/// A document whose only rule has origin `o`, method `GET`, and these elements.
fn with(elements: &str) -> String {
    format!(
        "<CORSConfiguration><CORSRule><AllowedOrigin>o</AllowedOrigin><AllowedMethod>GET</AllowedMethod>{elements}</CORSRule></CORSConfiguration>"
    )
}

/// A document whose only rule has these elements.
fn rule(elements: &str) -> String {
    format!("<CORSConfiguration><CORSRule>{elements}</CORSRule></CORSConfiguration>")
}

fn rules(count: usize) -> String {
    let rule =
        "<CORSRule><AllowedOrigin>o</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";
    format!(
        "<CORSConfiguration>{}</CORSConfiguration>",
        rule.repeat(count)
    )
}

/// A valid document of the given length.
fn of_bytes(length: usize) -> String {
    let document = rules(1);
    let padding = " ".repeat(length - document.len());
    document + &padding
}

fn errors(provider: &Provider, document: &str) -> DocumentErrors {
    match Document::parse(provider, document.as_bytes()) {
        Ok(_) => panic!("accepted: {document}"),
        Err(errors) => errors,
    }
}

fn kinds(provider: &Provider, document: &str) -> Vec<DocumentErrorKind> {
    errors(provider, document)
        .iter()
        .map(|error| error.kind)
        .collect()
}

/// The values of the first rule: origins, headers, exposed headers.
fn first_rule(provider: &Provider, document: &str) -> [Vec<String>; 3] {
    let document = Document::parse(provider, document.as_bytes())
        .unwrap_or_else(|errors| panic!("{errors}\n{document}"));
    document.with_configuration(|configuration| {
        let rule = configuration.rules[0];
        [
            rule.allowed_origins,
            rule.allowed_headers,
            rule.expose_headers,
        ]
        .map(|list| list.iter().map(str::to_owned).collect())
    })
}

#[test]
fn these_documents_are_accepted() {
    let cases: &[(&str, &Provider, String)] = &[
        ("ten rules on OSS", OSS, rules(10)),
        ("a hundred rules on S3", S3, rules(100)),
        ("a hundred rules on COS", COS, rules(100)),
        (
            "children in any order",
            S3,
            rule(
                "<MaxAgeSeconds>1</MaxAgeSeconds><ExposeHeader>a</ExposeHeader><AllowedMethod>GET</AllowedMethod><ID>i</ID><AllowedHeader>h</AllowedHeader><AllowedOrigin>o</AllowedOrigin>",
            ),
        ),
        ("an ID on S3", S3, with("<ID>i</ID>")),
        ("an ID on COS", COS, with("<ID>i</ID>")),
        ("an empty ID", S3, with("<ID/>")),
        (
            "an ID of 255 characters of two bytes",
            S3,
            with(&format!("<ID>{}</ID>", "é".repeat(255))),
        ),
        (
            "an empty origin on S3",
            S3,
            rule("<AllowedOrigin/><AllowedMethod>GET</AllowedMethod>"),
        ),
        (
            "an origin without a scheme",
            OSS,
            rule("<AllowedOrigin>localhost</AllowedOrigin><AllowedMethod>GET</AllowedMethod>"),
        ),
        (
            "an origin with non-ASCII letters and spaces inside",
            OSS,
            with("<AllowedOrigin>http://a b.é</AllowedOrigin>"),
        ),
        (
            "two origins equal to * in a rule, by default",
            OSS,
            with("<AllowedOrigin>*</AllowedOrigin><AllowedOrigin>*</AllowedOrigin>"),
        ),
        (
            "a header with one * inside",
            OSS,
            with("<AllowedHeader>x-*-y</AllowedHeader>"),
        ),
        (
            "MaxAgeSeconds 0 on OSS",
            OSS,
            with("<MaxAgeSeconds>0</MaxAgeSeconds>"),
        ),
        (
            "MaxAgeSeconds 999999999 on OSS",
            OSS,
            with("<MaxAgeSeconds>999999999</MaxAgeSeconds>"),
        ),
        (
            "a negative MaxAgeSeconds on S3",
            S3,
            with("<MaxAgeSeconds>-5</MaxAgeSeconds>"),
        ),
        (
            "MaxAgeSeconds with a sign and leading zeros",
            OSS,
            with("<MaxAgeSeconds>\n+007 </MaxAgeSeconds>"),
        ),
        (
            "a namespace",
            S3,
            rules(1).replacen(
                "<CORSConfiguration",
                "<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"",
                1,
            ),
        ),
        (
            "another namespace",
            OSS,
            rules(1).replacen(
                "<CORSConfiguration",
                "<CORSConfiguration xmlns='urn:any'",
                1,
            ),
        ),
        (
            "a namespace prefix, declared or not",
            S3,
            rules(1)
                .replace("</", "</s:")
                .replace("<C", "<s:C")
                .replace("<A", "<s:A"),
        ),
        (
            "attributes on any element",
            S3,
            rules(1).replace("<AllowedOrigin", "<AllowedOrigin a = 'x&lt;&#9;' b=\"\""),
        ),
        (
            "white space in an end tag",
            OSS,
            rules(1).replace("</CORSConfiguration", "</CORSConfiguration \n"),
        ),
        (
            "comments, instructions and white space everywhere",
            OSS,
            format!(
                "<!-- a --><?b c?>\r\n{}\n<!-- - --><?d?>\t",
                rules(1).replace("<CORSRule>", " <!----> <CORSRule> <?e f?> ")
            ),
        ),
        (
            "a declaration",
            OSS,
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", rules(1)),
        ),
        (
            "a declaration in every permitted shape",
            OSS,
            format!(
                "<?xml version = '1.1'\n encoding='utf-8' standalone='yes' ?>{}",
                rules(1)
            ),
        ),
        (
            "a byte order mark",
            OSS,
            format!("\u{feff}<?xml version=\"1.0\"?>{}", rules(1)),
        ),
        (
            "ResponseVary true on OSS",
            OSS,
            rules(1).replace(
                "</CORSConfiguration",
                "<ResponseVary>true</ResponseVary></CORSConfiguration",
            ),
        ),
        (
            "ResponseVary before the rules",
            OSS,
            rules(1).replace(
                "<CORSRule>",
                "<ResponseVary> false </ResponseVary><CORSRule>",
            ),
        ),
        ("exactly 16,384 bytes on OSS", OSS, of_bytes(16_384)),
        ("exactly 65,536 bytes on S3", S3, of_bytes(65_536)),
    ];
    for (name, provider, document) in cases {
        if let Err(errors) = Document::parse(provider, document.as_bytes()) {
            panic!("{name}: {errors}\n{document}");
        }
    }
}

#[test]
fn these_documents_are_refused() {
    use CompileErrorKind as C;
    use DocumentErrorKind as K;
    let invalid = |kind| K::Invalid(kind);
    let oss_range = C::MaxAgeOutOfRange {
        min: 0,
        max: 999_999_999,
    };
    let s3_range = C::MaxAgeOutOfRange {
        min: i32::MIN,
        max: i32::MAX,
    };
    let cases: &[(&str, &Provider, String, K)] = &[
        ("no rules", OSS, "<CORSConfiguration/>".into(), K::NoRule),
        (
            "a ResponseVary but no rules",
            OSS,
            "<CORSConfiguration><ResponseVary>true</ResponseVary></CORSConfiguration>".into(),
            K::NoRule,
        ),
        ("eleven rules on OSS", OSS, rules(11), invalid(C::TooManyRules { limit: 10 })),
        ("a hundred and one rules on S3", S3, rules(101), invalid(C::TooManyRules { limit: 100 })),
        ("16,385 bytes on OSS", OSS, of_bytes(16_385), K::TooLarge { limit: 16_384 }),
        ("65,537 bytes on S3", S3, of_bytes(65_537), K::TooLarge { limit: 65_536 }),
        ("65,537 bytes on COS", COS, of_bytes(65_537), K::TooLarge { limit: 65_536 }),
        ("an ID on OSS", OSS, with("<ID>i</ID>"), K::UnknownElement),
        (
            "an ID of 256 characters",
            S3,
            with(&format!("<ID>{}</ID>", "i".repeat(256))),
            invalid(C::IdTooLong { limit: 255 }),
        ),
        ("an ID with a control character", S3, with("<ID>a&#10;b</ID>"), invalid(C::ControlCharacter)),
        ("a second ID", S3, with("<ID>a</ID><ID>a</ID>"), K::Repeated),
        (
            "ResponseVary on S3",
            S3,
            rules(1).replace("</CORSConfiguration", "<ResponseVary>true</ResponseVary></CORSConfiguration"),
            K::UnknownElement,
        ),
        (
            "ResponseVary on COS",
            COS,
            rules(1).replace("</CORSConfiguration", "<ResponseVary>true</ResponseVary></CORSConfiguration"),
            K::UnknownElement,
        ),
        ("ResponseVary in a rule", OSS, with("<ResponseVary>true</ResponseVary>"), K::UnknownElement),
        (
            "a second ResponseVary",
            OSS,
            rules(1).replace(
                "</CORSConfiguration",
                "<ResponseVary>true</ResponseVary><ResponseVary>true</ResponseVary></CORSConfiguration",
            ),
            K::Repeated,
        ),
        (
            "ResponseVary TRUE",
            OSS,
            rules(1).replace("</CORSConfiguration", "<ResponseVary>TRUE</ResponseVary></CORSConfiguration"),
            K::NotABoolean,
        ),
        (
            "an empty ResponseVary",
            OSS,
            rules(1).replace("</CORSConfiguration", "<ResponseVary/></CORSConfiguration"),
            K::NotABoolean,
        ),
        ("a rule without origin", OSS, rule("<AllowedMethod>GET</AllowedMethod>"), invalid(C::NoOrigin)),
        ("a rule without method", S3, rule("<AllowedOrigin>o</AllowedOrigin>"), invalid(C::NoMethod)),
        ("an empty origin on OSS", OSS, with("<AllowedOrigin> </AllowedOrigin>"), invalid(C::Empty)),
        ("a second * in an origin", OSS, with("<AllowedOrigin>http://*.*.com</AllowedOrigin>"), invalid(C::SecondWildcard)),
        ("a second * in a header", S3, with("<AllowedHeader>*-amz-*</AllowedHeader>"), invalid(C::SecondWildcard)),
        ("a method of another dialect", OSS, with("<AllowedMethod>OPTIONS</AllowedMethod>"), invalid(C::UnknownMethod)),
        ("a method in lower case", S3, with("<AllowedMethod>get</AllowedMethod>"), invalid(C::UnknownMethod)),
        ("an empty method", S3, with("<AllowedMethod/>"), invalid(C::UnknownMethod)),
        ("an empty header", OSS, with("<AllowedHeader/>"), invalid(C::Empty)),
        ("an empty exposed header", S3, with("<ExposeHeader/>"), invalid(C::Empty)),
        ("a * in an exposed header", OSS, with("<ExposeHeader>x-*</ExposeHeader>"), invalid(C::WildcardInExposeHeader)),
        ("a space in an exposed header", S3, with("<ExposeHeader>a b</ExposeHeader>"), invalid(C::NotAHeaderName)),
        (
            "an encoded newline in an exposed header",
            S3,
            with("<ExposeHeader>a&#10;b</ExposeHeader>"),
            invalid(C::NotAHeaderName),
        ),
        (
            "an encoded newline at the end of an exposed header",
            OSS,
            with("<ExposeHeader>a&#xA;</ExposeHeader>"),
            invalid(C::NotAHeaderName),
        ),
        (
            "an ampersand in an exposed header on OSS",
            OSS,
            with("<ExposeHeader>a&amp;b</ExposeHeader>"),
            invalid(C::NotAHeaderName),
        ),
        (
            "an apostrophe in an exposed header on OSS",
            OSS,
            with("<ExposeHeader>a'b</ExposeHeader>"),
            invalid(C::NotAHeaderName),
        ),
        (
            "an encoded tab around an origin",
            OSS,
            with("<AllowedOrigin>&#9;o</AllowedOrigin>"),
            invalid(C::ControlCharacter),
        ),
        ("DEL in an origin", S3, with("<AllowedOrigin>a&#x7F;</AllowedOrigin>"), invalid(C::ControlCharacter)),
        (
            "a literal newline inside a header",
            S3,
            with("<AllowedHeader>a\nb</AllowedHeader>"),
            invalid(C::ControlCharacter),
        ),
        (
            "an encoded space before a method",
            OSS,
            with("<AllowedMethod>&#32;GET</AllowedMethod>"),
            invalid(C::UnknownMethod),
        ),
        ("a negative MaxAgeSeconds on OSS", OSS, with("<MaxAgeSeconds>-1</MaxAgeSeconds>"), invalid(oss_range)),
        ("MaxAgeSeconds 1000000000 on OSS", OSS, with("<MaxAgeSeconds>1000000000</MaxAgeSeconds>"), invalid(oss_range)),
        (
            "a MaxAgeSeconds of thirty digits on OSS",
            OSS,
            with(&format!("<MaxAgeSeconds>{}</MaxAgeSeconds>", "9".repeat(30))),
            invalid(oss_range),
        ),
        (
            "a MaxAgeSeconds beyond 32 bits on S3",
            S3,
            with("<MaxAgeSeconds>2147483648</MaxAgeSeconds>"),
            invalid(s3_range),
        ),
        ("a MaxAgeSeconds that is a word", S3, with("<MaxAgeSeconds>never</MaxAgeSeconds>"), K::NotAnInteger),
        ("a MaxAgeSeconds with a fraction", OSS, with("<MaxAgeSeconds>1.5</MaxAgeSeconds>"), K::NotAnInteger),
        ("an empty MaxAgeSeconds", OSS, with("<MaxAgeSeconds/>"), K::NotAnInteger),
        ("a MaxAgeSeconds that is a sign", OSS, with("<MaxAgeSeconds>-</MaxAgeSeconds>"), K::NotAnInteger),
        (
            "a MaxAgeSeconds before an encoded space",
            OSS,
            with("<MaxAgeSeconds>1&#32;</MaxAgeSeconds>"),
            K::NotAnInteger,
        ),
        ("a MaxAgeSeconds in other digits", OSS, with("<MaxAgeSeconds>\u{661}</MaxAgeSeconds>"), K::NotAnInteger),
        (
            "a second MaxAgeSeconds",
            S3,
            with("<MaxAgeSeconds>1</MaxAgeSeconds><MaxAgeSeconds>1</MaxAgeSeconds>"),
            K::Repeated,
        ),
        ("an element in another case", OSS, with("<allowedheader>a</allowedheader>"), K::UnknownElement),
        ("an element that no schema has", S3, with("<AllowedCookie>a</AllowedCookie>"), K::UnknownElement),
        ("an element name with two colons", S3, with("<a:b:AllowedHeader>a</a:b:AllowedHeader>"), K::UnknownElement),
        ("an element name with an empty prefix", S3, with("<:AllowedHeader>a</:AllowedHeader>"), K::UnknownElement),
        (
            "a rule's element outside a rule",
            S3,
            rules(1).replace("<CORSRule>", "<AllowedMethod>GET</AllowedMethod><CORSRule>"),
            K::UnknownElement,
        ),
        ("a rule in a rule", S3, with("<CORSRule/>"), K::UnknownElement),
        ("an element in a value", S3, with("<AllowedHeader>a<b><c/></b></AllowedHeader>"), K::NestedElement),
        (
            "an element in ResponseVary",
            OSS,
            rules(1).replace("</CORSConfiguration", "<ResponseVary>true<a/></ResponseVary></CORSConfiguration"),
            K::NestedElement,
        ),
        ("another root", S3, "<CORSConfig><CORSRule/></CORSConfig>".into(), K::WrongRoot),
        ("a root in another case", S3, "<corsconfiguration/>".into(), K::WrongRoot),
        ("a rule as the root", S3, "<CORSRule/>".into(), K::WrongRoot),
        (
            "text between rules",
            OSS,
            rules(2).replace("</CORSRule><CORSRule>", "</CORSRule>,<CORSRule>"),
            K::TextBetweenElements,
        ),
        ("text between values", OSS, with(" and "), K::TextBetweenElements),
        ("a reference between values", S3, with("&#32;"), K::TextBetweenElements),
        ("an empty CDATA section between values", S3, with("<![CDATA[]]>"), K::TextBetweenElements),
    ];
    for (name, provider, document, kind) in cases {
        assert_eq!(kinds(provider, document), [*kind], "{name}: {document}");
    }
}

#[test]
fn a_second_bare_wildcard_is_refused_if_the_dialect_says_so() {
    let careful = Provider::OSS.with_dialect(Dialect::OSS.with_one_bare_wildcard_per_rule(true));
    let document = with("<AllowedOrigin>*</AllowedOrigin><AllowedOrigin>*</AllowedOrigin>");
    assert_eq!(
        kinds(&careful, &document),
        [DocumentErrorKind::Invalid(
            CompileErrorKind::SecondBareWildcard
        )]
    );
}

#[test]
fn a_value_is_its_text_without_the_literal_white_space_around_it() {
    for (written, expected) in [
        ("  a\t\r\n", "a"),
        ("a  b", "a  b"),
        ("<!-- x --> a <?p?>", "a"),
        ("a<!-- x -->b", "ab"),
        ("a <!-- x --> b", "a  b"),
        ("&#32;a&#x20;", " a "),
        (" &#32; ", " "),
        ("&#32; a &#32;", "  a  "),
        ("&amp;&lt;&gt;&apos;&quot;", "&<>'\""),
        ("a&amp; ", "a&"),
        (" &#x48;&#105;", "Hi"),
        ("&#x1F600;", "\u{1f600}"),
        ("<![CDATA[&amp;<b>]]>", "&amp;<b>"),
        ("<![CDATA[ a ]]>", "a"),
        ("a<![CDATA[]]>", "a"),
        ("<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"),
        (" x<![CDATA[ ]]>y ", "x y"),
        ("\u{a0}a\u{a0}", "\u{a0}a\u{a0}"),
    ] {
        let [origins, ..] = first_rule(
            S3,
            &with(&format!("<AllowedOrigin>{written}</AllowedOrigin>")),
        );
        assert_eq!(origins[1], expected, "{written}");
    }
}

#[test]
fn a_literal_line_end_inside_a_value_is_read_as_lf() {
    let error = errors(
        S3,
        &with("<AllowedOrigin>a\r\nb\rc\nd&#13;e</AllowedOrigin>"),
    );
    assert_eq!(error.first().value.as_deref(), Some("a\nb\nc\nd\re"));
}

#[test]
fn order_spelling_and_duplicates_are_kept() {
    let [_, headers, exposed] = first_rule(
        OSS,
        &with(
            "<AllowedHeader>B</AllowedHeader><ExposeHeader>y</ExposeHeader><AllowedHeader>a</AllowedHeader><ExposeHeader>X</ExposeHeader><AllowedHeader>B</AllowedHeader>",
        ),
    );
    assert_eq!(headers, ["B", "a", "B"]);
    assert_eq!(exposed, ["y", "X"]);
}

#[test]
fn response_vary_is_false_unless_the_document_says_true() {
    for (elements, expected) in [
        ("", false),
        ("<ResponseVary>false</ResponseVary>", false),
        ("<ResponseVary>\ntrue</ResponseVary>", true),
    ] {
        let document = rules(1).replace(
            "</CORSConfiguration",
            &format!("{elements}</CORSConfiguration"),
        );
        let document = Document::parse(OSS, document.as_bytes()).unwrap();
        assert_eq!(document.response_vary(), expected);
        assert!(
            document.with_configuration(|configuration| configuration.response_vary == expected)
        );
    }
}

#[test]
fn every_error_is_listed_in_the_order_of_the_document() {
    let document = "<CORSConfiguration>\n\
        <CORSRule>\n\
        \u{20}<ExposeHeader>é*</ExposeHeader><AllowedMethod>get</AllowedMethod>\n\
        \u{20}<MaxAgeSeconds>soon</MaxAgeSeconds>\n\
        </CORSRule>\n\
        <Rule/>\n\
        <CORSRule><AllowedOrigin>**</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>\n\
        \u{20}stray</CORSRule>\n\
        </CORSConfiguration>";
    let listed: Vec<String> = errors(OSS, document)
        .iter()
        .map(DocumentError::to_string)
        .collect();
    assert_eq!(
        listed,
        [
            "line 2, column 1: rule 1, CORSRule: add at least one AllowedOrigin",
            "line 3, column 2: rule 1, ExposeHeader `é*`: name each header; a `*` is not supported in ExposeHeader",
            "line 3, column 33: rule 1, AllowedMethod `get`: write it as `GET`",
            "line 4, column 2: rule 1, MaxAgeSeconds `soon`: use a whole number of seconds",
            "line 6, column 1: Rule: remove it, or spell it as the schema does; case matters",
            "line 7, column 11: rule 2, AllowedOrigin `**`: keep at most one `*`",
            "line 8, column 2: rule 2 `stray`: remove the text between the elements",
        ],
    );
    assert_eq!(errors(OSS, document).to_string(), listed.join("\n"));
}

#[test]
fn too_many_rules_are_reported_at_the_first_rule_over_the_limit() {
    let document = rules(12).replace("<CORSRule>", "\n<CORSRule>");
    let errors = errors(OSS, &document);
    assert_eq!(
        (
            errors.first().rule,
            errors.first().line,
            errors.first().column
        ),
        (Some(10), 12, 1)
    );
}

#[test]
fn a_message_escapes_control_characters_and_truncates_long_values() {
    let long = format!("<AllowedMethod>&#10;{}</AllowedMethod>", "m".repeat(200));
    let message = errors(S3, &with(&long)).first().to_string();
    assert!(
        message.contains(&format!("`\\n{}...`", "m".repeat(127))),
        "{message}"
    );
}

#[test]
fn a_document_as_large_as_allowed_and_full_of_errors_lists_them_all() {
    let count = (65_536 - with("").len()) / "<AllowedMethod/>".len();
    assert_eq!(
        kinds(S3, &with(&"<AllowedMethod/>".repeat(count))).len(),
        count
    );
}

#[test]
fn a_document_compiles_to_an_image_of_exact_size_with_its_rules() {
    let document = Document::parse(OSS, include_bytes!("../documents/example.xml")).unwrap();
    let image = document.compile().unwrap();
    let policy = cors_core::Policy::from_bytes(image.as_bytes()).unwrap();
    assert_eq!(policy.as_bytes().len(), image.as_bytes().len());
    let same = document
        .with_configuration(|configuration| configuration.rules.iter().copied().eq(policy.rules()));
    assert!(same);
}

//! Documents of GCS and Azure: what they contain, what is refused, and that they round-trip.

#![cfg(feature = "quick-xml")]
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken promise stops the test"
)]

use cors_core::{CompileErrorKind, Field, Request};
use cors_xml::{Cause, Document, DocumentErrorKind, Provider, ResourceType, Subject};

const GCS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<CorsConfig>
  <Cors>
    <Origins>
      <Origin>https://a.example</Origin>
      <Origin>*</Origin>
    </Origins>
    <Methods><Method>GET</Method><Method>PATCH</Method></Methods>
    <ResponseHeaders><ResponseHeader>Content-Type</ResponseHeader></ResponseHeaders>
    <MaxAgeSec>1800</MaxAgeSec>
  </Cors>
</CorsConfig>";

const AZURE: &str = "<Cors>
  <CorsRule>
    <AllowedOrigins>https://a.example, https://*.b.example</AllowedOrigins>
    <AllowedMethods>GET,MERGE</AllowedMethods>
    <AllowedHeaders>x-ms-meta-*,content-type</AllowedHeaders>
    <ExposedHeaders>x-ms-*</ExposedHeaders>
    <MaxAgeInSeconds>200</MaxAgeInSeconds>
  </CorsRule>
</Cors>";

fn parse<'d>(provider: &'d Provider, text: &'d str) -> Document<'d> {
    Document::parse(provider, text.as_bytes()).unwrap_or_else(|errors| panic!("{errors}\n{text}"))
}

fn kinds(provider: &Provider, text: &str) -> Vec<DocumentErrorKind> {
    match Document::parse(provider, text.as_bytes()) {
        Ok(_) => panic!("accepted: {text}"),
        Err(errors) => errors.iter().map(|error| error.kind).collect(),
    }
}

/// Origins, methods, headers and exposed headers of the first rule, and its max age.
fn first_rule(document: &Document<'_>) -> ([Vec<String>; 4], Option<i32>) {
    document.with_configuration(|configuration| {
        let rule = configuration.rules[0];
        let lists = [
            rule.allowed_origins,
            rule.allowed_methods,
            rule.allowed_headers,
            rule.expose_headers,
        ];
        (
            lists.map(|list| list.iter().map(str::to_owned).collect()),
            rule.max_age_seconds,
        )
    })
}

fn written(provider: &Provider, document: &Document<'_>) -> String {
    let mut text = String::new();
    document
        .with_configuration(|configuration| {
            let rules = configuration.rules.iter().copied();
            provider.write_configuration(rules, configuration.response_vary, &mut text)
        })
        .unwrap();
    text
}

#[test]
fn gcs_lists_have_elements_of_their_own() {
    let document = parse(&Provider::GCS, GCS);
    let expected = [
        vec!["https://a.example", "*"],
        vec!["GET", "PATCH"],
        vec![],
        vec!["Content-Type"],
    ];
    let (lists, age) = first_rule(&document);
    assert_eq!(
        (lists.map(|list| list.join(" ")), age),
        (expected.map(|list| list.join(" ")), Some(1800))
    );
    let again = written(&Provider::GCS, &document);
    assert!(again.contains("<Methods><Method>GET</Method><Method>PATCH</Method></Methods>"));
    assert_eq!(
        first_rule(&parse(&Provider::GCS, &again)),
        first_rule(&document)
    );
}

#[test]
fn azure_lists_are_joined_with_commas() {
    let document = parse(&Provider::AZURE, AZURE);
    let expected = [
        "https://a.example https://*.b.example",
        "GET MERGE",
        "x-ms-meta-* content-type",
        "x-ms-*",
    ];
    let (lists, age) = first_rule(&document);
    assert_eq!(
        (
            lists
                .map(|list| list.join(" "))
                .each_ref()
                .map(String::as_str),
            age
        ),
        (expected, Some(200))
    );
    let again = written(&Provider::AZURE, &document);
    assert!(again.contains("<AllowedMethods>GET,MERGE</AllowedMethods>"));
    assert_eq!(
        first_rule(&parse(&Provider::AZURE, &again)),
        first_rule(&document)
    );
    let place = document
        .place(0, Some(Field::AllowedOrigin), Some(1))
        .unwrap();
    assert_eq!(
        (place.line, place.column, place.value),
        (3, 5, Some("https://*.b.example"))
    );
    assert_eq!(document.place(0, Some(Field::AllowedOrigin), Some(2)), None);
    assert_eq!(
        document.place(0, None, None).unwrap().name,
        Some("CorsRule")
    );
}

#[test]
fn a_document_without_rules_turns_cors_off_on_both() {
    for (provider, text) in [
        (&Provider::GCS, "<CorsConfig/>"),
        (&Provider::AZURE, "<Cors></Cors>"),
    ] {
        let document = parse(provider, text);
        assert_eq!(
            document.with_configuration(|configuration| configuration.rules.len()),
            0
        );
    }
    assert_eq!(
        kinds(&Provider::OSS, "<CORSConfiguration/>"),
        [DocumentErrorKind::NoRule]
    );
}

#[test]
fn each_provider_has_its_own_schema_and_limits() {
    use CompileErrorKind as Rule;
    use DocumentErrorKind::{Invalid, Repeated, TooMuchText, UnknownElement, WrongRoot};

    let gcs = |from: &str, to: &str| kinds(&Provider::GCS, &GCS.replacen(from, to, 1));
    let azure = |from: &str, to: &str| kinds(&Provider::AZURE, &AZURE.replacen(from, to, 1));
    assert_eq!(kinds(&Provider::GCS, AZURE), [WrongRoot]);
    assert_eq!(kinds(&Provider::AZURE, GCS), [WrongRoot]);
    assert_eq!(
        gcs("https://a.example", "https://*.a.example"),
        [Invalid(Rule::MisplacedWildcard)]
    );
    assert_eq!(gcs("PATCH", "PA TCH"), [Invalid(Rule::UnknownMethod)]);
    assert_eq!(
        gcs("<MaxAgeSec>", "<ID>x</ID><MaxAgeSec>"),
        [UnknownElement]
    );
    assert_eq!(
        gcs("<MaxAgeSec>", "<Origin>x</Origin><MaxAgeSec>"),
        [UnknownElement]
    );
    assert_eq!(gcs("<MaxAgeSec>", "<Methods/><MaxAgeSec>"), [Repeated]);
    assert_eq!(
        gcs("<Origin>*</Origin>", "<Method>GET</Method>"),
        [UnknownElement]
    );
    assert_eq!(
        gcs("1800", "-1"),
        [Invalid(Rule::MaxAgeOutOfRange {
            min: 0,
            max: i32::MAX
        })]
    );
    assert_eq!(
        azure("https://*.b", "https://b*"),
        [Invalid(Rule::MisplacedWildcard)]
    );
    assert_eq!(azure("MERGE", "LINK"), [Invalid(Rule::UnknownMethod)]);
    assert_eq!(
        azure("x-ms-meta-*", "*-x"),
        [Invalid(Rule::MisplacedWildcard)]
    );
    assert_eq!(
        azure("x-ms-meta-*", "a*,b*,c*"),
        [Invalid(Rule::TooManyHeaders {
            literal: 64,
            prefixed: 2
        })]
    );
    assert_eq!(azure("GET,", "GET,,"), [Invalid(Rule::UnknownMethod)]);
    assert_eq!(azure("GET,MERGE", ""), [Invalid(Rule::NoMethod)]);
    assert_eq!(
        azure("<MaxAge", "<AllowedMethods>PUT</AllowedMethods><MaxAge"),
        [Repeated]
    );
    let rule = &AZURE[AZURE.find("  <CorsRule").unwrap()..AZURE.find("</Cors>").unwrap()];
    let six = format!("<Cors>{}</Cors>", rule.repeat(6));
    assert_eq!(
        kinds(&Provider::AZURE, &six),
        [Invalid(Rule::TooManyRules { limit: 5 })]
    );
    // The values count towards the limit; the tags and the space around values do not.
    let values = [
        "https://a.example",
        "https://*.b.example",
        "GET",
        "MERGE",
        "x-ms-meta-*",
        "content-type",
        "x-ms-*",
        "200",
    ];
    let room = 2048 - values.concat().len();
    let with = |length: usize| {
        let names = vec!["h".repeat(200); length / 200].join(",");
        let last = "h".repeat(length % 200);
        AZURE.replacen("content-type", &format!("content-type,{names},{last}"), 1)
    };
    parse(&Provider::AZURE, &with(room));
    assert_eq!(
        kinds(&Provider::AZURE, &with(room + 1)),
        [TooMuchText { limit: 2048 }]
    );
}

#[test]
fn a_list_is_split_after_its_references_are_resolved() {
    let text = AZURE.replace(
        "https://a.example, ",
        "https://a.example&#44; https://c&amp;d,",
    );
    let document = parse(&Provider::AZURE, &text);
    assert_eq!(
        first_rule(&document).0[0],
        ["https://a.example", "https://c&d", "https://*.b.example"]
    );
}

#[test]
fn the_content_of_an_unknown_element_is_skipped_including_references() {
    let text = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>\
        <Note>a &amp; <b>&#65;</b></Note></CORSRule></CORSConfiguration>";
    assert_eq!(
        kinds(&Provider::OSS, text),
        [DocumentErrorKind::UnknownElement]
    );
}

#[test]
fn a_declaration_without_a_version_and_a_reference_without_a_name_are_syntax_errors() {
    for (text, kind) in [
        ("<?xml?><Cors/>", DocumentErrorKind::InvalidDeclaration),
        ("<Cors>&-;</Cors>", DocumentErrorKind::InvalidReference),
    ] {
        assert_eq!(kinds(&Provider::AZURE, text)[0], kind, "{text}");
    }
}

#[test]
fn azure_settings_around_the_rules_are_skipped() {
    use DocumentErrorKind::{
        Invalid, MismatchedEndTag, NoConfiguration, Repeated, TextBetweenElements, WrongRoot,
    };

    let around = |cors: &str, more: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<StorageServiceProperties>\n<Logging>\n<Version>1.0</Version><Cors>no rule</Cors>\n</Logging>\n{cors}\n<DefaultServiceVersion>2013-08-15</DefaultServiceVersion>{more}<Empty/></StorageServiceProperties>"
        )
    };
    let text = around(AZURE, "");
    let document = parse(&Provider::AZURE, &text);
    assert_eq!(
        first_rule(&document),
        first_rule(&parse(&Provider::AZURE, AZURE))
    );
    let place = document
        .place(0, Some(Field::AllowedOrigin), Some(0))
        .unwrap();
    assert_eq!((place.line, place.column), (8, 5));
    assert!(written(&Provider::AZURE, &document).contains("?>\n<Cors><CorsRule>"));
    let off = around("<Cors />", "");
    let none = parse(&Provider::AZURE, &off);
    assert_eq!(none.with_configuration(|found| found.rules.len()), 0);

    for (text, expected, place) in [
        (around("", ""), NoConfiguration, (2, 1)),
        (around(AZURE, "<Cors/>"), Repeated, (15, 58)),
        (around(AZURE, "text"), TextBetweenElements, (15, 58)),
        (around(AZURE, "<a><b></a></b>"), MismatchedEndTag, (15, 64)),
        (
            around(&AZURE.replace("GET,MERGE", "get"), ""),
            Invalid(CompileErrorKind::UnknownMethod),
            (9, 5),
        ),
        (
            format!(
                "<Cors>{}</Cors>",
                around("", "").split_once('\n').unwrap().1
            ),
            DocumentErrorKind::UnknownElement,
            (1, 7),
        ),
    ] {
        let errors = Document::parse(&Provider::AZURE, text.as_bytes()).unwrap_err();
        let first = errors.first();
        assert_eq!((first.kind, (first.line, first.column)), (expected, place));
        assert_eq!(errors.iter().count(), 1, "{errors}");
    }
    assert_eq!(kinds(&Provider::S3, &text), [WrongRoot]);
}

#[test]
fn azure_limits_the_number_and_length_of_values_and_requires_every_element() {
    use CompileErrorKind as Rule;
    use DocumentErrorKind::{Invalid, Missing};

    // https://learn.microsoft.com/en-us/rest/api/storageservices/set-blob-service-properties#remarks
    let with = |element: &str, value: &str| {
        "<Cors><CorsRule><AllowedOrigins>*</AllowedOrigins><AllowedMethods>GET</AllowedMethods><AllowedHeaders/><ExposedHeaders/><MaxAgeInSeconds>5</MaxAgeInSeconds></CorsRule></Cors>"
        .replace(&format!("<{element}/>"), &format!("<{element}>{value}</{element}>"))
        .replace(&format!("<{element}>*</{element}>"), &format!("<{element}>{value}</{element}>"))
    };
    let many = |count: usize, of: &str| vec![of; count].join(",");
    let headers = Invalid(Rule::TooManyHeaders {
        literal: 64,
        prefixed: 2,
    });
    let long = Invalid(Rule::ValueTooLong { limit: 256 });
    for element in ["AllowedHeaders", "ExposedHeaders"] {
        parse(&Provider::AZURE, &with(element, &many(64, "a")));
        parse(&Provider::AZURE, &with(element, &many(2, "a*")));
        parse(&Provider::AZURE, &with(element, &"a".repeat(256)));
        for (value, kind) in [
            (many(65, "a"), headers),
            (many(3, "a*"), headers),
            ("a".repeat(257), long),
        ] {
            assert_eq!(kinds(&Provider::AZURE, &with(element, &value)), [kind]);
        }
    }
    parse(
        &Provider::AZURE,
        &with("AllowedOrigins", &many(64, "https://a")),
    );
    parse(
        &Provider::AZURE,
        &with("AllowedOrigins", &"\u{e4}".repeat(256)),
    );
    assert_eq!(
        kinds(
            &Provider::AZURE,
            &with("AllowedOrigins", &many(65, "https://a"))
        ),
        [Invalid(Rule::TooManyOrigins { limit: 64 })]
    );
    assert_eq!(
        kinds(&Provider::AZURE, &with("AllowedOrigins", &"a".repeat(257))),
        [long]
    );
    for element in ["AllowedHeaders", "ExposedHeaders", "MaxAgeInSeconds"] {
        let text = AZURE.replace(element, "x");
        let start = text.find("    <x>").unwrap();
        let end = text.find("</x>\n").unwrap() + 5;
        let text = [&text[..start], &text[end..]].concat();
        let errors = Document::parse(&Provider::AZURE, text.as_bytes()).unwrap_err();
        let first = errors.first();
        assert_eq!(
            (first.kind, first.element.as_deref(), first.line),
            (Missing, Some(element), 2)
        );
    }
}

#[test]
fn each_provider_has_its_own_dialect_and_request_id_header() {
    let actual = Provider::ALL.map(|provider| {
        assert_eq!(provider.name, provider.dialect.name);
        assert_eq!(Provider::named(provider.name), Some(provider));
        (provider.name, provider.wire.request_id_header)
    });
    let expected = [
        ("oss", "x-oss-request-id"),
        ("s3", "x-amz-request-id"),
        ("cos", "x-cos-request-id"),
        ("gcs", "x-guploader-uploadid"),
        ("azure", "x-ms-request-id"),
        ("r2", "x-amz-request-id"),
        ("b2", "x-amz-request-id"),
        ("obs", "x-obs-request-id"),
        ("strict", "x-amz-request-id"),
    ];
    assert_eq!(actual, expected);
}

#[test]
fn cos_keeps_a_response_vary() {
    let rule =
        "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";
    let text =
        format!("<CORSConfiguration>{rule}<ResponseVary>true</ResponseVary></CORSConfiguration>");
    let document = parse(&Provider::COS, &text);
    assert!(document.response_vary());
    let again = written(&Provider::COS, &document);
    assert!(
        again.ends_with("<ResponseVary>true</ResponseVary></CORSConfiguration>"),
        "{again}"
    );
}

#[test]
fn r2_accepts_a_wildcard_in_the_host_and_refuses_one_in_the_port() {
    let of = |origin| {
        format!(
            "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"
        )
    };
    for origin in [
        "https://*-x.example",
        "https://*.x.example",
        "http://localhost",
        "https://*",
        "*",
    ] {
        parse(&Provider::R2, &of(origin));
    }
    for origin in ["http://localhost:*", "http://localhost:3*"] {
        let text = of(origin);
        parse(&Provider::S3, &text);
        let errors = Document::parse(&Provider::R2, text.as_bytes()).unwrap_err();
        let error = errors.first();
        assert_eq!(
            error.kind,
            DocumentErrorKind::Invalid(CompileErrorKind::WildcardInPort)
        );
        let wire = Provider::R2.error(error.cause(), Subject::Document(error));
        assert_eq!((wire.status, wire.code), (400, "MalformedXML"));
    }
}

#[test]
fn a_refused_preflight_has_the_words_of_its_provider_or_none() {
    const OSS_TEXT: &str = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of \
        Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by \
        the resource's CORS spec.";
    const AZURE_TEXT: &str = "CORS not enabled or no matching rule found for this request.";
    const AZURE_MISSING: &str = "A required CORS header is not present.";
    for (provider, cause, status, code, message) in [
        (
            &Provider::AZURE,
            Cause::NotAllowed,
            403,
            "CorsPreflightFailure",
            AZURE_TEXT,
        ),
        (
            &Provider::AZURE,
            Cause::NotEnabled,
            403,
            "CorsPreflightFailure",
            AZURE_TEXT,
        ),
        (
            &Provider::AZURE,
            Cause::PreflightNoSuchBucket,
            403,
            "CorsPreflightFailure",
            AZURE_TEXT,
        ),
        (
            &Provider::AZURE,
            Cause::MissingOrigin,
            400,
            "InvalidHeaderValue",
            AZURE_MISSING,
        ),
        (
            &Provider::AZURE,
            Cause::InvalidRequestMethod,
            400,
            "InvalidHeaderValue",
            AZURE_MISSING,
        ),
        (
            &Provider::OBS,
            Cause::NotAllowed,
            403,
            "AccessForbidden",
            OSS_TEXT,
        ),
        (
            &Provider::OBS,
            Cause::MissingOrigin,
            400,
            "BadRequest",
            "Insufficient information. Origin request header needed.",
        ),
        (
            &Provider::OBS,
            Cause::InvalidRequestMethod,
            400,
            "BadRequest",
            "Invalid Access-Control-Request-Method: null",
        ),
        (&Provider::GCS, Cause::NotAllowed, 200, "", ""),
        (&Provider::GCS, Cause::NotEnabled, 200, "", ""),
    ] {
        let subject = Subject::preflight(&Request::EMPTY, ResourceType::Object);
        let error = provider.error(cause, subject);
        let given = (error.status, error.code, error.message.to_string());
        assert_eq!(
            given,
            (status, code, message.to_owned()),
            "{} {cause:?}",
            provider.name
        );
        let mut body = String::new();
        error.write_to("1", "h", &mut body).unwrap();
        assert_eq!(body.is_empty(), code.is_empty(), "{body}");
    }
}

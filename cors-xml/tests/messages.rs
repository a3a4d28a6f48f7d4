//! Every message that says what to change in a document.

#![cfg(feature = "quick-xml")]

use cors_xml::DocumentErrorKind as Kind;

#[test]
#[expect(clippy::too_many_lines, reason = "a table of every message")]
fn each_error_of_a_document_says_what_to_do() {
    let messages = [
        (
            Kind::TooLarge { limit: 9 },
            "shorten the document to at most 9 bytes",
        ),
        (
            Kind::TooMuchText { limit: 9 },
            "shorten the values to at most 9 bytes in total",
        ),
        (Kind::NotUtf8, "write the document in UTF-8"),
        (Kind::InvalidJson, "invalid JSON from here on"),
        (
            Kind::TypographicQuote,
            "write straight quotes, `\"`; this quote is typographic",
        ),
        (
            Kind::SingleQuote,
            "write double quotes, `\"`; JSON has no strings in single quotes",
        ),
        (
            Kind::TrailingComma,
            "remove the comma; nothing comes after it",
        ),
        (Kind::Comment, "remove the comment; JSON has no comments"),
        (Kind::InvalidYaml, "invalid YAML from here on"),
        (Kind::InvalidTerraform, "invalid Terraform from here on"),
        (
            Kind::NotAValue,
            "write the value itself; variables, functions and references are not computed",
        ),
        (
            Kind::SeveralConfigurations,
            "keep the rules of one bucket only; these are the rules of another",
        ),
        (Kind::NotAString, "write a string, in double quotes"),
        (Kind::NotAList, "write an array, in square brackets"),
        (Kind::NotAnObject, "write an object, in curly brackets"),
        (
            Kind::ForbiddenCharacter,
            "remove the character; XML does not allow it",
        ),
        (
            Kind::OtherEncoding,
            "write the document in UTF-8, and declare UTF-8 or no encoding",
        ),
        (
            Kind::InvalidDeclaration,
            "write `<?xml version=\"1.0\" encoding=\"UTF-8\"?>` at the very beginning, or remove the declaration",
        ),
        (Kind::Doctype, "remove the document type declaration"),
        (
            Kind::UnknownEntity,
            "use &amp; &lt; &gt; &apos; &quot; or a character reference",
        ),
        (
            Kind::InvalidReference,
            "write `&` as &amp;, and refer only to characters that XML allows",
        ),
        (Kind::InvalidName, "begin the name with a letter"),
        (
            Kind::InvalidTag,
            "write the tag as `<name>`, attributes as `name=\"value\"`",
        ),
        (
            Kind::RepeatedAttribute,
            "keep only one attribute with this name",
        ),
        (
            Kind::InvalidMarkup,
            "write `<` as &lt;, or correct the markup; its delimiters contain no spaces",
        ),
        (Kind::DoubleHyphen, "remove `--` from the comment"),
        (Kind::CdataEnd, "write `]]>` as ]]&gt;"),
        (
            Kind::MismatchedEndTag,
            "close the open element first, spelled as in its start tag",
        ),
        (Kind::UnclosedMarkup, "complete the markup that begins here"),
        (Kind::UnclosedElement, "close the element that begins here"),
        (Kind::OutsideRoot, "keep everything inside one root element"),
        (Kind::NoRoot, "send a CORS configuration"),
        (Kind::WrongRoot, "use the provider's root"),
        (
            Kind::UnknownElement,
            "remove it, or spell it as the schema does; case matters",
        ),
        (Kind::NestedElement, "remove it; a value holds text only"),
        (
            Kind::TextBetweenElements,
            "remove the text between the elements",
        ),
        (Kind::Repeated, "keep only one"),
        (
            Kind::RuleTooLarge { limit: 9 },
            "shorten the rule's values to at most 9 bytes in total",
        ),
        (Kind::Missing, "add it; every rule must have it"),
        (
            Kind::InvalidRuleName,
            "use 6 to 50 letters, digits and hyphens, not beginning with b2-",
        ),
        (Kind::RepeatedRuleName, "give each rule a different name"),
        (
            Kind::WildcardNotAlone,
            "use `*` as the only item, or remove it",
        ),
        (
            Kind::NoConfiguration,
            "add a Cors element; without one the rules stay unchanged",
        ),
        (Kind::NoRule, "add at least one rule"),
        (Kind::NotAnInteger, "use a whole number of seconds"),
        (Kind::NotABoolean, "write true or false"),
    ];
    for (kind, message) in messages {
        assert_eq!(kind.to_string(), message, "{kind:?}");
    }
}

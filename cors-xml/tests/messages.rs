//! Every message that says what to change in a document.

#![cfg(feature = "quick-xml")]

use cors_xml::DocumentErrorKind as Kind;

#[test]
fn each_fault_of_a_document_says_what_to_do() {
    let messages = [
        (
            Kind::TooLarge { limit: 9 },
            "shorten the document to at most 9 bytes",
        ),
        (
            Kind::TooMuchText { limit: 9 },
            "shorten the values to at most 9 bytes in all",
        ),
        (Kind::NotUtf8, "write the document in UTF-8"),
        (
            Kind::InvalidJson,
            "write JSON, which this is not from here on",
        ),
        (Kind::NotAString, "write a string, in double quotes"),
        (Kind::NotAList, "write an array, in square brackets"),
        (Kind::NotAnObject, "write an object, in curly brackets"),
        (
            Kind::ForbiddenCharacter,
            "remove the character; XML cannot hold it",
        ),
        (
            Kind::OtherEncoding,
            "write the document in UTF-8 and declare that, or nothing",
        ),
        (
            Kind::InvalidDeclaration,
            "write `<?xml version=\"1.0\" encoding=\"UTF-8\"?>` at the very beginning, or nothing",
        ),
        (Kind::Doctype, "remove the document type declaration"),
        (
            Kind::UnknownEntity,
            "use &amp; &lt; &gt; &apos; &quot; or a character reference",
        ),
        (
            Kind::InvalidReference,
            "write `&` as &amp;, and name a character that XML has",
        ),
        (Kind::InvalidName, "write a name that begins with a letter"),
        (
            Kind::InvalidTag,
            "write the tag as `<name>`, attributes as `name=\"value\"`",
        ),
        (Kind::RepeatedAttribute, "keep one attribute of this name"),
        (
            Kind::InvalidMarkup,
            "write `<` as &lt;, or the markup as XML has it, without spaces inside its signs",
        ),
        (Kind::DoubleHyphen, "remove `--` from the comment"),
        (Kind::CdataEnd, "write `]]>` as ]]&gt;"),
        (
            Kind::MismatchedEndTag,
            "end the element that is open, in its own spelling, before any other",
        ),
        (Kind::UnclosedMarkup, "complete what begins here"),
        (Kind::UnclosedElement, "end the element that begins here"),
        (Kind::OutsideRoot, "keep everything inside one root element"),
        (Kind::NoRoot, "send a CORS configuration"),
        (
            Kind::WrongRoot,
            "make the provider's root the root, such as CORSConfiguration, or in JSON CORSRules",
        ),
        (
            Kind::UnknownElement,
            "remove it, or spell it as the schema does; case matters",
        ),
        (Kind::NestedElement, "remove it; a value holds text only"),
        (
            Kind::TextBetweenElements,
            "remove the text between the elements",
        ),
        (Kind::Repeated, "keep one"),
        (
            Kind::RuleTooLarge { limit: 9 },
            "shorten the rule's values to at most 9 bytes in all",
        ),
        (Kind::Missing, "add it; every rule must have it"),
        (
            Kind::InvalidRuleName,
            "use 6 to 50 letters, digits and hyphens, not beginning with b2-",
        ),
        (Kind::RepeatedRuleName, "give each rule a name of its own"),
        (
            Kind::WildcardNotAlone,
            "keep the `*` alone, or leave it out",
        ),
        (
            Kind::NoConfiguration,
            "add a Cors element; without one the rules stay as they are",
        ),
        (Kind::NoRule, "add at least one rule"),
        (Kind::NotAnInteger, "give a whole number of seconds"),
        (Kind::NotABoolean, "write true or false"),
    ];
    for (kind, message) in messages {
        assert_eq!(kind.to_string(), message, "{kind:?}");
    }
}

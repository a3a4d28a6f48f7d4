//! The words of advice are carried out in documents of JSON and XML, or not at all.

use conformance::follow::follow;

#[test]
fn every_clause_is_followed_in_json() {
    let document = r#"{"rules":[{"allowed":{"origins":["a"]}}]}"#;
    for (advice, expected) in [
        (
            "add \"b\", \"c\" to allowed.origins of rule 1",
            r#"{"rules":[{"allowed":{"origins":["a","b","c"]}}]}"#,
        ),
        (
            "add \"GET\" to allowed.methods of rule 1",
            r#"{"rules":[{"allowed":{"methods":["GET"],"origins":["a"]}}]}"#,
        ),
        (
            "remove \"a\" from allowed.origins of rule 1",
            r#"{"rules":[{"allowed":{"origins":[]}}]}"#,
        ),
        (
            "in allowed.origins of rule 1, replace \"a\" with \"b\" (others lose)",
            r#"{"rules":[{"allowed":{"origins":["b"]}}]}"#,
        ),
        (
            "set 600 in maxAgeSeconds of rule 1",
            r#"{"rules":[{"allowed":{"origins":["a"]},"maxAgeSeconds":600}]}"#,
        ),
        (
            "take x: so it is, and add a rule as rule 1: {\"id\": \"(b, and c)\"}",
            r#"{"rules":[{"id":"(b, and c)"},{"allowed":{"origins":["a"]}}]}"#,
        ),
        ("remove rule 1", r#"{"rules":[]}"#),
    ] {
        assert_eq!(
            follow(document, advice).as_deref(),
            Ok(expected),
            "{advice}"
        );
    }
}

#[test]
fn every_clause_is_followed_in_xml() {
    let document = "<Cors><Rule><O>a</O><L>a,b</L><W><I>a</I></W></Rule><ResponseVary>false</ResponseVary></Cors>";
    for (advice, expected) in [
        (
            "add <O>b</O>, <O>c</O> to rule 1",
            "<Rule><O>a</O><L>a,b</L><W><I>a</I></W><O>b</O><O>c</O></Rule>",
        ),
        (
            "add c to <L> of rule 1",
            "<Rule><O>a</O><L>a,b,c</L><W><I>a</I></W></Rule>",
        ),
        (
            "add <I>b</I> to <W> of rule 1",
            "<Rule><O>a</O><L>a,b</L><W><I>a</I><I>b</I></W></Rule>",
        ),
        (
            "remove b from <L> of rule 1",
            "<Rule><O>a</O><L>a</L><W><I>a</I></W></Rule>",
        ),
        (
            "in rule 1, replace <O>a</O> with <O>b</O>",
            "<Rule><O>b</O><L>a,b</L><W><I>a</I></W></Rule>",
        ),
        (
            "add a rule as rule 2: <Rule><O>b</O></Rule>",
            "<Rule><O>a</O><L>a,b</L><W><I>a</I></W></Rule><Rule><O>b</O></Rule>",
        ),
        ("remove rule 1", ""),
    ] {
        let expected = format!("<Cors>{expected}<ResponseVary>false</ResponseVary></Cors>");
        assert_eq!(follow(document, advice), Ok(expected), "{advice}");
    }
    let followed = follow(
        "<C><R></R></C>",
        "set <ResponseVary>true</ResponseVary> in <C>",
    );
    assert_eq!(
        followed.as_deref(),
        Ok("<C><R></R><ResponseVary>true</ResponseVary></C>")
    );
}

#[test]
fn what_is_not_there_cannot_be_followed() {
    for advice in [
        "remove rule 2",
        "add \"a\" to b of rule 2",
        "remove \"a\" from b of rule 1",
        "use something else",
    ] {
        assert!(follow("[{}]", advice).is_err(), "{advice}");
    }
}

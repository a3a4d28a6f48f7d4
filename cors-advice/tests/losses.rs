//! Losses of a conversion: each message says where it is, and what is lost.

use cors_advice::convert::{Loss, LossKind};
use cors_core::{CompileErrorKind, Field};

#[test]
fn each_loss_of_a_conversion_says_where_and_what() {
    let loss = |kind, field, value| Loss {
        kind,
        dialect: "azure",
        rule: Some(1),
        field,
        value,
    };
    let shown = |kind| loss(kind, None, None).to_string();
    let of_origin = loss(
        LossKind::Unwritable,
        Some(Field::AllowedOrigin),
        Some("a,\u{7}b"),
    );
    assert_eq!(
        of_origin.to_string(),
        "rule 2, AllowedOrigin `a,\\u{7}b`: left out; a value in a list of azure cannot contain a comma or have spaces around it"
    );
    let whole = Loss {
        rule: None,
        ..loss(LossKind::ResponseVary, None, None)
    };
    assert_eq!(
        whole.to_string(),
        "ResponseVary: azure has no setting to send Vary: Origin with every response"
    );
    let reason = cors_core::CompileError {
        kind: CompileErrorKind::TooManyPatterns,
        rule: None,
        field: None,
        item: None,
    };
    let left_out = shown(LossKind::LeftOut(reason.kind));
    assert_eq!(left_out, format!("rule 2: left out; azure says: {reason}"));
    let rule = shown(LossKind::RuleLeftOut(reason.kind));
    assert_eq!(
        rule,
        format!("rule 2: the rule is left out; azure says: {reason}")
    );
    let messages = [
        (
            LossKind::MaxAgeMoved { to: 7 },
            "changed to 7, the nearest value that azure accepts",
        ),
        (
            LossKind::OneHeaderList,
            "azure has one list of headers, so every header allowed in requests also becomes readable, and vice versa",
        ),
        (
            LossKind::AnyMethod,
            "left out; as a method it means something else in azure: list the methods",
        ),
        (
            LossKind::WildcardHeader,
            "azure differs in whether a `*` among the headers includes Authorization",
        ),
        (
            LossKind::HeadersChooseRule { other: 4 },
            "azure differs in whether rule 5 is tried when these headers do not match",
        ),
        (
            LossKind::OptionsRequest,
            "azure differs in whether an OPTIONS request from a page is a preflight",
        ),
        (
            LossKind::CredentialsLost,
            "pages could send credentials, but cannot under azure",
        ),
        (
            LossKind::CredentialsGained,
            "pages could not send credentials, but can under azure",
        ),
    ];
    for (kind, message) in messages {
        assert_eq!(shown(kind), format!("rule 2: {message}"));
    }
}

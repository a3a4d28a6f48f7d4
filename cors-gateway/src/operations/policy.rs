//! The policy of an HTML form: until when it may be sent, and what its fields may be
//! ([S3](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html),
//! [OSS](https://www.alibabacloud.com/help/en/oss/developer-reference/postobject)).

use std::ops::RangeInclusive;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::form::Fields;
use crate::failure::Failure;

/// Fields that no condition has to name: they carry the policy, or are known without the form.
const UNCONDITIONAL: [&str; 8] = [
    "awsaccesskeyid",
    "bucket",
    "file",
    "policy",
    "signature",
    "x-amz-signature",
    "ossaccesskeyid",
    "x-oss-signature",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    /// As in RFC 3339.
    expiration: String,
    conditions: Vec<Condition>,
}

/// `{"FIELD": "VALUE"}`, or an operator and its operands.
#[derive(Deserialize)]
#[serde(untagged)]
enum Condition {
    Equal(Map<String, Value>),
    Range(Operator, u64, u64),
    Text(Operator, String, String),
    OneOf(Operator, String, Vec<String>),
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Operator {
    Eq,
    StartsWith,
    ContentLengthRange,
    In,
    NotIn,
}

/// Checks a policy, and returns how many bytes the file may have. `must_name_all` says whether
/// every field needs a condition.
pub(super) fn check(
    policy: &str,
    fields: &Fields,
    now: DateTime<Utc>,
    must_name_all: bool,
) -> Result<RangeInclusive<u64>, Failure> {
    let document = BASE64.decode(policy).ok();
    let document = document.and_then(|document| serde_json::from_slice::<Policy>(&document).ok());
    let policy = document.ok_or(INVALID)?;
    let expiration = DateTime::parse_from_rfc3339(&policy.expiration).map_err(|_| INVALID)?;
    if expiration <= now {
        return Err(refused("the policy has expired"));
    }
    let mut size = 0..=u64::MAX;
    let mut named = Vec::new();
    for condition in &policy.conditions {
        let pairs: Vec<(&str, bool)> = match condition {
            Condition::Equal(pairs) => pairs
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str() == Some(fields.value(name))))
                .collect(),
            Condition::Range(Operator::ContentLengthRange, least, most) => {
                size = *size.start().max(least)..=*size.end().min(most);
                continue;
            }
            Condition::Text(operator, name, text) => {
                let name = name.strip_prefix('$').ok_or(INVALID)?;
                let value = fields.value(name);
                let holds = match operator {
                    Operator::Eq => value == text,
                    Operator::StartsWith => value.starts_with(text.as_str()),
                    _ => return Err(INVALID),
                };
                vec![(name, holds)]
            }
            Condition::OneOf(operator, name, texts) => {
                let name = name.strip_prefix('$').ok_or(INVALID)?;
                let is_listed = texts.iter().any(|text| text == fields.value(name));
                let holds = match operator {
                    Operator::In => is_listed,
                    Operator::NotIn => !is_listed,
                    _ => return Err(INVALID),
                };
                vec![(name, holds)]
            }
            Condition::Range(..) => return Err(INVALID),
        };
        for (name, holds) in pairs {
            if !holds {
                return Err(refused(&format!("the condition on {name} does not hold")));
            }
            named.push(name.to_ascii_lowercase());
        }
    }
    let needs_condition = |name: &&str| {
        !name.starts_with("x-ignore-")
            && !UNCONDITIONAL.contains(name)
            && !named.iter().any(|known| known == name)
    };
    match fields
        .names()
        .find(needs_condition)
        .filter(|_| must_name_all)
    {
        Some(name) => Err(refused(&format!("no condition names the field {name}"))),
        None => Ok(size),
    }
}

fn refused(detail: &str) -> Failure {
    Failure::new(
        403,
        "AccessDenied",
        "Invalid according to Policy: Policy Condition failed.",
        "form_policy",
    )
    .detail(detail)
}

const INVALID: Failure = Failure::new(
    400,
    "InvalidPolicyDocument",
    "The content of the form does not meet the conditions specified in the policy document.",
    "invalid_policy",
);

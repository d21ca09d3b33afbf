//! Every row of the face's errors against the vendor's tables: the same status, code and message.

use super::*;
use crate::domain::InstanceId;
use std::collections::BTreeMap;

/// Codes of ours, for what the vendor's tables have no word for.
const OURS: [&str; 7] = [
    "InvalidBearerToken",
    "InvalidParameter.Encoding",
    "RequestTooLarge",
    "RequestTimeout",
    "NotExists.ContactFlowId",
    "NotExists.Credential",
    "NotExists.Change",
];

fn failures() -> Vec<Failure> {
    let text = || "x".to_owned();
    let instance = || InstanceId::new("ccc-test");
    let missing = [
        Missing::Instance(text()),
        Missing::User(text(), instance()),
        Missing::SkillGroup(text(), instance()),
        Missing::Number(text(), instance()),
        Missing::RamUser(text()),
        Missing::Role(text()),
        Missing::ContactFlow(text(), instance()),
        Missing::Credential("AccessKey", text()),
        Missing::Change(text()),
    ];
    let existing = [
        Existing::Instance(text()),
        Existing::User(text(), instance()),
        Existing::RamUser(text()),
        Existing::SkillGroup(text(), instance()),
        Existing::PhoneNumber(text()),
    ];
    let unavailable =
        [Unavailable::Busy, Unavailable::DiskFull, Unavailable::ReadOnly, Unavailable::Disk];
    let mut all = vec![
        Failure::ActionNotFound,
        Failure::VersionInvalid,
        Failure::Missing("Action"),
        Failure::Missing("Version"),
        Failure::Missing("AccessKeyId"),
        Failure::Missing("Timestamp"),
        Failure::Missing("Signature"),
        Failure::Missing("SignatureNonce"),
        Failure::AccessKeyNotFound,
        Failure::AccessKeyInactive,
        Failure::TokenNotFound,
        Failure::TimestampFormat,
        Failure::TimestampExpired,
        Failure::NonceUsed,
        Failure::SignatureMismatch(text()),
        Failure::SignatureIncomplete(text()),
        Failure::SignatureMethod,
        Failure::ReplyFormat,
        Failure::Unusable("PageSize".to_owned(), "x"),
        Failure::Unreadable("PageSize".to_owned()),
        Failure::HttpMethod,
        Failure::TooLarge("body", 1),
        Failure::TooSlow,
        Failure::Throttled,
        Failure::Null("PageSize"),
        Failure::Empty("PageSize"),
        Failure::Blank("PageSize"),
        Failure::Minimum("PageSize", text()),
        Failure::Maximum("PageSize", text()),
        Failure::Enumeration("Usage", &["a", "b"]),
        Failure::Format("PageSize", text()),
        Failure::Invalid("PageSize", text()),
        Failure::from(Error::NonceUsed),
        Failure::Refused(Error::NonceUsed),
        Failure::Refused(Error::SkillGroupInUse(text())),
        Failure::Refused(Error::Forbidden(text())),
        Failure::Refused(Error::Internal("a secret of the house".to_owned())),
        Failure::from(BodyError::TooLarge),
        Failure::from(BodyError::TooSlow),
        Failure::from(BodyError::Broken),
    ];
    all.extend(missing.into_iter().map(|missing| Failure::Refused(Error::NotFound(missing))));
    all.extend(
        existing.into_iter().map(|existing| Failure::Refused(Error::AlreadyExists(existing))),
    );
    all.extend(unavailable.into_iter().map(|why| Failure::Refused(Error::Unavailable(why))));
    all.extend(Rule::ALL.iter().map(|rule| {
        Failure::Refused(Error::Rule { rule: *rule, subject: text(), advice: text() })
    }));
    all
}

/// What the vendor answers by code: the status, and the message's template. `Missing{Name}` and
/// `Invalid{Name}` are families of codes.
fn vendor() -> BTreeMap<String, (String, String)> {
    let errors: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(include_str!("../../tests/contracts/ccc-errors.json")).unwrap();
    let of = |error: serde_json::Value| {
        (error["status"].to_string(), error["message"].as_str().unwrap().to_owned())
    };
    errors.into_iter().map(|(code, error)| (code, of(error))).collect()
}

/// Whether a message is the template with something in each `%s` or `{Name}`. A page's full stop
/// may be missing or odd.
fn fits(template: &str, message: &str) -> bool {
    let plain = |text: &str| text.replace('。', ".").trim_end_matches('.').to_owned();
    let template = plain(template).replace("{Name}", "%s").replace("{StringToSign}", "%s");
    let (message, mut at) = (plain(message), 0);
    let parts: Vec<&str> = template.split("%s").collect();
    parts.iter().enumerate().all(|(index, part)| match message[at..].find(part) {
        Some(found) if index > 0 || found == 0 => {
            at += found + part.len();
            index + 1 < parts.len() || part.is_empty() || at == message.len()
        }
        _ => false,
    })
}

#[test]
fn every_error_has_the_status_and_the_message_that_the_vendor_gives_its_code() {
    let vendor = vendor();
    assert!(vendor.len() > 40, "{vendor:#?}");
    for failure in failures() {
        let Row { status, code, message } = failure.row();
        if OURS.contains(&code.as_str()) {
            assert!(!vendor.contains_key(&code));
            continue;
        }
        let family = || {
            ["Missing", "Invalid"]
                .into_iter()
                .find(|prefix| code.starts_with(prefix))
                .and_then(|prefix| vendor.get(&format!("{prefix}{{Name}}")))
        };
        let (expected, template) =
            vendor.get(&code).or_else(family).unwrap_or_else(|| panic!("the vendor has no {code}"));
        // The vendor's page says 400 for throttling; every SDK takes the usual 429, which proxies
        // understand too.
        let expected = if code.starts_with("Throttling") { "429" } else { expected };
        assert_eq!(status.to_string(), *expected, "{code}");
        // Where the page only says that a parameter is not valid, ours says why.
        let message = if code.starts_with("Invalid") {
            message.split(": ").next().unwrap().to_owned()
        } else {
            message
        };
        assert!(fits(template, &message), "{code}: {message:?} is not {template:?}");
    }
}

#[test]
fn no_answer_tells_what_went_wrong_inside() {
    for failure in failures() {
        assert!(!failure.row().message.contains("a secret of the house"), "{failure:?}");
    }
}

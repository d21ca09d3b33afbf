//! Every row of the face's errors against the vendor's tables: the same status, code and message.

use super::*;
use crate::domain::history::Archived;
use crate::domain::{Existing, InstanceId, Rule, Timestamp, Unavailable, UserId};
use std::collections::BTreeMap;

/// Codes of ours, for what the vendor's tables have no word for.
const OURS: [&str; 11] = [
    "InvalidContentEncoding",
    "InvalidBearerToken",
    "InvalidParameter.Encoding",
    "RequestTooLarge",
    "RequestTimeout",
    "NotExists.ContactFlowId",
    "NotExists.Credential",
    "NotExists.Import",
    "NotExists.Run",
    "NotExists.Change",
    "AlreadyExists.Undo",
];

/// Values of an enum, at least one of each variant: one that is left out stops the build.
macro_rules! each {
    ($of:ident: $(
        $variant:ident $(($($value:expr),*))? $({$($field:ident: $named:expr),*})?,
    )*) => {{
        #[allow(unreachable_patterns, reason = "a variant may have several values")]
        fn _no_variant_is_left_out(value: &$of) {
            match value { $($of::$variant { .. } => (),)* }
        }
        vec![$($of::$variant $(($($value),*))? $({$($field: $named),*})?,)*]
    }};
}

fn text() -> String {
    "x".to_owned()
}

fn instance() -> InstanceId {
    InstanceId::new("ccc-test")
}

fn archived() -> Archived {
    let moment = Timestamp::from_millis(0);
    Archived { last_change_id: 1, before: moment, archived_at: moment, file: text() }
}

fn missing() -> Vec<Missing> {
    each! { Missing:
        Instance(text()),
        User(text(), instance()),
        SkillGroup(text(), instance()),
        Number(text(), instance()),
        RamUser(text()),
        Role(text()),
        ContactFlow(text(), instance()),
        Membership(text(), text()),
        Credential("AccessKey".into(), text()),
        Change(text()),
        Import(text()),
        Run(text()),
        Archived(Box::new(Missing::Change(text())), archived()),
    }
}

fn existing() -> Vec<Existing> {
    each! { Existing:
        Instance(text()),
        GivenUp(text(), text()),
        User(text(), instance()),
        RamUser(text()),
        UserName(text()),
        SkillGroup(text(), instance()),
        PhoneNumber(text()),
        Spelling(text(), text()),
        Undo(text(), text()),
    }
}

fn errors() -> Vec<Error> {
    let mut all = each! { Error:
        NotFound(Missing::Instance(text())),
        AlreadyExists(Existing::Instance(text())),
        SkillGroupInUse(text(), text()),
        LastAdmin(instance()),
        OwnUser(UserId::new(text())),
        SameNumber(text()),
        Rule { rule: Rule::SameInstance, subject: text(), advice: text() },
        Forbidden(text()),
        ReasonRequired,
        NonceUsed,
        Unavailable(Unavailable::Busy),
        Internal("a secret of the house".to_owned()),
    };
    let unavailable = each! { Unavailable: Busy, DiskFull, ReadOnly, Disk, };
    all.extend(missing().into_iter().map(Error::NotFound));
    all.extend(existing().into_iter().map(Error::AlreadyExists));
    all.extend(unavailable.into_iter().map(Error::Unavailable));
    let broken = |rule: &Rule| Error::Rule { rule: *rule, subject: text(), advice: text() };
    all.extend(Rule::ALL.iter().map(broken));
    all
}

fn failures() -> Vec<Failure> {
    let mut all = each! { Failure:
        ActionNotFound,
        VersionInvalid,
        Missing("Action"),
        Missing("Version"),
        Missing("AccessKeyId"),
        Missing("Timestamp"),
        Missing("Signature"),
        Missing("SignatureNonce"),
        AccessKeyNotFound,
        AccessKeyInactive,
        TokenNotFound,
        TimestampFormat,
        TimestampExpired,
        NonceUsed,
        SignatureMismatch(text()),
        SignatureIncomplete(text(), text()),
        SignatureMethod,
        ReplyFormat,
        Unusable("PageSize".to_owned(), "x"),
        Unreadable("PageSize".to_owned()),
        Json(text()),
        HttpMethod,
        TooLarge("body", 1),
        TooSlow,
        Encoded,
        Throttled,
        Null("PageSize"),
        Empty("PageSize"),
        Blank("PageSize"),
        Minimum("PageSize", text()),
        Maximum("PageSize", text()),
        Enumeration("Usage", &["a", "b"]),
        Format("PageSize", text()),
        Invalid("PageSize", text()),
        Refused(Error::NonceUsed),
    };
    let body = each! { BodyError: TooLarge, TooSlow, Broken, Encoded, };
    all.extend(body.into_iter().map(Failure::from));
    // As every operation does that names a member of a group.
    all.extend(errors().into_iter().map(Failure::of("UserIdList")));
    // A rule that no parameter is to blame for.
    all.extend(
        errors().into_iter().filter(|error| matches!(error, Error::Rule { .. })).map(Failure::from),
    );
    all
}

/// What the vendor answers by code: the status, and the message's template. `Missing{Name}` and
/// `Invalid{Name}` are families of codes.
fn vendor() -> BTreeMap<String, (String, String)> {
    let errors: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(include_str!("../../../tests/contracts/ccc-errors.json")).unwrap();
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
fn no_answer_reveals_what_went_wrong_inside() {
    for failure in failures() {
        assert!(!failure.row().message.contains("a secret of the house"), "{failure:?}");
    }
}

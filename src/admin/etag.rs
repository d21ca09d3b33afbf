//! Versions on the wire: `ETag`, `If-Match` and `If-None-Match`.

use super::fields::{FaultCode, Source, quoted};
use super::problem::{Failure, Result};
use crate::domain::{Error, InstanceId};
use crate::store::{ReadTx, phone_numbers, reservations};

/// A strong ETag: it changes with every change of the resource, also with two within one tick of
/// the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ETag(String);

impl ETag {
    /// From counters that only grow, and from when the row was created, so that another row of the
    /// same name has another ETag.
    pub(super) fn new(parts: &[u64], created_at: i64) -> Self {
        let parts: Vec<String> = parts.iter().map(u64::to_string).collect();
        Self(format!("\"{}-{created_at:x}\"", parts.join(".")))
    }

    /// With its quotes.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What has an ETag of its own.
pub(super) trait Versioned {
    fn tag(&self) -> ETag;
}

/// The ETag of a number, which is also that of its assignments and bindings.
pub(super) fn of_number(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<ETag, Error> {
    let number = &phone_numbers::require(tx, instance_id, number)?;
    let (version, created_at) = phone_numbers::version(tx, instance_id, number)?;
    let reserved = reservations::of_number(tx, instance_id, number)?.is_some();
    Ok(tag_of_number(version, reserved, created_at))
}

/// The ETag of a number, which a reservation changes when it is made and when it passes.
pub(super) fn tag_of_number(version: u64, reserved: bool, created_at: i64) -> ETag {
    let parts: &[u64] = if reserved { &[version, 1] } else { &[version] };
    ETag::new(parts, created_at)
}

/// Whether an operation looks at `If-Match`.
pub(super) trait Guard: Sized + Send + 'static {
    /// Whether the header must be there; `None` when it is not looked at.
    const NEEDED: Option<bool>;

    fn read(header: Option<String>) -> Result<Self>;
}

/// The header is not looked at: the operation makes something new.
pub(super) struct Unguarded;

/// The header may be there.
pub(super) struct Guarded(Option<IfMatch>);

/// The header must be there.
pub(super) struct MustMatch(IfMatch);

/// `If-Match`: `*`, or ETags.
struct IfMatch(String);

impl IfMatch {
    fn parse(header: String) -> Result<Self> {
        let wrong = tags(&header).find(|tag| !is_strong(tag));
        let Some(wrong) = wrong else { return Ok(Self(header)) };
        let rule = if wrong.starts_with("W/") {
            "be a strong ETag, which has no W/ in front"
        } else {
            "be * or an ETag with its quotes, such as \"3-19b8c4fd200\""
        };
        let detail = format!("If-Match must {rule}, not {}.", quoted(wrong));
        Err(Failure::malformed(Source::Header, "/If-Match", FaultCode::ETag, detail))
    }

    fn check(&self, present: &ETag) -> Result<()> {
        if matches(&self.0, present.as_str()) {
            Ok(())
        } else {
            Err(Failure::VersionIsStale(present.as_str().to_owned()))
        }
    }
}

/// What [`IfMatch`] accepts, for the description.
pub(super) const IF_MATCH_PATTERN: &str =
    r#"^(\*|"[!#-+\--~]*")([ \t]*,[ \t]*(\*|"[!#-+\--~]*"))*$"#;

fn tags(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(|tag| tag.trim_matches([' ', '\t']))
}

/// Whether it is `*`, or visible ASCII characters in quotes without further quotes.
fn is_strong(tag: &str) -> bool {
    let inner = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let fits = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
    tag == "*" || inner.is_some_and(|inner| inner.bytes().all(fits))
}

/// Whether `If-None-Match` names the present ETag. The comparison is weak.
pub(super) fn is_fresh(known: &str, present: &str) -> bool {
    matches(&known.replace("W/", ""), present)
}

/// Whether a list of ETags names this one. A weak one never matches strongly.
fn matches(list: &str, present: &str) -> bool {
    tags(list).any(|tag| tag == "*" || tag == present)
}

impl Guard for Unguarded {
    const NEEDED: Option<bool> = None;

    fn read(_: Option<String>) -> Result<Self> {
        Ok(Self)
    }
}

impl Guard for Guarded {
    const NEEDED: Option<bool> = Some(false);

    fn read(header: Option<String>) -> Result<Self> {
        Ok(Self(header.map(IfMatch::parse).transpose()?))
    }
}

impl Guard for MustMatch {
    const NEEDED: Option<bool> = Some(true);

    fn read(header: Option<String>) -> Result<Self> {
        header.map_or(Err(Failure::VersionRequired), |header| IfMatch::parse(header).map(Self))
    }
}

impl Guarded {
    /// Compares with the present version, if the caller asked for it; inside the transaction that
    /// writes.
    pub(super) fn check(&self, present: impl FnOnce() -> Result<ETag, Error>) -> Result<()> {
        match &self.0 {
            Some(header) => header.check(&present()?),
            None => Ok(()),
        }
    }
}

impl MustMatch {
    /// Compares with the present version; inside the transaction that writes.
    pub(super) fn check(&self, present: &ETag) -> Result<()> {
        self.0.check(present)
    }
}

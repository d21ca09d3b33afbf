//! The version of the API, which every call names in `Accept`:
//! `application/vnd.newvoicemedia.v4+json`.

use super::error::Failure;

/// The only version there is.
const VERSION: u32 = 4;

/// That one of the media types in the `Accept` headers is that of this version. Their parameters
/// play no part.
///
/// # Errors
/// None of them names a version, or only others.
pub(super) fn require(accept: &[&str]) -> Result<(), Failure> {
    let versions: Vec<&str> =
        accept.iter().flat_map(|header| header.split(',')).filter_map(version).collect();
    match versions.as_slice() {
        [] => Err(Failure::VersionMissing),
        named if named.iter().any(|version| version.parse() == Ok(VERSION)) => Ok(()),
        _ => Err(Failure::VersionInvalid),
    }
}

/// The digits of a media type that names a version.
fn version(media_type: &str) -> Option<&str> {
    let (prefix, suffix) = ("application/vnd.newvoicemedia.v", "+json");
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let (start, rest) = essence.split_at_checked(prefix.len())?;
    let (digits, end) = rest.split_at_checked(rest.len().checked_sub(suffix.len())?)?;
    let named = start.eq_ignore_ascii_case(prefix) && end.eq_ignore_ascii_case(suffix);
    (named && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(digits)
}

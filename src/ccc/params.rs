//! The parameters of a request: query and form body merged, each name once.
//!
//! The only maker of `Parameter.*` for what a caller sends; its readers return domain types, so that no operation
//! checks a parameter again. Verifier and operations read the same map: what is signed is what is used.

use super::error::Failure;
use crate::domain::phone_number::{Usage, is_phone_number};
use crate::domain::{ContactFlowId, InstanceId, PageRequest, Paging, RamId, SkillGroupId, UserId, UserKey, skill_group};
use crate::ops::passwords::{self, HashedPassword};
use std::collections::BTreeMap;

/// The longest list in one call.
pub(super) const LONGEST_LIST: usize = 1000;

/// The longest search pattern, in characters.
pub(super) const LONGEST_PATTERN: usize = 64;

/// The longest e-mail address that mail servers take.
const LONGEST_EMAIL: usize = 254;

/// Decodes `application/x-www-form-urlencoded` pairs; `+` and `%20` are both a space.
///
/// # Errors
/// The name of what is not UTF-8.
pub(super) fn decode(encoded: &[u8]) -> Result<Vec<(String, String)>, Failure> {
    let mut pairs = Vec::new();
    for pair in encoded.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = decode_half(halves.next().unwrap_or_default()).ok_or(Failure::Unreadable("a parameter's name".to_owned()))?;
        let value = decode_half(halves.next().unwrap_or_default()).ok_or_else(|| Failure::Unreadable(name.clone()))?;
        pairs.push((name, value));
    }
    Ok(pairs)
}

fn decode_half(encoded: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded = percent_encoding::percent_decode(&spaced).decode_utf8().ok()?;
    // XML 1.0 can't carry these, so no reply could; nor does any name, id or number hold them.
    let illegal = |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    (!decoded.contains(illegal)).then(|| decoded.into_owned())
}

/// A request's parameters by name.
pub(super) struct Params {
    values: BTreeMap<String, String>,
    paging: Paging,
}

impl Params {
    /// Takes the decoded pairs of query and body.
    ///
    /// # Errors
    /// A name that stands twice: which of the two was meant can't be told.
    pub(super) fn unique(pairs: Vec<(String, String)>, paging: Paging) -> Result<Self, Failure> {
        let mut values = BTreeMap::new();
        for (name, value) in pairs {
            if values.contains_key(&name) {
                return Err(Failure::Unusable(name, "it is given twice"));
            }
            values.insert(name, value);
        }
        Ok(Self { values, paging })
    }

    /// The raw value, if the parameter is there.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Every pair, sorted by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    // Readers, one a kind of parameter ---------------------------------------------------------------------------------

    /// Text that must be there.
    pub(super) fn text(&self, name: &'static str) -> Result<&str, Failure> {
        let value = self.get(name).ok_or(Failure::Null(name))?;
        if value.is_empty() {
            return Err(Failure::Empty(name));
        }
        if value.trim().is_empty() {
            return Err(Failure::Blank(name));
        }
        Ok(value)
    }

    /// An instance that must be named.
    pub(super) fn instance(&self) -> Result<InstanceId, Failure> {
        self.text("InstanceId").map(InstanceId::new)
    }

    /// A user who must be named.
    pub(super) fn user(&self, name: &'static str) -> Result<UserId, Failure> {
        self.text(name).map(UserId::new)
    }

    /// A user who may be named; absent or empty: `None`.
    pub(super) fn optional_user(&self, name: &'static str) -> Result<Option<UserId>, Failure> {
        match self.get(name) {
            None | Some("") => Ok(None),
            Some(_) => self.user(name).map(Some),
        }
    }

    /// The name of a skill group that is to be.
    pub(super) fn skill_group_name(&self, name: &'static str) -> Result<String, Failure> {
        let value = self.text(name)?;
        if skill_group::is_name(value) {
            return Ok(value.to_owned());
        }
        Err(Failure::Format(name, format!("{} is not a letter followed by at most 63 letters, digits, underscores and hyphens.", shortened(value))))
    }

    /// A skill group that must be named.
    pub(super) fn skill_group(&self, name: &'static str) -> Result<SkillGroupId, Failure> {
        self.text(name).map(SkillGroupId::new)
    }

    /// A number that must be named, for looking it up: as it was given.
    pub(super) fn number(&self, name: &'static str) -> Result<String, Failure> {
        self.text(name).map(str::to_owned)
    }

    /// Text that must be there and have so many characters.
    pub(super) fn text_of(&self, name: &'static str, least: usize, most: usize) -> Result<String, Failure> {
        let value = self.text(name)?;
        match value.chars().count() {
            length if length < least => Err(Failure::Minimum(name, format!("{least} characters"))),
            length if length > most => Err(Failure::Maximum(name, format!("{most} characters"))),
            _ => Ok(value.to_owned()),
        }
    }

    /// Text of at most so many characters that may be absent or empty.
    pub(super) fn optional_text(&self, name: &'static str, most: usize) -> Result<Option<String>, Failure> {
        match self.get(name) {
            None | Some("") => Ok(None),
            Some(_) => self.text_of(name, 1, most).map(Some),
        }
    }

    /// New text of at most so many characters: absent leaves the old as it is, empty clears it.
    pub(super) fn new_text(&self, name: &'static str, most: usize) -> Result<Option<String>, Failure> {
        match self.get(name) {
            Some("") => Ok(Some(String::new())),
            _ => self.optional_text(name, most),
        }
    }

    /// One of these names, which must be there.
    pub(super) fn choice(&self, name: &'static str, names: &'static [&'static str]) -> Result<&'static str, Failure> {
        let value = self.text(name)?;
        names.iter().copied().find(|known| *known == value).ok_or(Failure::Enumeration(name, names))
    }

    /// One of these names; `None` when it is absent or empty.
    pub(super) fn optional_choice(&self, name: &'static str, names: &'static [&'static str]) -> Result<Option<&'static str>, Failure> {
        match self.get(name) {
            None | Some("") => Ok(None),
            Some(_) => self.choice(name, names).map(Some),
        }
    }

    /// A boolean that may be absent or empty, with what it is then.
    pub(super) fn flag_or(&self, name: &'static str, default: bool) -> Result<bool, Failure> {
        Ok(self.optional_flag(name)?.unwrap_or(default))
    }

    /// A number that must be there and look like one, for adding it.
    pub(super) fn new_numbers(&self, name: &'static str) -> Result<Vec<String>, Failure> {
        let numbers = self.list(name)?;
        match numbers.iter().find(|number| !is_phone_number(number)) {
            None => Ok(numbers),
            Some(wrong) => {
                Err(Failure::Format(name, format!("{} is not a phone number: 2 to 32 characters of digits, *, #, -, x and a leading +.", shortened(wrong))))
            }
        }
    }

    /// An integer within limits, with what it is when it is absent or empty.
    pub(super) fn count_or(&self, name: &'static str, default: u64, most: u64) -> Result<u64, Failure> {
        match self.get(name) {
            None | Some("") => Ok(default),
            Some(_) => match u64::try_from(self.integer(name)?) {
                Ok(0) | Err(_) => Err(Failure::Minimum(name, "1".to_owned())),
                Ok(count) if count > most => Err(Failure::Maximum(name, most.to_string())),
                Ok(count) => Ok(count),
            },
        }
    }

    /// The usage of numbers that are added or changed.
    pub(super) fn usage(&self) -> Result<Usage, Failure> {
        let name = self.text("Usage")?;
        Usage::from_name(name).ok_or(Failure::Enumeration("Usage", &Usage::NAMES))
    }

    /// What becomes of a number's contact flow: absent, it stays; empty, there is none any more.
    pub(super) fn contact_flow_change(&self) -> Result<Option<Option<ContactFlowId>>, Failure> {
        Ok(self.get("ContactFlowId").map(|id| (!id.is_empty()).then(|| ContactFlowId::new(id))))
    }

    /// A contact flow that must be named.
    pub(super) fn contact_flow(&self, name: &'static str) -> Result<ContactFlowId, Failure> {
        self.text(name).map(ContactFlowId::new)
    }

    /// A contact flow that may be named.
    pub(super) fn optional_contact_flow(&self) -> Result<Option<ContactFlowId>, Failure> {
        Ok(self.get("ContactFlowId").filter(|id| !id.is_empty()).map(ContactFlowId::new))
    }

    /// A boolean that must be there; `True` and `true` alike.
    pub(super) fn flag(&self, name: &'static str) -> Result<bool, Failure> {
        let value = self.text(name)?;
        match value.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Failure::Format(name, format!("{value:?} is neither true nor false."))),
        }
    }

    /// A boolean that may be absent or empty.
    pub(super) fn optional_flag(&self, name: &'static str) -> Result<Option<bool>, Failure> {
        match self.get(name) {
            None | Some("") => Ok(None),
            Some(_) => self.flag(name).map(Some),
        }
    }

    /// `PageNumber` and `PageSize`, each from 1 to 100.
    pub(super) fn page(&self) -> Result<PageRequest, Failure> {
        self.page_of(100)
    }

    /// `PageNumber` from 1 to `most`, and `PageSize` from 1 to 100.
    pub(super) fn page_of(&self, most: u64) -> Result<PageRequest, Failure> {
        let number = self.page_figure("PageNumber", most)?;
        let size = self.page_figure("PageSize", 100)?;
        Ok(PageRequest { number, size, paging: self.paging })
    }

    fn page_figure(&self, name: &'static str, maximum: u64) -> Result<u64, Failure> {
        match (self.integer(name)?, self.paging) {
            (figure, Paging::Clamp) => Ok(u64::try_from(figure).unwrap_or(1).clamp(1, maximum)),
            (figure, Paging::Strict) if figure < 1 => Err(Failure::Minimum(name, "1".to_owned())),
            (figure, Paging::Strict) => match u64::try_from(figure) {
                Ok(figure) if figure <= maximum => Ok(figure),
                _ => Err(Failure::Maximum(name, maximum.to_string())),
            },
        }
    }

    /// An integer of any length; what exceeds 64 bits stays at their end.
    fn integer(&self, name: &'static str) -> Result<i64, Failure> {
        let value = self.text(name)?;
        let digits = value.strip_prefix('-').unwrap_or(value);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Failure::Format(name, format!("{value:?} is not an integer.")));
        }
        Ok(value.parse().unwrap_or(if value.starts_with('-') { i64::MIN } else { i64::MAX }))
    }

    /// What a list is searched for; absent or empty: everything.
    pub(super) fn search_pattern(&self) -> Result<Option<String>, Failure> {
        match self.get("SearchPattern") {
            None | Some("") => Ok(None),
            Some(pattern) if pattern.chars().count() > LONGEST_PATTERN => Err(Failure::Maximum("SearchPattern", format!("{LONGEST_PATTERN} characters"))),
            Some(pattern) => Ok(Some(pattern.to_owned())),
        }
    }

    /// The usage that numbers are filtered by; absent or empty: every usage.
    pub(super) fn optional_usage(&self) -> Result<Option<Usage>, Failure> {
        match self.get("Usage") {
            None | Some("") => Ok(None),
            Some(name) => Usage::from_name(name).map(Some).ok_or(Failure::Enumeration("Usage", &Usage::NAMES)),
        }
    }

    /// A list of texts that must be there and hold something: a JSON array in one parameter, or `Name.1`, `Name.2`, ….
    /// What stands in it twice is taken once.
    pub(super) fn list(&self, name: &'static str) -> Result<Vec<String>, Failure> {
        let repeated = self.repeated(name);
        let items = if repeated.is_empty() {
            let value = self.text(name)?;
            serde_json::from_str::<Vec<String>>(value).map_err(|_| Failure::Format(name, format!("{} is not a JSON array of strings.", shortened(value))))?
        } else if self.get(name).is_some() {
            return Err(Failure::Format(name, format!("It is given twice, as {name} and as {name}.1.")));
        } else {
            repeated
        };
        if items.is_empty() {
            return Err(Failure::Empty(name));
        }
        if items.len() > LONGEST_LIST {
            return Err(Failure::Maximum(name, format!("{LONGEST_LIST} items")));
        }
        let mut seen = std::collections::HashSet::new();
        Ok(items.into_iter().filter(|item| seen.insert(item.clone())).collect())
    }

    /// `Name.1`, `Name.2`, … as some SDKs send a list, in the order of their figures.
    fn repeated(&self, name: &str) -> Vec<String> {
        let prefix = format!("{name}.");
        let mut items: Vec<(u32, &String)> = self
            .values
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .filter_map(|(key, value)| Some((key[prefix.len()..].parse().ok()?, value)))
            .collect();
        items.sort_unstable_by_key(|(figure, _)| *figure);
        items.into_iter().map(|(_, value)| value.clone()).collect()
    }

    /// A list of skill groups.
    pub(super) fn skill_groups(&self, name: &'static str) -> Result<Vec<SkillGroupId>, Failure> {
        self.list(name).map(|ids| ids.into_iter().map(SkillGroupId::new).collect())
    }

    /// A list of users.
    pub(super) fn users(&self, name: &'static str) -> Result<Vec<UserId>, Failure> {
        self.list(name).map(|ids| ids.into_iter().map(UserId::new).collect())
    }

    /// A list of skill groups or users (`key` says which) with a level from 1 to 10 each: a JSON array of objects such as
    /// `{"skillGroupId":"test@ccc-test","skillLevel":5}`. An id that stands in it twice has the level of its last place.
    pub(super) fn levels(&self, name: &'static str, key: &'static str) -> Result<Vec<(String, u8)>, Failure> {
        let value = self.text(name)?;
        let malformed = || Failure::Format(name, format!("{} is not a JSON array of objects with {key} and skillLevel.", shortened(value)));
        let items: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(value).map_err(|_| malformed())?;
        if items.is_empty() {
            return Err(Failure::Empty(name));
        }
        if items.len() > LONGEST_LIST {
            return Err(Failure::Maximum(name, format!("{LONGEST_LIST} items")));
        }
        let mut levels = BTreeMap::new();
        for item in &items {
            // Older pages write the keys with a capital.
            let field = |key: &str| item.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value);
            let id = field(key).and_then(serde_json::Value::as_str).filter(|id| !id.is_empty()).ok_or_else(malformed)?;
            let level = field("skillLevel").and_then(|level| level.as_i64().or_else(|| level.as_str()?.parse().ok())).ok_or_else(malformed)?;
            let level = match level {
                ..1 => return Err(Failure::Minimum("SkillLevel", "1".to_owned())),
                11.. => return Err(Failure::Maximum("SkillLevel", "10".to_owned())),
                level => u8::try_from(level).map_err(|_| malformed())?,
            };
            levels.insert(id.to_owned(), level);
        }
        Ok(levels.into_iter().collect())
    }

    /// The same, where the list may be absent or empty.
    pub(super) fn optional_levels(&self, name: &'static str, key: &'static str) -> Result<Vec<(String, u8)>, Failure> {
        match self.get(name) {
            None | Some("" | "[]") => Ok(Vec::new()),
            Some(_) => self.levels(name, key),
        }
    }

    /// A list of texts that may be absent or empty.
    pub(super) fn optional_list(&self, name: &'static str) -> Result<Vec<String>, Failure> {
        match self.get(name) {
            Some("" | "[]") => Ok(Vec::new()),
            None if self.repeated(name).is_empty() => Ok(Vec::new()),
            _ => self.list(name),
        }
    }

    /// A name that must be there, of so many letters, digits and marks.
    pub(super) fn name(&self, name: &'static str, least: usize, most: usize, marks: &'static str) -> Result<String, Failure> {
        let value = self.text_of(name, least, most)?;
        match value.chars().find(|c| !c.is_ascii_alphanumeric() && !marks.contains(*c)) {
            None => Ok(value),
            Some(other) => Err(Failure::Format(name, format!("{other:?} in {value:?} is not a letter, a digit or one of {marks}"))),
        }
    }

    /// An e-mail address that must be there: no white space, and something on both sides of its last @.
    pub(super) fn email(&self, name: &'static str) -> Result<String, Failure> {
        let value = self.text_of(name, 1, LONGEST_EMAIL)?;
        let sides = value.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
        if sides.is_none() || value.contains(char::is_whitespace) {
            return Err(Failure::Format(name, format!("{} is not an e-mail address.", shortened(&value))));
        }
        Ok(value)
    }

    /// New text that can't be empty: absent leaves the old as it is.
    pub(super) fn new_full_text(&self, name: &'static str, most: usize) -> Result<Option<String>, Failure> {
        self.get(name).map(|_| self.text_of(name, 1, most)).transpose()
    }

    /// A list of RAM users.
    pub(super) fn ram_ids(&self, name: &'static str) -> Result<Vec<RamId>, Failure> {
        self.list(name).map(|ids| ids.into_iter().map(RamId::new).collect())
    }

    /// A skill group that a list is filtered by; absent or empty: none.
    pub(super) fn optional_skill_group(&self, name: &'static str) -> Result<Option<SkillGroupId>, Failure> {
        Ok(self.optional_text(name, LONGEST_PATTERN * 2)?.map(SkillGroupId::new))
    }

    /// `SkillLevelList`: the skill groups that users join, with the level in each; it may be absent or empty.
    pub(super) fn skill_levels(&self) -> Result<Vec<(SkillGroupId, u8)>, Failure> {
        let levels = self.optional_levels("SkillLevelList", "skillGroupId")?;
        Ok(levels.into_iter().map(|(id, level)| (SkillGroupId::new(id), level)).collect())
    }

    /// `UserId` or `Extension`, or both.
    pub(super) fn user_or_extension(&self) -> Result<UserKey, Failure> {
        let extension = self.optional_text("Extension", LONGEST_PATTERN)?;
        let user_id = match self.get("UserId") {
            None | Some("") if extension.is_some() => None,
            _ => Some(self.user("UserId")?),
        };
        Ok(UserKey { user_id, extension })
    }

    /// A password that must be there, hashed at once: the clear text goes no further, and the slow hash is done before
    /// the request waits for the one writer.
    pub(super) fn password(&self, name: &'static str) -> Result<HashedPassword, Failure> {
        Ok(passwords::hash(&self.text_of(name, passwords::SHORTEST, passwords::LONGEST)?)?)
    }

    /// A parameter of the vendor's for which there is no means here: a sentence that says what to do instead.
    pub(super) fn refused(&self, name: &'static str, instead: &'static str) -> Result<(), Failure> {
        match self.get(name) {
            None | Some("") => Ok(()),
            Some(_) => Err(Failure::Invalid(name, instead.to_owned())),
        }
    }

    /// A parameter of the vendor's that has no meaning here; ignoring it would do something else than was asked.
    pub(super) fn unsupported(&self, name: &'static str) -> Result<(), Failure> {
        match self.get(name) {
            None | Some("" | "[]") => Ok(()),
            Some(value) => Err(Failure::Invalid(name, format!("{} can't be looked up: number groups are not kept here", shortened(value)))),
        }
    }
}

/// A value for an error message, not longer than a line.
fn shortened(value: &str) -> String {
    const LONGEST: usize = 80;
    if value.chars().count() <= LONGEST { format!("{value:?}") } else { format!("{:?}…", value.chars().take(LONGEST).collect::<String>()) }
}

/// What an operation is called with, read from the parameters once.
pub(super) trait Request: Sized {
    fn read(params: &Params) -> Result<Self, Failure>;
}

/// An operation that is called with nothing but the place it works in.
impl Request for () {
    fn read(_: &Params) -> Result<Self, Failure> {
        Ok(())
    }
}

/// Declares requests: the operation's name, which links the vendor's page, then `field: Type = reader(arguments)` for each parameter, in the order
/// in which they are checked; the first bad one is what the caller hears of. `InstanceId` is read before them all.
macro_rules! request {
    ($($name:ident { $($field:ident: $type:ty = $reader:ident($($argument:expr),*),)* })*) => {$(
        #[doc = concat!("<https://api.aliyun.com/#product=CCC&api=", stringify!($name), "&type=RPC&version=2020-07-01>, read 2026-11-21.")]
        #[derive(Debug)]
        pub(super) struct $name { $(pub(super) $field: $type,)* }

        impl $crate::ccc::params::Request for $name {
            fn read(params: &$crate::ccc::params::Params) -> Result<Self, $crate::ccc::error::Failure> {
                Ok(Self { $($field: params.$reader($($argument),*)?,)* })
            }
        }
    )*};
}
pub(super) use request;

//! When two texts are spellings of one number.
//!
//! The schema's table `spelling` says the same in SQL; a property test compares the two.
//! `docs/schema.md` has the decisions, a row for each kind of number.

use super::instance::CountryCode;

/// The forms that the spellings of a number are compared by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forms {
    /// In the pool and in an instance without a country code: no separators, `+` for `00`.
    pub comparable: String,
    /// In an instance of country code 86: China's numbers in their international form, too.
    pub comparable_86: String,
}

impl Forms {
    /// The forms of a number, or of any other text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let bare = text.replace('-', "");
        let comparable = bare.strip_prefix("00").map_or(bare.clone(), |rest| format!("+{rest}"));
        Self { comparable_86: with_country(&comparable), comparable }
    }

    /// The form that counts in an instance of this country code.
    #[must_use]
    pub fn within(&self, country_code: CountryCode) -> &str {
        match country_code {
            CountryCode::None => &self.comparable,
            CountryCode::China => &self.comparable_86,
        }
    }
}

/// Whether a number in such a form is a 400 number, which is Inbound only.
#[must_use]
pub fn is_service_number(form: &str) -> bool {
    let national = form.strip_prefix("+86").unwrap_or(form);
    national.strip_prefix("400").is_some_and(|rest| are_digits(rest, 7))
}

/// A number in its international form, where it can be told.
fn with_country(number: &str) -> String {
    if let Some(rest) = number.strip_prefix("+860") {
        // No national number begins with a zero: these are trunk zeros.
        return format!("+86{}", rest.trim_start_matches('0'));
    }
    let national = match number.as_bytes() {
        [b'0', b'2'..=b'9', ..] | [b'0', b'1', b'0', ..] => number.strip_prefix('0'),
        [b'0', ..] => number.strip_prefix('0').filter(|rest| is_mobile(rest)),
        _ => Some(number).filter(|number| is_mobile(number) || is_nationwide(number)),
    };
    national.map_or_else(|| number.to_owned(), |national| format!("+86{national}"))
}

/// A mobile number: eleven digits.
fn is_mobile(number: &str) -> bool {
    let [b'1', b'3'..=b'9', ..] = number.as_bytes() else { return false };
    are_digits(&number[2..], 9)
}

/// A service number that is the same in the whole country: 400 and 800 with ten digits, 95 with
/// five to eight.
fn is_nationwide(number: &str) -> bool {
    let ten = number.strip_prefix("400").or_else(|| number.strip_prefix("800"));
    ten.is_some_and(|rest| are_digits(rest, 7))
        || number
            .strip_prefix("95")
            .is_some_and(|rest| (3..=6).any(|count| are_digits(rest, count)))
}

/// Whether these are this number of digits, some of which may be masked.
fn are_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x')
}

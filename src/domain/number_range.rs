//! Ranges of numbers: from one to another, or a count from one onward. The last run of digits is
//! counted up; leading zeros stay, and both ends have the same length.

use super::phone_number::Number;
use super::text::{Malformed, Parsed};
use std::fmt;

/// The most numbers that a range may have.
pub const MAX_RANGE: u64 = 10_000;

/// Why a range can't be counted out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RangeError {
    /// An end is not a phone number.
    NotANumber(Malformed),
    /// There is nothing to count at the end of the number.
    NoDigits(String),
    /// The ends differ in length.
    Lengths(String, String),
    /// The ends differ in what is not counted.
    Prefixes(String, String),
    /// The last comes before the first.
    Backwards(String, String),
    /// More than [`MAX_RANGE`], or none.
    Size(u64),
    /// Counting on would need another digit.
    Overflow(String, u64),
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber(malformed) => malformed.fmt(f),
            Self::NoDigits(text) => {
                write!(f, "{text} does not end in digits, so there is nothing to count")
            }
            Self::Lengths(first, last) => write!(f, "{first} and {last} differ in length"),
            Self::Prefixes(first, last) => {
                write!(f, "{first} and {last} differ before the digits that are counted")
            }
            Self::Backwards(first, last) => write!(f, "{last} comes before {first}"),
            Self::Size(0) => f.write_str("a range has at least one number"),
            Self::Size(count) => {
                write!(f, "a range has at most {MAX_RANGE} numbers, this one has {count}")
            }
            Self::Overflow(first, count) => {
                write!(f, "{count} numbers from {first} on would need another digit")
            }
        }
    }
}

impl std::error::Error for RangeError {}

/// The numbers from `first` to `last`, both included.
pub fn numbers_between(first: &str, last: &str) -> Result<Vec<Number>, RangeError> {
    let ends = || (first.to_owned(), last.to_owned());
    let begin = Counted::parse(first)?;
    let end = Counted::parse(last)?;
    if first.len() != last.len() {
        let (first, last) = ends();
        return Err(RangeError::Lengths(first, last));
    }
    if begin.prefix != end.prefix {
        let (first, last) = ends();
        return Err(RangeError::Prefixes(first, last));
    }
    let Some(steps) = end.value.checked_sub(begin.value) else {
        let (first, last) = ends();
        return Err(RangeError::Backwards(first, last));
    };
    begin.count(u64::try_from(steps).unwrap_or(u64::MAX).saturating_add(1))
}

/// `count` numbers from `first` on.
pub fn numbers_from(first: &str, count: u64) -> Result<Vec<Number>, RangeError> {
    Counted::parse(first)?.count(count)
}

/// A number taken apart: what stays, and what is counted.
struct Counted<'a> {
    number: &'a str,
    prefix: &'a str,
    value: u128,
    width: usize,
}

impl<'a> Counted<'a> {
    fn parse(number: &'a str) -> Result<Self, RangeError> {
        Number::parse(number).map_err(RangeError::NotANumber)?;
        let prefix = number.trim_end_matches(|character: char| character.is_ascii_digit());
        let digits = &number[prefix.len()..];
        // At most 32 digits, so a u128 always has room.
        let value = digits.parse().map_err(|_| RangeError::NoDigits(number.to_owned()))?;
        Ok(Self { number, prefix, value, width: digits.len() })
    }

    fn count(&self, count: u64) -> Result<Vec<Number>, RangeError> {
        if !(1..=MAX_RANGE).contains(&count) {
            return Err(RangeError::Size(count));
        }
        let last = self.value + u128::from(count - 1);
        let room = 10_u128.pow(u32::try_from(self.width).unwrap_or(u32::MAX).min(38));
        if last >= room {
            return Err(RangeError::Overflow(self.number.to_owned(), count));
        }
        let width = self.width;
        // Same prefix, same length, only other digits: each is a phone number as the first is.
        let number = |value| Number::of(&format!("{}{value:0width$}", self.prefix));
        Ok((self.value..=last).map(number).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_RANGE, Number, RangeError, numbers_between, numbers_from};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_number_of_a_range_keeps_the_prefix_the_length_and_its_zeros(
            prefix in "(\\+|0|00|083|083xxxx|\\*12#)?", digits in "[0-9]{2,12}", count in 1..=300_u64,
        ) {
            let first = format!("{prefix}{digits}");
            match numbers_from(&first, count) {
                Ok(numbers) => {
                    prop_assert_eq!(numbers.len() as u64, count);
                    prop_assert_eq!(numbers[0].as_str(), &first);
                    let kept = prefix.trim_end_matches(|c: char| c.is_ascii_digit());
                    for number in numbers.iter().map(|number| number.as_str()) {
                        prop_assert_eq!(number.len(), first.len());
                        prop_assert!(number.starts_with(kept), "{}", number);
                    }
                    // Text of one length in one alphabet: the next is always greater, and by one.
                    prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
                    let last = numbers[numbers.len() - 1].as_str();
                    prop_assert_eq!(&numbers_between(&first, last).unwrap(), &numbers);
                }
                Err(error) => prop_assert!(matches!(error, RangeError::Overflow(..)), "{error}"),
            }
        }

        #[test]
        fn no_text_makes_counting_panic(
            first in "\\PC{0,40}", last in "\\PC{0,40}", count in any::<u64>(),
        ) {
            let _ = (numbers_between(&first, &last), numbers_from(&first, count));
        }
    }

    #[test]
    fn what_can_not_be_counted_is_refused_with_both_ends_named() {
        let refused =
            |first: &str, last: &str| numbers_between(first, last).unwrap_err().to_string();
        assert_eq!(refused("0833001100", "833001104"), "0833001100 and 833001104 differ in length");
        assert_eq!(
            refused("+4830", "00830"),
            "+4830 and 00830 differ before the digits that are counted"
        );
        assert_eq!(refused("0833001104", "0833001100"), "0833001100 comes before 0833001104");
        assert_eq!(
            refused("083x", "084x"),
            "083x does not end in digits, so there is nothing to count"
        );
        assert_eq!(
            refused("0830000000", "0830010000"),
            "a range has at most 10000 numbers, this one has 10001"
        );
        assert_eq!(
            refused("08３0", "0831"),
            "\"08３0\" is not a phone number: 2 to 32 characters of digits, *, #, -, x and a leading +, with at least one digit"
        );
        assert_eq!(
            numbers_from("0999", 9002).unwrap_err().to_string(),
            "9002 numbers from 0999 on would need another digit"
        );
        assert_eq!(
            numbers_from("0999", 0).unwrap_err().to_string(),
            "a range has at least one number"
        );
        assert_eq!(numbers_from("0830000000", MAX_RANGE).unwrap().len(), 10_000);
        assert_eq!(
            numbers_between("0833001100", "0833001102")
                .unwrap()
                .iter()
                .map(Number::as_str)
                .collect::<Vec<_>>(),
            ["0833001100", "0833001101", "0833001102"]
        );
    }
}

//! What spreadsheet programs do to telephone numbers, as far as a cell shows it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a cell can't be taken for what somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Odd {
    /// A number, which has neither leading zeros nor a `+`.
    Number,
    /// A formula.
    Formula,
    /// A date or a time.
    Date,
    /// True or false.
    Truth,
    /// An error, such as `#N/A`.
    Error,
    /// A part of cells that were merged.
    Merged,
    /// `4.41E+11`.
    Scientific,
    /// `8335550001.0`.
    Fraction,
    /// More than 15 digits, the rest of them zeros.
    Rounded,
}

impl fmt::Display for Odd {
    /// A sentence without its full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => {
                "The cell is a number, which keeps neither leading zeros nor +; format the column as text and enter it again"
            }
            Self::Formula => "The cell is a formula; put its value in its place, as text",
            Self::Date => "The cell is a date; format the column as text and enter it again",
            Self::Truth => "The cell is a Boolean value; enter it as text",
            Self::Error => "The cell holds an error of the spreadsheet",
            Self::Merged => "The cell is merged with others; split them and fill in each",
            Self::Scientific => {
                "A spreadsheet has rounded it (scientific notation), and digits are lost; format the column as text and enter it again"
            }
            Self::Fraction => {
                "A spreadsheet has made a decimal of it; format the column as text and enter it again"
            }
            Self::Rounded => {
                "A spreadsheet keeps 15 digits, and the rest are zeros here; format the column as text and enter it again"
            }
        })
    }
}

/// What a spreadsheet has done to the digits of a text, if that can be seen.
pub fn spoiled(text: &str) -> Option<Odd> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let decimal = |text: &str| {
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        digits(whole) && digits(part)
    };
    if let Some((mantissa, exponent)) = text.split_once(['E', 'e']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        return (decimal(mantissa) && digits(exponent)).then_some(Odd::Scientific);
    }
    let zeros = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b == b'0');
    if !digits(text) {
        let whole = text.split_once(['.', ',']);
        return whole
            .is_some_and(|(whole, part)| digits(whole) && zeros(part))
            .then_some(Odd::Fraction);
    }
    text.get(15..).is_some_and(zeros).then_some(Odd::Rounded)
}

#[cfg(test)]
mod tests {
    use super::{Odd, spoiled};

    #[test]
    fn what_a_spreadsheet_does_to_digits_is_seen() {
        for text in ["4.41E+11", "8.33556E+9", "1E12", "4,41E+11", "1.0e5"] {
            assert_eq!(spoiled(text), Some(Odd::Scientific), "{text}");
        }
        for text in ["8335550001.0", "8335550001,00"] {
            assert_eq!(spoiled(text), Some(Odd::Fraction), "{text}");
        }
        assert_eq!(spoiled("123456789012345000"), Some(Odd::Rounded));
        for text in [
            "",
            "08335550001",
            "+8613800010001",
            "123456789012345",
            "123456789012345678",
            "E5",
            "Eva",
        ] {
            assert_eq!(spoiled(text), None, "{text}");
        }
    }
}

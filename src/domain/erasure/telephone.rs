//! A person's telephone number in a text, however it is written there.

/// What people write between the digits of a number.
const BETWEEN: &[char] =
    &[' ', '-', '.', '/', '(', ')', '\u{a0}', '\u{2011}', '\u{2013}', '\u{3000}'];

/// The most of these that may be between two digits.
const MOST_BETWEEN: usize = 2;

/// With fewer digits it may be anything.
const FEWEST: usize = 7;

/// A telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telephone {
    /// Its digits, without the prefix of China.
    digits: String,
    /// What may be before them.
    prefixes: &'static [&'static str],
}

impl Telephone {
    /// The number that a text is; `None` for a text that is none, or too short to be known again.
    pub fn of(text: &str) -> Option<Self> {
        let is_number = |c: char| digit(c).is_some() || is_plus(c) || BETWEEN.contains(&c);
        if !text.chars().all(is_number) {
            return None;
        }
        let digits: String = text.chars().filter_map(digit).collect();
        let bare = digits.strip_prefix("00").unwrap_or(&digits);
        let national = bare.strip_prefix("86").unwrap_or(bare);
        let national = national.strip_prefix('0').unwrap_or(national);
        if national.len() == 11 && national.starts_with('1') {
            let prefixes = &["", "00", "86", "0086", "0", "860", "00860"];
            return Some(Self { digits: national.to_owned(), prefixes });
        }
        // With an area code, which has its 0 within China only.
        let has_area = bare.starts_with('0') || bare.starts_with("86") && bare.len() >= 12;
        if has_area && national.len() >= 9 {
            let prefixes = &["0", "86", "0086", "860", "00860"];
            return Some(Self { digits: national.to_owned(), prefixes });
        }
        let known = bare.len() >= FEWEST;
        known.then(|| Self { digits: bare.to_owned(), prefixes: &["", "00"] })
    }

    /// The digits of its spellings.
    pub fn spellings(&self) -> impl Iterator<Item = String> {
        self.prefixes.iter().map(|prefix| format!("{prefix}{}", self.digits))
    }

    /// A text with the number replaced wherever it is; `None` if it is not in it.
    pub fn without(&self, text: &str, instead: &str) -> Option<String> {
        let (mut erased, mut copied, mut before) = (String::new(), 0, None);
        for (start, c) in text.char_indices() {
            let begins = digit(c).is_some() || is_plus(c) || c == '(';
            if start >= copied
                && begins
                && before.and_then(digit).is_none()
                && let Some(end) = self.end(&text[start..])
            {
                erased.push_str(&text[copied..start]);
                erased.push_str(instead);
                copied = start + end;
            }
            before = Some(c);
        }
        (copied > 0).then(|| erased + &text[copied..])
    }

    /// Where the number ends that a text begins with.
    fn end(&self, text: &str) -> Option<usize> {
        self.spellings().find_map(|digits| end_of(&digits, text))
    }
}

/// Where these digits end that a text begins with; no other digit follows.
fn end_of(digits: &str, text: &str) -> Option<usize> {
    let mut wanted = digits.chars().peekable();
    let (mut between, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        let Some(next) = wanted.peek() else {
            return digit(c).is_none().then_some(end);
        };
        match digit(c) {
            Some(found) if found == *next => {
                wanted.next();
                (between, end) = (0, at + c.len_utf8());
            }
            None if BETWEEN.contains(&c) || is_plus(c) && end == 0 => between += 1,
            _ => return None,
        }
        if between > MOST_BETWEEN {
            return None;
        }
    }
    wanted.peek().is_none().then_some(end)
}

/// A digit, a full-width one too.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(c) - 0xff10, 10),
        _ => None,
    }
}

fn is_plus(c: char) -> bool {
    matches!(c, '+' | '\u{ff0b}')
}

#[cfg(test)]
mod tests {
    use super::Telephone;

    #[test]
    fn a_number_is_found_however_it_is_written_and_in_no_longer_one() {
        for known in ["13999990001", "+8613999990001", "0086 139-9999-0001", "013999990001"] {
            let telephone = Telephone::of(known).unwrap();
            let without = |text: &str| telephone.without(text, "X");
            for written in [
                "13999990001",
                "+86 139 9999 0001",
                "+86-139-9999-0001",
                "(+86)13999990001",
                "008613999990001",
                "8613999990001",
                "0 139 9999 0001",
                "\u{ff11}3999990001",
                "139.9999.0001",
            ] {
                let text = format!("call {written}, or tel{written}; {written}");
                assert_eq!(without(&text).as_deref(), Some("call X, or telX; X"), "{written}");
            }
            for other in ["213999990001", "139999900012", "1399999000", "139 9999   0001", ""] {
                assert_eq!(without(other), None, "{other}");
            }
        }
    }

    #[test]
    fn a_number_with_an_area_code_is_known_from_within_and_from_without() {
        for known in ["0571-88886666", "+86 571 8888 6666", "00865718888 6666"] {
            let telephone = Telephone::of(known).unwrap();
            for written in ["0571-8888-6666", "+86 571 8888 6666", "+86 (0)571 88886666"] {
                assert_eq!(telephone.without(written, "X").as_deref(), Some("X"), "{written}");
            }
            for other in ["0571 8888 6667", "571 8888 6666", "+57188886666", "8888 6666"] {
                assert_eq!(telephone.without(other, "X"), None, "{other}");
            }
        }
        let american = Telephone::of("+1 415 555 0100").unwrap();
        assert_eq!(american.without("0014155550100", "X").as_deref(), Some("X"));
    }

    #[test]
    fn a_foreign_number_is_known_with_its_country_and_a_masked_or_short_one_is_none() {
        let telephone = Telephone::of("+48 600 000 050").unwrap();
        assert_eq!(telephone.without("0048-600-000-050.", "X").as_deref(), Some("X."));
        for text in ["139xxxx0100", "1001", "", "lina"] {
            assert_eq!(Telephone::of(text), None, "{text}");
        }
    }
}

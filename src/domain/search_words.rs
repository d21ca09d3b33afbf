//! What people type to find numbers: words, all of which must be found, in any order.
//!
//! A word is found in any text of a number: its digits, its holders' names and ids, its city, and
//! so on. Case, width and Unicode's normal form don't count: `ＬＩ` finds `li`. In a number
//! separators don't count either, so that `0833-5555` finds `08335555`; and words of digits that
//! follow each other are also tried as one, so that a number is found as it is spoken, in groups.
//! The beginning of a number is found in its other spellings, too: `0571 8888` finds
//! `+8657188881234`. `…88`, `...88` and `尾号88` find the numbers that end so.

use super::characters::composed;
use super::spelling::Forms;
use std::borrow::Cow;

/// The most words of one search.
pub const MOST_WORDS: usize = 10;

/// The words of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchWords {
    terms: Vec<Term>,
    text: String,
}

/// A search has more words than [`MOST_WORDS`]: how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyWords(pub usize);

/// What must be found: a word, or words of digits that follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// The words, each of which must be found.
    pub words: Vec<Word>,
    /// Instead of all of these words: the part of a number that they make together. Empty for a
    /// single word.
    pub together: String,
    /// The beginning of the international spelling of a number that begins with that part.
    pub beginning: String,
}

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, folded.
    pub text: String,
    /// The part of a number that it can be, without separators; empty if it can't be one.
    pub digits: String,
    /// The beginning of the international spelling of a number that begins with these; empty if
    /// that is not known.
    pub beginning: String,
    /// What a number ends with, without separators; empty if the word says nothing of its end.
    pub ending: String,
}

impl SearchWords {
    /// The words of a text.
    pub fn parse(text: &str) -> Result<Self, TooManyWords> {
        let text = folded(text);
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.len() > MOST_WORDS {
            return Err(TooManyWords(words.len()));
        }
        let mut terms: Vec<Term> = Vec::new();
        for text in &words {
            let ending = ending(text);
            let digits = if ending.is_empty() { digits(text) } else { String::new() };
            let beginning = beginning(&digits);
            let word = Word { text: (*text).to_owned(), digits, beginning, ending };
            match terms.last_mut() {
                Some(last) if !word.digits.is_empty() && last.is_of_digits() => last.join(word),
                _ => terms.push(Term { words: vec![word], ..Term::default() }),
            }
        }
        Ok(Self { terms, text: words.join(" ") })
    }

    /// Whether there are none, which lets every number through.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The words, folded, with a blank between them; parsed again they are the same.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What must be found.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether all of them are found in the texts of one number: the number, and others, folded.
    pub fn all_in(&self, number: &str, others: &[Cow<'_, str>]) -> bool {
        let bare = without_separators(number);
        self.terms.iter().all(|term| {
            (!term.together.is_empty()
                && (bare.contains(&term.together) || begins(number, &term.beginning)))
                || term.words.iter().all(|word| {
                    word.is_in_number(number, &bare)
                        || others.iter().any(|text| text.contains(&word.text))
                })
        })
    }

    /// Whether any of them is found in a folded text.
    pub fn any_in(&self, text: &str) -> bool {
        self.terms.iter().flat_map(|term| &term.words).any(|word| text.contains(&word.text))
    }
}

impl Term {
    fn is_of_digits(&self) -> bool {
        self.words.iter().all(|word| !word.digits.is_empty())
    }

    fn join(&mut self, word: Word) {
        if self.together.is_empty() {
            self.together = self.words.iter().map(|word| word.digits.as_str()).collect();
        }
        self.together.push_str(&word.digits);
        self.beginning = beginning(&self.together);
        self.words.push(word);
    }
}

impl Word {
    /// Whether a number ends as the word says, if it says so.
    pub fn ends(&self, number: &str) -> bool {
        !self.ending.is_empty() && without_separators(number).ends_with(&self.ending)
    }

    /// `bare` is the number without separators.
    fn is_in_number(&self, number: &str, bare: &str) -> bool {
        number.contains(&self.text)
            || self.ends(bare)
            || (!self.digits.is_empty()
                && (bare.contains(&self.digits) || begins(number, &self.beginning)))
    }
}

/// A shorter beginning fits too many numbers: `00` would be every international one.
const SHORTEST_BEGINNING: usize = 4;

/// The beginning of the international spelling of a number that begins with these digits; empty if
/// that is not known.
fn beginning(digits: &str) -> String {
    let form = Forms::of(digits).comparable_86;
    let is_known = form.starts_with('+') && form.len() >= SHORTEST_BEGINNING;
    if is_known { form } else { String::new() }
}

/// What every spelling of a number that begins so contains, separators apart.
pub fn in_every_spelling(beginning: &str) -> &str {
    beginning.strip_prefix("+86").unwrap_or(beginning.trim_start_matches('+'))
}

/// Whether a number, spelled internationally, begins so.
pub fn begins(number: &str, beginning: &str) -> bool {
    !beginning.is_empty() && Forms::of(number).comparable_86.starts_with(beginning)
}

/// A text as it is compared: composed, in lower case, and full-width letters, digits and signs as
/// those of ASCII.
pub fn folded(text: &str) -> Cow<'_, str> {
    let is_folded = |c: char| match c {
        'A'..='Z' | '\u{3000}' | '\u{ff01}'..='\u{ff5e}' => false,
        _ => c.is_ascii() || !c.is_uppercase(),
    };
    let text = composed(text);
    if text.chars().all(is_folded) {
        return text;
    }
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    // A narrow letter takes an accent that its full-width form leaves beside it.
    let narrowed: String = text.chars().map(narrow).collect();
    Cow::Owned(composed(&narrowed).chars().flat_map(char::to_lowercase).collect())
}

/// A number without separators.
pub fn without_separators(number: &str) -> Cow<'_, str> {
    if number.contains('-') { Cow::Owned(number.replace('-', "")) } else { Cow::Borrowed(number) }
}

/// The part of a number that a folded word can be; empty if it can't be one.
fn digits(word: &str) -> String {
    let is_separator = |c: char| matches!(c, '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}');
    let bare: String = word.chars().filter(|c| !is_separator(*c)).collect();
    let of_number = |c: char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#' | 'x');
    if bare.chars().all(of_number) { bare } else { String::new() }
}

/// The digits that a number must end with, if a folded word is of that kind; else empty.
fn ending(word: &str) -> String {
    let after =
        |mark: &str| word.strip_prefix(mark).map(|rest| rest.trim_start_matches(['…', '.']));
    ["…", "..", "尾号"].into_iter().find_map(after).map(digits).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{SearchWords, TooManyWords, folded};
    use std::borrow::Cow;

    fn found(words: &str, number: &str, others: &[&str]) -> bool {
        let others: Vec<Cow<'_, str>> = others.iter().map(|text| folded(text)).collect();
        SearchWords::parse(words).unwrap().all_in(number, &others)
    }

    #[test]
    fn all_words_are_found_in_any_order_whatever_their_case_and_width() {
        let li_na = ["Li Na", "lina@ccc-test", "成都"];
        for words in ["li na", "NA li", "ｌｉ　成都", "成都 0833", "０８３３ LINA", "  na  "]
        {
            assert!(found(words, "08335550004", &li_na), "{words}");
        }
        for words in ["li wang", "li 0834", "成都 乐山", "%", "_"] {
            assert!(!found(words, "08335550004", &li_na), "{words}");
        }
        assert!(found("école", "02", &["ÉCOLE"]));
        // Composed and decomposed alike: German, Vietnamese, Korean.
        for (one, other) in [
            ("m\u{fc}ller", "Mu\u{308}ller"),
            ("vi\u{1ec7}t", "Vie\u{323}\u{302}t"),
            ("한", "\u{1112}\u{1161}\u{11ab}"),
            ("\u{e9}", "\u{ff25}\u{301}"),
        ] {
            assert!(found(one, "02", &[other]) && found(other, "02", &[one]), "{one}");
        }
    }

    #[test]
    fn a_number_is_found_in_groups_and_whatever_its_separators() {
        for words in ["0833 5555 0004", "0833-5555-0004", "08335555 0004", "(0833) 5555", "50 0"] {
            assert!(found(words, "083355550004", &[]), "{words}");
            assert!(found(words, "0833-55550004", &[]), "{words}");
        }
        assert!(found("3-5", "0833-5", &[]));
        // Together they are one part of it, although none is a part on its own.
        assert!(found("+ 86", "+8610", &[]));
        assert!(!found("0833 5556", "083355550004", &[]));
    }

    #[test]
    fn the_beginning_of_a_number_is_found_in_its_other_spellings() {
        for (words, number) in [
            ("0571 8888", "+8657188881234"),
            ("(0571)88881234", "0086-571-8888-1234"),
            ("+86 571", "057188881234"),
            ("13810001234", "+8613810001234"),
            ("0086138", "13810001234"),
            ("+4420", "0044207946"),
            ("95588", "+8695588"),
        ] {
            assert!(found(words, number, &[]), "{words}: {number}");
        }
        for (words, number) in
            [("00", "+8613812341234"), ("013", "+8613812341234"), ("0572", "+8657188881234")]
        {
            assert!(!found(words, number, &[]), "{words}: {number}");
        }
    }

    #[test]
    fn a_number_is_found_by_its_end() {
        for words in ["…88", "……88", "...88", "..88", "尾号88", "成都 …088", "028 …88", "…0-88"]
        {
            assert!(found(words, "028-5551 00-88", &["成都"]), "{words}");
        }
        for words in ["…88", "...88", "尾号88"] {
            assert!(!found(words, "02888880001", &[]), "{words}");
            assert!(!found(words, "02888880001", &["88"]), "{words}");
        }
        assert!(found("尾号 88", "02888", &["尾号"]) && !found("…", "02888", &[]));
    }

    #[test]
    fn a_word_of_digits_is_found_in_names_too() {
        assert!(found("team 7", "028", &["Team 7"]));
        assert!(found("0833 7", "0833", &["Team 7"]));
    }

    #[test]
    fn too_many_words_are_counted() {
        assert!(SearchWords::parse(&"a ".repeat(10)).is_ok());
        assert_eq!(SearchWords::parse(&"a ".repeat(100)), Err(TooManyWords(100)));
        assert!(SearchWords::parse(" \u{3000} ").unwrap().is_empty());
    }
}

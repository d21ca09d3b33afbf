//! A list that is read page by page until it is complete.
//!
//! A vendor may cut a list off after a number of rows, whatever its total says. Then it is read in
//! parts. If the API can divide it into parts without common rows, those are read. If it can't, or
//! if they don't add up, the rows that contain one character are read, then those with another,
//! until all are found. A part that is itself too long is divided by one more character.

use super::{Failure, TRIES, text};
use serde_json::Value;
use std::collections::BTreeMap;

/// The characters of numbers first, then the others of names; the vendors take letters of either
/// case for the same.
const ALPHABET: &str = "0123456789+-*#abcdefghijklmnopqrstuvwxyz._";

/// The longest text that a part is searched by.
const LONGEST: usize = 8;

/// A page, and how many rows the whole list has.
pub(super) struct Page {
    pub(super) rows: Vec<Value>,
    pub(super) total: u64,
}

pub(super) struct List<'a> {
    pub(super) name: &'a str,
    /// The field that tells its rows apart.
    pub(super) key: &'a str,
    /// The most rows that can be read of it.
    pub(super) reach: u64,
    /// All rows of a longer one, if it can be asked for in parts that have none in common.
    pub(super) disjoint: &'a dyn Fn() -> Result<Vec<Value>, Failure>,
}

/// No such parts.
pub(super) fn nothing() -> Result<Vec<Value>, Failure> {
    Ok(Vec::new())
}

/// Why a list is not whole.
enum Gap {
    Failed(Failure),
    Shifted,
}

impl From<Failure> for Gap {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

type Rows = BTreeMap<String, Value>;

impl List<'_> {
    /// All rows, by their keys. `fetch` asks for a page, counted from 1, of what holds a text.
    pub(super) fn whole(
        &self,
        mut fetch: impl FnMut(&str, u64) -> Result<Page, Failure>,
    ) -> Result<Vec<Value>, Failure> {
        for _ in 0..TRIES {
            match self.part("", &mut fetch) {
                Ok(rows) => return Ok(rows.into_values().collect()),
                Err(Gap::Failed(failure)) => return Err(failure),
                Err(Gap::Shifted) => {}
            }
        }
        Err(Failure::Shifted(format!(
            "{} changed while it was read, {TRIES} times; try again when nobody is changing it.",
            self.name
        )))
    }

    /// The rows that hold a text.
    fn part(
        &self,
        pattern: &str,
        fetch: &mut impl FnMut(&str, u64) -> Result<Page, Failure>,
    ) -> Result<Rows, Gap> {
        let mut found = Rows::new();
        let Page { rows, total } = fetch(pattern, 1)?;
        if total > self.reach {
            if pattern.is_empty()
                && let Some(all) = self.of_parts(total, fetch)?
            {
                return Ok(all);
            }
            return self.split(pattern, total, rows, fetch);
        }
        // Past its last page a vendor may show the last one again.
        let pages = total.div_ceil(rows.len().max(1) as u64);
        self.add(&mut found, rows)?;
        for page in 2..=pages {
            if found.len() as u64 >= total {
                break;
            }
            let next = fetch(pattern, page)?;
            if next.total != total || next.rows.is_empty() {
                return Err(Gap::Shifted);
            }
            self.add(&mut found, next.rows)?;
        }
        if found.len() as u64 == total { Ok(found) } else { Err(Gap::Shifted) }
    }

    /// All rows, by the parts that have none in common; none if the vendor doesn't show such parts,
    /// or they don't add up.
    fn of_parts(
        &self,
        total: u64,
        fetch: &mut impl FnMut(&str, u64) -> Result<Page, Failure>,
    ) -> Result<Option<Rows>, Gap> {
        let rows = match (self.disjoint)() {
            // Without them it may answer all the same.
            Err(Failure::Refused(_) | Failure::NotFound(_) | Failure::Unavailable(_)) => {
                return Ok(None);
            }
            rows => rows?,
        };
        let mut found = Rows::new();
        self.add(&mut found, rows)?;
        // A row that went to a part that was read already is lost, and one that was added hides it.
        if !found.is_empty() && fetch("", 1)?.total != total {
            return Err(Gap::Shifted);
        }
        Ok((found.len() as u64 == total).then_some(found))
    }

    /// Reads more than can be read at once. A row that equals the pattern contains no longer
    /// one, so it is taken from the first page.
    fn split(
        &self,
        pattern: &str,
        total: u64,
        first: Vec<Value>,
        fetch: &mut impl FnMut(&str, u64) -> Result<Page, Failure>,
    ) -> Result<Rows, Gap> {
        let mut found = Rows::new();
        self.add(&mut found, first)?;
        let ends = ALPHABET.chars().map(|c| format!("{pattern}{c}"));
        let starts =
            ALPHABET.chars().filter(|_| !pattern.is_empty()).map(|c| format!("{c}{pattern}"));
        let longer = (pattern.len() < LONGEST).then(|| ends.chain(starts));
        for longer in longer.into_iter().flatten() {
            found.extend(self.part(&longer, fetch)?);
            if found.len() as u64 >= total {
                break;
            }
        }
        match found.len() as u64 {
            all if all == total => Ok(found),
            more if more > total => Err(Gap::Shifted),
            // Somebody may have removed some in the meantime.
            _ if fetch(pattern, 1)?.total != total => Err(Gap::Shifted),
            some => Err(Gap::Failed(Failure::Unavailable(format!(
                "{} has {total} rows{}, of which the vendor shows {some} at most, however it is asked.",
                self.name,
                if pattern.is_empty() { String::new() } else { format!(" with {pattern}") },
            )))),
        }
    }

    fn add(&self, found: &mut Rows, rows: Vec<Value>) -> Result<(), Gap> {
        for row in rows {
            let key = text(&row, self.key);
            if key.is_empty() {
                let Self { name, key, .. } = self;
                let sentence = format!("{name} has a row without {key}.");
                return Err(Gap::Failed(Failure::Unavailable(sentence)));
            }
            // A row that comes twice has displaced another, so the rows don't add up to the total.
            found.insert(key, row);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{List, Page, nothing};
    use crate::adopt::Failure;
    use serde_json::{Value, json};
    use std::cell::Cell;

    const LIST: List<'_> =
        List { name: "ListPhoneNumbers", key: "Number", reach: 100, disjoint: &nothing };

    /// What a vendor answers that shows ten rows on a page, and ten pages.
    fn page(numbers: &[String], pattern: &str, page: u64) -> Page {
        assert!(page <= 10, "the vendor refuses page {page}");
        let found: Vec<&String> =
            numbers.iter().filter(|number| number.contains(pattern)).collect();
        let rows = found.iter().skip((page as usize - 1) * 10).take(10);
        Page {
            rows: rows.map(|number| json!({"Number": number})).collect(),
            total: found.len() as u64,
        }
    }

    fn keys(rows: Vec<Value>) -> Vec<String> {
        rows.iter().map(|row| row["Number"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_list_longer_than_the_vendor_shows_is_read_in_parts() {
        let mut numbers: Vec<String> =
            (0..900).map(|at| format!("0571{:05}", at * 7919 % 100_000)).collect();
        numbers.extend(["+8613810001234", "*9", "057", "400x"].map(str::to_owned));
        numbers.sort();
        let whole = LIST.whole(|pattern, at| Ok(page(&numbers, pattern, at))).unwrap();
        assert_eq!(keys(whole), numbers);
    }

    #[test]
    fn parts_that_have_nothing_in_common_are_enough_if_they_add_up() {
        let numbers: Vec<String> = (0..150).map(|at| format!("0571{at:05}")).collect();
        for (parts, requests) in [(numbers.len(), 2..=2), (numbers.len() - 1, 20..=200)] {
            let of_parts = || Ok(numbers[..parts].iter().map(|n| json!({"Number": n})).collect());
            let (list, mut asked) = (List { disjoint: &of_parts, ..LIST }, 0);
            let whole = list.whole(|pattern, at| {
                asked += 1;
                Ok(page(&numbers, pattern, at))
            });
            assert_eq!(keys(whole.unwrap()), numbers);
            assert!(requests.contains(&asked), "{asked}");
        }
    }

    #[test]
    fn a_row_that_went_from_part_to_part_while_they_were_read_is_not_lost() {
        let mut numbers: Vec<String> = (0..150).map(|at| format!("0571{at:05}")).collect();
        let before = numbers.clone();
        numbers.push("0571x".to_owned());
        // The parts have the one that was added, and at first lack another: as many as before.
        let tries = Cell::new(0);
        let of_parts = || {
            tries.set(tries.get() + 1);
            let lost = usize::from(tries.get() == 1);
            Ok(numbers[lost..].iter().map(|number| json!({"Number": number})).collect())
        };
        let list = List { disjoint: &of_parts, ..LIST };
        let whole = list.whole(|pattern, at| {
            Ok(page(if tries.get() == 0 { &before } else { &numbers }, pattern, at))
        });
        assert_eq!((keys(whole.unwrap()), tries.get()), (numbers.clone(), 2));
    }

    #[test]
    fn a_vendor_that_does_not_show_such_parts_is_asked_for_patterns() {
        let numbers: Vec<String> = (0..150).map(|at| format!("0571{at:05}")).collect();
        let whole_if = |refusal: fn(String) -> Failure| {
            let of_parts = || Err(refusal("Usage is not supported.".to_owned()));
            let list = List { disjoint: &of_parts, ..LIST };
            list.whole(|pattern, at| Ok(page(&numbers, pattern, at)))
        };
        for refusal in [Failure::Refused, Failure::NotFound, Failure::Unavailable] {
            assert_eq!(keys(whole_if(refusal).unwrap()), numbers);
        }
        assert!(matches!(whole_if(Failure::Shifted), Err(Failure::Shifted(_))));
    }

    #[test]
    fn what_no_part_shows_is_told() {
        let mut numbers: Vec<String> = (0..150).map(|at| format!("0571{at:05}")).collect();
        numbers.push("號".to_owned());
        let failed = LIST.whole(|pattern, at| Ok(page(&numbers, pattern, at)));
        let Err(Failure::Unavailable(sentence)) = failed else { panic!("{failed:?}") };
        assert!(sentence.contains("has 151 rows, of which the vendor shows 150"), "{sentence}");
    }

    #[test]
    fn a_list_that_shifts_is_read_again_and_refused_when_it_keeps_shifting() {
        let numbers: Vec<String> = (0..25).map(|at| format!("0571{at:05}")).collect();
        // One is added before the second page, so that the first page's last row comes again.
        let more: Vec<String> = std::iter::once("0570".to_owned()).chain(numbers.clone()).collect();
        let mut asked = 0;
        let whole = LIST.whole(|pattern, at| {
            asked += 1;
            Ok(page(if asked < 2 { &numbers } else { &more }, pattern, at))
        });
        assert_eq!((keys(whole.unwrap()), asked), (more, 5));

        // A row comes twice, and past the end the last page comes again.
        let failed = LIST.whole(|pattern, at| {
            assert!(at <= 3, "page {at} of 3 is asked for");
            Ok(Page { total: 25, ..page(&numbers[..24], pattern, at.min(3)) })
        });
        assert!(matches!(failed, Err(Failure::Shifted(_))), "{failed:?}");

        // One is removed and one added: the total stays, and a row would be lost.
        let mut other = numbers[1..].to_vec();
        other.push("06".to_owned());
        let failed = LIST.whole(|pattern, at| {
            let mut shown = page(if at == 1 { &numbers } else { &other }, pattern, at);
            shown.rows.truncate(if at == 3 { 4 } else { 10 });
            Ok(shown)
        });
        assert!(matches!(failed, Err(Failure::Shifted(_))), "{failed:?}");
        let failed = LIST.whole(|pattern, at| {
            let mut shown = page(&numbers, pattern, at);
            shown.total += at;
            Ok(shown)
        });
        assert!(matches!(failed, Err(Failure::Shifted(_))), "{failed:?}");
    }
}

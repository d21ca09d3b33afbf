//! Which numbers an unknown one may have been meant to be: what a slip of the finger makes of a
//! number, and numbers that only begin otherwise.
//!
//! Each slip is looked up in the index of spellings, a few hundred in all. For the beginnings the
//! index of the instance's numbers is read in jumps, one for each beginning, of which an office has
//! some hundred at most; no number of numbers makes this slow.

use super::ReadTx;
use super::engine::to_json;
use crate::domain::spelling::Forms;
use crate::domain::{Error, InstanceId, Number, Parsed};
use rusqlite::params;
use std::collections::BTreeSet;

/// The most numbers that are named.
const MOST: usize = 3;

/// What is shorter than this differs by one digit from most others of its kind.
const SHORTEST: usize = 4;

/// How many digits a subscriber's number has at least, without an area code.
const LOCAL: usize = 7;

/// How many beginnings are looked at.
const MOST_BEGINNINGS: usize = 500;

/// The numbers of an instance that are nearest to one that it doesn't have, at most three: first
/// those with two digits swapped, one left out or one too many, then the only one with the same
/// last eight digits, then those with another digit, then the only one with the same last seven.
pub fn nearest(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    text: &str,
) -> Result<Vec<String>, Error> {
    let whole = Forms::of(text).comparable;
    if Number::parse(text).is_err() || whole.len() < SHORTEST {
        return Ok(Vec::new());
    }
    let mut found = spelled_as_one_of(tx, instance_id, &misplaced(&whole))?;
    let alike = ending_alike(tx, instance_id, &whole)?;
    found.extend(the_only_one(&alike, &whole, 8));
    found.extend(spelled_as_one_of(tx, instance_id, &mistaken(&whole))?);
    found.extend(the_only_one(&alike, &whole, LOCAL));
    let mut seen = BTreeSet::new();
    found.retain(|number| seen.insert(number.clone()));
    found.truncate(MOST);
    Ok(found)
}

/// The sign that is not counted as a digit, and the digits.
fn parts(number: &str) -> (&str, &str) {
    number.split_at(usize::from(number.starts_with('+')))
}

/// The number with the sign there or not, two digits swapped, and one more or less.
fn misplaced(number: &str) -> Vec<String> {
    let (sign, digits) = parts(number);
    let mut meant = vec![digits.to_owned(), format!("+{digits}")];
    for at in 0..digits.len() {
        let (before, after) = digits.split_at(at);
        if let Some((two, rest)) = after.split_at_checked(2) {
            meant.push(format!("{sign}{before}{}{}{rest}", &two[1..], &two[..1]));
        }
        meant.push(format!("{sign}{before}{}", &after[1..]));
    }
    for at in 0..=digits.len() {
        let (before, after) = digits.split_at(at);
        meant.extend((0..10).map(|digit| format!("{sign}{before}{digit}{after}")));
    }
    meant
}

/// The number with another digit.
fn mistaken(number: &str) -> Vec<String> {
    let (sign, digits) = parts(number);
    let each = (0..digits.len()).flat_map(|at| {
        let (before, after) = digits.split_at(at);
        (0..10).map(move |digit| format!("{sign}{before}{digit}{}", &after[1..]))
    });
    each.collect()
}

/// The numbers of the instance that these texts may be spellings of.
const SPELLED: &str = "SELECT DISTINCT n.number FROM json_each(?2) AS meant
    CROSS JOIN spelling AS s ON s.comparable_86 = meant.value
    CROSS JOIN phone_number AS n ON n.instance_id = ?1 AND n.number = s.number
    ORDER BY n.number LIMIT ?3";

fn spelled_as_one_of(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    texts: &[String],
) -> Result<Vec<String>, Error> {
    let forms: BTreeSet<String> = texts.iter().map(|text| Forms::of(text).comparable_86).collect();
    tx.column(SPELLED, params![instance_id, to_json(&forms)?, MOST])
}

/// The numbers that end in seven digits: each beginning that there is, with these behind it. From
/// one beginning it jumps behind all that have it, as `~` comes after every character of a number.
const ENDING: &str = "WITH RECURSIVE block (number, beginnings) AS (
    SELECT min(number), 1 FROM phone_number WHERE instance_id = ?1
     UNION ALL
    SELECT (SELECT min(n.number) FROM phone_number AS n
             WHERE n.instance_id = ?1
               AND n.number > iif(length(block.number) > 7,
                                  substr(block.number, 1, length(block.number) - 7) || '~',
                                  block.number)),
           beginnings + 1
      FROM block WHERE block.number IS NOT NULL AND beginnings < ?3)
    SELECT n.number FROM block
     CROSS JOIN phone_number AS n ON n.instance_id = ?1
       AND n.number = substr(block.number, 1, max(0, length(block.number) - 7)) || ?2";

fn ending_alike(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &str,
) -> Result<Vec<String>, Error> {
    let Some(end) = end_of(number, LOCAL) else { return Ok(Vec::new()) };
    tx.column(ENDING, params![instance_id, end, MOST_BEGINNINGS])
}

/// This many last digits of a number; `None` if it has fewer.
fn end_of(number: &str, count: usize) -> Option<&str> {
    let (_, digits) = parts(number);
    digits.get(digits.len().checked_sub(count)?..)
}

/// The number that ends in the same digits as this one, `count` of them, if there is only one.
fn the_only_one(found: &[String], number: &str, count: usize) -> Option<String> {
    let end = end_of(number, count)?;
    let mut alike = found.iter().filter(|number| Forms::of(number).comparable.ends_with(end));
    alike.next().filter(|_| alike.next().is_none()).cloned()
}

#[cfg(test)]
mod tests {
    use super::{ENDING, SPELLED, misplaced, mistaken};
    use crate::store::fixtures::plan;

    #[test]
    fn no_number_is_looked_at_that_is_not_near() {
        for (sql, parameters) in [(SPELLED, 3), (ENDING, 3)] {
            let scans: Vec<String> = plan(sql, parameters)
                .into_iter()
                .filter(|step| step.starts_with("SCAN"))
                .filter(|step| !step.starts_with("SCAN meant") && step != "SCAN block")
                .collect();
            assert_eq!(scans, Vec::<String>::new(), "{sql}");
        }
    }

    #[test]
    fn the_sign_stays_in_front_of_every_slip() {
        let slips = [misplaced("+861"), mistaken("+861")].concat();
        assert!(slips.iter().all(|slip| slip.rfind('+').is_none_or(|at| at == 0)), "{slips:?}");
        for meant in ["861", "+681", "+86", "+8613", "+862"] {
            assert!(slips.iter().any(|slip| slip == meant), "{meant}");
        }
    }
}

//! `numberd capacity`

use super::as_csv::AsCsv;
use super::{Failure, Options, hint, output};
use crate::domain::capacity::{Capacity, LowWaterMark};
use crate::domain::forecast::{HORIZON, LEAST_EVENTS, LEAST_WEEKS, Outlook};
use crate::domain::text::counted;
use crate::store::capacity;
use clap::Args;
use serde::Serialize;

/// How many signs the longest bar has.
const BAR: u32 = 20;

#[derive(Debug, Args)]
pub(super) struct ShowCapacity {
    /// End with 1 when fewer numbers are free than a low-water mark asks for, and say which.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    csv: AsCsv,
}

#[derive(Serialize)]
struct Known {
    places: Vec<Capacity>,
    low_water_marks: Vec<LowWaterMark>,
}

impl ShowCapacity {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let supply = options.place()?.read(capacity::supply)?;
        let places = supply.listed().collect();
        let known = Known { places, low_water_marks: supply.marks };
        let marks = || known.low_water_marks.iter();
        let low: Vec<String> =
            marks().filter(|mark| mark.too_few).map(ToString::to_string).collect();
        // Where too few are free is in the sentence.
        let is_said = self.check && !options.json && !low.is_empty();
        if !is_said || low.len() < known.low_water_marks.len() {
            self.csv.print(options, &known, &known.places, |known| {
                if self.check { watched(marks().filter(|mark| !mark.too_few)) } else { text(known) }
            })?;
        }
        if self.check && !low.is_empty() {
            return Err(Failure::refused(format!("Too few are free: {}.", low.join("; "))));
        }
        Ok(())
    }
}

fn text(known: &Known) -> String {
    if known.places.is_empty() {
        return "No number is active here.".to_owned();
    }
    let longest = known.places.iter().map(|place| place.count.total()).max().unwrap_or(1);
    let rows = known.places.iter().map(|place| row(place, longest));
    let heading =
        ["CITY", "USAGE", "FREE", "OF", "MARK", "FREE █ KEPT ▒ HELD ░", "RUNS OUT", "FROM"];
    let table = output::table(&heading, rows);
    format!(
        "{table}\n\n{}\nThe range holds in 8 cases of 10; below {LEAST_WEEKS} weeks or {LEAST_EVENTS} events \
         none is given.",
        watched(known.low_water_marks.iter())
    )
}

fn row(place: &Capacity, longest: u32) -> Vec<String> {
    let count = &place.count;
    let mark = place.low_water_mark.map(|least| least.to_string()).unwrap_or_default();
    vec![
        if count.city.is_empty() { "–".to_owned() } else { count.city.clone() },
        count.usage.to_string(),
        count.free.to_string(),
        count.total().to_string(),
        mark,
        bar([count.free, count.reserved, count.bound + count.personal], longest),
        outlook(place.outlook),
        basis(place),
    ]
}

/// Whatever there is has one sign at least.
fn bar(parts: [u32; 3], longest: u32) -> String {
    let signs = |count: u32| (count * BAR).div_ceil(longest.max(1)) as usize;
    let drawn = parts.iter().zip(["█", "▒", "░"]);
    drawn.map(|(count, sign)| sign.repeat(signs(*count))).collect()
}

fn outlook(outlook: Outlook) -> String {
    match outlook {
        Outlook::Unknown => "too little to say".to_owned(),
        Outlook::NoneFree => "now".to_owned(),
        Outlook::Lasts => format!("not within {HORIZON} weeks"),
        Outlook::RunsOut { earliest_weeks, latest_weeks } => match latest_weeks {
            Some(latest) if latest == earliest_weeks => format!("in {}", weeks(latest)),
            Some(latest) => format!("in {earliest_weeks}–{latest} weeks"),
            None => format!("in {} or later", weeks(earliest_weeks)),
        },
    }
}

fn basis(place: &Capacity) -> String {
    format!("{}, {}", counted(place.events.into(), "event", "events"), weeks(place.weeks))
}

fn weeks(count: u32) -> String {
    counted(count.into(), "week", "weeks")
}

/// The marks, with a word for how it is.
fn watched<'a>(marks: impl Iterator<Item = &'a LowWaterMark>) -> String {
    let line = |mark: &LowWaterMark| {
        let word = if mark.too_few { "too few" } else { "enough " };
        format!("{word}  {mark}")
    };
    let lines: Vec<String> = marks.map(line).collect();
    if lines.is_empty() {
        return hint::completed(
            "No low-water mark is set; `numberd low-water-mark 20` says that 20 should be free.",
        );
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{bar, outlook};
    use crate::domain::forecast::Outlook;

    #[test]
    fn a_bar_shows_the_least_number_and_no_sign_for_none() {
        assert_eq!(bar([100, 0, 100], 200), "██████████░░░░░░░░░░");
        assert_eq!(bar([1, 1, 0], 4000), "█▒");
        assert_eq!(bar([0, 0, 0], 0), "");
    }

    #[test]
    fn a_range_of_one_week_is_said_as_one() {
        let runs_out = |earliest_weeks, latest_weeks| {
            outlook(Outlook::RunsOut { earliest_weeks, latest_weeks })
        };
        assert_eq!(runs_out(5, Some(9)), "in 5–9 weeks");
        assert_eq!(runs_out(5, Some(5)), "in 5 weeks");
        assert_eq!(runs_out(40, None), "in 40 weeks or later");
        assert_eq!(runs_out(1, None), "in 1 week or later");
    }
}

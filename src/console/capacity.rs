//! Where numbers are short, when they run out, which blocks are whole, and who has how many.

use super::capacity_pictures::{Curve, HeatMap, Thousand};
use super::filter::NumbersFilter;
use super::lists::address;
use super::page::{Chrome, Visit};
use super::pictures::{BarRow, Bars};
use super::reply::Failure;
use super::words;
use crate::domain::capacity::{Capacity, LowWaterMark, PlaceCount};
use crate::domain::forecast::Outlook;
use crate::domain::phone_number::{Property, Usage};
use crate::http::Answer;
use crate::store::capacity::{self, Supply};
use crate::store::suggestions::{self, Suggestion};
use crate::store::{ReadTx, instances};
use askama::Template;
use serde::{Deserialize, Serialize};

/// How many bars a picture has; the others are in the table.
const BARS: usize = 30;

/// How many people the table has; the list of people has all.
const PEOPLE: usize = 100;

/// What the page's address says: whose course is shown.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct Chosen {
    city: String,
    usage: String,
}

/// A place: what it is called, and when it runs out.
pub(super) struct Line {
    place: Capacity,
    pub(super) label: String,
    /// The page with the course of this place.
    pub(super) address: String,
    chosen: bool,
    pub(super) outlook: String,
}

#[derive(Template)]
#[template(path = "capacity.html", blocks = ["region"])]
struct CapacityPage<'a> {
    chrome: &'a Chrome,
    marks: Vec<LowWaterMark>,
    bars: Bars,
    /// How many are free of what each mark is about.
    mark_bars: Bars,
    lines: Vec<Line>,
    /// The place whose course is shown, and the course.
    course: Option<(String, String, Curve)>,
    heat: HeatMap,
    thousands: Vec<Thousand>,
    /// The people with the most numbers, and how many others there are.
    people: Vec<Suggestion>,
    people_left_out: usize,
    people_bars: Bars,
    median: f64,
}

/// Answers `GET capacity`.
pub(super) fn show(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let (chrome, instance_id) = (&visit.chrome, visit.instance_id());
    instances::find(tx, instance_id)?;
    let supply = capacity::supply(tx, instance_id)?;
    let chosen = chosen(&supply, &visit.query()?);
    let lines: Vec<Line> =
        supply.listed().enumerate().map(|(at, place)| line(chrome, place, chosen == at)).collect();
    let course = lines.get(chosen).zip(supply.places.get(chosen)).map(|(line, (_, course))| {
        let curve = Curve::new(course, line.place.low_water_mark, tx.now());
        (line.label.clone(), line.outlook.clone(), curve)
    });
    let thousands = Thousand::all(&capacity::blocks(tx, instance_id)?);
    let mut people = suggestions::users(tx, instance_id, "", u32::MAX.into())?;
    people.sort_by_key(|person| std::cmp::Reverse(person.numbers));
    let median = median(&people);
    let people_left_out = people.len().saturating_sub(PEOPLE);
    people.truncate(PEOPLE);
    let template = CapacityPage {
        chrome,
        bars: Bars::new(chrome.t, lines.iter().take(BARS).map(|line| bar(chrome, line))),
        lines,
        course,
        heat: HeatMap::new(&thousands),
        thousands,
        people_bars: Bars::new(
            chrome.t,
            people.iter().take(BARS).map(|one| person(chrome, one, median)),
        ),
        people,
        people_left_out,
        median,
        mark_bars: Bars::new(chrome.t, supply.marks.iter().map(|mark| marked(chrome, mark))),
        marks: supply.marks,
    };
    chrome.page_or_region(&template, &template.as_region())
}

/// The place that the address names; else the one that runs out first, else the largest.
fn chosen(supply: &Supply, wanted: &Chosen) -> usize {
    let named = supply
        .places
        .iter()
        .position(|(count, _)| count.city == wanted.city && count.usage.name() == wanted.usage);
    let first = || {
        let ends = supply.places.iter().enumerate().filter_map(|(at, (_, course))| {
            match course.forecast.outlook {
                Outlook::RunsOut { earliest_weeks, .. } => Some((earliest_weeks, at)),
                _ => None,
            }
        });
        ends.min().map(|(_, at)| at)
    };
    named.or_else(first).unwrap_or(0)
}

/// The places that run out first, of those of which something can be said; before them those that
/// have run out already.
pub(super) fn first_to_run_out(chrome: &Chrome, supply: &Supply, most: usize) -> Vec<Line> {
    let mut ends: Vec<(u32, Capacity)> = supply
        .listed()
        .filter_map(|place| match place.outlook {
            Outlook::RunsOut { earliest_weeks, .. } => Some((earliest_weeks, place)),
            Outlook::NoneFree => Some((0, place)),
            Outlook::Unknown | Outlook::Lasts => None,
        })
        .collect();
    ends.sort_by_key(|(weeks, _)| *weeks);
    ends.into_iter().take(most).map(|(_, place)| line(chrome, place, false)).collect()
}

fn line(chrome: &Chrome, place: Capacity, chosen: bool) -> Line {
    let PlaceCount { city, usage, .. } = &place.count;
    let own = Chosen { city: city.clone(), usage: usage.name().to_owned() };
    let place_address = address(&chrome.to("capacity"), &own);
    Line {
        label: format!("{} · {}", place_name(chrome, city), words::usage(chrome.t, Some(*usage))),
        address: format!("{place_address}#course"),
        chosen,
        outlook: outlook(chrome, place.outlook),
        place,
    }
}

/// How many are free of what a mark is about.
fn marked(chrome: &Chrome, mark: &LowWaterMark) -> BarRow {
    let mut filter = NumbersFilter::default();
    for (property, value) in [(Property::State, "free"), (Property::Active, "true")] {
        filter.toggle(property, value);
    }
    if let Some(city) = &mark.city {
        filter.toggle(Property::City, city);
    }
    for usage in Usage::ALL {
        if mark.usage.map_or(usage.dials_out(), |own| own == usage) {
            filter.toggle(Property::Usage, usage.name());
        }
    }
    BarRow {
        label: chrome.t.mark(mark),
        address: address(&chrome.to("numbers"), &filter),
        parts: vec![("free", mark.free.into())],
        mark: Some(mark.least.into()),
        count: format!("{} / {}", mark.free, mark.least),
    }
}

pub(super) fn place_name(chrome: &Chrome, city: &str) -> String {
    if city.is_empty() { chrome.t.say("none").to_string() } else { city.to_owned() }
}

fn outlook(chrome: &Chrome, outlook: Outlook) -> String {
    let said = match outlook {
        Outlook::Unknown => chrome.t.say("outlook-unknown"),
        Outlook::NoneFree => chrome.t.say("outlook-none-free"),
        Outlook::Lasts => chrome.t.say("outlook-lasts"),
        Outlook::RunsOut { earliest_weeks, latest_weeks: None } => {
            chrome.t.say("outlook-from").count(earliest_weeks)
        }
        Outlook::RunsOut { earliest_weeks, latest_weeks: Some(latest) } => {
            match earliest_weeks == latest {
                true => chrome.t.say("outlook-one").count(latest),
                false => chrome.t.say("outlook-range").with("from", earliest_weeks).count(latest),
            }
        }
    };
    said.to_string()
}

fn bar(chrome: &Chrome, line: &Line) -> BarRow {
    let count = &line.place.count;
    let mut filter = NumbersFilter::default();
    filter.toggle(Property::City, if count.city.is_empty() { "none" } else { &count.city });
    filter.toggle(Property::Usage, count.usage.name());
    filter.toggle(Property::Active, "true");
    BarRow {
        label: line.label.clone(),
        address: address(&chrome.to("numbers"), &filter),
        parts: parts(count),
        mark: line.place.low_water_mark.map(f64::from),
        count: format!("{} / {}", count.free, count.total()),
    }
}

/// The parts of a bar, each with its class.
pub(super) fn parts(count: &PlaceCount) -> Vec<(&'static str, u64)> {
    vec![
        ("free", count.free.into()),
        ("kept", count.reserved.into()),
        ("bound", count.bound.into()),
        ("personal", count.personal.into()),
    ]
}

fn person(chrome: &Chrome, person: &Suggestion, median: f64) -> BarRow {
    BarRow {
        label: person.name.clone(),
        address: chrome.user(&person.id),
        parts: vec![("personal", person.numbers)],
        mark: Some(median),
        count: person.numbers.to_string(),
    }
}

/// Half of the people have fewer; of people who are sorted.
fn median(people: &[Suggestion]) -> f64 {
    let at = |place: usize| people.get(place).map_or(0, |person| person.numbers) as f64;
    match people.len() {
        0 => 0.0,
        count if count.is_multiple_of(2) => f64::midpoint(at(count / 2 - 1), at(count / 2)),
        count => at(count / 2),
    }
}

impl CapacityPage<'_> {
    /// The numbers of a block, from this page: there are many, so the address is short.
    fn block(&self, prefix: &str) -> String {
        address("numbers", &[("q", prefix)])
    }
}

//! The first page: how many numbers are free, where, and what was done last.

use super::capacity::{Line, first_to_run_out, parts, place_name};
use super::filter::NumbersFilter;
use super::lists::{Pager, address, page_request};
use super::page::{Chrome, Visit};
use super::pictures::{BarRow, Bars};
use super::reply::{self, Failure};
use super::words::{Deed, newest};
use crate::domain::capacity::PlaceCount;
use crate::domain::history::ChangeFilter;
use crate::domain::phone_number::Property;
use crate::domain::reservation::Reservation;
use crate::domain::{Allowed, Page, PageRequest};
use crate::http::Answer;
use crate::store::{ReadTx, capacity, reservations};
use askama::Template;
use serde::{Deserialize, Serialize};

/// How many cities have a bar; the others are in the table.
const BARS: usize = 14;

/// How many places the page names that run out.
const RUN_OUT: usize = 4;

/// How many changes the page is made from.
const CHANGES: u64 = 40;

/// How many of the kept numbers the page names at once.
const KEPT: u64 = 10;

/// What the page's address says.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct TodayFilter {
    /// Which page of the kept numbers.
    kept: u64,
}

#[derive(Template)]
#[template(path = "today.html", blocks = ["region"])]
struct TodayPage<'a> {
    chrome: &'a Chrome,
    free: u32,
    bound: u32,
    personal: u32,
    bars: Bars,
    places: Vec<PlaceCount>,
    runs_out: Vec<Line>,
    /// For how many low-water marks too few numbers are free.
    marks_passed: usize,
    /// The numbers that are kept, the next to be free first.
    kept: Page<Reservation>,
    kept_pager: Pager,
    deeds: Vec<Deed>,
}

/// Answers `GET /console/{instance}/`. Whoever sees only what is their own begins with their own
/// page.
pub(super) fn show(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let (chrome, instance_id) = (&visit.chrome, visit.instance_id());
    if let (Allowed::Own, Some(own)) = (chrome.access.allowed, &chrome.access.user_id) {
        return Ok(reply::see(chrome.user(own.as_str())));
    }
    let supply = capacity::supply(tx, instance_id)?;
    let places: Vec<PlaceCount> = supply.places.iter().map(|(count, _)| count.clone()).collect();
    let wanted: TodayFilter = visit.query()?;
    let shown = PageRequest { size: KEPT, ..page_request(wanted.kept) };
    let kept = reservations::list(tx, instance_id, None, shown)?;
    let sum = |count: fn(&PlaceCount) -> u32| places.iter().map(count).sum();
    let template = TodayPage {
        chrome,
        free: sum(|place| place.free + place.reserved),
        bound: sum(|place| place.bound),
        personal: sum(|place| place.personal),
        bars: Bars::new(
            chrome.t,
            cities(&places).into_iter().take(BARS).map(|city| bar(chrome, city)),
        ),
        kept_pager: Pager::new(&kept, |kept| address(&chrome.to(""), &TodayFilter { kept })),
        kept,
        deeds: newest(tx, chrome, ChangeFilter::default(), CHANGES)?,
        runs_out: first_to_run_out(chrome, &supply, RUN_OUT),
        marks_passed: supply.marks.iter().filter(|mark| mark.too_few).count(),
        places,
    };
    chrome.page_or_region(&template, &template.as_region())
}

/// The cities with all their usages, most numbers first.
fn cities(places: &[PlaceCount]) -> Vec<PlaceCount> {
    let mut cities: Vec<PlaceCount> = Vec::new();
    for place in places {
        match cities.iter_mut().find(|city| city.city == place.city) {
            Some(city) => {
                city.free += place.free;
                city.reserved += place.reserved;
                city.bound += place.bound;
                city.personal += place.personal;
            }
            None => cities.push(place.clone()),
        }
    }
    cities.sort_by_key(|city| std::cmp::Reverse(city.total()));
    cities
}

fn bar(chrome: &Chrome, city: PlaceCount) -> BarRow {
    let mut filter = NumbersFilter::default();
    filter.toggle(Property::City, if city.city.is_empty() { "none" } else { &city.city });
    BarRow {
        label: place_name(chrome, &city.city),
        address: address(&chrome.to("numbers"), &filter),
        parts: parts(&city),
        mark: None,
        count: format!("{} / {}", city.free, city.total()),
    }
}

//! The first page: how many numbers are free, where, and what was done last.

use super::filter::NumbersFilter;
use super::lists::address;
use super::page::{Chrome, Visit};
use super::pictures::Bars;
use super::reply::{self, Failure};
use super::words::{Deed, deeds};
use crate::domain::history::ChangeFilter;
use crate::domain::phone_number::Property;
use crate::domain::reservation::Reservation;
use crate::domain::{Page, PageRequest, Paging};
use crate::http::Answer;
use crate::store::facets::{self, Place};
use crate::store::{ReadTx, changes, reservations};
use askama::Template;

/// How many cities have a bar; the others are in the table.
const BARS: usize = 14;

/// How many lines of the log the page is made from.
const CHANGES: u64 = 40;

/// How many of the kept numbers the page names.
const KEPT: PageRequest = PageRequest { number: 1, size: 10, paging: Paging::Clamp };

/// A city with all its usages.
struct City {
    name: String,
    counts: [u64; 3],
}

#[derive(Template)]
#[template(path = "today.html", blocks = ["region"])]
struct TodayPage<'a> {
    chrome: &'a Chrome,
    free: u64,
    bound: u64,
    personal: u64,
    bars: Bars,
    places: Vec<Place>,
    /// The numbers that are kept, the next to be free first.
    kept: Page<Reservation>,
    deeds: Vec<Deed>,
}

/// Answers `GET /console/{instance}/`.
pub(super) fn show(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let (chrome, instance_id) = (&visit.chrome, visit.instance_id());
    let places = facets::by_place(tx, instance_id)?;
    let filter = ChangeFilter { instance_id: Some(instance_id.clone()), ..ChangeFilter::default() };
    let newest = changes::newest(tx, &filter, CHANGES)?;
    let sum = |count: fn(&Place) -> u64| places.iter().map(count).sum();
    let template = TodayPage {
        chrome,
        free: sum(|place| place.free),
        bound: sum(|place| place.bound),
        personal: sum(|place| place.personal),
        bars: Bars::new(cities(&places).into_iter().take(BARS).map(|city| bar(chrome, city))),
        kept: reservations::list(tx, instance_id, None, KEPT)?,
        deeds: deeds(tx, chrome, newest)?,
        places,
    };
    if chrome.fragment {
        return Ok(reply::html(200, template.as_region().render()?));
    }
    reply::page(&template)
}

/// The cities, most numbers first.
fn cities(places: &[Place]) -> Vec<City> {
    let mut cities: Vec<City> = Vec::new();
    for place in places {
        let counts = [place.free, place.bound, place.personal];
        match cities.iter_mut().find(|city| city.name == place.city) {
            Some(city) => {
                for (sum, count) in city.counts.iter_mut().zip(counts) {
                    *sum += count;
                }
            }
            None => cities.push(City { name: place.city.clone(), counts }),
        }
    }
    cities.sort_by_key(|city| std::cmp::Reverse(city.counts.iter().sum::<u64>()));
    cities
}

fn bar(chrome: &Chrome, city: City) -> (String, String, [u64; 3]) {
    let label = match city.name.as_str() {
        "" => chrome.t.say("none").to_string(),
        name => name.to_owned(),
    };
    let mut filter = NumbersFilter::default();
    filter.toggle(Property::City, if city.name.is_empty() { "none" } else { &city.name });
    (label, address(&chrome.to("numbers"), &filter), city.counts)
}

//! How many numbers of a city and usage can be given, how that went, and how it will go on.
//!
//! A number is *free* here when it is active, nobody holds it, and no reservation keeps it. Numbers
//! for outbound calls, and for calls in both directions, are counted together as able to dial out;
//! inbound numbers are counted apart.

use super::Timestamp;
use super::forecast::{Basis, Forecast, HORIZON, MOST_WEEKS, Outlook, Week};
use super::phone_number::Usage;
use super::reservation;
use serde::Serialize;
use utoipa::ToSchema;

/// The most that a low-water mark asks for.
pub const MOST_MARKED: u32 = 1_000_000;

const DAY: i64 = 24 * 60 * 60 * 1000;
/// A week in milliseconds.
pub const WEEK: i64 = 7 * DAY;

/// When the weeks begin that are looked at.
pub fn first_moment(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.millis() - MOST_WEEKS as i64 * WEEK)
}

/// How many active numbers of a city and usage there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaceCount {
    /// The city; empty if unknown.
    pub city: String,
    /// What the numbers are used for.
    pub usage: Usage,
    /// Held by nobody and kept for nobody.
    pub free: u32,
    /// Held by nobody, but on hold or cooling down.
    pub reserved: u32,
    /// Held by a skill group.
    pub bound: u32,
    /// Held by a user.
    pub personal: u32,
}

impl PlaceCount {
    /// No numbers yet.
    pub fn new(city: &str, usage: Usage) -> Self {
        let city = city.to_owned();
        Self { city, usage, free: 0, reserved: 0, bound: 0, personal: 0 }
    }

    /// The counts of this place and another together.
    #[must_use]
    pub fn plus(self, other: &Self) -> Self {
        Self {
            free: self.free + other.free,
            reserved: self.reserved + other.reserved,
            bound: self.bound + other.bound,
            personal: self.personal + other.personal,
            ..self
        }
    }

    /// All of them.
    pub fn total(&self) -> u32 {
        self.free + self.reserved + self.bound + self.personal
    }
}

/// A city and usage as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Capacity {
    /// The numbers of the place.
    #[serde(flatten)]
    pub count: PlaceCount,
    /// How many should be free at least; null if no mark is set for just this city and usage.
    #[schema(required = true)]
    pub low_water_mark: Option<u32>,
    /// How long the free numbers will last.
    #[serde(flatten)]
    pub outlook: Outlook,
    /// How many weeks the forecast looked at.
    pub weeks: u32,
    /// How many numbers were taken or given back in them.
    pub events: u32,
}

/// How many numbers of a city and usage should be free at least.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LowWaterMark {
    /// The city; null for all cities together.
    #[schema(required = true)]
    pub city: Option<String>,
    /// The usage; null for all numbers that can dial out.
    #[schema(required = true)]
    pub usage: Option<Usage>,
    /// How many should be free at least.
    pub least: u32,
    /// How many active numbers there are: 0 where a city is misspelt, or has none yet.
    pub numbers: u32,
    /// How many are free.
    pub free: u32,
    /// Whether too few are free: fewer than that.
    pub too_few: bool,
    /// The same as `too_few`, as the first release called it.
    pub passed: bool,
}

impl LowWaterMark {
    /// A mark, how many numbers it covers and how many are free.
    pub fn new(
        city: Option<String>,
        usage: Option<Usage>,
        least: u32,
        places: &[PlaceCount],
    ) -> Self {
        let mut mark =
            Self { city, usage, least, numbers: 0, free: 0, too_few: false, passed: false };
        let sum = mark.of(places);
        (mark.numbers, mark.free, mark.too_few) = (sum.total(), sum.free, sum.free < least);
        mark.passed = mark.too_few;
        mark
    }

    /// The numbers that it is about; its usage stands for all of them.
    fn of(&self, places: &[PlaceCount]) -> PlaceCount {
        let covered = places.iter().filter(|place| {
            self.city.as_ref().is_none_or(|city| *city == place.city)
                && self.usage.map_or(place.usage.dials_out(), |usage| usage == place.usage)
        });
        let none = PlaceCount::new(self.city.as_deref().unwrap_or_default(), Usage::Outbound);
        covered.fold(none, |sum, place| sum.plus(place))
    }
}

impl std::fmt::Display for LowWaterMark {
    /// `西安, Outbound: 1 free, at least 5 wanted`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let city = self.city.as_deref().unwrap_or("all cities");
        let usage = self.usage.map_or("able to dial out", Usage::name);
        write!(f, "{city}, {usage}: {} free, at least {} wanted", self.free, self.least)?;
        if self.numbers == 0 { f.write_str("; there is no active number") } else { Ok(()) }
    }
}

/// A stretch of time in which a number could not be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The number; each has its own.
    pub number: i64,
    /// Since when.
    pub from: Timestamp,
    /// Until when: of one that is kept, in the future; `None` when somebody holds it still.
    pub to: Option<Timestamp>,
    /// Whether it was kept: on hold or cooling down. Else somebody held it.
    pub kept: bool,
    /// Whether somebody in particular may take it meanwhile, and so probably will.
    pub promised: bool,
}

/// How many of the numbers that a place has came in one week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrivals {
    /// In which week they came, counted back from now.
    pub weeks_ago: usize,
    /// How many.
    pub numbers: u32,
}

/// All that is known of a place.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// What could not be given when, by number and beginning.
    pub stretches: Vec<Stretch>,
    /// When the numbers came that are there.
    pub arrivals: Vec<Arrivals>,
}

/// When what is known of an office begins, and how it gives numbers.
#[derive(Clone, Copy, Debug)]
pub struct Office {
    /// Now.
    pub now: Timestamp,
    /// When the first number was given or bound. That day is the setting up, which says nothing of
    /// the pace.
    pub began: Timestamp,
    /// For how many days a number that was released cools down.
    pub cool_down_days: u32,
}

/// How a place was and will be.
#[derive(Clone, Debug)]
pub struct Course {
    /// How many were free at the end of each past week; the last is now.
    pub past: Vec<u32>,
    /// What will be.
    pub forecast: Forecast,
}

impl Course {
    /// Works out a place from how many numbers are free there now.
    pub fn new(free: u32, total: u32, office: Office, known: &Records) -> Self {
        let Office { now, cool_down_days, .. } = office;
        let held: Vec<(Timestamp, Option<Timestamp>)> = spells(known, |stretch| !stretch.kept);
        let weeks = weeks(&held, seen_weeks(known, office), now);
        let length = weeks.len();
        let basis = Basis {
            free,
            weeks,
            cool_down: (reservation::days(cool_down_days).as_secs() * 1000)
                .div_ceil(WEEK.unsigned_abs()) as usize,
            kept_until: kept_until(known, now),
        };
        let gone = spells(known, |_| true);
        let mut past: Vec<u32> =
            (1..=length).rev().map(|ago| free_at(ago, total, now, &gone, known)).collect();
        past.push(free);
        Self { past, forecast: basis.forecast() }
    }
}

/// How many whole weeks the place has been there and the office at work, at most [`MOST_WEEKS`].
fn seen_weeks(known: &Records, Office { now, began, .. }: Office) -> usize {
    let there = known.arrivals.iter().map(|came| came.weeks_ago).max().unwrap_or(0);
    let set_up = Timestamp::from_millis(began.millis() + DAY);
    there.min(weeks_ago(set_up, now).unwrap_or(0)).min(MOST_WEEKS)
}

/// How many whole weeks ago; `None` for the future.
fn weeks_ago(moment: Timestamp, now: Timestamp) -> Option<usize> {
    usize::try_from(now.millis() - moment.millis()).ok().map(|past| past / WEEK as usize)
}

/// The stretches of each number joined where one begins before the other has ended: a number that
/// goes from hand to hand was free at no time.
fn spells(
    known: &Records,
    counts: impl Fn(&Stretch) -> bool,
) -> Vec<(Timestamp, Option<Timestamp>)> {
    let mut spells: Vec<(i64, Timestamp, Option<Timestamp>)> = Vec::new();
    for stretch in known.stretches.iter().filter(|stretch| counts(stretch)) {
        match spells.last_mut() {
            Some((number, _, to))
                if *number == stretch.number && to.is_none_or(|to| stretch.from <= to) =>
            {
                *to = to.and_then(|to| stretch.to.map(|later| later.max(to)));
            }
            _ => spells.push((stretch.number, stretch.from, stretch.to)),
        }
    }
    spells.into_iter().map(|(_, from, to)| (from, to)).collect()
}

/// What happened in each week, the oldest first.
fn weeks(held: &[(Timestamp, Option<Timestamp>)], length: usize, now: Timestamp) -> Vec<Week> {
    let mut weeks = vec![Week::default(); length];
    for (from, to) in held {
        if let Some(week) = weeks_ago(*from, now).and_then(|ago| weeks.get_mut(ago)) {
            week.taken += 1;
        }
        if let Some(week) = to.and_then(|to| weeks_ago(to, now)).and_then(|ago| weeks.get_mut(ago))
        {
            week.returned += 1;
        }
    }
    weeks.reverse();
    weeks
}

/// How many were free some weeks ago, of the numbers that are there now.
fn free_at(
    ago: usize,
    total: u32,
    now: Timestamp,
    gone: &[(Timestamp, Option<Timestamp>)],
    known: &Records,
) -> u32 {
    let moment = Timestamp::from_millis(now.millis() - ago as i64 * WEEK);
    let later = known.arrivals.iter().filter(|came| came.weeks_ago < ago).map(|came| came.numbers);
    let away = gone.iter().filter(|(from, to)| *from <= moment && to.is_none_or(|to| to > moment));
    let away = u32::try_from(away.count()).unwrap_or(u32::MAX);
    total.saturating_sub(later.sum()).saturating_sub(away)
}

/// How many of what is kept now, and for nobody who will take it, becomes free in each coming week.
fn kept_until(known: &Records, now: Timestamp) -> Vec<u32> {
    let mut weeks = vec![0; HORIZON];
    for stretch in known.stretches.iter().filter(|stretch| stretch.kept && !stretch.promised) {
        let ahead = stretch.to.and_then(|to| usize::try_from(to.millis() - now.millis()).ok());
        if let Some(week) =
            ahead.filter(|ahead| *ahead > 0).and_then(|ahead| weeks.get_mut(ahead / WEEK as usize))
        {
            *week += 1;
        }
    }
    weeks
}

#[cfg(test)]
mod tests;

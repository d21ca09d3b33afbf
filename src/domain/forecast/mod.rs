//! When free numbers run out, from what was taken and given back in the weeks before.
//!
//! A thousand futures are drawn. The weeks that were seen are only a sample of the office's pace,
//! so each future first draws a past of its own from them, and then its weeks from that past, one
//! after the other. Half of the futures draw from the last weeks only, since the pace may have
//! changed. Every future may have weeks that are busier than all that were seen.
//! The range is made to hold in eight cases of ten, also in kinds of offices that nobody foresaw.
//! The draws come from a fixed seed: the same past gives the same forecast.

use serde::Serialize;
use utoipa::ToSchema;

/// The most weeks that are looked at.
pub const MOST_WEEKS: usize = 26;

/// With fewer weeks, nothing is said.
pub const LEAST_WEEKS: usize = 4;

/// With fewer numbers taken or given back, nothing is said.
pub const LEAST_EVENTS: u32 = 8;

/// How many weeks the forecast reaches.
pub const HORIZON: usize = 52;

const FUTURES: usize = 1000;

/// Of a hundred futures, how many are below the range, and how many below its end. Far more than
/// eight of ten lie in it, since the pace of an office that grows, shrinks, hires now and then or
/// has seasons will not be what it was.
const RANGE: [usize; 2] = [2, 98];

/// What happened in a week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Week {
    /// Free numbers that were given or bound.
    pub taken: u32,
    /// Numbers that became free.
    pub returned: u32,
}

/// What a forecast is made from.
#[derive(Clone, Debug, Default)]
pub struct Basis {
    /// How many are free now.
    pub free: u32,
    /// The weeks that were looked at.
    pub weeks: Vec<Week>,
    /// For how many weeks a returned number cools down.
    pub cool_down: usize,
    /// How many of the numbers that are kept now become free in the next week, the one after, ….
    pub kept_until: Vec<u32>,
}

/// How many numbers will be free at the end of a week, in eight cases of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The low end of the range.
    pub low: u32,
    /// Half of the futures have fewer.
    pub middle: u32,
    /// The high end.
    pub high: u32,
}

/// When free numbers run out, and what that is known from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// What will be.
    pub outlook: Outlook,
    /// How many weeks were looked at.
    pub weeks: u32,
    /// How many numbers were taken or given back in them.
    pub events: u32,
    /// The weeks ahead; empty when nothing is said.
    pub band: Vec<Band>,
}

/// What will be of the free numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "outlook", rename_all = "snake_case")]
pub enum Outlook {
    /// Too little has happened to say.
    Unknown,
    /// None is free now.
    NoneFree,
    /// They run out in this number of weeks; in eight cases of ten, between these.
    RunsOut {
        /// In how many weeks at the earliest.
        earliest_weeks: u32,
        /// And at the latest; null if that is more than a year.
        latest_weeks: Option<u32>,
    },
    /// They last for a year, most likely.
    Lasts,
}

impl Basis {
    /// The forecast.
    pub fn forecast(&self) -> Forecast {
        let events = self.weeks.iter().map(|week| week.taken + week.returned).sum();
        let known = self.weeks.len() >= LEAST_WEEKS && events >= LEAST_EVENTS;
        let (ends, band) = if known { self.futures() } else { (Vec::new(), Vec::new()) };
        let outlook = match ends.as_slice() {
            _ if self.free == 0 => Outlook::NoneFree,
            [Some(earliest), latest] => {
                Outlook::RunsOut { earliest_weeks: *earliest, latest_weeks: *latest }
            }
            [..] if known => Outlook::Lasts,
            _ => Outlook::Unknown,
        };
        let weeks = u32::try_from(self.weeks.len()).unwrap_or(u32::MAX);
        Forecast { outlook, weeks, events, band }
    }

    /// The ends of the range of weeks in which they run out, and how many are free until then.
    fn futures(&self) -> (Vec<Option<u32>>, Vec<Band>) {
        let mut draws = Draws(0x6e75_6d62_6572_6421);
        let records = Week {
            taken: self.record(|week| week.taken),
            returned: self.record(|week| week.returned),
        };
        let mut free: Vec<Vec<u32>> = vec![Vec::new(); HORIZON];
        let mut ends: Vec<usize> = (0..FUTURES)
            .map(|_| {
                let course = self.future(records, &mut draws);
                free.iter_mut().zip(&course).for_each(|(week, count)| week.push(*count));
                course.iter().position(|count| *count == 0).unwrap_or(HORIZON)
            })
            .collect();
        ends.sort_unstable();
        let in_range = RANGE.map(|percent| place(&ends, percent));
        let week = |end: usize| (end < HORIZON).then(|| u32::try_from(end + 1).unwrap_or(u32::MAX));
        let band = free.into_iter().map(|mut counts| {
            counts.sort_unstable();
            let [low, high] = RANGE.map(|percent| place(&counts, percent));
            Band { low, middle: place(&counts, 50), high }
        });
        (in_range.map(week).to_vec(), band.collect())
    }

    /// What a week has that is busier than all before: as far beyond the busiest as that is beyond
    /// the mean.
    fn record(&self, of: impl Fn(&Week) -> u32) -> u32 {
        let weeks = self.weeks.len() as u64;
        let most = self.weeks.iter().map(&of).max().unwrap_or_default();
        let all: u64 = self.weeks.iter().map(|week| u64::from(of(week))).sum();
        let mean = (all + weeks / 2) / weeks.max(1);
        most + most.saturating_sub(u32::try_from(mean).unwrap_or(u32::MAX))
    }

    /// The past of one future: weeks out of all, or out of the last few.
    fn pace(&self, draws: &mut Draws) -> Vec<Week> {
        let all = self.weeks.len();
        let seen = match draws.below(2) {
            0 => (LEAST_WEEKS + draws.below(all.saturating_sub(LEAST_WEEKS) + 1)).min(all),
            _ => all,
        };
        let recent = &self.weeks[all - seen..];
        // One draw fewer than there are weeks, because the means of samples this small scatter that
        // much.
        (1..seen).filter_map(|_| draws.one_of(recent)).collect()
    }

    /// How many are free at the end of each week of one future.
    fn future(&self, records: Week, draws: &mut Draws) -> [u32; HORIZON] {
        let pace = self.pace(draws);
        let mut back = [0; HORIZON];
        back.iter_mut().zip(&self.kept_until).for_each(|(week, kept)| *week = *kept);
        let mut free = self.free;
        let mut course = [0; HORIZON];
        for at in 0..HORIZON {
            let mut week = draws.one_of(&pace).unwrap_or_default();
            // This week is as likely to be the busiest of all as any of the weeks before.
            for (count, record) in
                [(&mut week.taken, records.taken), (&mut week.returned, records.returned)]
            {
                if draws.below(self.weeks.len() + 1) == 0 {
                    *count = record;
                }
            }
            if let Some(later) = back.get_mut(at + self.cool_down) {
                *later += week.returned;
            }
            free = (free + back[at]).saturating_sub(week.taken);
            course[at] = free;
        }
        course
    }
}

/// The value that this percentage is below.
fn place<T: Copy + Default>(sorted: &[T], percent: usize) -> T {
    sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default()
}

/// SplitMix64: small, and the same on every machine.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below another.
    fn below(&mut self, count: usize) -> usize {
        // The high half of the product is below it.
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let at = self.below(all.len());
        all.get(at).copied()
    }
}

#[cfg(test)]
mod tests;

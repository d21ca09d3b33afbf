//! The pictures of the page on capacity: free numbers over time, and blocks of a hundred.

use crate::domain::Timestamp;
use crate::domain::capacity::{Course, WEEK};
use crate::domain::forecast::Band;
use crate::store::capacity::Block;

/// How many weeks ahead are drawn.
const AHEAD: usize = 26;

const WIDTH: i64 = 640;
const TOP: i64 = 30;

/// Where the curve begins, right of its scale.
const LEFT: i64 = 44;
const HEIGHT: i64 = 190;

/// A day over the curve.
#[derive(Debug)]
pub(super) struct Tick {
    pub(super) x: i64,
    pub(super) label: String,
    pub(super) anchor: &'static str,
}

#[derive(Debug)]
pub(super) struct CurveWeek {
    /// When it ends.
    pub(super) end: Timestamp,
    /// How many were free then, or will be: at least, about, at most.
    pub(super) free: Result<u32, Band>,
}

/// How many were and will be free.
#[derive(Debug)]
pub(super) struct Curve {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) base: i64,
    pub(super) ticks: Vec<Tick>,
    /// The scale: where, and how many.
    pub(super) levels: Vec<(i64, u32)>,
    /// Points of the past, of the range ahead all around, and of its middle.
    pub(super) past: String,
    pub(super) band: String,
    pub(super) middle: String,
    /// Where the low-water mark is.
    pub(super) mark: Option<i64>,
    pub(super) weeks: Vec<CurveWeek>,
}

impl Curve {
    pub(super) fn new(course: &Course, mark: Option<u32>, now: Timestamp) -> Self {
        let ahead = &course.forecast.band[..course.forecast.band.len().min(AHEAD)];
        let last = course.past.len().saturating_sub(1);
        let steps = (last + ahead.len()).max(1);
        let counts = course.past.iter().copied().chain(ahead.iter().map(|band| band.high));
        let most = counts.chain(mark).max().unwrap_or(0).max(1);
        let x = |week: usize| LEFT + week as i64 * (WIDTH - LEFT - 10) / steps as i64;
        let y = |free: u32| TOP + HEIGHT - i64::from(free) * HEIGHT / i64::from(most);
        let point = |(week, free): (usize, u32)| format!("{},{}", x(week), y(free));
        let line = |points: &mut dyn Iterator<Item = (usize, u32)>| {
            points.map(point).collect::<Vec<_>>().join(" ")
        };
        let present = course.past.last().map(|free| (last, *free));
        let along = |count: fn(&Band) -> u32| {
            ahead.iter().enumerate().map(move |(week, band)| (last + 1 + week, count(band)))
        };
        let around = present
            .into_iter()
            .chain(along(|band| band.high))
            .chain(along(|band| band.low).collect::<Vec<_>>().into_iter().rev());
        let end =
            |week: usize| Timestamp::from_millis(now.millis() + (week as i64 - last as i64) * WEEK);
        let tick = |week: usize, anchor| Tick { x: x(week), label: end(week).day(), anchor };
        let mut ticks = vec![tick(0, "start")];
        if !ahead.is_empty() {
            ticks.extend([tick(last, "middle"), tick(steps, "end")]);
        } else if last > 0 {
            ticks.push(tick(last, "end"));
        }
        let past = course.past.iter().map(|free| Ok(*free));
        let weeks = past.chain(ahead.iter().map(|band| Err(*band))).enumerate();
        Self {
            width: WIDTH,
            height: TOP + HEIGHT + 4,
            base: TOP + HEIGHT,
            ticks,
            levels: levels(most).into_iter().map(|free| (y(free), free)).collect(),
            past: line(&mut course.past.iter().copied().enumerate()),
            band: if ahead.is_empty() { String::new() } else { line(&mut around.into_iter()) },
            middle: line(&mut present.into_iter().chain(along(|band| band.middle))),
            mark: mark.map(y),
            weeks: weeks.map(|(week, free)| CurveWeek { end: end(week), free }).collect(),
        }
    }
}

/// The counts at the scale, without repeats.
fn levels(most: u32) -> Vec<u32> {
    let mut levels = vec![0, most.div_ceil(2), most];
    levels.dedup();
    levels
}

/// A line of the table below the picture: the blocks of a thousand by their last digit, each with
/// how many are free and how many there are.
#[derive(Debug)]
pub(super) struct Thousand {
    /// What their numbers begin with.
    pub(super) prefix: String,
    pub(super) blocks: [Option<(u32, u32)>; 10],
    /// A block that is masked or very short, and so belongs to no thousand.
    pub(super) alone: Option<(u32, u32)>,
}

impl Thousand {
    /// All of them, in order.
    pub(super) fn all(blocks: &[Block]) -> Vec<Self> {
        let mut lines: Vec<Self> = Vec::new();
        for block in blocks {
            let counts = Some((block.free, block.numbers));
            let last = block.prefix.char_indices().next_back();
            let digit = last.and_then(|(end, last)| Some((end, last.to_digit(10)? as usize)));
            let (prefix, alone) = match digit {
                Some((end, _)) => (&block.prefix[..end], None),
                None => (block.prefix.as_str(), counts),
            };
            if alone.is_some() || lines.last().is_none_or(|line| line.prefix != prefix) {
                lines.push(Self { prefix: prefix.to_owned(), blocks: [None; 10], alone });
            }
            if let (Some(line), Some((_, at))) = (lines.last_mut(), digit) {
                line.blocks[at] = counts;
            }
        }
        lines
    }
}

/// A block of a hundred.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) class: &'static str,
    pub(super) block: String,
    pub(super) count: String,
}

/// Blocks of a hundred: a line for each thousand.
#[derive(Debug)]
pub(super) struct HeatMap {
    pub(super) width: i64,
    pub(super) height: i64,
    /// Where the lines are, and what their numbers begin with.
    pub(super) lines: Vec<(i64, String)>,
    pub(super) cells: Vec<Cell>,
    /// The next digit, over its column.
    pub(super) digits: Vec<(i64, i64)>,
    /// The thousands that did not fit.
    pub(super) left_out: usize,
}

/// How many thousands are drawn.
const LINES: usize = 80;

/// A block with the gap to the next; large enough for a finger.
const STEP: i64 = 28;

/// Where the blocks begin, right of the names and below the digits.
const NAMES: i64 = 120;
const HEAD: i64 = 18;

impl HeatMap {
    pub(super) fn new(blocks: &[Block]) -> Self {
        let mut thousands: Vec<&str> = Vec::new();
        let mut cells = Vec::new();
        for block in blocks {
            let Some((end, digit)) = block.prefix.char_indices().next_back() else { continue };
            let (Some(column), thousand) = (digit.to_digit(10), &block.prefix[..end]) else {
                continue;
            };
            if thousands.last() != Some(&thousand) {
                thousands.push(thousand);
            }
            if thousands.len() > LINES {
                continue;
            }
            cells.push(Cell {
                x: NAMES + i64::from(column) * STEP,
                y: HEAD + (thousands.len() as i64 - 1) * STEP,
                class: shade(block.free, block.numbers),
                block: block.prefix.clone(),
                count: format!("{} / {}", block.free, block.numbers),
            });
        }
        let shown = thousands.len().min(LINES);
        let lines = thousands[..shown].iter().enumerate();
        let line = |(at, text): (usize, &&str)| (HEAD + at as i64 * STEP + 16, format!("{text}…"));
        Self {
            width: NAMES + 10 * STEP,
            height: HEAD + shown as i64 * STEP,
            lines: lines.map(line).collect(),
            cells,
            digits: (0..10).map(|digit| (NAMES + digit * STEP + 12, digit)).collect(),
            left_out: thousands.len() - shown,
        }
    }
}

/// The more of it is free, the darker.
fn shade(free: u32, numbers: u32) -> &'static str {
    match free * 4 / numbers.max(1) {
        _ if free == 0 => "h0",
        0 => "h1",
        1 => "h2",
        2 | 3 => "h3",
        _ => "h4",
    }
}

#[cfg(test)]
mod tests {
    use super::levels;

    #[test]
    fn no_count_is_at_the_scale_twice() {
        assert_eq!(levels(1), [0, 1]);
        assert_eq!(levels(9), [0, 5, 9]);
    }
}

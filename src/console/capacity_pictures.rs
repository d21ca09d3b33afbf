//! The pictures of the page on capacity: free numbers over time, and blocks of a hundred.

use crate::domain::Timestamp;
use crate::domain::capacity::{Course, WEEK};
use crate::domain::forecast::Band;
use crate::store::capacity::Block;
use std::collections::HashMap;

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
    /// All of them, in the order of the first block of each: those of numbers of another length are
    /// between those of one thousand.
    pub(super) fn all(blocks: &[Block]) -> Vec<Self> {
        let mut lines: Vec<Self> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for block in blocks {
            let counts = Some((block.free, block.numbers));
            let last = block.prefix.char_indices().next_back();
            let digit = last.and_then(|(end, last)| Some((end, last.to_digit(10)? as usize)));
            let Some((end, digit)) = digit else {
                let prefix = block.prefix.clone();
                lines.push(Self { prefix, blocks: [None; 10], alone: counts });
                continue;
            };
            let prefix = &block.prefix[..end];
            let place = *places.entry(prefix).or_insert_with(|| {
                lines.push(Self { prefix: prefix.to_owned(), blocks: [None; 10], alone: None });
                lines.len() - 1
            });
            lines[place].blocks[digit] = counts;
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
    pub(super) fn new(thousands: &[Thousand]) -> Self {
        let drawn = || thousands.iter().filter(|line| line.alone.is_none());
        let mut cells = Vec::new();
        for (row, thousand) in drawn().take(LINES).enumerate() {
            let blocks = thousand.blocks.iter().enumerate();
            cells.extend(blocks.filter_map(|(digit, counts)| {
                let (free, numbers) = (*counts)?;
                Some(Cell {
                    x: NAMES + digit as i64 * STEP,
                    y: HEAD + row as i64 * STEP,
                    class: shade(free, numbers),
                    block: format!("{}{digit}", thousand.prefix),
                    count: format!("{free} / {numbers}"),
                })
            }));
        }
        let (count, shown) = (drawn().count(), drawn().count().min(LINES));
        let lines = drawn().take(LINES).enumerate();
        let line = |(at, thousand): (usize, &Thousand)| {
            (HEAD + at as i64 * STEP + 16, format!("{}…", thousand.prefix))
        };
        Self {
            width: NAMES + 10 * STEP,
            height: HEAD + shown as i64 * STEP,
            lines: lines.map(line).collect(),
            cells,
            digits: (0..10).map(|digit| (NAMES + digit * STEP + 12, digit)).collect(),
            left_out: count - shown,
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
    use super::{HeatMap, Thousand, levels};
    use crate::store::capacity::Block;

    #[test]
    fn no_count_is_at_the_scale_twice() {
        assert_eq!(levels(1), [0, 1]);
        assert_eq!(levels(9), [0, 5, 9]);
    }

    /// The lines of these blocks, each with the digits of its blocks; none for one alone.
    fn lines(prefixes: &[&str]) -> Vec<(String, Vec<usize>)> {
        let block = |prefix: &&str| Block { prefix: (*prefix).to_owned(), numbers: 2, free: 1 };
        let thousands = Thousand::all(&prefixes.iter().map(block).collect::<Vec<_>>());
        let map = HeatMap::new(&thousands);
        let drawn = thousands.iter().filter(|line| line.alone.is_none());
        let named: Vec<String> = drawn.map(|line| format!("{}…", line.prefix)).collect();
        assert!(map.lines.iter().map(|(_, name)| name).eq(&named), "{:?}", map.lines);
        let whole = map.cells.iter().map(|cell| cell.block.as_str());
        assert_eq!(whole.count() + thousands.len() - named.len(), prefixes.len());
        let digits = |line: &Thousand| (0..10).filter(|at| line.blocks[*at].is_some()).collect();
        thousands.iter().map(|line| (line.prefix.clone(), digits(line))).collect()
    }

    #[test]
    fn a_thousand_has_one_line_whatever_numbers_are_between_its_own() {
        let line = |prefix: &str, digits: &[usize]| (prefix.to_owned(), digits.to_vec());
        assert_eq!(lines(&["083x", "083x1"]), [line("083x", &[]), line("083x", &[1])]);
        assert_eq!(lines(&["", "1"]), [line("", &[]), line("", &[1])]);
        assert_eq!(
            lines(&["08310", "083101", "08311"]),
            [line("0831", &[0, 1]), line("08310", &[1])]
        );
    }
}

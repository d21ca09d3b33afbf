//! Pictures as SVG: what their templates need, in thousandths of the width. Each picture is shown
//! beside its table. The names and counts beside the bars are text of the page, so that they stay
//! legible however narrow it is.

use super::texts::Texts;
use crate::domain::Timestamp;

/// A stretch of time with a name.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) label: String,
    pub(super) from: Timestamp,
    pub(super) to: Option<Timestamp>,
}

/// A stretch as it is drawn.
#[derive(Debug)]
pub(super) struct TimeBar {
    pub(super) x: i64,
    pub(super) width: i64,
    pub(super) title: String,
}

/// The stretches of one name.
#[derive(Debug)]
pub(super) struct TimeLine {
    pub(super) label: String,
    pub(super) bars: Vec<TimeBar>,
}

/// Who or what was there when: a line for each name, in the order of the first stretch.
#[derive(Debug)]
pub(super) struct Timeline {
    /// The days at the beginning, in the middle and at the end.
    pub(super) ticks: [Timestamp; 3],
    pub(super) lines: Vec<TimeLine>,
}

/// How wide a picture is.
const WIDTH: i64 = 1000;

/// The least width of what is there.
const LEAST: i64 = 6;

/// How many names a timeline shows.
const NAMES: usize = 20;

impl Timeline {
    pub(super) fn new(spans: &[Span], now: Timestamp) -> Self {
        let first = spans.iter().map(|span| span.from.millis()).min().unwrap_or(now.millis());
        let length = (now.millis() - first).max(1);
        let place = |moment: i64| (moment - first) * WIDTH / length;
        let mut lines: Vec<TimeLine> = Vec::new();
        for span in spans {
            let known = lines.iter().position(|line| line.label == span.label);
            if known.is_none() && lines.len() == NAMES {
                continue;
            }
            let at = known.unwrap_or_else(|| {
                lines.push(TimeLine { label: span.label.clone(), bars: Vec::new() });
                lines.len() - 1
            });
            let end = place(span.to.map_or(now.millis(), Timestamp::millis));
            let x = place(span.from.millis()).min(WIDTH - LEAST);
            let until = span.to.map(|to| to.day()).unwrap_or_default();
            lines[at].bars.push(TimeBar {
                x,
                width: (end - x).max(LEAST),
                title: format!("{} {}–{until}", span.label, span.from.day()),
            });
        }
        let ticks = [first, first + length / 2, now.millis()].map(Timestamp::from_millis);
        Self { ticks, lines }
    }
}

#[derive(Debug)]
pub(super) struct BarRow {
    pub(super) label: String,
    pub(super) address: String,
    /// Its parts, each with its class.
    pub(super) parts: Vec<(&'static str, u64)>,
    /// Where a line crosses it.
    pub(super) mark: Option<f64>,
    /// What is written behind it.
    pub(super) count: String,
}

impl BarRow {
    fn total(&self) -> u64 {
        self.parts.iter().map(|(_, count)| count).sum()
    }

    /// How far it reaches, with its mark.
    fn length(&self) -> f64 {
        (self.total() as f64).max(self.mark.unwrap_or(0.0))
    }
}

#[derive(Debug)]
pub(super) struct Part {
    pub(super) class: &'static str,
    pub(super) x: i64,
    pub(super) width: i64,
}

#[derive(Debug)]
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) address: String,
    pub(super) parts: Vec<Part>,
    pub(super) mark_x: Option<i64>,
    /// Whether it is longer than the picture is wide.
    pub(super) cut: bool,
    pub(super) count: String,
}

/// Bars under one another, to one scale.
#[derive(Debug)]
pub(super) struct Bars {
    pub(super) bars: Vec<Bar>,
    pub(super) cut_hint: String,
}

/// A bar that is this many times as long as the next is cut off, so that the next can be seen.
const TOWERING: f64 = 4.0;

impl Bars {
    pub(super) fn new(t: Texts, rows: impl Iterator<Item = BarRow>) -> Self {
        let rows: Vec<BarRow> = rows.collect();
        let most = scale(&rows);
        let bars = rows.into_iter().map(|row| Bar::new(row, most)).collect();
        Self { bars, cut_hint: t.say("bars-cut").to_string() }
    }

    pub(super) fn is_cut(&self) -> bool {
        self.bars.iter().any(|bar| bar.cut)
    }
}

/// What the whole width stands for: the longest bar or mark, except for a few that tower above the
/// others.
fn scale(rows: &[BarRow]) -> f64 {
    let mut lengths: Vec<f64> =
        rows.iter().map(BarRow::length).filter(|long| *long > 0.0).collect();
    lengths.sort_unstable_by(|one, other| other.total_cmp(one));
    let towers = lengths.windows(2).take(lengths.len() / 3);
    let towers = towers.take_while(|pair| pair[0] > TOWERING * pair[1]).count();
    let longest = lengths.get(towers).copied().unwrap_or(1.0);
    // What is cut off is longer than whatever is not.
    if towers > 0 { longest * 1.15 } else { longest }
}

impl Bar {
    fn new(row: BarRow, most: f64) -> Self {
        let cut = row.length() > most;
        let scale = most.max(row.total() as f64);
        let place = |count: f64| ((count * WIDTH as f64 / scale) as i64).min(WIDTH);
        let mut x = 0;
        let mut ends = 0;
        let mut parts = Vec::new();
        for (class, count) in row.parts.into_iter().filter(|(_, count)| *count > 0) {
            ends += count;
            let width = (place(ends as f64) - x).max(LEAST);
            parts.push(Part { class, x, width });
            x += width;
        }
        let mark_x = row.mark.map(|mark| place(mark).clamp(1, WIDTH - 1));
        let (label, address, count) = (row.label, row.address, row.count);
        Self { label, address, parts, mark_x, cut, count }
    }
}

#[cfg(test)]
mod tests {
    use super::{BarRow, Bars, LEAST, Texts, WIDTH};

    fn bars(rows: &[(&[u64], Option<f64>)]) -> Bars {
        let row = |(parts, mark): &(&[u64], Option<f64>)| BarRow {
            label: String::new(),
            address: String::new(),
            parts: parts.iter().map(|count| ("free", *count)).collect(),
            mark: *mark,
            count: String::new(),
        };
        Bars::new(Texts::default(), rows.iter().map(row))
    }

    fn ends(bars: &Bars) -> Vec<i64> {
        bars.bars.iter().map(|bar| bar.parts.iter().map(|part| part.width).sum()).collect()
    }

    #[test]
    fn a_city_that_towers_above_the_others_is_cut_off_and_leaves_them_visible() {
        let towering = bars(&[(&[50_000, 40_000], None), (&[40], None), (&[20, 1], None)]);
        assert_eq!(
            towering.bars.iter().map(|bar| bar.cut).collect::<Vec<_>>(),
            [true, false, false]
        );
        let ends = ends(&towering);
        assert!(ends[0] == WIDTH && ends[1] > 800 && ends[2] > 400, "{ends:?}");
        let usual = bars(&[(&[100], None), (&[50], None), (&[1], None), (&[0], None)]);
        assert!(!usual.is_cut());
        assert_eq!(self::ends(&usual), [WIDTH, WIDTH / 2, WIDTH / 100, 0]);
    }

    #[test]
    fn whatever_there_is_can_be_seen_and_a_mark_is_where_its_count_is() {
        let few = bars(&[(&[999, 1], None), (&[500], Some(750.0)), (&[1], None)]);
        assert_eq!(few.bars[0].parts[1].width, LEAST);
        assert_eq!(few.bars[1].mark_x, Some(750));
        assert_eq!(ends(&few)[2], LEAST);
        let asked = bars(&[(&[0], Some(8.0)), (&[4], Some(2.0))]);
        assert_eq!(asked.bars[0].mark_x, Some(WIDTH - 1));
        assert_eq!((asked.bars[1].mark_x, ends(&asked)[1]), (Some(250), 500));
    }
}

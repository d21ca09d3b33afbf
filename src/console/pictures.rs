//! Pictures as SVG: what their templates need, in whole pixels. Each is beside its table.

use crate::domain::Timestamp;

/// A stretch of time with a name.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) label: String,
    pub(super) from: Timestamp,
    pub(super) to: Option<Timestamp>,
}

#[derive(Debug)]
pub(super) struct Tick {
    pub(super) x: i64,
    pub(super) label: String,
    pub(super) anchor: &'static str,
}

#[derive(Debug)]
pub(super) struct TimeBar {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) label: String,
    pub(super) text_y: i64,
    pub(super) title: String,
}

/// Who or what was there when: a line for each name, in the order of the first stretch.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) ticks: Vec<Tick>,
    pub(super) bars: Vec<TimeBar>,
}

/// Where the bars begin, right of the names.
const LEFT: i64 = 150;
pub(super) const WIDTH: i64 = 640;
const LINE: i64 = 22;
pub(super) const TOP: i64 = 24;

/// How many names a timeline shows.
const NAMES: usize = 20;

impl Timeline {
    pub(super) fn new(spans: Vec<Span>, now: Timestamp) -> Self {
        let first = spans.iter().map(|span| span.from.millis()).min().unwrap_or(now.millis());
        let length = (now.millis() - first).max(1);
        let place = |moment: i64| LEFT + (moment - first) * (WIDTH - LEFT) / length;
        let mut names: Vec<&str> = Vec::new();
        let mut bars = Vec::new();
        for span in &spans {
            let known = names.iter().position(|name| *name == span.label);
            if known.is_none() && names.len() == NAMES {
                continue;
            }
            let line = known.unwrap_or_else(|| {
                names.push(&span.label);
                names.len() - 1
            });
            let y = TOP + i64::try_from(line).unwrap_or_default() * LINE;
            let x = place(span.from.millis());
            let end = place(span.to.map_or(now.millis(), Timestamp::millis));
            let until = span.to.map(|to| to.day()).unwrap_or_default();
            bars.push(TimeBar {
                x,
                y,
                width: (end - x).max(2),
                label: if known.is_none() { shortened(&span.label) } else { String::new() },
                text_y: y + 11,
                title: format!("{} {}–{until}", span.label, span.from.day()),
            });
        }
        let height = TOP + i64::try_from(names.len()).unwrap_or_default() * LINE;
        let tick = |moment, anchor| Tick {
            x: place(moment),
            label: Timestamp::from_millis(moment).day(),
            anchor,
        };
        let ticks = vec![
            tick(first, "start"),
            tick(first + length / 2, "middle"),
            tick(now.millis(), "end"),
        ];
        Self { width: WIDTH, height, ticks, bars }
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 18;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What a bar shows.
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

/// A part of a bar.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) class: &'static str,
    pub(super) x: i64,
    pub(super) width: i64,
}

/// A bar as it is drawn.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) address: String,
    pub(super) y: i64,
    pub(super) parts: Vec<Part>,
    pub(super) mark_x: Option<i64>,
    pub(super) count_x: i64,
    pub(super) count: String,
}

/// Bars under one another, to one scale.
#[derive(Debug)]
pub(super) struct Bars {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) bars: Vec<Bar>,
}

impl Bars {
    pub(super) fn new(rows: impl Iterator<Item = BarRow>) -> Self {
        let rows: Vec<BarRow> = rows.collect();
        let sum = |row: &BarRow| row.parts.iter().map(|(_, count)| count).sum::<u64>() as f64;
        let ends = rows.iter().map(|row| sum(row).max(row.mark.unwrap_or(0.0)));
        let most = ends.fold(1.0, f64::max);
        let place = |count: f64| LEFT + (count * (WIDTH - LEFT - 90) as f64 / most) as i64;
        let drawn = |(line, row): (usize, BarRow)| {
            let mut ends = 0;
            let mut parts: Vec<Part> = Vec::new();
            for (class, count) in &row.parts {
                let x = place(ends as f64);
                ends += count;
                parts.push(Part { class, x, width: place(ends as f64) - x });
            }
            let mark_x = row.mark.map(place);
            Bar {
                label: shortened(&row.label),
                address: row.address,
                y: line as i64 * LINE + 3,
                parts,
                mark_x,
                count_x: place(ends as f64).max(mark_x.unwrap_or(0)) + 6,
                count: row.count,
            }
        };
        let bars: Vec<Bar> = rows.into_iter().enumerate().map(drawn).collect();
        Self { width: WIDTH, height: bars.len() as i64 * LINE, bars }
    }
}

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
const WIDTH: i64 = 640;
const LINE: i64 = 22;
const TOP: i64 = 24;

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

/// One bar of a picture in three parts.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) address: String,
    pub(super) y: i64,
    pub(super) text_y: i64,
    pub(super) free: (i64, i64),
    pub(super) bound: (i64, i64),
    pub(super) personal: (i64, i64),
    pub(super) count_x: i64,
    pub(super) count: String,
}

/// Numbers by place: free, bound, personal.
#[derive(Debug)]
pub(super) struct Bars {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) bars: Vec<Bar>,
}

impl Bars {
    /// A bar for each row: its label, its address, and how many are free, bound and personal.
    pub(super) fn new(rows: impl Iterator<Item = (String, String, [u64; 3])>) -> Self {
        let rows: Vec<_> = rows.collect();
        let most = rows.iter().map(|(_, _, counts)| counts.iter().sum::<u64>()).max().unwrap_or(1);
        let scale = |count: u64| {
            let room = u64::try_from(WIDTH - LEFT - 90).unwrap_or_default();
            i64::try_from(count * room / most.max(1)).unwrap_or_default()
        };
        let bars: Vec<Bar> = rows
            .into_iter()
            .enumerate()
            .map(|(line, (label, address, [free, bound, personal]))| {
                let y = i64::try_from(line).unwrap_or_default() * LINE + 3;
                let (f, b, p) = (scale(free), scale(bound), scale(personal));
                Bar {
                    label: shortened(&label),
                    address,
                    y,
                    text_y: y + 12,
                    free: (LEFT, f),
                    bound: (LEFT + f, b),
                    personal: (LEFT + f + b, p),
                    count_x: LEFT + f + b + p + 6,
                    count: format!("{free} / {}", free + bound + personal),
                }
            })
            .collect();
        let height = i64::try_from(bars.len()).unwrap_or_default() * LINE;
        Self { width: WIDTH, height, bars }
    }
}

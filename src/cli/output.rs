//! What the command line prints. A reader that went away (`| head`) is no error.

use super::Options;
use serde::Serialize;
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// A line on standard output.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// A sentence on standard error.
pub(super) fn error(sentence: &str) {
    let _ = writeln!(std::io::stderr().lock(), "numberd: {sentence}");
}

/// A value as JSON, or what `text` makes of it.
pub(super) fn value<T: Serialize>(json: bool, value: &T, text: impl FnOnce(&T) -> String) {
    if json {
        line(&serde_json::to_string_pretty(value).unwrap_or_default());
    } else {
        line(&text(value));
    }
}

/// What a write did, or with `--dry-run` what it would have done.
pub(super) fn done(options: &Options, result: &serde_json::Value, did: &str, would: &str) {
    if options.dry_run {
        dry_run(options.json, would)
    } else {
        value(options.json, result, |_| did.to_owned())
    }
}

/// What a `--dry-run` would have done.
pub(super) fn dry_run(json: bool, would: &str) {
    value(json, &serde_json::json!({ "dry_run": true, "would": would }), |_| would.to_owned());
}

/// A table with its columns aligned (a Chinese character is two columns wide), under a heading
/// unless that is empty.
pub(super) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<String> = heading.iter().map(|&title| title.to_owned()).collect();
    let lines: Vec<&Vec<String>> =
        std::iter::once(&heading).filter(|heading| !heading.is_empty()).chain(rows).collect();
    let columns = lines.iter().map(|line| line.len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| cell.width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let aligned = lines.iter().map(|line| {
        let cells: Vec<String> = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| {
                format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
            })
            .collect();
        cells.join("  ").trim_end().to_owned()
    });
    aligned.collect::<Vec<String>>().join("\n")
}

/// A moment in milliseconds as text; nothing for none.
pub(super) fn moment(millis: Option<i64>) -> String {
    millis
        .map(|millis| crate::domain::Timestamp::from_millis(millis).to_string())
        .unwrap_or_default()
}

//! The pages in Chinese say what the English ones say: they have the same parts, show the same
//! commands and answers, and have the same names and numbers in each row of a table.

use super::{blocks, page, root};
use numberd::domain::permission::Act;
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;

/// The lines of a page outside its blocks.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    page.lines().filter(move |line| {
        inside ^= line.starts_with("```");
        !inside
    })
}

/// What a page is made of: its headings' levels, its lists' and tables' lines.
fn parts(page: &str) -> Vec<&str> {
    let marks = ["# ", "## ", "### ", "- ", "| ", "|--", "1. ", "2. "];
    prose(page).filter_map(|line| marks.into_iter().find(|mark| line.starts_with(mark))).collect()
}

fn rows(page: &str) -> impl Iterator<Item = &str> {
    prose(page).filter(|line| line.starts_with("| "))
}

/// What a row names in every language: its code, and the cells that are an act. A translation may
/// name the same once more.
fn names(row: &str) -> BTreeSet<&str> {
    let is_act = |cell: &&str| Act::ALL.iter().any(|act| format!("{act:?}") == *cell);
    let acts = row.split('|').map(str::trim).filter(is_act);
    row.split('`').skip(1).step_by(2).chain(acts).collect()
}

/// Where the numbers of a row are, outside code and the targets of links.
fn numbers(row: &str) -> Vec<Range<usize>> {
    let mut numbers: Vec<Range<usize>> = Vec::new();
    let (mut code, mut target) = (false, false);
    for (at, c) in row.char_indices() {
        code ^= c == '`';
        target = if target { c != ')' } else { row[..at].ends_with("](") };
        if c.is_ascii_digit() && !code && !target {
            match numbers.last_mut() {
                Some(last) if ["", ".", ","].contains(&&row[last.end..at]) => last.end = at + 1,
                _ => numbers.push(at..at + 1),
            }
        }
    }
    numbers
}

/// What the rows of two pages have to have in common.
fn facts(page: &str) -> Vec<(BTreeSet<&str>, Vec<&str>)> {
    rows(page)
        .map(|row| (names(row), numbers(row).into_iter().map(|number| &row[number]).collect()))
        .collect()
}

/// A translated row with the numbers of the row that it translates, if it has as many.
fn with_numbers(translation: &str, row: &str) -> String {
    let (theirs, ours) = (numbers(translation), numbers(row));
    let mut text = translation.to_owned();
    if theirs.len() == ours.len() {
        for (theirs, ours) in theirs.into_iter().zip(ours).rev() {
            text.replace_range(theirs, &row[ours]);
        }
    }
    text
}

/// A translation with the blocks, and in its tables the numbers, of the page that it translates.
fn with_facts(translation: &str, english: &str) -> String {
    let (blocks, mut text, mut inside) = (blocks(english), String::new(), false);
    let (mut next, mut row) = (blocks.iter(), rows(english));
    for line in translation.lines() {
        let fence = line.starts_with("```");
        inside ^= fence;
        if fence && inside {
            let Some((word, block)) = next.next() else { break };
            text += &format!("```{word}\n{block}");
        } else if !inside && line.starts_with("| ") {
            text += &format!("{}\n", with_numbers(line, row.next().unwrap_or_default()));
        } else if fence || !inside {
            text += &format!("{line}\n");
        }
    }
    text
}

#[test]
fn the_pages_in_chinese_have_the_parts_of_the_english_ones_and_show_the_same() {
    let folder = fs::read_dir(root().join("docs/zh-CN")).unwrap();
    let names: Vec<_> =
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.len() >= 7);
    for name in names {
        let english = page(&format!("docs/{name}"));
        let translated = format!("docs/zh-CN/{name}");
        let found = page(&translated);
        // What is compared or written one by one has to belong together.
        assert_eq!(parts(&found), parts(&english), "{name}");
        assert_eq!(blocks(&found).len(), blocks(&english).len(), "{name}");
        let expected = with_facts(&found, &english);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(root().join(&translated), &expected).unwrap();
        }
        let chinese = page(&translated);
        for ((row, theirs), ours) in rows(&chinese).zip(facts(&chinese)).zip(facts(&english)) {
            assert_eq!(theirs, ours, "{translated}: {row}");
        }
        assert!(
            blocks(&chinese) == blocks(&english) && chinese == expected,
            "{translated} shows something else than docs/{name}; `UPDATE_DOCS=1 cargo test translations` writes it down"
        );
    }
}

#[test]
fn the_readme_in_chinese_shows_nothing_that_the_english_pages_do_not() {
    let english = page("README.md") + &page("docs/importing.md");
    let chinese = page("README.zh-CN.md");
    let shown = |text: &str| {
        let lines = blocks(text).into_iter().flat_map(|(_, block)| {
            block.lines().map(|line| line.trim_start_matches("$ ").to_owned()).collect::<Vec<_>>()
        });
        lines.collect::<BTreeSet<_>>()
    };
    let more: Vec<_> = shown(&chinese).difference(&shown(&english)).cloned().collect();
    assert!(more.is_empty(), "{more:#?}");
}

//! What the pages print is what happens, and what they link to is there.

mod figures;
mod messages;
mod operating;
mod tables;
mod translations;
mod walkthroughs;

use crate::support::SeededDatabase;
use rusqlite::fallible_iterator::FallibleIterator;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a page.
pub(crate) fn page(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The fenced blocks of a page: the word behind the fence, and the text.
pub(crate) fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        if let Some(word) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                blocks.push((word.to_owned(), String::new()));
            }
        } else if inside && let Some((_, text)) = blocks.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    blocks
}

/// Each block of `language`, with the block after it.
fn examples(page: &str, language: &str) -> Vec<(String, String)> {
    let blocks = blocks(page);
    let next = |at: usize| blocks.get(at + 1).map(|(_, text)| text.clone()).unwrap_or_default();
    blocks
        .iter()
        .enumerate()
        .filter(|(_, (word, _))| word == language)
        .map(|(at, (_, text))| (text.clone(), next(at)))
        .collect()
}

/// What the shell prints with `-header`, or the sentence of a refusal.
fn shell(connection: &rusqlite::Connection, sql: &str) -> String {
    let mut printed = String::new();
    let mut batch = rusqlite::Batch::new(connection, sql);
    loop {
        let mut run = || -> rusqlite::Result<bool> {
            // A statement that can't be prepared would be met again and again.
            let Some(mut statement) = batch.next().expect(sql) else { return Ok(false) };
            let names = statement.column_names().join("|");
            let columns = statement.column_count();
            let mut rows = statement.query([])?;
            let mut first = true;
            while let Some(row) = rows.next()? {
                if std::mem::take(&mut first) {
                    printed.push_str(&format!("{names}\n"));
                }
                let cells: Vec<String> = (0..columns)
                    .map(|column| row.get_ref(column).map(cell))
                    .collect::<Result<_, _>>()?;
                printed.push_str(&format!("{}\n", cells.join("|")));
            }
            Ok(true)
        };
        match run() {
            Ok(true) => {}
            Ok(false) => return printed,
            Err(rusqlite::Error::SqliteFailure(_, Some(sentence))) => {
                printed.push_str(&format!("{sentence}\n"))
            }
            Err(error) => panic!("{sql}\n{error}"),
        }
    }
}

fn cell(value: rusqlite::types::ValueRef<'_>) -> String {
    match value {
        rusqlite::types::ValueRef::Null => String::new(),
        rusqlite::types::ValueRef::Integer(number) => number.to_string(),
        value => value.as_str().unwrap().to_owned(),
    }
}

#[test]
fn the_schema_pages_examples_print_what_it_shows() {
    let examples = examples(&page("docs/schema.md"), "sql");
    assert!(examples.len() >= 15, "each view and each recipe has an example");
    let database = SeededDatabase::new();
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    for (sql, printed) in examples {
        assert_eq!(shell(&connection, &sql), printed, "{sql}");
    }
}

#[test]
fn the_schema_page_names_every_view_and_rule() {
    // The rows of its tables are compared elsewhere, but not what its headings say.
    let translation = page("docs/zh-CN/schema.md");
    let page = page("docs/schema.md");
    let database = SeededDatabase::new();
    let named = "SELECT group_concat(name, ' ') FROM sqlite_schema WHERE type = 'view' AND name GLOB 'v_*' OR type = 'table' AND name NOT GLOB '*_history' AND name NOT GLOB 'sqlite_*'";
    for name in database.query(named).split(' ') {
        let named = |page: &str, colon: char| {
            page.contains(&format!("`{name}`")) || page.contains(&format!("### {name}{colon}"))
        };
        assert!(named(&page, ':') && named(&translation, '：'), "{name}");
    }
    for rule in numberd::domain::Rule::ALL {
        assert!(page.contains(&format!("`{}`", rule.name())), "{}", rule.name());
    }
}

/// Every page of the repository.
fn pages() -> Vec<PathBuf> {
    let in_folder =
        |folder: PathBuf| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> =
        ["", "docs", "docs/zh-CN"].into_iter().flat_map(|f| in_folder(root().join(f))).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages
}

/// The heading's anchor, as the usual renderers make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// What is wrong with the links of a page.
fn broken_links(page: &Path, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    for (at, _) in text.match_indices("](") {
        let target = text[at + 2..].split(')').next().unwrap_or_default();
        if target.contains("://") {
            continue;
        }
        let (file, heading) = target.split_once('#').unwrap_or((target, ""));
        let file = if file.is_empty() {
            page.to_owned()
        } else {
            page.parent().unwrap_or(page).join(file)
        };
        let found = if heading.is_empty() {
            file.exists()
        } else {
            let anchors: BTreeSet<String> = std::fs::read_to_string(&file)
                .unwrap_or_default()
                .lines()
                .filter(|line| line.starts_with('#'))
                .map(anchor)
                .collect();
            anchors.contains(heading)
        };
        if !found {
            broken.push(format!("{}: {target}", page.display()));
        }
    }
    broken
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    let pages = pages();
    assert!(pages.len() >= 5);
    let broken: Vec<String> = pages
        .iter()
        .flat_map(|path| broken_links(path, &std::fs::read_to_string(path).unwrap()))
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
    let readme = root().join("README.md");
    assert_eq!(
        broken_links(
            &readme,
            "[a](docs/nowhere.md) [b](README.md#nowhere) [c](https://example.com/)"
        )
        .len(),
        2
    );
}

#[test]
fn every_file_that_contributors_are_sent_to_is_there() {
    let text = page("CONTRIBUTING.md");
    let folders = ["src/", "tests/", "migrations/", "packaging/", "data/", "docs/", ".ci/"];
    let named = text.split('`').skip(1).step_by(2);
    let named: Vec<&str> =
        named.filter(|name| folders.iter().any(|folder| name.starts_with(folder))).collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        let path = name.split(' ').next().unwrap();
        assert!(root().join(path).exists(), "{path}");
    }
}

/// One sentence a line: a line of prose does not go on after a full stop.
#[test]
fn a_line_of_prose_holds_one_sentence() {
    for path in pages() {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut inside = false;
        for line in text.lines() {
            inside ^= line.starts_with("```");
            let prose = !inside && !line.starts_with('|');
            let second = line.match_indices(". ").any(|(at, _)| {
                line[at + 2..].starts_with(|c: char| c.is_uppercase())
                    && !line[..at].ends_with(|c: char| c.is_ascii_digit())
            });
            assert!(!(prose && second), "{}: {line}", path.display());
        }
    }
}

//! The pages in Chinese say what the English ones say: they have the same parts, and show the same
//! commands and answers.

use super::{blocks, page, root};
use std::fs;

/// What a page is made of: its headings' levels, its lists' and tables' lines.
fn parts(page: &str) -> Vec<&str> {
    let mut inside = false;
    let part = |line: &str| {
        inside ^= line.starts_with("```");
        let marks = ["# ", "## ", "### ", "- ", "| ", "|--", "1. ", "2. "];
        (!inside).then(|| marks.into_iter().find(|mark| line.starts_with(mark))).flatten()
    };
    page.lines().filter_map(part).collect()
}

/// A translation with the blocks of the page that it translates.
fn with_blocks(translation: &str, blocks: &[(String, String)]) -> String {
    let (mut text, mut inside, mut next) = (String::new(), false, blocks.iter());
    for line in translation.lines() {
        let fence = line.starts_with("```");
        inside ^= fence;
        if fence && inside {
            let Some((word, block)) = next.next() else { break };
            text += &format!("```{word}\n{block}");
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
        let expected = with_blocks(&page(&translated), &blocks(&english));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(root().join(&translated), &expected).unwrap();
        }
        let chinese = page(&translated);
        assert_eq!(parts(&chinese), parts(&english), "{name}");
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
        lines.collect::<std::collections::BTreeSet<_>>()
    };
    let more: Vec<_> = shown(&chinese).difference(&shown(&english)).cloned().collect();
    assert!(more.is_empty(), "{more:#?}");
}

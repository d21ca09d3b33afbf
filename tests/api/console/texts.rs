//! The two languages say the same things.

use crate::support::SeededDatabase;
use numberd::domain::import::titles;
use numberd::domain::phone_number::{Number, NumberDetails, NumberState, Usage};
use numberd::domain::ram_user::{Email, LoginName};
use numberd::domain::skill_group::SkillGroupName;
use numberd::domain::text::Parsed;
use numberd::domain::{Extension, WorkMode, csv};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The messages of a file, each with the names of its arguments.
fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{language}.ftl"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut present = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
            present = key.to_owned();
            let again = messages.insert(present.clone(), BTreeSet::new());
            assert!(again.is_none(), "{language}: {present} is there more than once");
        }
        let arguments = messages.entry(present.clone()).or_default();
        for part in line.split('$').skip(1) {
            arguments.insert(part.chars().take_while(|c| c.is_alphanumeric()).collect());
        }
    }
    messages.remove("");
    messages
}

/// The texts of all files of a folder with this ending.
fn sources(folder: &str, ending: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let fitting = files.filter(|path| path.to_string_lossy().ends_with(ending));
    fitting.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_arguments() {
    assert_eq!(messages("en"), messages("zh-CN"));
}

#[test]
fn every_message_that_a_page_names_is_there() {
    let known = messages("en");
    let text = sources("templates", ".html") + &sources("src/console", ".rs");
    let named = text.split("say(\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let missing: BTreeSet<&str> = named.filter(|key| !known.contains_key(*key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_reason_for_a_refusal_has_a_sentence() {
    let known = messages("en");
    for code in numberd::domain::batch::RefusalCode::ALL {
        assert!(known.contains_key(&format!("why-{}", code.name())), "{}", code.name());
    }
}

#[test]
fn every_rule_and_every_text_with_a_shape_has_a_sentence() {
    let known = messages("en");
    let rules = numberd::domain::Rule::ALL.iter().map(|rule| format!("rule-{}", rule.name()));
    let shapes =
        [LoginName::WHAT, Email::WHAT, Number::WHAT, SkillGroupName::WHAT, Extension::WHAT];
    let shapes = shapes.map(|what| format!("not-{what}").replace(' ', "-"));
    for key in rules.map(|key| key.replace('_', "-")).chain(shapes) {
        assert!(known.contains_key(&key), "{key}");
    }
}

#[test]
fn every_column_whose_change_is_logged_has_a_name() {
    let known = messages("en");
    let database = SeededDatabase::new();
    let triggers = database.query(
        "SELECT group_concat(sql, char(10)) FROM sqlite_schema
          WHERE type = 'trigger' AND name LIKE '%update_logged'",
    );
    let columns: BTreeSet<&str> = triggers
        .split('\'')
        .zip(triggers.split('\'').skip(1))
        .filter(|(_, behind)| behind.starts_with(',') && behind.contains("NEW."))
        .map(|(column, _)| column)
        .filter(|column| *column != "update")
        .collect();
    assert!(columns.len() > 50, "{columns:?}");
    let missing: Vec<_> = columns
        .iter()
        .filter(|column| !known.contains_key(&format!("column-{column}").replace('_', "-")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_scripts_stay_small() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let scripts = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let own = scripts.filter(|path| path.extension().is_some_and(|ending| ending == "js"));
    let own = own.filter(|path| !path.ends_with("idiomorph.js"));
    let lines: usize = own.map(|path| std::fs::read_to_string(path).unwrap().lines().count()).sum();
    assert!(lines < 900, "{lines}");
}

#[test]
fn a_spreadsheet_understands_the_words_that_the_console_shows_and_its_own_export() {
    let said = |language: &str, key: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{language}.ftl"));
        let text = std::fs::read_to_string(path).unwrap();
        let start = format!("{key} = ");
        text.lines().find_map(|line| line.strip_prefix(&start)).expect(key).to_owned()
    };
    let words = |names: &'static [&'static str], column: &'static str| {
        names.iter().map(move |name| (column, *name, format!("{column}-{name}").replace('_', "-")))
    };
    let flags = [("active", "true"), ("active", "false")]
        .map(|(column, word)| (column, word, format!("{column}-{word}")));
    let all = words(&Usage::NAMES, "usage")
        .chain(words(&["Admin", "Manager", "Agent"], "role"))
        .chain(words(&WorkMode::NAMES, "work_mode"))
        .chain(flags)
        .chain(
            ["true", "false"]
                .map(|word| ("locked", word, if word == "true" { "yes" } else { "no" }.to_owned())),
        );
    for (column, word, key) in all {
        let chinese = said("zh-CN", &key);
        assert_eq!(titles::word_in_chinese(column, word), chinese, "{column} {word}");
        for said in [chinese, said("en", &key), said("en", &key).to_uppercase(), word.to_owned()] {
            assert_eq!(titles::word_of(column, &said), word, "{column} {said}");
        }
    }
    assert_eq!(titles::word_of("locked", "启用"), "启用", "a word of another column");
    assert_eq!(titles::word_of("note", "是"), "是", "a free text");
    for state in NumberState::NAMES {
        let chinese = said("zh-CN", &format!("state-{state}"));
        assert_eq!(titles::word_in_chinese("state", state), chinese);
    }
    for column in csv::names::<NumberDetails>() {
        let title = titles::title_in_chinese(&column);
        assert!(!title.is_ascii() && titles::column_of(title) == column, "{column}: {title}");
    }
}

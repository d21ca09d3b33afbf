//! What `--help` says, and that `docs/reference.md` shows all of it.

use super::{assert_done, stderr, stdout};
use crate::support::{Program, SeededDatabase};

/// The help of a subcommand, in a terminal of 100 columns.
fn help(subcommand: &[&str]) -> String {
    let output = Program::command(&[subcommand, &["--help"]].concat())
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    assert_done(&output);
    stdout(&output)
}

/// The names under `Commands:`.
fn subcommands(help: &str) -> Vec<String> {
    let commands = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    // A description that goes on in the next line is indented deeper.
    let names = commands
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// Every subcommand, those of subcommands too, each with its help; first the program itself.
pub(super) fn pages() -> Vec<(Vec<String>, String)> {
    let mut pages = vec![(Vec::new(), help(&[]))];
    let mut next = 0;
    while let Some((path, page)) = pages.get(next).cloned() {
        for name in subcommands(&page) {
            let below = [path.clone(), vec![name]].concat();
            let arguments: Vec<&str> = below.iter().map(String::as_str).collect();
            let page = help(&arguments);
            pages.push((below, page));
        }
        next += 1;
    }
    pages
}

/// The help of every subcommand, as `docs/reference.md` shows it.
fn reference() -> String {
    let pages = pages();
    let sections = pages.iter().map(|(path, page)| {
        // The options of every subcommand are shown once, with the program itself.
        let own = if path.is_empty() {
            page.as_str()
        } else {
            page.split("\nCommon options:\n").next().unwrap()
        };
        let title = [&["numberd".to_owned()], &path[..]].concat().join(" ");
        let lines: Vec<&str> =
            own.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        let text = lines.join("\n");
        format!("### {title}\n\n```text\n{text}\n```\n")
    });
    sections.collect::<Vec<String>>().join("\n")
}

const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference.md");

#[test]
fn the_reference_shows_the_help_of_every_subcommand() {
    let (begin, end) = ("<!-- commands -->\n", "<!-- end of commands -->");
    let page = std::fs::read_to_string(REFERENCE).unwrap();
    let (before, rest) = page.split_once(begin).unwrap();
    let (shown, after) = rest.split_once(end).unwrap();
    let reference = reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(REFERENCE, format!("{before}{begin}{reference}{end}{after}")).unwrap();
        return;
    }
    assert!(
        shown == reference,
        "docs/reference.md differs; `UPDATE_DOCS=1 cargo test reference` writes it anew"
    );
}

/// Subcommands, options and variables, as the help has them.
fn names() -> Vec<String> {
    let mut names = Vec::new();
    for (path, page) in pages() {
        if !path.is_empty() {
            names.push(path.join(" "));
        }
        // The name of a variable may be on the line after `[env:`.
        let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
        for (at, _) in page.match_indices("--").chain(page.match_indices("[env: ")) {
            let rest = page[at..].strip_prefix("[env: ").unwrap_or(&page[at..]);
            names.push(
                rest.chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                    .collect(),
            );
        }
    }
    names.sort();
    names.dedup();
    names.retain(|name| !["--help", "--version", "--"].contains(&name.as_str()));
    names
}

/// What a text does not name.
fn missing(text: &str, names: Vec<String>) -> Vec<String> {
    names.into_iter().filter(|name| !text.contains(name.as_str())).collect()
}

#[test]
fn the_help_of_a_subcommand_fits_on_a_screen() {
    for (path, page) in pages() {
        let lines = page.lines().count();
        assert!(lines < 40 || path.is_empty(), "{path:?} takes {lines} lines:\n{page}");
    }
}

#[test]
fn every_subcommand_option_and_variable_is_named_in_the_reference() {
    let missing = missing(&std::fs::read_to_string(REFERENCE).unwrap(), names());
    assert!(missing.is_empty(), "docs/reference.md does not name {missing:#?}");
}

#[test]
fn what_the_reference_leaves_out_is_found() {
    let names = names();
    for known in ["serve", "access-key create", "--dry-run", "NUMBERD_DATABASE"] {
        assert!(names.contains(&known.to_owned()), "{known} is not in {names:?}");
    }
    assert_eq!(
        missing("`numberd serve`", vec!["serve".to_owned(), "--json".to_owned()]),
        ["--json"]
    );
}

#[test]
fn the_version_names_the_program_the_schema_and_the_date_of_the_numbering_data() {
    let printed = stdout(&Program::command(&["--version"]).output().unwrap());
    let lines: Vec<&str> = printed.lines().collect();
    let [program, schema, data] = lines[..] else { panic!("{printed}") };
    assert_eq!(program, concat!("numberd ", env!("CARGO_PKG_VERSION")));
    let database = SeededDatabase::new();
    let version = database.query("SELECT max(version) FROM refinery_schema_history");
    assert_eq!(schema, format!("schema {version}"));
    let plan = include_str!("../../../data/numbering_plan/numbering_plan.tsv");
    let date = plan.lines().find_map(|line| line.strip_prefix("# Date: ")).unwrap();
    assert_eq!(data, format!("numbering data {date}"));
}

#[test]
fn what_cant_be_understood_is_a_usage_error() {
    for arguments in [
        &["sreve"][..],
        &[],
        &["serve", "--listen", "nowhere"],
        &["init", "--login-name", "a b"],
        &["demo", "--paging", "loose"],
        &["--no-such-option"],
    ] {
        let output = Program::run(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(!stderr(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    let database = SeededDatabase::new();
    let path = database.path().to_str().unwrap();
    // What clap prints, and what the program prints itself.
    for arguments in
        [&["--help"][..], &["groups", "list", "--instance", "ccc-test", "--database", path]]
    {
        let mut child = Program::command(arguments)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{arguments:?}: {:?} {}",
            output.status,
            stderr(&output)
        );
    }
}

#[test]
fn completions_and_manual_know_every_command() {
    let commands = subcommands(&help(&[]));
    assert!(commands.len() > 20, "{commands:?}");
    for name in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let completion = Program::run(&["completion", name], "");
        assert_done(&completion);
        for command in &commands {
            assert!(stdout(&completion).contains(command), "{name} does not complete {command}");
        }
    }
    assert_eq!(Program::run(&["completion", "dos"], "").status.code(), Some(2));
    let page = stdout(&Program::run(&["man"], ""));
    assert!(page.starts_with(".ie") || page.contains(".TH"), "{page}");
    let to = tempfile::tempdir().unwrap();
    assert_done(&Program::run(&["man", "--to", to.path().to_str().unwrap()], ""));
    for command in commands {
        assert!(to.path().join(format!("numberd-{command}.1")).exists(), "no page for {command}");
    }
    assert_eq!(Program::run(&["man", "--to", "/no/such/directory"], "").status.code(), Some(2));
}

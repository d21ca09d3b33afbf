//! The lines of a page that can be pasted into a shell: they are run as they are, in their order,
//! in one shell, and print what is below them. `UPDATE_DOCS=1` writes down what they print
//! instead.

use crate::docs::{blocks, page, root};
use crate::support::Program;
use rustix::process::{Pid, Signal, kill_process_group};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

/// Where the pages expect the server.
const HERE: &str = "127.0.0.1:8080";

/// The words behind the fences of blocks that show what is printed.
const PRINTED: [&str; 3] = ["json", "xml", "text"];

/// How long a page may take: a line must not wait for ever for what never comes.
const LONGEST: Duration = Duration::from_secs(120);

/// What differs each time: `#` is a digit, `%` a hexadecimal digit, `@` a letter or digit, `&` the
/// same, `-` or `_`; anything else is itself.
const DIFFERING: &[&str] = &[
    // A time, also in a file's name, and in milliseconds.
    "####-##-##T##:##:##.###Z",
    "####-##-## ##:##:##+##:##",
    "########T######.###Z",
    "#############",
    // A GUID, or the id of a request.
    "%%%%%%%%-%%%%-%%%%-%%%%-%%%%%%%%%%%%",
    // In an ETag, when the row was made.
    "-%%%%%%%%%%%",
    // The id of a login.
    "##################",
    // Who was forgotten.
    "forgotten-%%%%%%%%%%%%",
    // Credentials.
    "AccessKey id NBD@@@@@@@@@@@@@@@@@@@@@",
    "AccessKey secret @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@",
    "Console password @@@@@@@@@@@@@@@@",
    "Token id @@@@@@@@@",
    "@@@@@@@@@ root",
    "Token nbd_&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&",
];

fn fits(sign: char, c: char) -> bool {
    match sign {
        '#' => c.is_ascii_digit(),
        '%' => c.is_ascii_hexdigit(),
        '@' => c.is_ascii_alphanumeric(),
        '&' => c.is_ascii_alphanumeric() || matches!(c, '-' | '_'),
        sign => sign == c,
    }
}

/// Whether the text begins with what a shape describes, and no more of the same follows.
fn begins_with(text: &[char], shape: &str) -> bool {
    let length = shape.chars().count();
    text.len() >= length
        && shape.chars().zip(text).all(|(sign, c)| fits(sign, *c))
        && !text.get(length).is_some_and(char::is_ascii_alphanumeric)
}

/// The text with whoever pasted the lines called zhao, as on the pages. The columns of a table are
/// as wide as their names, so blanks don't count.
fn of_zhao(text: &str) -> String {
    let login = Command::new("id").arg("-un").output().unwrap().stdout;
    let login = String::from_utf8(login).unwrap();
    let lines = text.trim_end().lines().map(|line| {
        let mut words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        for at in 1..words.len() {
            let from_here = words[at] == "cli"
                || words[at] == "via" && words.get(at + 1).is_some_and(|to| to.starts_with("cli"));
            if from_here && words[at - 1] == login.trim() {
                words[at - 1] = "zhao";
            }
        }
        words.join(" ")
    });
    lines.collect::<Vec<String>>().join("\n")
}

/// The text with what is another each time left open.
fn comparable(text: &str) -> String {
    let text: Vec<char> = of_zhao(text).chars().collect();
    let mut open = String::new();
    let mut at = 0;
    while let Some(c) = text.get(at) {
        let is_begin =
            at == 0 || !text.get(at - 1).is_some_and(char::is_ascii_alphanumeric) || *c == '-';
        match DIFFERING.iter().find(|shape| is_begin && begins_with(&text[at..], shape)) {
            Some(shape) => {
                open.push_str(shape);
                at += shape.chars().count();
            }
            None => {
                open.push(*c);
                at += 1;
            }
        }
    }
    open
}

/// What is pasted, and what the page shows below it; `None` when it shows nothing.
struct Step {
    lines: String,
    shown: Option<String>,
}

fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut follows = false;
    for (word, text) in blocks(page) {
        match steps.last_mut() {
            Some(step) if follows && PRINTED.contains(&word.as_str()) => {
                step.shown = Some(text.clone())
            }
            _ => {}
        }
        follows = word == "sh";
        if follows {
            steps.push(Step { lines: text, shown: None });
        }
    }
    steps
}

/// The page with what was printed in the place of what it shows.
fn rewritten(page: &str, printed: &[String]) -> String {
    let (mut text, mut at) = (String::new(), 0);
    for (step, printed) in steps(page).iter().zip(printed) {
        let Some(shown) = &step.shown else { continue };
        let lines = format!("```sh\n{}```\n```", step.lines);
        let fence = at + page[at..].find(&lines).unwrap() + lines.len();
        let begin = fence + page[fence..].find('\n').unwrap() + 1;
        let kept = comparable(shown) == comparable(printed);
        text += &page[at..begin];
        text += if kept { shown } else { printed };
        if !kept && !printed.ends_with('\n') {
            text.push('\n');
        }
        at = begin + shown.len();
    }
    text + &page[at..]
}

/// A shell in an empty directory, with `numberd` on its path.
struct Shell {
    directory: tempfile::TempDir,
    address: String,
}

impl Shell {
    /// One that finds the server there.
    fn new(address: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for name in ["bin", "desk", "printed"] {
            std::fs::create_dir(directory.path().join(name)).unwrap();
        }
        std::os::unix::fs::symlink(Program::path(), directory.path().join("bin/numberd")).unwrap();
        // As at a terminal: curl shows its progress only when its answer goes elsewhere.
        std::fs::write(directory.path().join(".curlrc"), "silent\nshow-error\n").unwrap();
        Self { directory, address: address.to_owned() }
    }

    fn place(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }

    /// The steps as one script, what each prints in a file of its own.
    fn script(&self, steps: &[Step]) -> String {
        let step = |(at, step): (usize, &Step)| {
            format!(
                "{{\n{}}} > {} 2>&1\n",
                step.lines.replace(HERE, &self.address),
                self.printed(at).display()
            )
        };
        steps.iter().enumerate().map(step).collect()
    }

    fn printed(&self, at: usize) -> std::path::PathBuf {
        self.place("printed").join(at.to_string())
    }

    /// Runs the steps; what each printed, errors too.
    fn run(&self, steps: &[Step]) -> Vec<String> {
        std::fs::write(self.place("script"), self.script(steps)).unwrap();
        let path = format!("{}:{}", self.place("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command
            .arg(self.place("script"))
            .current_dir(self.place("desk"))
            .process_group(0)
            .stdin(std::process::Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("NUMBERD_")) {
            command.env_remove(name);
        }
        command
            .env("PATH", path)
            .env("HOME", self.directory.path())
            .env("CURL_HOME", self.directory.path())
            .env("LC_ALL", "C.UTF-8");
        command.env("NUMBERD_LISTEN", &self.address);
        self.wait(command.spawn().unwrap());
        (0..steps.len())
            .map(|at| {
                std::fs::read_to_string(self.printed(at))
                    .unwrap_or_default()
                    .replace(&self.address, HERE)
            })
            .collect()
    }

    /// Waits for the script's end and ends what it left running.
    fn wait(&self, mut script: std::process::Child) {
        let (began, group) = (Instant::now(), Pid::from_child(&script));
        while script.try_wait().unwrap().is_none() && began.elapsed() < LONGEST {
            std::thread::sleep(Duration::from_millis(20));
        }
        // There is none any more when everything has ended.
        let _ = kill_process_group(group, Signal::KILL);
        let _ = script.wait();
    }
}

/// Runs a page's lines and compares what they print with what it shows.
fn walk(name: &str, address: &str) {
    let text = page(name);
    let steps = steps(&text);
    let printed = Shell::new(address).run(&steps);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(root().join(name), rewritten(&text, &printed)).unwrap();
    }
    let wrong: Vec<String> = wrong(&self::steps(&page(name)), &printed);
    assert!(
        wrong.is_empty(),
        "{name} does not show what its lines print; `UPDATE_DOCS=1 cargo test walkthroughs` writes it down\n\n{}",
        wrong.join("\n")
    );
}

/// The steps that print something else than is shown.
fn wrong(steps: &[Step], printed: &[String]) -> Vec<String> {
    let differs = |(step, printed): &(&Step, &String)| {
        comparable(step.shown.as_deref().unwrap_or_default()) != comparable(printed)
    };
    let told = |(step, printed): (&Step, &String)| {
        format!(
            "{}prints\n{printed}\nand not\n{}",
            step.lines,
            step.shown.as_deref().unwrap_or_default()
        )
    };
    steps.iter().zip(printed).filter(differs).map(told).collect()
}

/// A port that nobody listens on; the page's own server will.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn walk_beside_the_demo(name: &str, least: usize) {
    assert!(steps(&page(name)).len() >= least, "{name} shows what can be done");
    let demo = Program::start(&["demo"]);
    walk(name, &demo.address.to_string());
}

#[test]
#[ignore = "needs curl"]
fn the_readmes_lines_print_what_it_shows() {
    walk_beside_the_demo("README.md", 3);
}

#[test]
#[ignore = "needs curl"]
fn the_lines_of_the_page_on_the_admin_api_print_what_it_shows() {
    walk_beside_the_demo("docs/admin-api.md", 10);
}

#[test]
fn the_page_on_moving_in_shows_what_its_lines_print() {
    walk_beside_the_demo("docs/moving-in.md", 3);
}

#[test]
#[ignore = "needs curl"]
fn the_first_day_by_rest_goes_as_its_page_shows() {
    walk("docs/first-day-rest.md", &free_address());
}

#[test]
fn the_first_day_at_the_command_line_goes_as_its_page_shows() {
    walk("docs/first-day-cli.md", &free_address());
}

#[test]
fn the_first_day_from_spreadsheets_goes_as_its_page_shows() {
    assert!(steps(&page("docs/first-day-spreadsheets.md")).len() >= 14);
    walk("docs/first-day-spreadsheets.md", &free_address());
}

#[test]
fn the_hundredth_day_goes_as_its_page_shows() {
    assert!(steps(&page("docs/hundredth-day.md")).len() >= 15);
    walk("docs/hundredth-day.md", &free_address());
}

#[test]
fn a_page_that_shows_something_else_than_is_printed_is_found_out() {
    let page = "Say it:\n\n```sh\nX=5\necho $X; false\n```\n```text\n5\n```\n\n```sh\nX=7\n```\n\n```sh\necho $X 2026-01-02T03:04:05.678Z\n```\n```text\n7 2026-11-22T00:00:00.000Z\n```\n";
    let check = |page: &str| {
        let steps = steps(page);
        let printed = Shell::new(HERE).run(&steps);
        (wrong(&steps, &printed).len(), rewritten(page, &printed))
    };
    assert_eq!(check(page), (0, page.to_owned()));
    for (old, new, found) in [
        ("X=5", "X=6", 1),
        ("text\n5", "text\n6", 1),
        ("X=7", "X=8", 1),
        ("7 2026", "7 26", 1),
        ("X=7", "echo $X", 2),
        ("text\n5\n", "text\n", 1),
    ] {
        let changed = page.replacen(old, new, 1);
        assert_eq!(check(&changed).0, found, "{old:?} became {new:?}");
    }
    let changed = page.replacen("text\n5", "text\n6", 1);
    assert_eq!(check(&changed).1, page, "what is printed is written down");
}

#[test]
fn only_what_is_another_each_time_is_left_open() {
    let same = |one: &str, other: &str| assert_eq!(comparable(one), comparable(other));
    same("since 2026-03-20T10:05:00.000Z.", "since 2026-11-22T03:50:27.123Z.");
    same("\"etag\": \"2-19b8c4fd200\"", "\"etag\": \"2-0123456789a\"");
    same("numberd-20261122T035027.123Z.db", "numberd-20270101T000000.000Z.db");
    let another = |one: &str, other: &str| assert_ne!(comparable(one), comparable(other));
    another("\"2-19b8c4fd200\"", "\"3-19b8c4fd200\"");
    another("08336660001", "08336660002");
    another("2026-03-20", "2026-03-21");
    another("80000001", "80000002");
}

#[test]
fn the_pages_of_the_first_day_are_whole() {
    for name in ["docs/first-day-rest.md", "docs/first-day-cli.md"] {
        let steps = steps(&page(name));
        assert!(steps.len() >= 25, "{name} has {} steps", steps.len());
        assert!(steps[0].lines.starts_with("numberd init"), "{name} begins in an empty directory");
    }
}

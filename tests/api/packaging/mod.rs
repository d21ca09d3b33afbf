//! The systemd units, as far as they can be tested without systemd running, and what watches over
//! the server.

mod image;
mod proxies;
mod service;

use crate::support::{App, Program};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

fn unit() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "packaging/numberd.service"].iter().collect()
}

fn analyze(arguments: &[&str]) -> String {
    let output = Command::new("systemd-analyze").args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "needs systemd-analyze"]
fn the_unit_leaves_little_exposed() {
    let analysis = analyze(&["security", "--offline=true", "--no-pager", unit().to_str().unwrap()]);
    let (_, level) = analysis.split_once("Overall exposure level for numberd.service: ").unwrap();
    let level: f32 = level.split(' ').next().unwrap().parse().unwrap();
    assert!(level <= 1.5, "{analysis}");
}

/// What systemd would find to say of the units, beside that their programs aren't installed here.
#[test]
#[ignore = "needs systemd-analyze"]
fn the_units_say_nothing_that_systemd_does_not_understand() {
    let directory = tempfile::tempdir().unwrap();
    let units = ["numberd.service", "numberd@.service", "numberd-litestream.service"];
    let copies = units.map(|name| {
        let text = std::fs::read_to_string(unit().with_file_name(name)).unwrap();
        let program = Program::path();
        let text = text
            .replace("/usr/bin/numberd", program.to_str().unwrap())
            .replace("/usr/bin/litestream", program.to_str().unwrap());
        let copy = directory.path().join(name.replace("@.", "@north."));
        std::fs::write(&copy, text).unwrap();
        copy
    });
    let verify = || {
        let mut command = Command::new("systemd-analyze");
        let output = command.args(["verify", "--man=no"]).args(&copies).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(verify(), (true, String::new()));
    let broken = std::fs::read_to_string(&copies[0]).unwrap().replace("\nRestart=", "\nRestat=");
    std::fs::write(&copies[0], broken).unwrap();
    assert!(verify().1.contains("Restat"), "what is misspelt is found");
}

/// The system calls of a set (`@name`), those of the sets in it too.
fn calls_of(set: &str) -> BTreeSet<String> {
    let listing = analyze(&["syscall-filter", "--no-pager", set]);
    let names = listing.lines().map(str::trim).skip(1).filter(|line| !line.starts_with('#'));
    names
        .flat_map(|name| match name.strip_prefix('@') {
            Some(_) => calls_of(name),
            None => BTreeSet::from([name.to_owned()]),
        })
        .collect()
}

/// What the unit's `SystemCallFilter` lines let through.
fn allowed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(unit()).unwrap();
    let mut allowed = BTreeSet::new();
    for filter in text.lines().filter_map(|line| line.strip_prefix("SystemCallFilter=")) {
        let taken_away = filter.strip_prefix('~');
        for set in taken_away.unwrap_or(filter).split(' ') {
            let calls = calls_of(set);
            match taken_away {
                Some(_) => allowed.retain(|call| !calls.contains(call)),
                None => allowed.extend(calls),
            }
        }
    }
    allowed
}

#[test]
#[ignore = "needs systemd-analyze and strace"]
fn the_unit_allows_every_system_call_that_the_server_makes() {
    let directory = tempfile::tempdir().unwrap();
    let calls = directory.path().join("calls");
    let mut command = Command::new("strace");
    // As a grandchild, so that the signal below goes to the server itself.
    command.args(["-D", "-f", "-q", "-o"]).arg(&calls).arg(Program::path());
    command.args(["demo", "--listen", "127.0.0.1:0"]);
    let mut server = Program::start_command(command);
    let numbers = format!("http://{}/api/v1/instances/ccc-test/numbers", server.address);
    let token = ("Authorization", "Bearer demo-token");
    ureq::get(&numbers).header(token.0, token.1).call().unwrap();
    let number = serde_json::json!({ "number": "057199990001" }).to_string();
    let added = ureq::post(&numbers).header(token.0, token.1).content_type("application/json");
    assert_eq!(added.send(number).unwrap().status(), 201);
    server.terminate();
    server.child.wait().unwrap();
    let listing = std::fs::read_to_string(calls).unwrap();
    let name = |line: &str| {
        let (_, call) = line.split_once(' ')?;
        let (name, _) = call.trim_start().split_once('(')?;
        name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_').then(|| name.to_owned())
    };
    let made: BTreeSet<String> = listing.lines().filter_map(name).collect();
    assert!(made.contains("accept4") && made.contains("fsync"), "{made:?}");
    let mut allowed = allowed();
    // SQLite gives a new file to the database's owner, but only where it runs as root.
    allowed.insert("fchown".to_owned());
    let forbidden: Vec<&String> = made.difference(&allowed).collect();
    assert!(forbidden.is_empty(), "the unit forbids {forbidden:?}");
}

/// The names of figures in a text, without what Prometheus adds to those of a histogram.
fn figures(text: &str) -> BTreeSet<String> {
    let names = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let ours = names.filter(|name| name.starts_with("numberd_"));
    let base = |name: &str| {
        let ends = ["_bucket", "_sum", "_count"];
        let end = ends.iter().find_map(|end| name.strip_suffix(end));
        end.unwrap_or(name).to_owned()
    };
    ours.map(base).collect()
}

#[test]
fn the_dashboard_the_alerts_and_their_page_name_the_figures_that_there_are() {
    let app = App::spawn();
    let numbers = "/api/v1/instances/ccc-test/numbers";
    let token = [("authorization", "Bearer demo-token")];
    assert_eq!(app.get(numbers, &token).status, 200);
    let metrics = app.get("/metrics", &token).body;
    let types = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let there_are: BTreeSet<String> = types
        .map(|(name, kind)| name.to_owned() + if kind == "counter" { "_total" } else { "" })
        .collect();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let text = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let page = text("docs/monitoring.md");
    let alerts = text("packaging/prometheus-alerts.yml");
    let dashboard = text("packaging/grafana-dashboard.json");
    for watcher in [&dashboard, &page] {
        assert_eq!(figures(watcher), there_are, "each figure is shown and explained");
    }
    assert!(figures(&alerts).is_subset(&there_are), "{:?} {there_are:?}", figures(&alerts));
    for alert in alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(page.contains(&format!("| `{alert}` |")), "{alert} is not explained");
    }
}

#[test]
fn the_template_for_several_accounts_is_the_unit_with_places_of_its_own() {
    let lines = |name: &str| -> Vec<String> {
        let path = unit().with_file_name(name);
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    };
    let (unit, template) = (lines("numberd.service"), lines("numberd@.service"));
    assert_eq!(unit.len(), template.len());
    for (line, templated) in unit.iter().zip(&template) {
        assert!(line == templated || templated.contains("%i"), "{line} {templated}");
    }
    let state = template.iter().filter(|line| line.contains("/var/lib/numberd"));
    assert!(state.clone().count() == 3 && state.clone().all(|line| line.contains("numberd/%i")));
}

//! The command line and REST are two doors to the same things: what one of them can set, the other
//! can.

use super::help::pages;
use crate::support::App;
use serde_json::Value;
use std::collections::BTreeSet;

/// A command, the schema of the REST body that does the same, and what only REST has in it because
/// the command line has it as an argument.
const SAME: &[(&str, &str, &[&str])] = &[
    ("numbers edit", "PhoneNumberEdit", &[]),
    ("users edit", "UserEdit", &[]),
    ("groups edit", "SkillGroupChanges", &[]),
    ("instances edit", "InstanceChanges", &[]),
    ("contact-flows edit", "ContactFlowChanges", &[]),
    ("numbers add", "NumberToAdd", &["number"]),
    ("numbers add-range", "RangeToAdd", &["start", "end"]),
    ("users create", "UserToCreate", &["login_name"]),
    ("users import", "UsersToImport", &["login_names"]),
    ("groups create", "SkillGroupToCreate", &["name"]),
    ("instances create", "InstanceToCreate", &["instance_id"]),
    ("contact-flows add", "ContactFlowToCreate", &["name"]),
    ("users hand-over", "HandOverToMake", &[]),
    ("low-water-mark", "MarkToSet", &["least"]),
    ("numbers hold", "HoldToMake", &[]),
];

/// What the command line calls otherwise: an option that is given several times has the name of
/// one value.
const OTHERWISE: &[(&str, &str)] = &[
    ("--tag", "tags"),
    ("--admin", "admins"),
    ("--contact-flow", "contact_flow_id"),
    ("--callback-name", "callback_number_name"),
    ("--best-effort", "mode"),
    ("--for", "user_id"),
];

/// The options of a command that no other command has.
fn options(page: &str) -> BTreeSet<String> {
    let own = page.split("\nCommon options:\n").next().unwrap();
    let words = own.lines().filter(|line| line.trim_start().starts_with('-'));
    let options = words.flat_map(|line| {
        line.split_whitespace().take(2).filter(|word| word.starts_with("--")).map(str::to_owned)
    });
    let field = |option: String| {
        let otherwise = OTHERWISE.iter().find(|(name, _)| *name == option);
        match otherwise {
            Some((_, field)) => (*field).to_owned(),
            None => option.trim_start_matches("--").replace('-', "_"),
        }
    };
    options.map(field).filter(|name| !["help", "csv"].contains(&name.as_str())).collect()
}

#[test]
fn what_a_command_can_set_rest_can_and_the_other_way_round() {
    let app = App::spawn();
    let description: Value = app.get("/openapi.json", &[]).json();
    let pages = pages();
    for (command, schema, arguments) in SAME {
        let page = pages.iter().find(|(path, _)| path.join(" ") == *command);
        let mut there = options(&page.unwrap_or_else(|| panic!("{command}")).1);
        there.extend(arguments.iter().map(|&name| name.to_owned()));
        let properties = &description["components"]["schemas"][schema]["properties"];
        let properties = properties.as_object().unwrap_or_else(|| panic!("{schema}"));
        let fields: BTreeSet<String> = properties
            .keys()
            .filter(|name| !["reason", "dry_run"].contains(&name.as_str()))
            .cloned()
            .collect();
        // REST does it with one number at a time.
        if ["numbers add", "numbers hold"].contains(command) {
            there.remove("mode");
        }
        assert_eq!(there, fields, "{command} and {schema}");
    }
}

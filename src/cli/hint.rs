//! Commands that the program suggests. They can be pasted into the same shell as they are: they
//! repeat what this command was given as options. Environment variables hold for them anyway.

use clap::ArgMatches;
use clap::parser::ValueSource;
use std::sync::OnceLock;

/// The options that are repeated, by clap's names for them.
const REPEATED: [&str; 3] = ["database", "key_file", "instance"];

/// Of the subcommands that are suggested, those that need an instance.
const OF_INSTANCE: [&str; 4] = ["numbers", "why", "capacity", "low-water-mark"];

/// What was given on the command line, each option with its value.
static GIVEN: OnceLock<Vec<(&str, String)>> = OnceLock::new();

/// Remembers what was given.
pub(super) fn remember(found: &ArgMatches) {
    let given = REPEATED.into_iter().filter_map(|name| {
        let is_given = found.value_source(name) == Some(ValueSource::CommandLine);
        let value = found.get_raw(name).filter(|_| is_given)?.next()?;
        Some((name, quoted(&value.to_string_lossy())))
    });
    let _ = GIVEN.set(given.collect());
}

/// A value as a shell reads it.
pub(super) fn quoted(value: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+=:@%,".contains(c);
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

/// A command, given from its subcommand on, with the options that it still needs in order to be
/// about the same files and instance.
pub(super) fn command(line: &str) -> String {
    let is_of_instance = line.split(' ').next().is_some_and(|name| OF_INSTANCE.contains(&name));
    let given = GIVEN.get().into_iter().flatten();
    let needed = given.filter(|(name, _)| *name != "instance" || is_of_instance);
    let mut command = format!("numberd {line}");
    for (name, value) in needed {
        let option = format!(" --{}", name.replace('_', "-"));
        if !line.contains(&option) {
            // After a blank, a value that begins so would be taken for another option.
            let between = if value.starts_with('-') { '=' } else { ' ' };
            command += &format!("{option}{between}{value}");
        }
    }
    command
}

/// How a request is undone.
pub(super) fn undo(request_id: &str) -> String {
    completed(&format!("`numberd undo {request_id}` takes it back."))
}

/// A text of the program's own, with all the commands in it completed: those between backticks.
pub(super) fn completed(text: &str) -> String {
    const BEGIN: &str = "`numberd ";
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, (line, after))) =
        rest.split_once(BEGIN).and_then(|(before, after)| Some((before, after.split_once('`')?)))
    {
        shown += &format!("{before}`{}`", command(line));
        rest = after;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_value_is_quoted_where_a_shell_would_take_it_apart() {
        for (value, shown) in [
            ("/var/lib/numberd/numberd.db", "/var/lib/numberd/numberd.db"),
            ("号码.db", "号码.db"),
            ("my numbers.db", "'my numbers.db'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("#31", "'#31'"),
            ("*9", "'*9'"),
            ("~a", "'~a'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(value), shown);
        }
    }
}

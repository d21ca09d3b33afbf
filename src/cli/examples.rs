//! An example for the help of every command; a test runs the parser over each.

use clap::Command;

/// A command, without the program's name, and how it is used.
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("demo", "numberd demo --listen 127.0.0.1:8081"),
    ("init", "numberd init --login-name chief"),
    ("serve", "numberd serve --listen :8443 --tls-certificate tls.crt --tls-key tls.key"),
    ("migrate", "numberd migrate --dry-run"),
    ("seed", "numberd seed --database sample.db"),
    ("check", "numberd check --json"),
    ("instances edit", "numberd instances edit vcc-test --country-code 86"),
    ("instances list", "numberd instances list"),
    ("instances create", "numberd instances create hangzhou --name 杭州"),
    ("instances rename", "numberd instances rename hangzhou 杭州客服中心"),
    ("instances delete", "numberd instances delete hangzhou --dry-run"),
    ("numbers list", "numberd numbers list --state free --city 成都 --sort -created_at"),
    ("numbers show", "numberd numbers show 02855500011"),
    ("numbers edit", "numberd numbers edit 02855500011 --city 乐山 --usage Outbound"),
    ("numbers unassigned", "numberd numbers unassigned -q 028"),
    ("numbers add", "numberd numbers add 02855500011 02855500012 --usage Outbound"),
    ("numbers add-range", "numberd numbers add-range 02855500100 --count 50"),
    ("numbers remove", "numberd numbers remove 02855500011 --force --dry-run"),
    ("numbers assign", "numberd numbers assign 02855500011 --to lina --reason 'new hire'"),
    ("numbers release", "numberd numbers release 02855500011 --from lina"),
    ("numbers transfer", "numberd numbers transfer 02855500011 --to wangfang"),
    ("numbers bind", "numberd numbers bind 02855500011 --to sales"),
    ("numbers unbind", "numberd numbers unbind 02855500011 --from sales"),
    ("numbers hold", "numberd numbers hold 02855500011 --for lina --until 2027-01-04"),
    (
        "numbers end-reservation",
        "numberd numbers end-reservation 02855500011 --reason 'not needed'",
    ),
    ("numbers reservations", "numberd numbers reservations --for lina"),
    ("numbers history", "numberd numbers history 02855500011"),
    ("users list", "numberd users list --group sales --sort display_name"),
    ("users show", "numberd users show lina"),
    ("users edit", "numberd users edit lina --role Manager"),
    ("users create", "numberd users create lina --display-name 李娜 --email lina@example.com"),
    ("users import", "numberd users import lina wangfang"),
    ("users remove", "numberd users remove lina --dry-run"),
    ("users forget", "numberd users forget lina --dry-run"),
    ("users numbers", "numberd users numbers lina --at 2026-03-01"),
    ("users history", "numberd users history lina"),
    ("users hand-over", "numberd users hand-over lina --to wangfang"),
    ("groups list", "numberd groups list --sort -phone_number_count"),
    ("groups show", "numberd groups show sales"),
    ("groups edit", "numberd groups edit sales --display-name 销售组"),
    ("groups create", "numberd groups create sales --display-name 销售组"),
    ("groups delete", "numberd groups delete sales --dry-run"),
    ("groups members", "numberd groups members sales"),
    ("groups add-user", "numberd groups add-user sales lina wangfang --level 3"),
    ("groups remove-user", "numberd groups remove-user sales lina"),
    ("contact-flows list", "numberd contact-flows list --type MAIN_FLOW"),
    ("contact-flows show", "numberd contact-flows show a3fb6c62-9b49-4942-ae5b-cf2abd4123ek"),
    ("contact-flows add", "numberd contact-flows add 夜间 --definition night.json"),
    (
        "contact-flows edit",
        "numberd contact-flows edit a3fb6c62-9b49-4942-ae5b-cf2abd4123ek --published false",
    ),
    (
        "contact-flows delete",
        "numberd contact-flows delete a3fb6c62-9b49-4942-ae5b-cf2abd4123ek --dry-run",
    ),
    ("swap", "numberd swap 02855500011 02855500012"),
    ("whois", "numberd whois 02855500011 --at '2026-03-03 15:10'"),
    ("why", "numberd why 02855500011 --user lina"),
    ("candidates", "numberd candidates --user lina --blocked"),
    ("capacity", "numberd capacity --check"),
    ("low-water-mark", "numberd low-water-mark 5 --city 西安 --usage Outbound"),
    ("changes", "numberd changes --user lina --since 2026-11-01"),
    ("changes archive", "numberd changes archive --before 2026-01-01 --to /var/backups/numberd/"),
    ("sql", "numberd sql 'SELECT city, count(*) FROM v_phone_number GROUP BY city'"),
    ("undo", "numberd undo 4711 --dry-run"),
    ("run", "numberd run 3F2504E0-4F89-11D3-9A0C-0305E82C3301 --continue --mode best_effort"),
    ("batch", "numberd batch moves.json --dry-run"),
    ("import", "numberd import numbers.csv --bad-lines bad.csv"),
    (
        "adopt ccc",
        "numberd adopt ccc --endpoint https://ccc.cn-shanghai.aliyuncs.com --access-key LTAI5tExample --instance hangzhou --dry-run < secret",
    ),
    (
        "adopt vcc",
        "numberd adopt vcc --endpoint https://emea.cc.vonage.com --client-id 7vB3kQ --instance berlin --drift < secret",
    ),
    ("export", "numberd export numbers.xlsx"),
    ("backup", "numberd backup --to /var/backups/numberd/"),
    ("backup list", "numberd backup list /var/backups/numberd/"),
    ("restore", "numberd restore numberd-20261122T180000.000Z.db --verify"),
    ("access-key create", "numberd access-key create root"),
    ("access-key add", "numberd access-key add root < id-and-secret.txt"),
    ("access-key list", "numberd access-key list"),
    ("access-key revoke", "numberd access-key revoke NBDP3PqGNJSBchCrFByaobex"),
    ("key-file renew", "numberd key-file renew --dry-run"),
    ("key-file rotate", "numberd key-file rotate"),
    ("token create", "numberd token create root --name reports --days 90"),
    ("token list", "numberd token list"),
    ("token revoke", "numberd token revoke 0n7uDxQgu"),
    ("password set", "numberd password set lina < password.txt"),
    ("oauth-client create", "numberd oauth-client create ccc-test --name crm"),
    ("oauth-client list", "numberd oauth-client list"),
    ("oauth-client rotate", "numberd oauth-client rotate 7vB3kQ"),
    ("oauth-client revoke", "numberd oauth-client revoke 7vB3kQ"),
    ("healthcheck", "numberd healthcheck --listen 127.0.0.1:8080"),
    ("completion", "numberd completion bash"),
    ("man", "numberd man > numberd.1"),
];

/// Puts the examples into the help.
pub(super) fn with_examples(command: Command) -> Command {
    EXAMPLES.iter().fold(command, |command, (path, example)| {
        let words: Vec<&str> = path.split(' ').collect();
        below(command, &words, example)
    })
}

fn below(command: Command, path: &[&str], example: &str) -> Command {
    let Some((name, rest)) = path.split_first() else {
        let known = command.get_after_help().map(|text| format!("\n\n{text}")).unwrap_or_default();
        return command.after_help(format!("Example: {example}{known}"));
    };
    command.mut_subcommand(*name, |command| below(command, rest, example))
}

#[cfg(test)]
mod tests {
    use super::EXAMPLES;
    use crate::cli::command;
    use clap::Command;

    /// The commands that do something themselves.
    fn leaves(command: &Command, path: &str, found: &mut Vec<String>) {
        for below in command.get_subcommands() {
            let path = format!("{path} {}", below.get_name());
            leaves(below, &path, found);
            if !below.is_subcommand_required_set() {
                found.push(path.trim().to_owned());
            }
        }
    }

    /// The words of a command line, as a shell makes them; what it redirects is left out.
    fn words(line: &str) -> Vec<String> {
        let line = line.split(['<', '>']).next().unwrap();
        let quoted = line.split('\'').enumerate();
        quoted
            .flat_map(|(at, part)| match at % 2 {
                0 => part.split_whitespace().map(str::to_owned).collect(),
                _ => vec![part.to_owned()],
            })
            .collect()
    }

    #[test]
    fn every_command_has_an_example_that_is_understood() {
        let mut commands = Vec::new();
        leaves(&command(), "", &mut commands);
        commands.sort();
        let mut known: Vec<&str> = EXAMPLES.iter().map(|(path, _)| *path).collect();
        known.sort_unstable();
        assert_eq!(commands, known);
        for (path, example) in EXAMPLES {
            assert!(example.starts_with(&format!("numberd {path}")), "{example}");
            let parsed = command().try_get_matches_from(words(example));
            assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
        }
    }
}

//! What the systemd unit takes away, taken away by hand: a day of commands and requests goes well
//! without it.

use crate::support::Program;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

/// Makes the surroundings, and runs `$DAY` in them as nobody: nothing can be written but `$STATE`,
/// `/tmp` is empty, and there is no home, no capability and no variable.
const SURROUNDINGS: &str = r#"
set -e
mount --make-rprivate /
mount --bind "$STATE" "$STATE"
mount -o remount,ro,bind /
for d in /tmp /root /home; do mount -t tmpfs -o ro,mode=755 none $d; done
cd /
exec setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all \
    --no-new-privs env -i PATH=/usr/bin:/bin STATE="$STATE" N="$N" bash -euo pipefail -c "$DAY"
"#;

/// The commands and requests of a day.
const DAY: &str = r#"
export NUMBERD_DATABASE=$STATE/n.db NUMBERD_KEY_FILE=$STATE/key/n.key
numberd() { "$N" "$@"; }
for place in / /tmp /root /home /etc /var/lib "$PWD"; do
    if touch "$place/x" 2>/dev/null; then echo "$place can be written"; exit 9; fi
done
grep -q '^CapEff:	0000000000000000$' /proc/self/status

mkdir -m 700 "$STATE/key"
numberd init
numberd instances create office --name Office --admin root
numberd groups create sales --display-name Sales
numberd users create anna --display-name Anna --role Agent
numberd users create ben --display-name Ben --role Manager
numberd numbers add-range 02855550000 --count 10000
numberd numbers assign 02855550001 02855550002 --to anna@office --reason 'first day'
numberd numbers bind 02855550003 --to sales@office
numberd numbers transfer 02855550002 --to ben@office
numberd numbers hold 02855550004 --for anna --until 2099-01-01
numberd numbers list -q 0285555 --sort=-number
numberd candidates --user anna -q '028 5555 0009' --blocked
numberd why 02855550003 --user anna || test $? = 1
numberd whois 028-5555-0001
numberd changes --limit 5
printf 'a-good-long-password' | numberd password set root
numberd sql 'SELECT count(*) FROM v_phone_number'
numberd backup --to "$STATE/copy.db"
numberd restore --verify "$STATE/copy.db"
numberd check
token=$(numberd --json token create root --name day | grep -o 'nbd_[A-Za-z0-9_-]*')
numberd oauth-client create office --name sync --scopes users:read,users:write >"$STATE/client"

"$N" serve --listen 127.0.0.1:0 >"$STATE/out" 2>"$STATE/log" &
server=$!
for _ in $(seq 300); do grep -q '^listening' "$STATE/out" && break; sleep 0.1; done
at=$(sed -n 's/^listening on //p' "$STATE/out")
api=$at/api/v1/instances/office
ask() { curl -sS --fail-with-body -m 60 -H "Authorization: Bearer $token" "$@"; echo; }
for page in healthz readyz '' docs/ openapi.json problems console/login; do
    curl -sS --fail -o /dev/null "$at/$page"
done
ask "$at/metrics" >/dev/null
ask "$at/?Action=ListInstancesOfUser&PageNumber=1&PageSize=10" >/dev/null
ask -H 'Content-Type: application/json' -d '{"number": "02166660001"}' "$api/numbers"
ask -X PUT "$api/users/anna@office/numbers/02166660001"
# Long enough to be kept in a file meanwhile.
test "$(ask "$api/numbers.csv" | wc -l)" -gt 10000
ask -X POST "$at/api/v1/backups"
test "$(curl -s -o /dev/null -w '%{http_code}' -H 'Sec-Fetch-Site: same-origin' \
    --data-urlencode login=root --data-urlencode password=a-good-long-password "$at/console/login")" = 303
kill -TERM $server; wait $server
numberd check
numberd key-file rotate
numberd check
ls "$STATE" "$STATE/backups"
echo "the day went well"
"#;

fn run(day: &str) -> Output {
    // Below no directory that is hidden, and open to nobody.
    let state = tempfile::tempdir_in("/var/tmp").unwrap();
    std::fs::set_permissions(state.path(), PermissionsExt::from_mode(0o700)).unwrap();
    std::os::unix::fs::chown(state.path(), Some(65534), Some(65534)).unwrap();
    // The one that was built may be below what is hidden.
    let program = state.path().join("numberd");
    std::fs::copy(Program::path(), &program).unwrap();
    std::os::unix::fs::chown(&program, Some(65534), Some(65534)).unwrap();
    Command::new("unshare")
        .args(["--mount", "--ipc", "--uts", "bash", "-c", SURROUNDINGS])
        .env("STATE", state.path())
        .env("N", &program)
        .env("DAY", day)
        .output()
        .unwrap()
}

#[test]
#[ignore = "needs root, to mount"]
fn a_whole_day_goes_well_with_nothing_but_the_databases_directory() {
    let output = run(DAY);
    let said = String::from_utf8_lossy(&output.stdout);
    let shown = format!("{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{shown}");
    assert!(said.ends_with("the day went well\n"), "{shown}");
}

#[test]
#[ignore = "needs root, to mount"]
fn a_day_that_needs_more_than_the_databases_directory_fails() {
    // The demo makes a directory for temporary files.
    let output = run("\"$N\" demo --listen 127.0.0.1:0");
    assert_eq!(output.status.code(), Some(5), "{}", String::from_utf8_lossy(&output.stderr));
}

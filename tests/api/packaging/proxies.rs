//! The pages' examples for nginx and Caddy, exactly as they are written there.

use crate::ccc::signer::{self, pairs};
use crate::docs::{blocks, page};
use crate::support::{Client, PATIENCE, Program};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program that the pages have an example for.
#[derive(Clone, Copy)]
enum Kind {
    Nginx,
    Caddy,
}

impl Kind {
    /// How a page's example looks when it is run here, in front of a server: TLS and the host's
    /// name are the proxy's own matter, all else is as the page has it.
    fn configuration(self, page_name: &str, listen: SocketAddr, server: SocketAddr) -> String {
        let word = match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddyfile",
        };
        let example = blocks(&page(page_name)).into_iter().find(|(kind, _)| kind == word);
        let mut example = example.unwrap_or_else(|| panic!("no example for {word}")).1;
        example = example
            .lines()
            .filter(|line| !line.contains("ssl_certificate"))
            .fold(String::new(), |text, line| text + line + "\n");
        if matches!(self, Self::Nginx) && !example.contains("server {") {
            example = format!("server {{ listen 443 ssl;\n{example}}}");
        }
        let (_, after) = example.split_once("127.0.0.1:").unwrap();
        let port = after.split(|c: char| !c.is_ascii_digit()).next().unwrap();
        let upstream = format!("127.0.0.1:{port}");
        let listening = match self {
            Self::Nginx => ("listen 443 ssl;".to_owned(), format!("listen {listen};")),
            Self::Caddy => {
                let host = example.lines().next().unwrap().to_owned();
                (host, format!("http://:{} {{\nbind {}", listen.port(), listen.ip()))
            }
        };
        for (shown, here) in [listening, (upstream, server.to_string())] {
            assert_eq!(example.matches(&shown).count(), 1, "{shown} in {example}");
            example = example.replace(&shown, &here);
        }
        example
    }

    /// The program with the file that it reads.
    fn command(self, place: &Path, example: &str) -> Command {
        let shown = place.display();
        let file = place.join("configuration");
        let (program, arguments, text) = match self {
            Self::Nginx => {
                let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map(|kind| format!("{kind}_temp_path {shown}/{kind};"))
                    .join(" ");
                let text = format!(
                    "daemon off; user root; pid {shown}/pid; error_log {shown}/errors;\n\
                     events {{}} http {{ access_log off; {paths}\n{example}}}"
                );
                ("/usr/sbin/nginx", &["-p", ".", "-c"][..], text)
            }
            Self::Caddy => {
                let text = format!("{{\nadmin off\nauto_https off\ngrace_period 1s\n}}\n{example}");
                ("caddy", &["run", "--adapter", "caddyfile", "--config"][..], text)
            }
        };
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(program);
        command.args(arguments).arg(&file).current_dir(place);
        command.env("XDG_DATA_HOME", place).env("XDG_CONFIG_HOME", place);
        command.stderr(std::fs::File::create(place.join("said")).unwrap()).stdout(Stdio::null());
        command
    }
}

/// A proxy in front of a server; both end when it is dropped.
struct Proxy {
    program: Child,
    server: Program,
    address: SocketAddr,
    directory: tempfile::TempDir,
}

impl Proxy {
    /// Runs the example of a page in front of a demo that is started with these options.
    fn of(kind: Kind, page_name: &str, options: &[&str]) -> Self {
        let server = Program::start(&[&["demo", "--trusted-proxy", "127.0.0.1"], options].concat());
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let example = kind.configuration(page_name, free, server.address);
        let program = kind.command(directory.path(), &example).spawn().unwrap();
        let mut proxy = Self { program, server, address: free, directory };
        let began = Instant::now();
        while std::net::TcpStream::connect(free).is_err() {
            let ended = proxy.program.try_wait().unwrap();
            if ended.is_some() || began.elapsed() > PATIENCE {
                let said = ["said", "errors"]
                    .map(|file| std::fs::read_to_string(proxy.directory.path().join(file)));
                panic!("it does not listen, {ended:?}: {said:?}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        proxy
    }

    /// What curl gets: the status and the body.
    fn get(&self, arguments: &[&str], path: &str) -> (u16, String) {
        let output = Command::new("curl")
            .args([
                "--silent",
                "--noproxy",
                "*",
                "--max-time",
                "20",
                "--write-out",
                "\n%{http_code}",
            ])
            .args(arguments)
            .arg(format!("http://{}{path}", self.address))
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let (body, status) = text.rsplit_once('\n').unwrap();
        (status.parse().unwrap(), body.to_owned())
    }

    /// Calls an operation with a signature over the host that the client sees, and the path.
    fn signed(&self, path: &str) -> (u16, String) {
        let date = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let nonce = format!("{}{path}", jiff::Timestamp::now());
        let query = pairs(&[("InstanceId", "ccc-test")]);
        let headers = pairs(&[
            ("host", "north.example.com"),
            ("x-acs-action", "GetInstance"),
            ("x-acs-content-sha256", &signer::sha256(b"")),
            ("x-acs-date", &date),
            ("x-acs-signature-nonce", &nonce),
            ("x-acs-version", "2020-07-01"),
        ]);
        let authorization = signer::v3_authorization(
            "POST",
            &query,
            &headers,
            b"",
            "demo-access-key",
            b"demo-access-secret",
        );
        let mut arguments = vec!["-X".to_owned(), "POST".to_owned()];
        for (name, value) in &headers {
            arguments.extend(["-H".to_owned(), format!("{name}: {value}")]);
        }
        arguments.extend(["-H".to_owned(), format!("authorization: {authorization}")]);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.get(&arguments, &format!("{path}?{}", signer::form(&query)))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let process = rustix::process::Pid::from_child(&self.program);
        let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
        let _ = self.program.wait();
    }
}

/// The limit on guessing counts the client that the proxy names, not the proxy.
fn counts_each_client_by_itself(proxy: &Proxy, base: &str) {
    let guesses = |from: &str, range: &str| {
        let wrong = ["--interface", from, "-H", "authorization: Bearer wrong"];
        let (last, before) = proxy.get(&wrong, &format!("{base}/api/v1/instances?{range}"));
        format!("{before}\n{last}")
    };
    assert!(guesses("127.0.0.2", "[1-300]").contains("\n429"), "guessing is never limited");
    assert!(guesses("127.0.0.3", "").ends_with("\n401"));
}

/// The console hears of changes at once.
fn streams_events(proxy: &Proxy, base: &str) {
    let jar = proxy.directory.path().join("cookies").display().to_string();
    // A page of the host itself, as a browser says.
    let same = ["-H", "sec-fetch-site: same-origin", "-b", &jar, "-c", &jar];
    let form = ["--data", "login=user-test&password=demo-password"];
    let login = proxy.get(&[&same[..], &form].concat(), &format!("{base}/console/login"));
    assert_eq!(login.0, 303, "{login:?}");
    let cookies = std::fs::read_to_string(&jar).unwrap();
    let cookie = cookies.lines().last().unwrap();
    let [.., name, value] = cookie.split('\t').collect::<Vec<_>>()[..] else {
        panic!("{cookies}");
    };
    let cookie = format!("cookie: {name}={value}");
    let cut_off = ["-H", &cookie, "--no-buffer", "--max-time", "10"];
    std::thread::scope(|scope| {
        let path = format!("{base}/console/ccc-test/events");
        let events = scope.spawn(move || proxy.get(&cut_off, &path).1);
        // They are heard of only from when the stream has begun, which nothing else tells.
        for round in 0.. {
            std::thread::sleep(Duration::from_millis(500));
            if events.is_finished() {
                break;
            }
            let changed = Client::new(proxy.server.address).try_hold("02855500018", round % 2 == 0);
            assert_eq!(changed.unwrap().status, 200);
        }
        let events = events.join().unwrap();
        assert!(events.contains("event: changed"), "nothing came through: {events:?}");
    });
}

/// A spreadsheet of 9 MB is refused by the program, for its lines, and not by the proxy.
fn passes_large_files(proxy: &Proxy, base: &str) {
    let file = proxy.directory.path().join("large.csv");
    std::fs::write(&file, format!("number\n{}", "02855599001\n".repeat(750_000))).unwrap();
    let sent = format!("@{}", file.display());
    let token = ["-H", "authorization: Bearer demo-token", "-H", "content-type: text/csv"];
    let path = format!("{base}/api/v1/instances/ccc-test/imports");
    let (status, body) = proxy.get(&[&token[..], &["--data-binary", &sent]].concat(), &path);
    assert!(status == 422 && body.contains("lines"), "{status} {body}");
}

/// What every example has to pass on.
fn passes_everything_on(proxy: &Proxy, base: &str) {
    let (status, body) = proxy.signed(&format!("{base}/"));
    assert!(status == 200 && body.contains("ccc-test"), "{status} {body}");
    counts_each_client_by_itself(proxy, base);
    streams_events(proxy, base);
    passes_large_files(proxy, base);
}

/// The name of the path alone leads to it.
fn leads_to_the_path(proxy: &Proxy) {
    let (status, body) = proxy.get(&["--location"], "/numberd");
    assert!(status == 200 && body.contains("numberd"), "{status} {body}");
}

#[test]
#[ignore = "needs nginx and curl"]
fn the_example_for_a_host_of_its_own_passes_signatures_addresses_events_and_files() {
    passes_everything_on(&Proxy::of(Kind::Nginx, "docs/many-accounts.md", &[]), "");
}

#[test]
#[ignore = "needs nginx and curl"]
fn the_example_for_a_path_of_a_shared_host_passes_signatures_addresses_events_and_files() {
    let below = ["--base-path", "/numberd"];
    let proxy = Proxy::of(Kind::Nginx, "docs/operating.md", &below);
    passes_everything_on(&proxy, "/numberd");
    leads_to_the_path(&proxy);
}

#[test]
#[ignore = "needs caddy and curl"]
fn the_examples_for_caddy_pass_signatures_addresses_events_and_files() {
    passes_everything_on(&Proxy::of(Kind::Caddy, "docs/many-accounts.md", &[]), "");
    let below = ["--base-path", "/numberd"];
    let proxy = Proxy::of(Kind::Caddy, "docs/operating.md", &below);
    passes_everything_on(&proxy, "/numberd");
    leads_to_the_path(&proxy);
}

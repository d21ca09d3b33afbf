//! TLS by the server itself: what it is served with, what is refused, and a certificate that is
//! renewed under a running server.

use super::slow::{await_sockets, sockets};
use crate::support::{Client, PATIENCE, Program, eventually};
use std::fs::{self, Permissions};
use std::io::{Read, Seek, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls");

/// A directory with a database, a certificate and its key.
struct Office {
    directory: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let office = Self { directory: tempfile::tempdir().unwrap() };
        let database = office.path("numberd.db");
        let made = Program::run(&["init", "--database", database.to_str().unwrap()], "");
        assert!(made.status.success());
        office.install("first", "first");
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Puts a certificate and a key in place, as a renewal does.
    fn install(&self, certificate: &str, key: &str) {
        fs::copy(format!("{FIXTURES}/{certificate}.crt"), self.path("tls.crt")).unwrap();
        fs::copy(format!("{FIXTURES}/{key}.key"), self.path("tls.key")).unwrap();
        fs::set_permissions(self.path("tls.key"), Permissions::from_mode(0o600)).unwrap();
    }

    fn serve(&self) -> Command {
        let mut command = Program::command(&["serve", "--listen", "127.0.0.1:0", "--database"]);
        command.arg(self.path("numberd.db")).arg("--tls-certificate").arg(self.path("tls.crt"));
        command.arg("--tls-key").arg(self.path("tls.key"));
        command
    }

    /// Why the server doesn't start.
    #[track_caller]
    fn refusal(&self) -> String {
        let output = self.serve().output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        said.lines().last().unwrap().to_owned()
    }
}

/// Asks the server whether it is alive; only the certificate of the file is trusted.
fn healthcheck(server: &Program, certificate: &Path) -> Output {
    let address = server.address.to_string();
    let certificate = certificate.to_str().unwrap();
    Program::run(&["healthcheck", "--listen", &address, "--tls-certificate", certificate], "")
}

fn shows(server: &Program, certificate: &str) -> bool {
    healthcheck(server, Path::new(&format!("{FIXTURES}/{certificate}.crt"))).status.success()
}

#[test]
fn a_health_check_trusts_the_certificate_of_the_file_and_no_other() {
    let office = Office::new();
    let server = Program::start_command(office.serve());
    assert!(healthcheck(&server, &office.path("tls.crt")).status.success());
    let other = healthcheck(&server, Path::new(&format!("{FIXTURES}/second.crt")));
    assert_eq!(other.status.code(), Some(5));
    let said = String::from_utf8(other.stderr).unwrap();
    assert!(said.contains("another certificate than the file"), "{said}");
}

#[test]
fn a_renewed_certificate_is_used_after_a_hangup_and_a_bad_one_leaves_the_old_in_use() {
    let office = Office::new();
    let mut log = tempfile::tempfile().unwrap();
    let server = Program::start_logged(office.serve(), log.try_clone().unwrap().into());
    let hangup = |said: &str, log: &mut fs::File| {
        let process = rustix::process::Pid::from_child(&server.child);
        rustix::process::kill_process(process, rustix::process::Signal::HUP).unwrap();
        let began = Instant::now();
        loop {
            let mut text = String::new();
            log.rewind().unwrap();
            log.read_to_string(&mut text).unwrap();
            if text.contains(said) {
                break;
            }
            assert!(began.elapsed() < PATIENCE, "{said:?} is not in {text}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    assert!(shows(&server, "first") && !shows(&server, "second"));
    office.install("second", "second");
    assert!(shows(&server, "first"), "it is read again only when that is asked for");
    hangup("the certificate was read again", &mut log);
    assert!(shows(&server, "second") && !shows(&server, "first"));
    office.install("first", "second");
    hangup("the certificate in use stays", &mut log);
    assert!(shows(&server, "second"));
}

#[test]
fn plain_http_on_a_port_with_tls_is_told_so() {
    let office = Office::new();
    let server = Program::start_command(office.serve());
    let reply = Client::new(server.address).get("/healthz");
    assert_eq!(
        (reply.status, reply.body.trim()),
        (400, "This port speaks HTTPS: begin with https://")
    );
}

#[test]
fn a_client_that_never_ends_its_handshake_is_given_up() {
    let office = Office::new();
    let server = Program::start_command(office.serve());
    let before = sockets(&server);
    let hello = b"\x16\x03\x01\x02\x00";
    let clients: Vec<TcpStream> = [&b""[..], &hello[..]]
        .iter()
        .map(|bytes| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.write_all(bytes).unwrap();
            stream
        })
        .collect();
    eventually("both are connected", || sockets(&server) == before + clients.len());
    await_sockets(&server, before, Duration::from_secs(40));
    assert!(shows(&server, "first"));
}

#[test]
fn what_is_wrong_with_a_certificate_is_said_with_the_name_of_its_file() {
    let office = Office::new();
    let (certificate, key) = (office.path("tls.crt"), office.path("tls.key"));
    let directory = format!("{}/", office.directory.path().display());
    let refused = |expected: &str| {
        let said = office.refusal().replace(&directory, "");
        assert!(said.ends_with(&format!("{expected}.")), "{said}");
    };
    let no = |what: &str, begin: &str| {
        format!(
            "there is no {what} in it, as PEM and without a passphrase: a part that begins with -----BEGIN {begin}-----"
        )
    };
    let damaged =
        "it is not whole PEM: one of its parts is damaged or has no end; copy the file again";

    office.install("first", "second");
    refused(
        "tls.key can't be used for TLS: it doesn't go with tls.crt: it is another certificate's key",
    );

    office.install("first", "first");
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    refused("everybody on this machine can use it; chmod o= takes that away");

    office.install("first", "first");
    fs::write(&certificate, "").unwrap();
    refused(&format!("tls.crt can't be used for TLS: {}", no("certificate", "CERTIFICATE")));
    let checked =
        Program::command(&["healthcheck", "--tls-certificate"]).arg(&certificate).output().unwrap();
    let said = String::from_utf8(checked.stderr).unwrap();
    assert!(said.contains("tls.crt can't be used for TLS: there is no certificate"), "{said}");

    fs::write(&certificate, "-----BEGIN CERTIFICATE-----\nnonsense\n").unwrap();
    refused(&format!("tls.crt can't be used for TLS: {damaged}"));
    let other = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    fs::write(&certificate, other).unwrap();
    refused(
        "tls.crt can't be used for TLS: its first certificate is damaged or of a kind that is not known",
    );

    office.install("first", "first");
    for (text, why) in [
        (&b"\x00\x9f\x92\x96"[..], no("private key", "PRIVATE KEY")),
        (b"-----BEGIN PRIVATE KEY-----\nAAA", damaged.to_owned()),
        (
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "its private key is damaged or of a kind that is not known; RSA, ECDSA (P-256, P-384, P-521) and Ed25519 are".to_owned(),
        ),
        (
            b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            no("private key", "PRIVATE KEY"),
        ),
    ] {
        fs::write(&key, text).unwrap();
        refused(&format!("tls.key can't be used for TLS: {why}"));
    }
    fs::remove_file(&key).unwrap();
    refused("tls.key can't be used for TLS: there is no such file");

    let output = Program::run(&["serve", "--tls-certificate", "tls.crt"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--tls-key"));
    let output = Program::run(&["serve", "--tls-key", "tls.key"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--tls-certificate"));
}

#[test]
#[ignore = "needs curl"]
fn curl_speaks_modern_tls_with_the_server_and_logs_in() {
    let office = Office::new();
    let database = office.path("numberd.db");
    let set = ["password", "set", "root", "--database", database.to_str().unwrap()];
    assert!(Program::run(&set, "a-long-password").status.success());
    let server = Program::start_command(office.serve());
    let base = format!("https://localhost:{}", server.address.port());
    let curl = |arguments: &[&str]| {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--cacert"]).arg(office.path("tls.crt"));
        command.args(arguments).output().unwrap()
    };
    let printed = |output: Output| String::from_utf8(output.stdout).unwrap();

    assert_eq!(printed(curl(&[&format!("{base}/healthz")])), "ok\n");
    for version in ["1.2", "1.3"] {
        let exactly = [&format!("--tlsv{version}"), "--tls-max", version];
        let page = format!("{base}/healthz");
        assert_eq!(printed(curl(&[&exactly[..], &[&page]].concat())), "ok\n", "{version}");
    }
    assert!(!curl(&["--tlsv1.0", "--tls-max", "1.1", &format!("{base}/healthz")]).status.success());

    let jar = office.path("cookies");
    let jar = jar.to_str().unwrap();
    let login = format!("{base}/console/login");
    let sent =
        ["--data", "login=root&password=a-long-password", "-H", "Sec-Fetch-Site: same-origin"];
    let status = ["--output", "/dev/null", "--write-out", "%{http_code}"];
    let entered = [&status[..], &["--cookie-jar", jar], &sent, &[&login]].concat();
    assert_eq!(printed(curl(&entered)), "303");
    // curl keeps a `__Host-` cookie only if it came by TLS and is marked Secure.
    assert!(fs::read_to_string(jar).unwrap().contains("__Host-numberd-session"));
    let inside = format!("{base}/console/");
    let made = ["instances", "create", "ccc-test", "--database", database.to_str().unwrap()];
    assert!(Program::run(&made, "").status.success());
    let page = [&status[..], &["--cookie", jar, "--location", &inside]].concat();
    assert_eq!(printed(curl(&page)), "200");
}

//! The container image: what its Dockerfile does after the program is built, done in a directory
//! that holds Debian.

use crate::docs::{page, root};
use crate::support::Program;
use std::fs::copy;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The steps of the last stage, one line each: what is done, and with what.
fn steps() -> Vec<(String, String)> {
    let whole = page("Dockerfile").replace("\\\n", " ");
    let (_, stage) = whole.rsplit_once("\nFROM ").unwrap();
    let lines = stage.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let step = |line: &str| {
        let (what, with) = line.split_once(' ').unwrap();
        (what.to_owned(), with.trim().to_owned())
    };
    lines.map(step).collect()
}

/// An image, as far as running it in a root of its own needs.
#[derive(Default)]
struct Image {
    root: PathBuf,
    user: String,
    workdir: String,
    environment: Vec<String>,
    entrypoint: Vec<String>,
    cmd: Vec<String>,
    healthcheck: Vec<String>,
}

/// The words of `["numberd", "serve"]`.
fn words(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap()
}

impl Image {
    /// Does the steps in a copy of a directory with Debian.
    fn built(debian: &Path, directory: &Path) -> Self {
        let to = directory.join("root");
        let copied = Command::new("cp").arg("-a").arg(debian).arg(&to).status().unwrap();
        assert!(copied.success());
        let mut image = Self { root: to, ..Self::default() };
        for (what, with) in steps() {
            image.step(&what, &with);
        }
        image
    }

    fn step(&mut self, what: &str, with: &str) {
        match what {
            "RUN" => {
                let done =
                    Command::new("chroot").arg(&self.root).args(["sh", "-ec", with]).status();
                assert!(done.unwrap().success(), "{with}");
            }
            "COPY" => self.copy(with),
            "USER" => with.clone_into(&mut self.user),
            "WORKDIR" => with.clone_into(&mut self.workdir),
            "ENV" => self.environment = with.split_whitespace().map(str::to_owned).collect(),
            "ENTRYPOINT" => self.entrypoint = words(with),
            "CMD" => self.cmd = words(with),
            "HEALTHCHECK" => self.healthcheck = words(with.split_once("CMD ").unwrap().1),
            "VOLUME" | "EXPOSE" => {}
            other => panic!("{other} is not known here"),
        }
    }

    fn copy(&self, with: &str) {
        let mut files: Vec<&str> = with.split_whitespace().collect();
        let to = self.root.join(files.pop().unwrap().trim_start_matches('/'));
        if files.first().is_some_and(|first| first.starts_with("--from=build")) {
            match files[1] {
                "/src/licences" => std::fs::write(to, licences()).unwrap(),
                _ => drop(copy(Program::path(), to).unwrap()),
            }
            return;
        }
        std::fs::create_dir_all(&to).unwrap();
        for file in files {
            let from = root().join(file);
            copy(&from, to.join(from.file_name().unwrap())).unwrap();
        }
    }

    /// A command in the image, as its user.
    fn command(&self, port: u16, words: &[String]) -> Command {
        let mut command = Command::new("chroot");
        command.arg(format!("--userspec={0}:{0}", self.user)).arg(&self.root);
        command.args(["env", "-i", "-C", &self.workdir, "PATH=/usr/local/bin:/usr/bin:/bin"]);
        // Containers have networks of their own; here 8080 may be somebody else's.
        let listen = |line: &String| line.replace("0.0.0.0:8080", &format!("0.0.0.0:{port}"));
        command.args(self.environment.iter().map(listen)).args(words);
        command
    }

    fn run(&self, port: u16, words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let output = self.command(port, &[&self.entrypoint[..], &words].concat()).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// What `packaging/licences` prints.
fn licences() -> Vec<u8> {
    let output = Command::new(root().join("packaging/licences")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
#[ignore = "needs the sources of the dependencies, and cargo"]
fn the_licences_are_those_of_every_component() {
    let text = String::from_utf8(licences()).unwrap();
    let line = format!("\n{}\n", "-".repeat(72));
    for (name, with) in [
        ("rusqlite", "Permission is hereby granted"),
        ("ring", "ISC"),
        ("tikv-jemalloc-sys", "Jason Evans"),
        ("unicode-ident", "UNICODE LICENSE V3"),
    ] {
        let is_of = |part: &str| part.lines().any(|line| line.starts_with(&format!("{name} ")));
        let mut parts = text.split(&line).filter(|part| is_of(part));
        assert!(parts.any(|part| part.contains(with)), "{name}");
    }
    assert!(!text.contains("numberd 0."), "its own is in files of their own");
}

/// A server that is killed when the test is over.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs root and a Debian in NUMBERD_DEBIAN"]
fn the_steps_of_the_image_make_a_root_in_which_the_program_serves_as_nobody_in_particular() {
    let debian = std::env::var_os("NUMBERD_DEBIAN").expect("NUMBERD_DEBIAN");
    let directory = tempfile::tempdir().unwrap();
    let image = Image::built(debian.as_ref(), directory.path());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert!(image.user.parse::<u32>().unwrap() >= 10_000, "{}", image.user);
    let made = image.run(port, &["init"]);
    assert!(made.contains("access-key") || made.contains("AccessKey"), "{made}");

    let mut serve = image.command(port, &[&image.entrypoint[..], &image.cmd].concat());
    serve.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut served = Served(serve.spawn().unwrap());
    let stdout = served.0.stdout.take().unwrap();
    let line = BufReader::new(stdout).lines().next().unwrap().unwrap();
    assert_eq!(line, format!("listening on http://0.0.0.0:{port}"));
    let healthy = image.command(port, &image.healthcheck).status().unwrap();
    assert!(healthy.success());
    image.run(port, &["check"]);

    let process = rustix::process::Pid::from_child(&served.0);
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    let began = Instant::now();
    assert!(served.0.wait().unwrap().success());
    assert!(began.elapsed() < Duration::from_secs(10), "docker kills it after ten seconds");
    for file in ["data/numberd.db", "keys/numberd.key"] {
        let made = std::fs::metadata(image.root.join(file)).unwrap();
        assert_eq!(std::os::unix::fs::MetadataExt::uid(&made).to_string(), image.user, "{file}");
    }
}

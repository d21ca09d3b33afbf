//! The arrows between the layers point downward.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The layers from the top; a file uses only what is below its own line. The faces are side
/// by side and never use each other.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["server"],
    // A client of the vendors is a face turned round: it knows HTTP, and nothing of the store.
    &["ccc", "vcc", "admin", "console", "adopt"],
    &["metrics"],
    &["http"],
    &["ops"],
    &["store"],
    &["domain", "telemetry"],
];

fn layer(module: &str) -> usize {
    LAYERS
        .iter()
        .position(|line| line.contains(&module))
        .unwrap_or_else(|| panic!("the module {module} has no line in LAYERS"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What a text names behind `crate::`, in `use crate::{a, b::c}` too.
fn used(text: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0_i32;
            let mut item = String::new();
            for character in group.chars() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => modules.push(std::mem::take(&mut item)),
                    _ if depth == 0 => item.push(character),
                    _ => {}
                }
            }
            modules.push(item);
        } else {
            modules.push(rest.to_owned());
        }
    }
    let name = |path: String| {
        path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
    };
    modules.into_iter().map(name).filter(|name| !name.is_empty()).collect()
}

/// The arrows of one file that point upward or sideways.
fn forbidden(module: &str, text: &str) -> Vec<String> {
    let own = layer(module);
    used(text)
        .into_iter()
        .filter(|target| target != module && layer(target) <= own)
        .map(|target| format!("{module} uses {target}"))
        .collect()
}

#[test]
fn every_file_uses_only_what_is_below_its_own_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        wrong.extend(forbidden(module, &std::fs::read_to_string(&file).unwrap()));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_arrow_that_points_upward_or_sideways_is_found() {
    assert_eq!(forbidden("store", "use crate::{domain::Error, ops};"), ["store uses ops"]);
    assert_eq!(forbidden("ccc", "use crate::domain::Error; crate::vcc::x()"), ["ccc uses vcc"]);
    assert!(forbidden("ccc", "use crate::{domain::{Act, Error}, http, ops};").is_empty());
}

/// The files of the program with their paths below `src`.
pub(crate) fn program() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let read = |file: PathBuf| {
        let path = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        // Tests may use whatever they test.
        let text = std::fs::read_to_string(&file).unwrap();
        (path, text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned())
    };
    files.into_iter().map(read).collect()
}

/// What a text names behind `start`, in groups too.
fn named_behind(text: &str, start: &str) -> Vec<String> {
    used(&text.replace(start, "crate::"))
}

/// The folders in which files still use each other in a circle. None may be added.
const CIRCULAR: &[&str] = &[];

/// For each folder, which of its files uses which others; a `mod.rs` is the folder itself and may
/// name all that is in it.
fn arrows(files: &[(String, String)]) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut folders: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (path, text) in files {
        let steps: Vec<&str> =
            path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').collect();
        let relative = text.replace("super::super::", "above::").replace("crate::", "away::");
        for depth in 1..steps.len() {
            let (folder, own) = (steps[..depth].join("/"), steps[depth]);
            let absolute = format!("crate::{}::", folder.replace('/', "::"));
            let mut targets =
                named_behind(&text.replace(&absolute, "here::").replace("crate::", ""), "here::");
            if depth + 1 == steps.len() {
                targets.extend(named_behind(&relative, "super::"));
            }
            let files = folders.entry(folder).or_default();
            files
                .entry(own.to_owned())
                .or_default()
                .extend(targets.into_iter().filter(|to| to != own));
        }
    }
    folders
}

/// The files of a folder that can be reached from themselves.
fn circular(files: &BTreeMap<String, BTreeSet<String>>) -> Vec<&String> {
    let reaches_itself = |start: &&String| {
        let mut seen = BTreeSet::new();
        let mut next = vec![*start];
        while let Some(file) = next.pop() {
            for target in files.get(file).into_iter().flatten() {
                if target == *start {
                    return true;
                }
                if seen.insert(target) {
                    next.push(target);
                }
            }
        }
        false
    };
    files.keys().filter(reaches_itself).collect()
}

#[test]
fn no_files_of_a_folder_use_each_other_in_a_circle() {
    let folders = arrows(&program());
    let wrong: Vec<String> = folders
        .iter()
        .filter(|(folder, _)| !CIRCULAR.contains(&folder.as_str()))
        .filter_map(|(folder, files)| match circular(files) {
            files if files.is_empty() => None,
            files => Some(format!("{folder}: {files:?}")),
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_circle_is_found() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let files = [
        file("store/a.rs", "use super::{b::x, c};"),
        file("store/b/mod.rs", "use crate::store::d;"),
        file("store/c.rs", "use crate::domain::a;"),
        file("store/d.rs", "super::a::y()"),
    ];
    assert_eq!(circular(&arrows(&files)["store"]), ["a", "b", "d"]);
}

/// The writes of the store that a face does without `ops`, and why.
const WRITES_OF_FACES: &[(&str, &str)] = &[
    ("nonces::remember", "belongs to the request and is kept even when the act is refused"),
    ("nonces::forget_expired", "belongs to what the face remembers of nonces"),
    ("idempotency::insert", "stores the response, which only the face has"),
    ("access_keys::adopt_key_file", "ties a new database to its key file"),
    ("seed::load", "loads the sample as it is, history included"),
];

/// The store's functions that write, as `module::function`.
fn writes(files: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("store/")) {
        let module = path.trim_start_matches("store/").split(['/', '.']).next().unwrap();
        for function in text.split("pub fn ").skip(1) {
            let (name, rest) = function.split_once('(').unwrap();
            if rest.split_once(')').unwrap().0.contains("&WriteTx") {
                found.push(format!("{module}::{name}"));
            }
        }
    }
    found
}

#[test]
fn every_write_of_a_face_goes_through_ops() {
    let files = program();
    let writes = writes(&files);
    assert!(writes.len() > 40, "the store's functions are written otherwise: {writes:?}");
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (path, text) in &files {
        if ["store/", "ops/", "domain/"].iter().any(|layer| path.starts_with(layer)) {
            continue;
        }
        for write in &writes {
            let module = write.split("::").next().unwrap();
            let of_store = named_behind(&text.replace("crate::", "away::"), "away::store::");
            let calls = text
                .match_indices(&format!("{write}("))
                .any(|(at, _)| !text[..at].ends_with("ops::") && !text[..at].ends_with('_'));
            if !calls || !of_store.iter().any(|name| name == module) {
                continue;
            }
            match WRITES_OF_FACES.iter().find(|(allowed, _)| allowed == write) {
                Some((allowed, _)) => {
                    seen.insert(*allowed);
                }
                None => wrong.push(format!("{path} calls {write}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let allowed: BTreeSet<&str> = WRITES_OF_FACES.iter().map(|(write, _)| *write).collect();
    assert_eq!(seen, allowed, "an exception that is not needed any more");
}

/// The places that read a column by its position, but for the first of a closure that reads one
/// column: `|row| row.get(0)`.
fn positions(text: &str) -> Vec<String> {
    let dense: String = text.split_whitespace().collect();
    let mut found = Vec::new();
    for (at, _) in dense.match_indices("row.get") {
        let rest = &dense[at..];
        let Some((_, argument)) = rest.split_once('(') else { continue };
        let is_position = argument.starts_with(|c: char| c.is_ascii_digit());
        let alone = dense[..at].ends_with("|row|") || dense[..at].ends_with("|row|{");
        if is_position && !(alone && argument.starts_with("0)")) {
            found.push(rest.chars().take(40).collect());
        }
    }
    found
}

#[test]
fn columns_are_read_by_name() {
    let wrong: Vec<String> = program()
        .iter()
        .flat_map(|(path, text)| {
            positions(text).into_iter().map(move |place| format!("{path}: {place}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(positions("tx.row(sql, [], |row| row.get(0))").is_empty());
    assert_eq!(positions("Ok(X { a: row.get(0)?, b: row.get::<_, String>(1)? })").len(), 2);
}

/// The files that no `mod` names, so that nobody compiles them.
fn nameless(root: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    sources(root, &mut paths);
    let declares = |file: &Path, module: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.lines().any(|line| {
            line.ends_with(&format!("mod {module};")) && !line.trim_start().starts_with("//")
        })
    };
    let is_named = |path: &PathBuf| {
        let module = path.file_stem().unwrap().to_str().unwrap();
        let folder = path.parent().unwrap();
        let (module, folder) = match module {
            "main" | "lib" if folder == root => return true,
            "mod" => (folder.file_name().unwrap().to_str().unwrap(), folder.parent().unwrap()),
            _ => (module, folder),
        };
        let beside = ["mod.rs", "main.rs", "lib.rs"].map(|name| folder.join(name));
        let above = folder.with_extension("rs");
        beside.iter().chain([&above]).any(|file| declares(file, module))
    };
    paths.retain(|path| !is_named(path));
    paths.iter().map(|path| path.display().to_string()).collect()
}

#[test]
fn every_file_is_a_part_of_the_program_or_of_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "tests/api"] {
        assert_eq!(nameless(&root.join(folder)), Vec::<String>::new());
    }
}

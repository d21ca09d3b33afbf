//! The arrows between the layers point downward.

use std::path::{Path, PathBuf};

/// The layers from the top; a file uses only what stands below its own line. The faces stand side
/// by side and never use each other.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["server"],
    &["ccc", "vcc", "admin"],
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
fn every_file_uses_only_what_stands_below_its_own_line() {
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

//! The console's style sheet, scripts and icon: files of `assets/`, compiled into the program (a
//! debug build reads them from disk, so that editing one needs no build).

use crate::domain::text::hex;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// The modules of the one script that a page asks for, each after those that it needs: a page is
/// there after few requests, and needs no bundler. No two of them declare the same name.
const MODULES: [&str; 9] = [
    "idiomorph.js",
    "region.js",
    "selection.js",
    "suggest.js",
    "keys.js",
    "palette.js",
    "times.js",
    "live.js",
    "console.js",
];

/// The script: all modules together.
fn script() -> String {
    let mut script = String::new();
    for module in MODULES.iter().filter_map(|module| Assets::get(module)) {
        for line in String::from_utf8_lossy(&module.data).lines() {
            if !line.starts_with("import {") && !line.starts_with("export {") {
                script += line.strip_prefix("export ").unwrap_or(line);
                script.push('\n');
            }
        }
    }
    script
}

/// Answers `GET /console/assets/{file}`; a browser that has the file already gets 304.
pub(super) async fn serve(request: HttpRequest, file: web::Path<String>) -> HttpResponse {
    let Some(asset) = Assets::get(&file) else {
        return HttpResponse::NotFound().content_type("text/plain").body("No such file.\n");
    };
    let body = match asset.data {
        _ if *file == "console.js" => web::Bytes::from(script()),
        Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
        Cow::Owned(bytes) => web::Bytes::from(bytes),
    };
    let tag = tag(&Sha256::digest(&body));
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|value| value == tag.as_str());
    if known {
        return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
    }
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.metadata.mimetype().to_owned()))
        // A new program has new files under the same names, so a browser asks each time.
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((ETAG, tag))
        .body(body)
}

fn tag(hash: &[u8]) -> String {
    format!("\"{}\"", hex(&hash[..8]))
}

#[cfg(test)]
mod tests {
    use super::{Assets, MODULES, script};
    use std::collections::BTreeSet;

    #[test]
    fn the_script_holds_every_module_once_and_each_name_once() {
        let files: BTreeSet<_> = Assets::iter().filter(|name| name.ends_with(".js")).collect();
        assert_eq!(files, MODULES.iter().map(|name| (*name).into()).collect());
        let script = script();
        let declared = script.lines().filter_map(|line| {
            let words = ["const ", "let ", "var ", "function ", "async function ", "class "];
            let rest = words.iter().find_map(|word| line.strip_prefix(word))?;
            let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
            Some(name.to_owned())
        });
        let mut names = BTreeSet::new();
        for name in declared {
            assert!(names.insert(name.clone()), "{name}");
        }
        assert!(names.len() > 30 && !script.contains("\nimport ") && !script.contains("\nexport "));
    }
}

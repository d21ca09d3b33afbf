//! What the benchmarks share: databases of a given size, and requests as they come over the wire.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a benchmark that can't go on stops"
)]
#![allow(dead_code, reason = "each benchmark uses its part")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use numberd::ccc::Face;
use numberd::domain::{Author, Clock, InstanceId, Origin, Paging};
use numberd::http::{BasePath, BodyRoom, Face as _, Headers, LoginAttempts, Request};
use numberd::ops::credentials::{self, Issued};
use numberd::ops::last_use::LastUse;
use numberd::ops::passwords;
use numberd::store::api_tokens::NewToken;
use numberd::store::number_index::{self, Indexer};
use numberd::store::{self, KeyFile, Migrate, Store, access_keys, key_file::random_bytes};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

pub const INSTANCE: &str = "bench";
pub const USER: &str = "root@bench";
pub const SKILL_GROUP: &str = "group@bench";
pub const TOKEN: &str = "a token of the benchmark";
const KEY_ID: &str = "bench-access-key";
const SECRET: &str = "bench-access-secret";
const HOST: &str = "127.0.0.1:8080";

/// How many numbers are measured: what `NUMBERD_SIZES` says, such as `1000,100000`, or else these.
pub fn sizes(usual: &str) -> Vec<u64> {
    let chosen = std::env::var("NUMBERD_SIZES");
    let sizes = chosen.as_deref().unwrap_or(usual).split(',');
    sizes.map(|size| size.parse().unwrap()).collect()
}

/// How many numbers, and how many in a hundred of them are bound to the skill group and personal to
/// the user; the others are free. One in a hundred has usage Outbound.
#[derive(Clone, Copy)]
pub struct Mix {
    pub numbers: u64,
    pub bound: u64,
    pub personal: u64,
}

impl Mix {
    /// Sixty in a hundred are free.
    pub fn usual(numbers: u64) -> Self {
        Self { numbers, bound: 30, personal: 10 }
    }
}

/// A database in a directory of its own, with the face over it.
pub struct Database {
    pub path: PathBuf,
    pub store: Arc<Store>,
    pub face: Arc<Face>,
    indexer: Indexer,
    _directory: tempfile::TempDir,
}

impl Database {
    pub fn new(mix: Mix) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("numberd.db");
        store::create(&path).unwrap();
        let key_file = KeyFile::create(&path.with_extension("key")).unwrap();
        let key = key_file.clone();
        let store = Arc::new(Store::open(&path, Migrate::Apply, Clock::System).unwrap());
        let author = Author {
            actor: "bench".to_owned(),
            via: Origin::Cli,
            request_id: String::new(),
            reason: String::new(),
        };
        let password = passwords::hash("bench-password").unwrap();
        store
            .write(author, move |tx| {
                credentials::found_account(tx, &key, &"root".parse().unwrap(), &password)?;
                credentials::add_access_key(tx, &key, "root", KEY_ID, SECRET)?;
                credentials::add_token(
                    tx,
                    "root",
                    &Issued { id: "bench".to_owned(), secret: TOKEN.to_owned() },
                    &NewToken::default(),
                )?;
                access_keys::is_key_file_of(tx, &key)
            })
            .unwrap();
        fill(&path, mix);
        let attempts = Arc::new(LoginAttempts::new(store.clock()));
        let last_use = Arc::new(LastUse::new(Arc::clone(&store)));
        let face = Face::new(Arc::clone(&store), attempts, last_use, key_file, Paging::Strict);
        let face = Arc::new(face);
        let indexer = number_index::keep(&store).unwrap();
        Self { path, store, face, indexer, _directory: directory }
    }

    /// Adds users, who are all in one skill group, and skill groups, which the root is in.
    #[allow(clippy::disallowed_methods, reason = "the benchmark's own rows")]
    pub fn add_people(&self, users: u32, groups: u32) {
        let sql = format!(
            "PRAGMA synchronous = OFF;
             BEGIN;
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {users})
             INSERT INTO ram_user (ram_id, login_name, display_name) SELECT 100000 + i, 'u' || i, 'User ' || i FROM n;
             INSERT INTO user (user_id, instance_id, ram_id, display_name)
             SELECT login_name || '@bench', 'bench', ram_id, display_name FROM ram_user WHERE is_root = 0;
             INSERT INTO skill_group_member (skill_group_id, user_id, instance_id) SELECT 'group@bench', user_id, 'bench' FROM user;
             INSERT INTO skill_group (skill_group_id, instance_id, name) VALUES ('empty@bench', 'bench', 'empty');
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {groups})
             INSERT INTO skill_group (skill_group_id, instance_id, name) SELECT 'g' || i || '@bench', 'bench', 'g' || i FROM n;
             INSERT INTO skill_group_member (skill_group_id, user_id, instance_id)
             SELECT skill_group_id, 'root@bench', 'bench' FROM skill_group WHERE name GLOB 'g[0-9]*';
             COMMIT;
             PRAGMA wal_checkpoint(TRUNCATE);"
        );
        Connection::open(&self.path).unwrap().execute_batch(&sql).unwrap();
    }

    /// A connection set up as the program's, so that no statement is prepared twice.
    #[allow(clippy::disallowed_methods, reason = "the bare SQL that the program is compared with")]
    pub fn bare(&self) -> Connection {
        let connection =
            Connection::open_with_flags(&self.path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
                .unwrap();
        connection.set_prepared_statement_cache_capacity(128);
        connection
            .set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .unwrap();
        connection.execute_batch("PRAGMA cache_size = -2000").unwrap();
        connection
    }

    /// Waits until searches are answered from memory, and tells how long that took.
    pub fn index(&self) -> Duration {
        let begun = Instant::now();
        let search = [
            ("UserId", USER),
            ("IsMember", "false"),
            ("SearchPattern", "0"),
            ("PageNumber", "1"),
            ("PageSize", "10"),
        ];
        self.answer(bearer(&query("ListPersonalNumbersOfUser", &search)));
        while self.indexer.numbers(&InstanceId::new(INSTANCE)).is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        begun.elapsed()
    }

    /// Sends a request to the face, which must answer it with success.
    pub fn answer(&self, request: Request) -> Vec<u8> {
        let answer = self.face.answer(&request);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.body
    }
}

/// The rows come in one transaction, and the change log is left out: a million numbers in a minute
/// rather than in three. The counters and states are the schema's own work.
#[allow(clippy::disallowed_methods, reason = "the benchmark's own rows")]
fn fill(path: &std::path::Path, mix: Mix) {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN")
        .unwrap();
    let logged =
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name GLOB '*_logged'";
    let triggers: Vec<(String, String)> = connection
        .prepare(logged)
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for (name, _) in &triggers {
        connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    connection
        .execute_batch(
            "INSERT INTO instance (instance_id, name) VALUES ('bench', 'bench');
             INSERT INTO user (user_id, instance_id, ram_id, role) SELECT 'root@bench', 'bench', ram_id, 'Admin' FROM ram_user;
             INSERT INTO skill_group (skill_group_id, instance_id, name) VALUES ('group@bench', 'bench', 'group');",
        )
        .unwrap();
    let mut number =
        connection.prepare("INSERT INTO phone_number (instance_id, number, usage, province, city) VALUES ('bench', ?1, ?2, '四川', '乐山')").unwrap();
    let mut bind = connection.prepare("INSERT INTO skill_group_number (instance_id, skill_group_id, number) VALUES ('bench', 'group@bench', ?1)").unwrap();
    let mut assign = connection.prepare("INSERT INTO personal_assignment (instance_id, number, user_id) VALUES ('bench', ?1, 'root@bench')").unwrap();
    for index in 0..mix.numbers {
        let text = number_of(index);
        number
            .execute([text.as_str(), if index % 100 == 99 { "Outbound" } else { "Bidirection" }])
            .unwrap();
        match index % 100 {
            share if share < mix.bound => bind.execute([&text]).map(drop).unwrap(),
            share if share < mix.bound + mix.personal => assign.execute([&text]).map(drop).unwrap(),
            _ => {}
        }
    }
    for (_, sql) in &triggers {
        connection.execute_batch(sql).unwrap();
    }
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
}

/// The number of an index: eleven digits that look random, none of them twice.
pub fn number_of(index: u64) -> String {
    format!("0{:010}", (index * 6_180_339_887 + 8_300_000_011) % 10_000_000_000)
}

/// The parameters of a list, in the query.
pub fn query(action: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = format!("Action={action}");
    for (name, value) in [&[("InstanceId", INSTANCE)], parameters].concat() {
        query.push_str(&format!(
            "&{name}={}",
            percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC)
        ));
    }
    query
}

/// A request with the bearer token.
pub fn bearer(query: &str) -> Request {
    request(query, with_token())
}

fn with_token() -> Vec<(String, Vec<u8>)> {
    vec![
        ("host".to_owned(), HOST.into()),
        ("authorization".to_owned(), format!("Bearer {TOKEN}").into_bytes()),
    ]
}

/// A request to the admin API, with the bearer token.
pub fn get(path: &str, query: &str) -> Request {
    let path = format!("/api/v1{path}");
    Request { method: "GET".to_owned(), path, ..bearer(query) }
}

/// The same with a body in JSON.
pub fn post(path: &str, body: &str) -> Request {
    let mut headers = with_token();
    headers.push(("content-type".to_owned(), b"application/json".to_vec()));
    let body = Ok(body.as_bytes().to_vec());
    Request { path: format!("/api/v1{path}"), body, ..request("", headers) }
}

/// A request with a V3 signature, as the vendor's Python SDK makes it.
pub fn signed(query: &str) -> Request {
    let action = query.split('&').next().unwrap().strip_prefix("Action=").unwrap();
    let query = query.split_once('&').map_or("", |(_, rest)| rest);
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    let body = hex(&Sha256::digest([]));
    let headers = [
        ("accept", "application/json".to_owned()),
        ("host", HOST.to_owned()),
        ("user-agent", "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.6 TeaDSL/2".to_owned()),
        ("x-acs-action", action.to_owned()),
        ("x-acs-content-sha256", body.clone()),
        ("x-acs-credentials-provider", "static_ak".to_owned()),
        (
            "x-acs-date",
            Clock::System.now().to_string().replace('.', "Z").split('Z').next().unwrap().to_owned()
                + "Z",
        ),
        ("x-acs-signature-nonce", URL_SAFE_NO_PAD.encode(random_bytes::<16>().unwrap())),
        ("x-acs-version", "2020-07-01".to_owned()),
    ];
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    // Every character but letters and digits is percent-encoded already, which is more than the
    // signature asks for.
    let pairs: Vec<String> = pairs
        .iter()
        .map(|pair| pair.replace("%2D", "-").replace("%2E", ".").replace("%5F", "_"))
        .collect();
    let canonical = format!("POST\n/\n{}\n{lines}\n{}\n{body}", pairs.join("&"), names.join(";"));
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical)));
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(to_sign.as_bytes());
    let signature = hex(&mac.finalize().into_bytes());
    let authorization = format!(
        "ACS3-HMAC-SHA256 Credential={KEY_ID},SignedHeaders={},Signature={signature}",
        names.join(";")
    );
    let mut headers: Vec<(String, Vec<u8>)> =
        headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes())).collect();
    headers.push(("authorization".to_owned(), authorization.into_bytes()));
    request(query, headers)
}

fn request(query: &str, headers: Vec<(String, Vec<u8>)>) -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        query: query.to_owned(),
        headers: Headers::new(headers),
        body: Ok(Vec::new()),
        host: HOST.to_owned(),
        client: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        request_id: "2D5A1E3C-3C4B-4B8A-9B1D-0A7C5E7F9D11".to_owned(),
        room: BodyRoom::default(),
        base_path: BasePath::default(),
        upload: None,
        is_nonce_used: AtomicBool::default(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

-- The program's own tables: counters, the change log, credentials, and what it remembers of
-- requests.

-- How many numbers of an instance are in each state. Kept by triggers, so that a list's total costs
-- one look-up. `version` grows with every change of a number or of its state.
CREATE TABLE instance_counter (
    instance_id TEXT    NOT NULL PRIMARY KEY REFERENCES instance,
    free        INTEGER NOT NULL DEFAULT 0 CHECK (free >= 0),
    bound       INTEGER NOT NULL DEFAULT 0 CHECK (bound >= 0),
    personal    INTEGER NOT NULL DEFAULT 0 CHECK (personal >= 0),
    version     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- How many numbers are in the account's pool; its one row is kept by triggers.
CREATE TABLE pool_counter (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    numbers  INTEGER NOT NULL CHECK (numbers >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO pool_counter (only_row, numbers) VALUES (1, 0);

-- Holds its row only while a trigger of V6 counts, so that a counter changed by anybody else is
-- refused.
CREATE TABLE counting (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1)
) STRICT, WITHOUT ROWID;

-- From where a change can come: the faces of the program, and `sql` for an edit by hand. A new face
-- is a new row.
CREATE TABLE origin (
    name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO origin (name) VALUES ('ccc'), ('vcc'), ('admin'), ('console'), ('cli'), ('sql');

-- Who is writing. The program fills the row at the start of each write transaction and empties it
-- before the commit; outside of its transactions the table is empty, and a change that finds no row
-- here was made by hand (via 'sql').
CREATE TABLE write_context (
    only_row   INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    now        INTEGER NOT NULL,
    actor      TEXT    NOT NULL,
    via        TEXT    NOT NULL REFERENCES origin (name) CHECK (via <> 'sql'),
    request_id TEXT    NOT NULL,
    reason     TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- The moment of a change: that of the program's transaction, or of the clock for an edit by hand.
CREATE VIEW v_now AS
    SELECT coalesce((SELECT now FROM write_context),
                    CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) AS now;

-- Numbers that are one with another of the same instance, or of the pool. Always empty.
-- CROSS JOIN keeps the order of the tables: each number is asked for its few spellings.
CREATE VIEW v_same_number AS
SELECT n.instance_id, n.number, other.number AS other
  FROM phone_number AS n
 CROSS JOIN spelling AS s ON s.number = n.number
 CROSS JOIN spelling AS t ON t.comparable_86 = s.comparable_86 AND t.number <> s.number
 CROSS JOIN phone_number AS other
    ON other.number = t.number AND other.instance_id IS n.instance_id
 WHERE t.comparable = s.comparable
    OR EXISTS (SELECT 1 FROM instance
                WHERE instance_id = n.instance_id AND country_code = '86');

-- 400 numbers, however they are spelled.
CREATE VIEW v_service_number AS
SELECT instance_id, number, usage
  FROM (SELECT n.instance_id, n.number, n.usage,
               CASE i.country_code WHEN '86' THEN s.comparable_86 ELSE s.comparable END AS form
          FROM phone_number AS n
         CROSS JOIN spelling AS s ON s.number = n.number
          LEFT JOIN instance AS i ON i.instance_id = n.instance_id)
 WHERE form GLOB '400[0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x]'
    OR form GLOB '+86400[0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x]';

-- The change log: one row for each row that was added, changed or removed, by whom, from where, and
-- why. The rows of one request share its request_id. Written by triggers only and never changed;
-- the oldest lines go when they have been archived.
CREATE TABLE change (
    change_id      INTEGER PRIMARY KEY AUTOINCREMENT CHECK (change_id > 0),
    changed_at     INTEGER NOT NULL,
    actor          TEXT    NOT NULL,
    via            TEXT    NOT NULL REFERENCES origin (name),
    request_id     TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    entity         TEXT    NOT NULL           -- the table
                   CHECK (entity IN (
                        'access_key', 'api_token', 'change_archive',
                        'contact_flow', 'forgotten_person', 'instance', 'key_file_check',
                        'low_water_mark',
                        'oauth_client', 'oauth_token', 'personal_assignment',
                        'phone_number', 'ram_user', 'reservation', 'skill_group',
                        'skill_group_member', 'skill_group_number', 'user')),
    action         TEXT    NOT NULL CHECK (action IN ('insert', 'update', 'delete')),
    instance_id    TEXT,
    number         TEXT,
    user_id        TEXT,
    skill_group_id TEXT,
    assignment_id  INTEGER,
    -- The row before and after, as JSON; NULL for an insert and for a delete.
    old            TEXT CHECK (old IS NULL OR json_valid(old)),
    new            TEXT CHECK (new IS NULL OR json_valid(new))
) STRICT;
-- A number's changes in the history of the number, the user's page, the skill group's page; the
-- lines of a request, which are undone together; the lines of an assignment.
CREATE INDEX change_by_number ON change (instance_id, number) WHERE number IS NOT NULL;
CREATE INDEX change_by_user ON change (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX change_by_skill_group ON change (skill_group_id) WHERE skill_group_id IS NOT NULL;
CREATE INDEX change_by_request ON change (request_id) WHERE request_id <> '';
CREATE INDEX change_by_assignment ON change (assignment_id, action)
    WHERE assignment_id IS NOT NULL;

-- In which blocks of 256 lines of the log an instance, an actor, a table or a face occurs, in any
-- instance (`*`) or in one. An index of the lines would have to be written with every line for each
-- of the four; a block is written once, and a reader looks at its lines.
CREATE TABLE change_block (
    kind        TEXT    NOT NULL CHECK (kind IN ('instance', 'actor', 'entity', 'via')),
    value       TEXT    NOT NULL,
    instance_id TEXT    NOT NULL,
    block       INTEGER NOT NULL CHECK (block >= 0),  -- change_id / 256
    PRIMARY KEY (kind, value, instance_id, block)
) STRICT, WITHOUT ROWID;

-- Which change was undone by which: a number given again after its release was undone goes on where
-- the release had ended it.
CREATE TABLE undone (
    change_id INTEGER NOT NULL REFERENCES change,
    undone_by INTEGER NOT NULL REFERENCES change CHECK (undone_by > change_id),
    PRIMARY KEY (change_id, undone_by)
) STRICT, WITHOUT ROWID;
CREATE INDEX undone_by_undoing ON undone (undone_by);

-- Which lines of the log were archived: all up to the greatest `last_change_id`. The first row
-- begins with line 1, each further one where the one before ended.
CREATE TABLE change_archive (
    last_change_id     INTEGER NOT NULL PRIMARY KEY CHECK (last_change_id >= first_change_id),
    first_change_id    INTEGER NOT NULL CHECK (first_change_id > 0),
    lines              INTEGER NOT NULL CHECK (lines = last_change_id - first_change_id + 1),
    before             INTEGER NOT NULL,      -- all these lines are older
    -- Assignments up to this one may have no lines in the log.
    last_assignment_id INTEGER NOT NULL CHECK (last_assignment_id >= 0),
    file               TEXT    NOT NULL,      -- where the lines were written to
    sha256             TEXT    NOT NULL       -- of that file
                       CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    archived_at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- People whose data was erased, and the name that the history has for them now. It is random, so
-- that it says nothing about them.
CREATE TABLE forgotten_person (
    pseudonym    TEXT    NOT NULL PRIMARY KEY
                 CHECK (length(pseudonym) = 22 AND pseudonym GLOB 'forgotten-*'
                        AND substr(pseudonym, 11) NOT GLOB '*[^0-9a-f]*'),
    periods      INTEGER NOT NULL CHECK (periods >= 0),  -- of numbers: what stays of them
    lines        INTEGER NOT NULL CHECK (lines >= 0),    -- of the log in which they were erased
    forgotten_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Holds its row only while the program erases somebody: then the triggers that keep the history let
-- that person's name be replaced by this one, and nothing else.
CREATE TABLE forgetting (
    only_row   INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    pseudonym  TEXT    NOT NULL
               CHECK (length(pseudonym) = 22 AND pseudonym GLOB 'forgotten-*'
                      AND substr(pseudonym, 11) NOT GLOB '*[^0-9a-f]*'),
    login_name TEXT    NOT NULL               -- the one that it replaces
) STRICT, WITHOUT ROWID;

-- AccessKeys. The secret is needed in clear to check a signature, so it is encrypted with the key
-- file (XChaCha20-Poly1305); the AccessKey id is authenticated with it, so that rows cannot be
-- swapped.
CREATE TABLE access_key (
    access_key_id     TEXT    NOT NULL PRIMARY KEY
                      CHECK (length(access_key_id) BETWEEN 1 AND 128
                             AND access_key_id NOT GLOB '*[^-A-Za-z0-9._]*'),
    ram_id            TEXT    NOT NULL REFERENCES ram_user,
    secret_nonce      BLOB    NOT NULL CHECK (length(secret_nonce) = 24),
    secret_ciphertext BLOB    NOT NULL,
    created_at        INTEGER NOT NULL
                      DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    revoked_at        INTEGER,
    last_used_at      INTEGER                 -- kept coarsely: a request must not cost a write
) STRICT, WITHOUT ROWID;

-- A known text encrypted with the key file, by which a wrong key file is noticed at the start.
CREATE TABLE key_file_check (
    only_row   INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    nonce      BLOB    NOT NULL CHECK (length(nonce) = 24),
    ciphertext BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- API tokens: 256 random bits, of which only the SHA-256 is kept. One can be made for reading only,
-- and for one instance, which is then the only one that there is for it.
CREATE TABLE api_token (
    token_id   TEXT    NOT NULL PRIMARY KEY CHECK (length(token_id) BETWEEN 1 AND 64),
    ram_id     TEXT    NOT NULL REFERENCES ram_user,
    name       TEXT    NOT NULL DEFAULT '',
    token_hash BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at INTEGER NOT NULL
               DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    expires_at INTEGER,
    revoked_at INTEGER,
    read_only  INTEGER NOT NULL DEFAULT 0 CHECK (read_only IN (0, 1)),
    instance_id TEXT   REFERENCES instance,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;

-- OAuth2 clients of the VCC face; each belongs to one instance.
CREATE TABLE oauth_client (
    client_id   TEXT    NOT NULL PRIMARY KEY CHECK (length(client_id) BETWEEN 1 AND 128),
    instance_id TEXT    NOT NULL REFERENCES instance,
    name        TEXT    NOT NULL DEFAULT '',
    secret_hash BLOB    NOT NULL CHECK (length(secret_hash) = 32),
    scopes      TEXT    NOT NULL,             -- separated by one space
    created_at  INTEGER NOT NULL
                DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    secret_changed_at INTEGER,                -- when its secret was last replaced; NULL: never
    revoked_at  INTEGER,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE oauth_token (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    client_id  TEXT    NOT NULL REFERENCES oauth_client,
    scopes     TEXT    NOT NULL,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_token_by_client ON oauth_token (client_id);
CREATE INDEX oauth_token_by_expiry ON oauth_token (expires_at);

-- Signature nonces of writes, stored in the write's own transaction, so that no replay outlives a
-- crash.
CREATE TABLE nonce (
    access_key_id TEXT    NOT NULL,
    nonce         TEXT    NOT NULL,
    expires_at    INTEGER NOT NULL,
    PRIMARY KEY (access_key_id, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX nonce_by_expiry ON nonce (expires_at);

-- Answers of the admin API's bulk requests that carried an Idempotency-Key: the same request sent
-- again gets the same answer and is not done again. Stored in the request's own transaction, and
-- forgotten after a day. Not logged, as nonces are not.
CREATE TABLE idempotency_key (
    ram_id          TEXT    NOT NULL REFERENCES ram_user,
    idempotency_key TEXT    NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 128),
    fingerprint     BLOB    NOT NULL CHECK (length(fingerprint) = 32),  -- SHA-256 of the request
    status          INTEGER NOT NULL CHECK (status BETWEEN 200 AND 299),
    location        TEXT,
    body            BLOB    NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    PRIMARY KEY (ram_id, idempotency_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_key_by_expiry ON idempotency_key (expires_at);

-- What is too much for one transaction is done in slices, each a transaction of its own that counts
-- here what it did. So a run that ends half-way, however it ends, says exactly what is done. It is
-- called by the id of the request that all its changes have in the log.
CREATE TABLE run (
    request_id  TEXT    NOT NULL PRIMARY KEY CHECK (request_id <> ''),
    actor       TEXT    NOT NULL,             -- who started it, and why
    reason      TEXT    NOT NULL,
    instance_id TEXT,                         -- NULL: of the whole account
    act         TEXT    NOT NULL CHECK (json_valid(act)),
    mode        TEXT    NOT NULL CHECK (mode IN ('all_or_nothing', 'best_effort')),
    total       INTEGER NOT NULL CHECK (total >= 0),
    done        INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0),
    unchanged   INTEGER NOT NULL DEFAULT 0 CHECK (unchanged >= 0),
    refused     INTEGER NOT NULL DEFAULT 0 CHECK (refused >= 0),
    started_at  INTEGER NOT NULL,
    slice_at    INTEGER NOT NULL,             -- the end of the last slice
    ended_at    INTEGER,                      -- nothing more will be done
    stopped     TEXT,                         -- why it went no further
    CHECK (done + unchanged + refused <= total)
) STRICT, WITHOUT ROWID;

-- What a run still has to do, in order: JSON arrays of items, gone when the run has ended.
CREATE TABLE run_part (
    part_id    INTEGER PRIMARY KEY,
    request_id TEXT    NOT NULL REFERENCES run ON DELETE CASCADE,
    first      INTEGER NOT NULL CHECK (first >= 0),  -- the position of its first item
    items      TEXT    NOT NULL CHECK (json_valid(items)),
    UNIQUE (request_id, first)
) STRICT;

-- What a run could not do: the first thousand items.
CREATE TABLE run_refusal (
    request_id TEXT    NOT NULL REFERENCES run ON DELETE CASCADE,
    position   INTEGER NOT NULL CHECK (position >= 0),
    subject    TEXT    NOT NULL,
    refusal    TEXT    NOT NULL CHECK (json_valid(refusal)),
    PRIMARY KEY (request_id, position)
) STRICT, WITHOUT ROWID;

-- Spreadsheets that were previewed, for a day: what was shown, and what is to be done if it is
-- applied. Not logged; what applying one changes is.
CREATE TABLE import (
    import_id   TEXT    NOT NULL PRIMARY KEY CHECK (import_id <> ''),  -- the request that sent it
    instance_id TEXT    NOT NULL,
    made_by     TEXT    NOT NULL,             -- who sent it, as in the change log
    preview     TEXT    NOT NULL CHECK (json_valid(preview)),
    steps       TEXT    CHECK (json_valid(steps)),      -- NULL: applied
    bad_lines   TEXT    NOT NULL,             -- a file
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    applied_by  TEXT,                         -- the request
    applied_at  INTEGER,
    CHECK ((applied_by IS NULL) = (applied_at IS NULL)),
    CHECK ((applied_by IS NULL) = (steps IS NOT NULL))
) STRICT;
CREATE INDEX import_by_expiry ON import (expires_at);
CREATE INDEX import_by_maker ON import (made_by);

-- Who is logged in to the web console, and how they like it. Neither is logged, as OAuth tokens
-- are not.

-- A login that lasts: of its 256-bit token only the SHA-256 is kept.
CREATE TABLE console_session (
    session_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(session_hash) = 32),
    ram_id       TEXT    NOT NULL REFERENCES ram_user,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,            -- kept coarsely: a page must not cost a write
    expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX console_session_by_expiry ON console_session (expires_at);
CREATE INDEX console_session_by_ram_user ON console_session (ram_id);

-- What a person has chosen in the console.
CREATE TABLE console_preference (
    ram_id    TEXT    NOT NULL PRIMARY KEY REFERENCES ram_user,
    language  TEXT    NOT NULL CHECK (language IN ('', 'en', 'zh-CN')), -- '': as the browser asks
    shortcuts INTEGER NOT NULL DEFAULT 1 CHECK (shortcuts IN (0, 1)) -- 0: no single letters
) STRICT, WITHOUT ROWID;

-- Whoever changes a password, here or at the shell, ends what was begun with the old one.
CREATE TRIGGER ram_user_password_ends_sessions AFTER UPDATE OF password_hash ON ram_user
WHEN NEW.password_hash IS NOT OLD.password_hash BEGIN
    DELETE FROM console_session WHERE ram_id = NEW.ram_id;
END;

-- The tables. Every one is STRICT; every text that the program compares is checked here.
-- Times are UTC, in milliseconds since the epoch. The rules between rows are in V2, what follows from other rows in V3, the change log in V4, the views in V5.
-- Whatever stands here also has to work in SQLite 3.40, the version of Debian's `sqlite3` shell.

-- A person's login. One of them is the account's root, whose ram_id is the account's AliyunUid.
CREATE TABLE ram_user (
    ram_id        TEXT    NOT NULL PRIMARY KEY CHECK (length(ram_id) BETWEEN 1 AND 32 AND ram_id NOT GLOB '*[^0-9]*'),
    login_name    TEXT    NOT NULL UNIQUE CHECK (length(login_name) BETWEEN 1 AND 64 AND login_name NOT GLOB '*[^-A-Za-z0-9._]*'),
    display_name  TEXT    NOT NULL DEFAULT '',
    email         TEXT    NOT NULL DEFAULT '',
    mobile        TEXT    NOT NULL DEFAULT '',
    is_root       INTEGER NOT NULL DEFAULT 0 CHECK (is_root IN (0, 1)),
    password_hash TEXT,                       -- Argon2id, as a PHC string; NULL: no console login
    password_changed_at INTEGER,
    created_at    INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ram_user_one_root ON ram_user (is_root) WHERE is_root = 1;

-- One call centre, the tenant. Its id is its domain name.
CREATE TABLE instance (
    instance_id      TEXT    NOT NULL PRIMARY KEY CHECK (length(instance_id) BETWEEN 4 AND 48 AND instance_id NOT GLOB '*[^-A-Za-z0-9_]*'),
    name             TEXT    NOT NULL,
    description      TEXT    NOT NULL DEFAULT '',
    status           TEXT    NOT NULL DEFAULT 'RUNNING' CHECK (status IN ('CREATING', 'RUNNING', 'STOPPED', 'RELEASED')),
    personal_numbers TEXT    NOT NULL DEFAULT 'exclusive' CHECK (personal_numbers IN ('exclusive', 'shared')),
    version          INTEGER NOT NULL DEFAULT 1,              -- grows with every change that a reader can see; kept by triggers
    created_at       INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER))
) STRICT, WITHOUT ROWID;

-- How many numbers of an instance are in each state. Kept by triggers, so that a list's total costs one look-up.
-- `version` grows with every change of a number or of its state.
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

-- Holds its row only while a trigger of V3 counts, so that a counter changed by anybody else is refused.
CREATE TABLE counting (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1)
) STRICT, WITHOUT ROWID;

-- The three roles a user can have in an instance; the role id of the wire is `<name>@<instance_id>`.
CREATE TABLE role (
    name        TEXT NOT NULL PRIMARY KEY CHECK (name IN ('Admin', 'Manager', 'Agent')),
    description TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO role (name, description) VALUES
    ('Admin',   'everything in the instance'),
    ('Manager', 'reads the instance, binds numbers, manages memberships and personal numbers'),
    ('Agent',   'reads what is his own');

-- A RAM user's place in one instance; user_id is `<login name>@<instance_id>`.
CREATE TABLE user (
    user_id      TEXT    NOT NULL PRIMARY KEY CHECK (substr(user_id, -length(instance_id) - 1) = '@' || instance_id),
    instance_id  TEXT    NOT NULL REFERENCES instance,
    ram_id       TEXT    NOT NULL REFERENCES ram_user,
    role         TEXT    NOT NULL DEFAULT 'Agent' CHECK (role IN ('Admin', 'Manager', 'Agent')) REFERENCES role (name),
    extension    TEXT    NOT NULL DEFAULT '' CHECK (extension NOT GLOB '*[^0-9]*'),
    display_name TEXT    NOT NULL DEFAULT '',
    email        TEXT    NOT NULL DEFAULT '',
    mobile       TEXT    NOT NULL DEFAULT '',
    nickname     TEXT    NOT NULL DEFAULT '',
    avatar_url   TEXT    NOT NULL DEFAULT '',
    display_id   TEXT    NOT NULL DEFAULT '',  -- CCC DisplayId, VCC agentDisplayId
    work_mode    TEXT    NOT NULL DEFAULT 'ON_SITE' CHECK (work_mode IN ('ON_SITE', 'OFF_SITE', 'OFFICE_PHONE')),
    active       INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),     -- 0: archived (VCC)
    locked       INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)),
    -- The id that VCC clients know the user by.
    user_guid    TEXT    NOT NULL UNIQUE CHECK (user_guid GLOB '????????-????-????-????-????????????' AND user_guid NOT GLOB '*[^-0-9a-f]*')
                         DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
    selected_callback_number_id  TEXT,        -- his default among his own numbers (VCC); NULL: none
    prevent_auto_callback_number INTEGER NOT NULL DEFAULT 0 CHECK (prevent_auto_callback_number IN (0, 1)),
    version      INTEGER NOT NULL DEFAULT 1,  -- grows with every change that a reader can see; kept by triggers
    last_login_at INTEGER,
    created_at    INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    UNIQUE (instance_id, user_id),
    UNIQUE (instance_id, ram_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_by_ram_user ON user (ram_id, instance_id);
CREATE UNIQUE INDEX user_by_extension ON user (instance_id, extension) WHERE extension <> '';
CREATE INDEX user_by_display_name ON user (instance_id, display_name, user_id);
CREATE INDEX user_by_role ON user (instance_id, role, user_id);
CREATE INDEX user_by_created ON user (instance_id, created_at, user_id);
CREATE INDEX user_admin ON user (instance_id, user_id) WHERE role = 'Admin';

-- A team; skill_group_id is `<name>@<instance_id>`.
CREATE TABLE skill_group (
    skill_group_id   TEXT    NOT NULL PRIMARY KEY CHECK (skill_group_id = name || '@' || instance_id),
    instance_id      TEXT    NOT NULL REFERENCES instance,
    name             TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    display_name     TEXT    NOT NULL DEFAULT '',
    description      TEXT    NOT NULL DEFAULT '',
    media_type       TEXT    NOT NULL DEFAULT 'AUDIO' CHECK (media_type IN ('AUDIO', 'CHAT', 'VIDEO')),
    -- The id that VCC clients know it by, as a skill and as a group.
    skill_group_guid TEXT    NOT NULL UNIQUE CHECK (skill_group_guid GLOB '????????-????-????-????-????????????' AND skill_group_guid NOT GLOB '*[^-0-9a-f]*')
                             DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
    phone_number_count INTEGER NOT NULL DEFAULT 0 CHECK (phone_number_count >= 0),  -- kept by triggers
    user_count         INTEGER NOT NULL DEFAULT 0 CHECK (user_count >= 0),          -- kept by triggers
    version          INTEGER NOT NULL DEFAULT 1,  -- grows with every change that a reader can see; kept by triggers
    created_at       INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    UNIQUE (instance_id, skill_group_id)
) STRICT, WITHOUT ROWID;

-- Who belongs to a skill group, and at which level: 1 is the strongest, 10 the weakest.
CREATE TABLE skill_group_member (
    skill_group_id TEXT    NOT NULL,
    user_id        TEXT    NOT NULL,
    instance_id    TEXT    NOT NULL,
    skill_level    INTEGER NOT NULL DEFAULT 5 CHECK (skill_level BETWEEN 1 AND 10),
    added_at       INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    PRIMARY KEY (skill_group_id, user_id),
    FOREIGN KEY (instance_id, skill_group_id) REFERENCES skill_group (instance_id, skill_group_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES user (instance_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX skill_group_member_by_user ON skill_group_member (user_id, skill_group_id);

-- What happens to an incoming call (an IVR flow).
CREATE TABLE contact_flow (
    contact_flow_id TEXT    NOT NULL PRIMARY KEY CHECK (length(contact_flow_id) BETWEEN 1 AND 64),
    instance_id     TEXT    NOT NULL REFERENCES instance,
    name            TEXT    NOT NULL,
    description     TEXT    NOT NULL DEFAULT '',
    type            TEXT    NOT NULL DEFAULT 'MAIN_FLOW' CHECK (type IN ('MAIN_FLOW', 'SUB_FLOW', 'SURVEY_FLOW')),
    definition      TEXT    NOT NULL DEFAULT '',
    draft_id        TEXT    NOT NULL DEFAULT '',
    editor          TEXT    NOT NULL DEFAULT '',
    published       INTEGER NOT NULL DEFAULT 1 CHECK (published IN (0, 1)),
    version         INTEGER NOT NULL DEFAULT 1,  -- grows with every change that a reader can see; kept by triggers
    created_at      INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    updated_at      INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    UNIQUE (instance_id, contact_flow_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_flow_by_name ON contact_flow (instance_id, name, contact_flow_id);

-- A number as it was given: text, never an integer. Without an instance it waits in the account's pool.
-- `state` follows from the relations and is kept by triggers: bound (a skill group holds it),
-- personal (a user holds it), else free.
CREATE TABLE phone_number (
    phone_number_id INTEGER PRIMARY KEY CHECK (phone_number_id > 0),
    instance_id     TEXT    REFERENCES instance,
    number          TEXT    NOT NULL CHECK (length(number) BETWEEN 2 AND 32
                                            AND length(CAST(number AS BLOB)) = length(number)
                                            AND substr(number, 1, 1) GLOB '[+0-9*#x-]'
                                            AND substr(number, 2) NOT GLOB '*[^0-9*#x-]*'),
    state           TEXT    NOT NULL DEFAULT 'free' CHECK (state IN ('free', 'bound', 'personal')),
    usage           TEXT    NOT NULL DEFAULT 'Bidirection' CHECK (usage IN ('Inbound', 'Outbound', 'Bidirection')),
    active          INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    province        TEXT    NOT NULL DEFAULT '',
    city            TEXT    NOT NULL DEFAULT '',
    contact_flow_id TEXT,
    provider        TEXT    NOT NULL DEFAULT '',
    corp_name       TEXT    NOT NULL DEFAULT '',
    tags            TEXT    NOT NULL DEFAULT '[]' CHECK (CASE WHEN json_valid(tags) THEN json_type(tags) = 'array' ELSE 0 END),  -- a JSON array of strings
    -- The id and the name that VCC clients know it by; without a name of its own it is called by its number.
    callback_number_id   TEXT NOT NULL UNIQUE CHECK (callback_number_id GLOB '????????-????-????-????-????????????' AND callback_number_id NOT GLOB '*[^-0-9a-f]*')
                         DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
    callback_number_name TEXT CHECK (length(callback_number_name) > 0),
    version         INTEGER NOT NULL DEFAULT 1,  -- grows with every change that a reader can see, of its holders too; kept by triggers
    last_picked_at  INTEGER,                  -- when it was last picked for an outbound call
    created_at      INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    FOREIGN KEY (instance_id, contact_flow_id) REFERENCES contact_flow (instance_id, contact_flow_id)
) STRICT;
CREATE UNIQUE INDEX phone_number_in_instance ON phone_number (instance_id, number);
CREATE UNIQUE INDEX phone_number_in_pool     ON phone_number (number) WHERE instance_id IS NULL;
CREATE INDEX phone_number_by_state    ON phone_number (instance_id, state, number);
CREATE INDEX phone_number_not_bound   ON phone_number (instance_id, number) WHERE state <> 'bound';
CREATE INDEX phone_number_not_personal ON phone_number (instance_id, number) WHERE state <> 'personal';
-- Every number, in the orders of the admin API's list; `searched` has all that the list is searched and filtered by, and
-- `by_name` is the list of callback numbers. Only a statement that says `phone_number_id > 0` can be read along them, so
-- that no other one is drawn away from the narrow indexes above.
CREATE INDEX phone_number_by_city    ON phone_number (instance_id, city, number)       WHERE phone_number_id > 0;
CREATE INDEX phone_number_by_usage   ON phone_number (instance_id, usage, number)      WHERE phone_number_id > 0;
CREATE INDEX phone_number_by_created ON phone_number (instance_id, created_at, number) WHERE phone_number_id > 0;
CREATE INDEX phone_number_searched   ON phone_number (instance_id, number, state, usage, active, province, city, contact_flow_id, provider, tags, created_at)
                                                                                       WHERE phone_number_id > 0;
CREATE INDEX phone_number_by_name    ON phone_number (instance_id, coalesce(callback_number_name, number), callback_number_id)
                                                                                       WHERE phone_number_id > 0 AND state <> 'bound';
CREATE INDEX phone_number_by_contact_flow ON phone_number (contact_flow_id) WHERE contact_flow_id IS NOT NULL;

-- A number bound to a skill group; it may be bound to several.
CREATE TABLE skill_group_number (
    skill_group_id TEXT    NOT NULL,
    number         TEXT    NOT NULL,
    instance_id    TEXT    NOT NULL,
    bound_at       INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    PRIMARY KEY (skill_group_id, number),
    FOREIGN KEY (instance_id, skill_group_id) REFERENCES skill_group (instance_id, skill_group_id),
    FOREIGN KEY (instance_id, number) REFERENCES phone_number (instance_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX skill_group_number_by_number ON skill_group_number (instance_id, number, skill_group_id);

-- A number personal to a user, from–to. The open rows are the present; releasing closes a row; a closed row stays for ever,
-- also when its user or number is gone, so it has no foreign keys: V2's triggers check an open row instead.
CREATE TABLE personal_assignment (
    assignment_id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (assignment_id > 0),
    instance_id   TEXT    NOT NULL,
    number        TEXT    NOT NULL,
    user_id       TEXT    NOT NULL,
    assigned_at   INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    released_at   INTEGER CHECK (released_at >= assigned_at)
) STRICT;
CREATE INDEX personal_assignment_open_by_number ON personal_assignment (instance_id, number, user_id) WHERE released_at IS NULL;
CREATE INDEX personal_assignment_open_by_user   ON personal_assignment (user_id, number) WHERE released_at IS NULL;
CREATE INDEX personal_assignment_by_number ON personal_assignment (instance_id, number, assigned_at);
CREATE INDEX personal_assignment_by_user   ON personal_assignment (user_id, assigned_at);

-- Who is writing. The program fills the row at the start of each write transaction and empties it before the commit;
-- so outside of its transactions the table is empty, and a change found without a row was made by hand (via 'sql').
CREATE TABLE write_context (
    only_row   INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    now        INTEGER NOT NULL,
    actor      TEXT    NOT NULL,
    via        TEXT    NOT NULL CHECK (via IN ('ccc', 'vcc', 'admin', 'console', 'cli')),
    request_id TEXT    NOT NULL,
    reason     TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- The change log: one row for each row that was added, changed or removed, by whom, from where, and why.
-- The rows of one request share its request_id. Written by triggers only; never changed, never deleted.
CREATE TABLE change (
    change_id      INTEGER PRIMARY KEY AUTOINCREMENT CHECK (change_id > 0),
    changed_at     INTEGER NOT NULL,
    actor          TEXT    NOT NULL,
    via            TEXT    NOT NULL CHECK (via IN ('ccc', 'vcc', 'admin', 'console', 'cli', 'sql')),
    request_id     TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    entity         TEXT    NOT NULL,          -- the table
    action         TEXT    NOT NULL CHECK (action IN ('insert', 'update', 'delete')),
    instance_id    TEXT,
    number         TEXT,
    user_id        TEXT,
    skill_group_id TEXT,
    assignment_id  INTEGER,
    old            TEXT CHECK (old IS NULL OR json_valid(old)),  -- the row before, as JSON; NULL for an insert
    new            TEXT CHECK (new IS NULL OR json_valid(new))   -- the row after, as JSON; NULL for a delete
) STRICT;
CREATE INDEX change_by_number  ON change (instance_id, number) WHERE number IS NOT NULL;
CREATE INDEX change_by_user    ON change (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX change_by_skill_group ON change (skill_group_id) WHERE skill_group_id IS NOT NULL;
-- Read only by a statement that says `change_id > 0`, as with the wide indexes of phone_number: for the history of one
-- number or user the others are better.
CREATE INDEX change_by_instance ON change (instance_id) WHERE change_id > 0;
CREATE INDEX change_by_request ON change (request_id) WHERE request_id <> '';
CREATE INDEX change_by_assignment ON change (assignment_id, action) WHERE assignment_id IS NOT NULL;

-- Which change was undone by which: a number given again after its release was undone goes on where the release had ended it.
CREATE TABLE undone (
    change_id INTEGER NOT NULL REFERENCES change,
    undone_by INTEGER NOT NULL REFERENCES change CHECK (undone_by > change_id),
    PRIMARY KEY (change_id, undone_by)
) STRICT, WITHOUT ROWID;

-- AccessKeys. The secret is needed in clear to check a signature, so it is encrypted with the key file
-- (XChaCha20-Poly1305); the AccessKey id is authenticated with it, so that rows cannot be swapped.
CREATE TABLE access_key (
    access_key_id     TEXT    NOT NULL PRIMARY KEY CHECK (length(access_key_id) BETWEEN 1 AND 128 AND access_key_id NOT GLOB '*[^-A-Za-z0-9._]*'),
    ram_id            TEXT    NOT NULL REFERENCES ram_user,
    secret_nonce      BLOB    NOT NULL CHECK (length(secret_nonce) = 24),
    secret_ciphertext BLOB    NOT NULL,
    created_at        INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    revoked_at        INTEGER
) STRICT, WITHOUT ROWID;

-- A known text encrypted with the key file: tells a wrong key file at the start.
CREATE TABLE key_file_check (
    only_row   INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    nonce      BLOB    NOT NULL CHECK (length(nonce) = 24),
    ciphertext BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- API tokens: 256 random bits, of which only the SHA-256 is kept.
CREATE TABLE api_token (
    token_id   TEXT    NOT NULL PRIMARY KEY CHECK (length(token_id) BETWEEN 1 AND 64),
    ram_id     TEXT    NOT NULL REFERENCES ram_user,
    name       TEXT    NOT NULL DEFAULT '',
    token_hash BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- OAuth2 clients of the VCC face; each belongs to one instance.
CREATE TABLE oauth_client (
    client_id   TEXT    NOT NULL PRIMARY KEY CHECK (length(client_id) BETWEEN 1 AND 128),
    instance_id TEXT    NOT NULL REFERENCES instance,
    name        TEXT    NOT NULL DEFAULT '',
    secret_hash BLOB    NOT NULL CHECK (length(secret_hash) = 32),
    scopes      TEXT    NOT NULL,             -- separated by one space
    created_at  INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    secret_changed_at INTEGER,                -- when its secret was last replaced; NULL: never
    revoked_at  INTEGER
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

-- Signature nonces of writes, stored in the write's own transaction, so that no replay outlives a crash.
CREATE TABLE nonce (
    access_key_id TEXT    NOT NULL,
    nonce         TEXT    NOT NULL,
    expires_at    INTEGER NOT NULL,
    PRIMARY KEY (access_key_id, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX nonce_by_expiry ON nonce (expires_at);

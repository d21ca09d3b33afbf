-- The tables of the call centre. Every one is STRICT; every text that the program compares is
-- checked here. Times are UTC, in milliseconds since the epoch.
-- V2 has the program's own tables, V3 to V5 the rules between rows, V6 what follows from other
-- rows, V7 and V8 the change log, V9 the views.
-- Everything also has to work in SQLite 3.40, the version of Debian's `sqlite3` shell, which has
-- no shorter way to say "now, in milliseconds" than the expression used here.

-- A person's login. One of them is the account's root, whose ram_id is the account's AliyunUid.
CREATE TABLE ram_user (
    ram_id        TEXT    NOT NULL PRIMARY KEY
                  CHECK (length(ram_id) BETWEEN 1 AND 32 AND ram_id NOT GLOB '*[^0-9]*'),
    login_name    TEXT    NOT NULL UNIQUE
                  CHECK (length(login_name) BETWEEN 1 AND 64
                         AND login_name NOT GLOB '*[^-A-Za-z0-9._]*'),
    display_name  TEXT    NOT NULL DEFAULT '',
    email         TEXT    NOT NULL DEFAULT '',
    mobile        TEXT    NOT NULL DEFAULT '',
    is_root       INTEGER NOT NULL DEFAULT 0 CHECK (is_root IN (0, 1)),
    -- Argon2id, as a PHC string; NULL: no console login.
    password_hash TEXT,
    password_changed_at INTEGER,
    created_at    INTEGER NOT NULL
                  DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ram_user_one_root ON ram_user (is_root) WHERE is_root = 1;

-- One call centre, the tenant. Its id is its domain name.
CREATE TABLE instance (
    instance_id      TEXT    NOT NULL PRIMARY KEY
                     CHECK (length(instance_id) BETWEEN 4 AND 48
                            AND instance_id NOT GLOB '*[^-A-Za-z0-9_]*'),
    name             TEXT    NOT NULL,
    description      TEXT    NOT NULL DEFAULT '',
    status           TEXT    NOT NULL DEFAULT 'RUNNING'
                     CHECK (status IN ('CREATING', 'RUNNING', 'STOPPED', 'RELEASED')),
    personal_numbers TEXT    NOT NULL DEFAULT 'exclusive'
                     CHECK (personal_numbers IN ('exclusive', 'shared')),
    -- The country whose national numbers are read as its international ones; '': none.
    country_code     TEXT    NOT NULL DEFAULT '' CHECK (country_code IN ('', '86')),
    -- For how long a number that was released is kept for its last holder; 0: not at all.
    cool_down_days   INTEGER NOT NULL DEFAULT 0 CHECK (cool_down_days BETWEEN 0 AND 3650),
    -- Whether people of the back office must say why they change something.
    reason_required  INTEGER NOT NULL DEFAULT 0 CHECK (reason_required IN (0, 1)),
    -- Grows with every change that a reader can see; kept by triggers.
    version          INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at       INTEGER NOT NULL
                     DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER))
) STRICT, WITHOUT ROWID;

-- How many numbers should be free at least: of a city and usage, or with '' of all cities together
-- and of all usages that can dial out.
CREATE TABLE low_water_mark (
    instance_id TEXT    NOT NULL REFERENCES instance,
    city        TEXT    NOT NULL DEFAULT '',
    usage       TEXT    NOT NULL DEFAULT ''
                CHECK (usage IN ('', 'Inbound', 'Outbound', 'Bidirection')),
    least       INTEGER NOT NULL CHECK (least BETWEEN 1 AND 1000000),
    PRIMARY KEY (instance_id, city, usage)
) STRICT, WITHOUT ROWID;

-- The three roles a user can have in an instance; the role id of the wire is
-- `<name>@<instance_id>`.
CREATE TABLE role (
    name        TEXT NOT NULL PRIMARY KEY CHECK (name IN ('Admin', 'Manager', 'Agent')),
    description TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO role (name, description) VALUES
    ('Admin',   'everything in the instance'),
    ('Manager', 'reads the instance, binds numbers, manages memberships and personal numbers'),
    ('Agent',   'reads what is their own');

-- A RAM user's place in one instance; user_id is `<login name>@<instance_id>`.
CREATE TABLE user (
    user_id      TEXT    NOT NULL PRIMARY KEY
                 CHECK (substr(user_id, -length(instance_id) - 1) = '@' || instance_id),
    instance_id  TEXT    NOT NULL REFERENCES instance,
    ram_id       TEXT    NOT NULL REFERENCES ram_user,
    role         TEXT    NOT NULL DEFAULT 'Agent'
                 CHECK (role IN ('Admin', 'Manager', 'Agent')) REFERENCES role (name),
    extension    TEXT    NOT NULL DEFAULT '' CHECK (extension NOT GLOB '*[^0-9]*'),
    display_name TEXT    NOT NULL DEFAULT '',
    email        TEXT    NOT NULL DEFAULT '',
    mobile       TEXT    NOT NULL DEFAULT '',
    nickname     TEXT    NOT NULL DEFAULT '',
    avatar_url   TEXT    NOT NULL DEFAULT '',
    -- CCC DisplayId, VCC agentDisplayId.
    display_id   TEXT    NOT NULL DEFAULT '',
    -- What colleagues want to remember of the user: one line.
    note         TEXT    NOT NULL DEFAULT ''
                 CHECK (length(note) <= 500
                        AND note NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || ']*'),
    work_mode    TEXT    NOT NULL DEFAULT 'ON_SITE'
                 CHECK (work_mode IN ('ON_SITE', 'OFF_SITE', 'OFFICE_PHONE')),
    active       INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),  -- 0: archived (VCC)
    locked       INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)),
    -- The id by which VCC clients know the user.
    user_guid    TEXT    NOT NULL UNIQUE
                 CHECK (user_guid GLOB '????????-????-????-????-????????????'
                        AND user_guid NOT GLOB '*[^-0-9a-f]*')
                 DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2))
                          || '-4' || substr(hex(randomblob(2)), 2)
                          || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
    -- The user's default among their own numbers (VCC); NULL: none.
    selected_callback_number_id  TEXT,
    prevent_auto_callback_number INTEGER NOT NULL DEFAULT 0
                 CHECK (prevent_auto_callback_number IN (0, 1)),
    version      INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    last_login_at INTEGER,
    created_at   INTEGER NOT NULL
                 DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
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
    skill_group_id   TEXT    NOT NULL PRIMARY KEY
                     CHECK (skill_group_id = name || '@' || instance_id),
    instance_id      TEXT    NOT NULL REFERENCES instance,
    name             TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    display_name     TEXT    NOT NULL DEFAULT '',
    description      TEXT    NOT NULL DEFAULT '',
    media_type       TEXT    NOT NULL DEFAULT 'AUDIO'
                     CHECK (media_type IN ('AUDIO', 'CHAT', 'VIDEO')),
    -- The id by which VCC clients know it, as a skill and as a group.
    skill_group_guid TEXT    NOT NULL UNIQUE
                     CHECK (skill_group_guid GLOB '????????-????-????-????-????????????'
                            AND skill_group_guid NOT GLOB '*[^-0-9a-f]*')
                     DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2))
                          || '-4' || substr(hex(randomblob(2)), 2)
                          || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
    -- Kept by triggers.
    phone_number_count INTEGER NOT NULL DEFAULT 0 CHECK (phone_number_count >= 0),
    user_count         INTEGER NOT NULL DEFAULT 0 CHECK (user_count >= 0),
    version          INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at       INTEGER NOT NULL
                     DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    UNIQUE (instance_id, skill_group_id)
) STRICT, WITHOUT ROWID;

-- Who belongs to a skill group, and at which level: 1 is the strongest, 10 the weakest.
CREATE TABLE skill_group_member (
    skill_group_id TEXT    NOT NULL,
    user_id        TEXT    NOT NULL,
    instance_id    TEXT    NOT NULL,
    skill_level    INTEGER NOT NULL DEFAULT 5 CHECK (skill_level BETWEEN 1 AND 10),
    added_at       INTEGER NOT NULL
                   DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    PRIMARY KEY (skill_group_id, user_id),
    FOREIGN KEY (instance_id, skill_group_id)
        REFERENCES skill_group (instance_id, skill_group_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES user (instance_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX skill_group_member_by_user ON skill_group_member (user_id, skill_group_id);

-- What happens to an incoming call (an IVR flow).
CREATE TABLE contact_flow (
    contact_flow_id TEXT    NOT NULL PRIMARY KEY CHECK (length(contact_flow_id) BETWEEN 1 AND 64),
    instance_id     TEXT    NOT NULL REFERENCES instance,
    name            TEXT    NOT NULL,
    description     TEXT    NOT NULL DEFAULT '',
    type            TEXT    NOT NULL DEFAULT 'MAIN_FLOW'
                    CHECK (type IN ('MAIN_FLOW', 'SUB_FLOW', 'SURVEY_FLOW')),
    definition      TEXT    NOT NULL DEFAULT '',
    draft_id        TEXT    NOT NULL DEFAULT '',
    editor          TEXT    NOT NULL DEFAULT '',
    published       INTEGER NOT NULL DEFAULT 1 CHECK (published IN (0, 1)),
    version         INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at      INTEGER NOT NULL
                    DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    updated_at      INTEGER NOT NULL
                    DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    UNIQUE (instance_id, contact_flow_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_flow_by_name ON contact_flow (instance_id, name, contact_flow_id);

-- Every text that is or was a number, with the forms that spellings are compared by: `comparable` in
-- the pool and in an instance without a country code, `comparable_86` in one of country code 86.
-- docs/schema.md tells which spellings are one number, and why. Triggers add the rows; none is
-- changed or removed, so that the history of a number is found by any spelling.
CREATE TABLE spelling (
    number        TEXT NOT NULL PRIMARY KEY,
    comparable    TEXT AS (
        CASE WHEN replace(number, '-', '') GLOB '00*'
             THEN '+' || substr(replace(number, '-', ''), 3)
             ELSE replace(number, '-', '') END) STORED,
    comparable_86 TEXT AS (CASE
        -- Trunk zeros behind +86.
        WHEN comparable GLOB '+860*' THEN '+86' || ltrim(substr(comparable, 4), '0')
        -- An area code, or a mobile number, behind the trunk zero.
        WHEN comparable GLOB '0[2-9]*' OR comparable GLOB '010*'
          OR comparable GLOB '01[3-9][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x]'
            THEN '+86' || substr(comparable, 2)
        -- A mobile number; service numbers that are the same in the whole country.
        WHEN comparable GLOB '1[3-9][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x]'
          OR comparable GLOB '[48]00[0-9x][0-9x][0-9x][0-9x][0-9x][0-9x][0-9x]'
          OR comparable GLOB '95[0-9x][0-9x][0-9x]'
          OR comparable GLOB '95[0-9x][0-9x][0-9x][0-9x]'
          OR comparable GLOB '95[0-9x][0-9x][0-9x][0-9x][0-9x]'
          OR comparable GLOB '95[0-9x][0-9x][0-9x][0-9x][0-9x][0-9x]'
            THEN '+86' || comparable
        ELSE comparable END) STORED
) STRICT, WITHOUT ROWID;
CREATE INDEX spelling_by_form ON spelling (comparable_86);

-- A number as it was given: text, never an integer. Without an instance it waits in the account's
-- pool. `state` follows from the relations and is kept by triggers: bound (a skill group holds it),
-- personal (a user holds it), else free.
CREATE TABLE phone_number (
    phone_number_id INTEGER PRIMARY KEY CHECK (phone_number_id > 0),
    instance_id     TEXT    REFERENCES instance,
    number          TEXT    NOT NULL
                    CHECK (length(number) BETWEEN 2 AND 32
                           AND length(CAST(number AS BLOB)) = length(number)
                           AND substr(number, 1, 1) GLOB '[+0-9*#x-]'
                           AND substr(number, 2) NOT GLOB '*[^0-9*#x-]*'),
    state           TEXT    NOT NULL DEFAULT 'free' CHECK (state IN ('free', 'bound', 'personal')),
    usage           TEXT    NOT NULL DEFAULT 'Bidirection'
                    CHECK (usage IN ('Inbound', 'Outbound', 'Bidirection')),
    active          INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    province        TEXT    NOT NULL DEFAULT '',
    city            TEXT    NOT NULL DEFAULT '',
    contact_flow_id TEXT,
    provider        TEXT    NOT NULL DEFAULT '',
    corp_name       TEXT    NOT NULL DEFAULT '',
    -- A JSON array of strings.
    tags            TEXT    NOT NULL DEFAULT '[]'
                    CHECK (CASE WHEN json_valid(tags) THEN json_type(tags) = 'array' ELSE 0 END),
    -- What people want to remember of it: one line.
    note            TEXT    NOT NULL DEFAULT ''
                    CHECK (length(note) <= 500
                           AND note NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || ']*'),
    -- The id and the name by which VCC clients know it; without a name of its own it is called by
    -- its number.
    callback_number_id   TEXT NOT NULL UNIQUE
                    CHECK (callback_number_id GLOB '????????-????-????-????-????????????'
                           AND callback_number_id NOT GLOB '*[^-0-9a-f]*')
                    DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2))
                          || '-4' || substr(hex(randomblob(2)), 2)
                          || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
    callback_number_name TEXT CHECK (length(callback_number_name) > 0),
    -- Grows when the holders change, too.
    version         INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    last_picked_at  INTEGER,                  -- when it was last picked for an outbound call
    created_at      INTEGER NOT NULL
                    DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    FOREIGN KEY (instance_id, contact_flow_id)
        REFERENCES contact_flow (instance_id, contact_flow_id)
) STRICT;
-- One number by its text; a number of the pool, and the pool's list; the lists of one state, which
-- are those of free numbers, and the order by state.
CREATE UNIQUE INDEX phone_number_in_instance ON phone_number (instance_id, number);
CREATE UNIQUE INDEX phone_number_in_pool ON phone_number (number) WHERE instance_id IS NULL;
CREATE INDEX phone_number_by_state ON phone_number (instance_id, state, number);
-- Every number by its creation; `searched` has all that a list shows, and is searched, filtered and
-- ordered by where there is no index in memory; `by_name` is the list of callback numbers. Only a statement
-- that says
-- `phone_number_id > 0` can be read along them, so that no other one is drawn away from the narrow
-- indexes above.
CREATE INDEX phone_number_by_created ON phone_number (instance_id, created_at, number)
    WHERE phone_number_id > 0;
CREATE INDEX phone_number_searched ON phone_number (instance_id, number, state, usage, active,
        province, city, contact_flow_id, provider, tags, created_at)
    WHERE phone_number_id > 0;
-- Most numbers have no note, so it is not in the index above.
CREATE INDEX phone_number_noted ON phone_number (instance_id, number, note) WHERE note <> '';
CREATE INDEX phone_number_by_name ON phone_number
        (instance_id, coalesce(callback_number_name, number), callback_number_id)
    WHERE phone_number_id > 0 AND state <> 'bound';
-- What stands in the way of deleting a contact flow, and the search by its name.
CREATE INDEX phone_number_by_contact_flow ON phone_number (contact_flow_id)
    WHERE contact_flow_id IS NOT NULL;

-- A number bound to a skill group; it may be bound to several.
CREATE TABLE skill_group_number (
    skill_group_id TEXT    NOT NULL,
    number         TEXT    NOT NULL,
    instance_id    TEXT    NOT NULL,
    bound_at       INTEGER NOT NULL
                   DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    PRIMARY KEY (skill_group_id, number),
    FOREIGN KEY (instance_id, skill_group_id)
        REFERENCES skill_group (instance_id, skill_group_id),
    FOREIGN KEY (instance_id, number) REFERENCES phone_number (instance_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX skill_group_number_by_number
    ON skill_group_number (instance_id, number, skill_group_id);

-- A number personal to a user, from–to. The open rows are the present; releasing closes a row; a
-- closed row stays for ever, also when its user or number is gone, so it has no foreign keys: V3's
-- triggers check an open row instead.
CREATE TABLE personal_assignment (
    assignment_id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (assignment_id > 0),
    instance_id   TEXT    NOT NULL,
    number        TEXT    NOT NULL,
    user_id       TEXT    NOT NULL,
    assigned_at   INTEGER NOT NULL
                  DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER))
                  CHECK (assigned_at >= 0),
    released_at   INTEGER CHECK (released_at >= assigned_at),
    -- Whether the instance was exclusive when the row was added; of such rows of one number no two
    -- overlap. Set by a trigger.
    exclusive     INTEGER CHECK (exclusive IN (0, 1))
) STRICT;
CREATE INDEX personal_assignment_open_by_number
    ON personal_assignment (instance_id, number, user_id) WHERE released_at IS NULL;
CREATE INDEX personal_assignment_open_by_user
    ON personal_assignment (user_id, number) WHERE released_at IS NULL;
CREATE INDEX personal_assignment_by_number
    ON personal_assignment (instance_id, number, assigned_at);
CREATE INDEX personal_assignment_by_user ON personal_assignment (user_id, assigned_at);

-- A free number that is kept, from–to: after a release for its last holder (cool-down), or for
-- whoever shall get it (hold). A row without `ended_at` is in force until `until_at` has come:
-- nothing has to happen then. A row stays for ever, so it has no foreign keys.
CREATE TABLE reservation (
    reservation_id INTEGER PRIMARY KEY CHECK (reservation_id > 0),
    instance_id    TEXT    NOT NULL,
    number         TEXT    NOT NULL,
    kind           TEXT    NOT NULL CHECK (kind IN ('cool-down', 'hold')),
    -- The only user who may be given the number meanwhile; NULL: nobody.
    for_user_id    TEXT,
    reserved_at    INTEGER NOT NULL
                   DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER))
                   CHECK (reserved_at >= 0),
    until_at       INTEGER NOT NULL CHECK (until_at > reserved_at),
    reason         TEXT    NOT NULL DEFAULT '',
    made_by        TEXT    NOT NULL DEFAULT '',
    -- When it was ended early, or the number was given or bound.
    ended_at       INTEGER CHECK (ended_at >= reserved_at)
) STRICT;
CREATE UNIQUE INDEX reservation_open ON reservation (instance_id, number) WHERE ended_at IS NULL;
-- The rows in force are few, whatever has passed and was never ended.
CREATE INDEX reservation_open_by_end ON reservation (instance_id, until_at, number, for_user_id)
    WHERE ended_at IS NULL;
CREATE INDEX reservation_by_number ON reservation (instance_id, number, reserved_at);

-- Answers of the admin API's bulk requests that carried an Idempotency-Key: the same request sent again gets the same
-- answer and is not done again. Stored in the request's own transaction, and forgotten after a day. Not logged, as nonces.
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

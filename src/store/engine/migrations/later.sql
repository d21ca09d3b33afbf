-- A migration as a later release may have it, for the test of upgrades: another column, a table
-- made of what there is, a view anew, and enough rows to be interrupted.
ALTER TABLE phone_number ADD COLUMN colour TEXT NOT NULL DEFAULT '' CHECK (length(colour) <= 20);

CREATE TABLE release_note (
    change_id INTEGER PRIMARY KEY,
    line      TEXT NOT NULL
) STRICT;

INSERT INTO release_note
WITH RECURSIVE many(at) AS (VALUES (1) UNION ALL SELECT at + 1 FROM many WHERE at < 100)
SELECT change.change_id * 1000 + many.at, change.entity || ' ' || change.action
FROM change CROSS JOIN many;

DROP VIEW v_now;
CREATE VIEW v_now AS
    SELECT coalesce((SELECT now FROM write_context),
                    CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) AS now,
           'later' AS release;

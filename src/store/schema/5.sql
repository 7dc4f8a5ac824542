-- What takes a posting back and the next posting on the item may add up to nothing: both are still on their way.
CREATE TABLE flying (
    item_id TEXT PRIMARY KEY CHECK (item_id <> ''),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    exported_open INTEGER NOT NULL,
    posted INTEGER NOT NULL,
    export_sha256 TEXT NOT NULL,
    last_run INTEGER NOT NULL REFERENCES run,
    CONSTRAINT never_over_applied CHECK (
        posted = 0
        OR (posted > 0 AND (posted <= exported_open OR exported_open < 0))
        OR (posted < 0 AND (posted >= exported_open OR exported_open >= 0))
    )
) STRICT, WITHOUT ROWID;
INSERT INTO flying SELECT item_id, currency, exported_open, posted, export_sha256, last_run FROM in_flight;
DROP TABLE in_flight;
ALTER TABLE flying RENAME TO in_flight;

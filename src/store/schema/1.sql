-- Money: whole minor units beside their currency. Days: ISO 8601. Words of enums: as the model spells them.

CREATE TABLE run (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    as_of TEXT NOT NULL CHECK (as_of GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    settings_hash TEXT NOT NULL,
    totals TEXT NOT NULL CHECK (json_valid(totals)),
    manifest TEXT NOT NULL,
    manifest_hash TEXT NOT NULL CHECK (length(manifest_hash) = 64),
    previous_hash TEXT NOT NULL
) STRICT;

-- The number of the first run: above 1 where an earlier store was given up.
CREATE TABLE beginning (first_run INTEGER NOT NULL CHECK (first_run > 0)) STRICT;

-- What a run published, and where its delivery stands.
CREATE TABLE output (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    place TEXT NOT NULL CHECK (place IN ('folder', 'outbox')),
    name TEXT NOT NULL CHECK (name <> ''),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    UNIQUE (run, place, name)
) STRICT;
CREATE TABLE publication (
    run INTEGER PRIMARY KEY REFERENCES run,
    delivery TEXT NOT NULL CHECK (delivery IN ('none', 'waiting', 'staged', 'placed')),
    is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
    CHECK (is_complete = 0 OR delivery IN ('none', 'placed'))
) STRICT;
CREATE INDEX publication_open ON publication (run) WHERE is_complete = 0;
-- The bytes of the latest run only, so that its folder can be made again.
CREATE TABLE copy (sha256 TEXT PRIMARY KEY, packed BLOB NOT NULL) STRICT;

-- Statement files by their bytes.
CREATE TABLE origin (
    number INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    name TEXT NOT NULL,
    accepted_in INTEGER REFERENCES run
) STRICT;

CREATE TABLE statement (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    format TEXT NOT NULL,
    currency TEXT CHECK (length(currency) = 3),
    sequence INTEGER,
    year INTEGER NOT NULL,
    from_day TEXT,
    to_day TEXT,
    opening INTEGER,
    closing INTEGER,
    is_proved INTEGER NOT NULL CHECK (is_proved IN (0, 1)),
    origin INTEGER NOT NULL REFERENCES origin,
    UNIQUE (account, key)
) STRICT;

-- Values in MessagePack, packed together by LZ4: payments as they were read, explanations as they were given.
CREATE TABLE block (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    packed BLOB NOT NULL
) STRICT;

CREATE TABLE payment (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    first_run INTEGER NOT NULL REFERENCES run,
    account TEXT NOT NULL,
    booking_date TEXT NOT NULL CHECK (booking_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    minor INTEGER NOT NULL,
    bank_ref TEXT NOT NULL,
    entry_key TEXT NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    detail INTEGER NOT NULL CHECK (detail >= 0),
    servicer_reference TEXT,
    end_to_end_id TEXT,
    text TEXT NOT NULL,
    statement_key TEXT NOT NULL,
    origin INTEGER NOT NULL REFERENCES origin,
    -- The whole payment; none for what was set aside at first sight.
    block INTEGER REFERENCES block,
    place INTEGER CHECK ((place IS NULL) = (block IS NULL))
) STRICT;
CREATE INDEX payment_day ON payment (account, booking_date);
CREATE INDEX payment_bank_ref ON payment (bank_ref) WHERE bank_ref <> '';

-- Which file delivered which payment, the first time and again.
CREATE TABLE delivered (
    origin INTEGER NOT NULL REFERENCES origin,
    payment INTEGER NOT NULL REFERENCES payment,
    PRIMARY KEY (origin, payment)
) STRICT, WITHOUT ROWID;

-- The one place where each payment is.
CREATE TABLE judgement (
    payment INTEGER PRIMARY KEY REFERENCES payment,
    run INTEGER NOT NULL REFERENCES run,
    -- Not as a list: the database would make a table of more than two values for every row.
    state TEXT NOT NULL CHECK (
        state = 'open' OR state = 'proposed' OR state = 'posted' OR state = 'set_aside' OR state = 'duplicate'
    ),
    rule TEXT CHECK ((state = 'set_aside') = (rule IS NOT NULL)),
    times_seen INTEGER NOT NULL CHECK (times_seen >= 0),
    last_result TEXT NOT NULL,
    row_hash TEXT NOT NULL,
    block INTEGER NOT NULL REFERENCES block,
    place INTEGER NOT NULL CHECK (place >= 0)
) STRICT;
CREATE INDEX judgement_open ON judgement (payment) WHERE state IN ('open', 'proposed');
CREATE TABLE put_off (payment INTEGER PRIMARY KEY REFERENCES payment, until TEXT NOT NULL) STRICT;

CREATE TABLE posting (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    payment INTEGER NOT NULL REFERENCES payment,
    kind TEXT NOT NULL,
    class TEXT,
    probability INTEGER CHECK (probability BETWEEN 0 AND 1000000),
    decided_by TEXT NOT NULL CHECK (decided_by <> ''),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    revoked_in INTEGER REFERENCES run
) STRICT;
-- A bank entry is posted at most once.
CREATE UNIQUE INDEX posting_live ON posting (payment) WHERE revoked_in IS NULL;

CREATE TABLE posting_line (
    number INTEGER PRIMARY KEY,
    posting INTEGER NOT NULL REFERENCES posting,
    id TEXT NOT NULL CHECK (id <> ''),
    customer_id TEXT NOT NULL,
    item_id TEXT CHECK (item_id <> ''),
    document_number TEXT NOT NULL,
    cash INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    charges INTEGER NOT NULL,
    write_off INTEGER NOT NULL,
    item_minor INTEGER NOT NULL,
    item_currency TEXT NOT NULL CHECK (length(item_currency) = 3),
    -- What the export said, and own postings not yet reflected, this one included: the proof that nothing was over-applied.
    exported_open INTEGER,
    posted INTEGER,
    text TEXT NOT NULL,
    CHECK ((item_id IS NULL) = (exported_open IS NULL)),
    CHECK ((item_id IS NULL) = (posted IS NULL))
) STRICT;
CREATE INDEX posting_line_posting ON posting_line (posting);

-- Own postings that the ERP has not booked yet. What opens an item again has the opposite sign.
CREATE TABLE in_flight (
    item_id TEXT PRIMARY KEY CHECK (item_id <> ''),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    exported_open INTEGER NOT NULL,
    posted INTEGER NOT NULL CHECK (posted <> 0),
    export_sha256 TEXT NOT NULL,
    last_run INTEGER NOT NULL REFERENCES run,
    CONSTRAINT never_over_applied CHECK (
        (posted > 0 AND (posted <= exported_open OR exported_open < 0))
        OR (posted < 0 AND (posted >= exported_open OR exported_open >= 0))
    )
) STRICT, WITHOUT ROWID;

CREATE TABLE decision_result (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    file_sha256 TEXT NOT NULL,
    place TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    result TEXT NOT NULL CHECK (json_valid(result))
) STRICT;
CREATE INDEX decision_result_row ON decision_result (file_sha256, place);
CREATE INDEX decision_result_payment ON decision_result (payment_id);

CREATE TABLE lesson (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    confirmed TEXT NOT NULL CHECK (json_valid(confirmed))
) STRICT;

-- A hash over what each run added to each table: a later edit is found by `check`.
CREATE TABLE seal (
    run INTEGER NOT NULL REFERENCES run,
    section TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    PRIMARY KEY (run, section)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER run_kept BEFORE UPDATE ON run BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER run_stays BEFORE DELETE ON run BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER output_kept BEFORE UPDATE ON output BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER output_stays BEFORE DELETE ON output BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER statement_kept BEFORE UPDATE ON statement BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER statement_stays BEFORE DELETE ON statement BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER block_kept BEFORE UPDATE ON block BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER block_stays BEFORE DELETE ON block BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER payment_kept BEFORE UPDATE ON payment BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER payment_stays BEFORE DELETE ON payment BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER posting_kept BEFORE UPDATE OF number, run, payment, kind, class, probability, decided_by, currency ON posting
BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER posting_revoked_once BEFORE UPDATE OF revoked_in ON posting WHEN OLD.revoked_in IS NOT NULL
BEGIN SELECT raise(ABORT, 'a posting is revoked once'); END;
CREATE TRIGGER posting_stays BEFORE DELETE ON posting BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER posting_line_kept BEFORE UPDATE ON posting_line BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER posting_line_stays BEFORE DELETE ON posting_line BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER decision_result_kept BEFORE UPDATE ON decision_result BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER decision_result_stays BEFORE DELETE ON decision_result BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER lesson_kept BEFORE UPDATE ON lesson BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER lesson_stays BEFORE DELETE ON lesson BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER seal_kept BEFORE UPDATE ON seal BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER seal_stays BEFORE DELETE ON seal BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER delivered_stays BEFORE DELETE ON delivered BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER accepted_once BEFORE UPDATE ON origin WHEN OLD.accepted_in IS NOT NULL
BEGIN SELECT raise(ABORT, 'a file is accepted once'); END;
CREATE TRIGGER judgement_stays BEFORE DELETE ON judgement BEGIN SELECT raise(ABORT, 'a payment is always somewhere'); END;
CREATE TRIGGER posted_is_posted BEFORE UPDATE ON judgement
WHEN OLD.state = 'posted' AND EXISTS (SELECT 1 FROM posting WHERE payment = OLD.payment AND revoked_in IS NULL)
BEGIN SELECT raise(ABORT, 'a posted payment is not judged again'); END;
CREATE TRIGGER delivery_forward BEFORE UPDATE ON publication
WHEN OLD.is_complete = 1 OR (OLD.delivery = 'placed' AND NEW.delivery <> 'placed') OR (OLD.delivery = 'none' AND NEW.delivery <> 'none')
BEGIN SELECT raise(ABORT, 'a publication only goes forward'); END;

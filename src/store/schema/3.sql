-- Postings that a person took back. The ERP is told by lines of the opposite sign; the payment is open again.
CREATE TABLE reversal (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    posting INTEGER NOT NULL UNIQUE REFERENCES posting,
    decided_by TEXT NOT NULL CHECK (decided_by <> ''),
    approved_by TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;

-- One for each line of the posting, with the amounts of that line turned around.
CREATE TABLE reversal_line (
    number INTEGER PRIMARY KEY,
    reversal INTEGER NOT NULL REFERENCES reversal,
    posting_line INTEGER NOT NULL UNIQUE REFERENCES posting_line,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    -- What the export said, and own postings not yet reflected after this line.
    exported_open INTEGER,
    posted INTEGER,
    CHECK ((exported_open IS NULL) = (posted IS NULL))
) STRICT;

-- People name a posting by the id that stands in the ERP.
CREATE INDEX posting_line_id ON posting_line (id);

-- Decisions that wait for a second person, and how the waiting ended.
CREATE TABLE waiting (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    payment_id TEXT NOT NULL CHECK (payment_id <> ''),
    decision TEXT NOT NULL CHECK (json_valid(decision)),
    -- The row that the second person is shown: another row, another decision.
    row_hash TEXT NOT NULL
) STRICT;
CREATE TABLE waiting_ended (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    waiting INTEGER NOT NULL UNIQUE REFERENCES waiting,
    how TEXT NOT NULL CHECK (how IN ('approved', 'replaced', 'void'))
) STRICT;

-- What a person said about a payment so that it is matched again: the corrected text, or whose money it is. The last one counts.
CREATE TABLE amendment (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    payment INTEGER NOT NULL REFERENCES payment,
    amended TEXT NOT NULL CHECK (json_valid(amended)),
    decided_by TEXT NOT NULL CHECK (decided_by <> '')
) STRICT;
CREATE INDEX amendment_payment ON amendment (payment);
CREATE INDEX posting_taken_back ON posting (payment) WHERE revoked_in IS NOT NULL;

-- Which decision on which payment taught a lesson. Lessons of versions 1 and 2 have none: they name the row of the sheet themselves.
CREATE TABLE lesson_source (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    lesson INTEGER NOT NULL UNIQUE REFERENCES lesson,
    -- 'Confirmed': who paid for whom. 'Alias': a name of a customer. 'Doubt': not for this customer.
    kind TEXT NOT NULL CHECK (kind IN ('Confirmed', 'Alias', 'Doubt')),
    payment_id TEXT NOT NULL CHECK (payment_id <> ''),
    decided_by TEXT NOT NULL CHECK (decided_by <> ''),
    approved_by TEXT NOT NULL
) STRICT;
CREATE INDEX lesson_source_payment ON lesson_source (payment_id);

-- Lessons that do not count any more.
CREATE TABLE lesson_revoked (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    lesson INTEGER NOT NULL UNIQUE REFERENCES lesson,
    decided_by TEXT NOT NULL CHECK (decided_by <> '')
) STRICT;

-- Runs of earlier versions added nothing here: the seal over no rows, which is SHA-256 of nothing.
INSERT INTO seal (run, section, first, last, sha256)
SELECT run.number, section.column1, 1, 0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
FROM run, (VALUES ('reversal'), ('reversal_line'), ('waiting'), ('waiting_ended'), ('amendment'), ('lesson_source'), ('lesson_revoked'))
AS section;

CREATE TRIGGER reversal_kept BEFORE UPDATE ON reversal BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER reversal_stays BEFORE DELETE ON reversal BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER reversal_line_kept BEFORE UPDATE ON reversal_line BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER reversal_line_stays BEFORE DELETE ON reversal_line BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER waiting_kept BEFORE UPDATE ON waiting BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER waiting_stays BEFORE DELETE ON waiting BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER waiting_ended_kept BEFORE UPDATE ON waiting_ended BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER waiting_ended_stays BEFORE DELETE ON waiting_ended BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER amendment_kept BEFORE UPDATE ON amendment BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER amendment_stays BEFORE DELETE ON amendment BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER lesson_source_kept BEFORE UPDATE ON lesson_source BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER lesson_source_stays BEFORE DELETE ON lesson_source BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;
CREATE TRIGGER lesson_revoked_kept BEFORE UPDATE ON lesson_revoked BEGIN SELECT raise(ABORT, 'a committed run is not changed'); END;
CREATE TRIGGER lesson_revoked_stays BEFORE DELETE ON lesson_revoked BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END;

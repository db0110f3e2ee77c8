-- The keeper's memory in one file. Everything that must survive a crash stands here BEFORE it is acted upon:
-- receipts after their evidence is on disk, transactions before they are submitted. Chain state is never cached here;
-- progress is read from chain, this file only says what this keeper has already tried.

-- One row per epoch this keeper collects evidence for.
--   open      evidence may still be filed under it
--   freezing  no more evidence; the inputs are being copied (killed here: copied again from the start)
--   frozen    the inputs stand and are never touched again
--   closed    outputs and manifest stand
CREATE TABLE epochs (
    number         INTEGER PRIMARY KEY CHECK (number >= 1),
    state          TEXT    NOT NULL CHECK (state IN ('open', 'freezing', 'frozen', 'closed')),
    revision       INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 1), -- closed again after a veto: counts up
    manifest_hash  BLOB    CHECK (manifest_hash IS NULL OR length(manifest_hash) = 32)
) STRICT;

-- One row per source of proofs (a file by its SHA-256, or a caller's own id), so that a source that is offered again,
-- or whose first reading was cut off, continues behind the last receipt and files nothing twice.
CREATE TABLE sources (
    id        INTEGER PRIMARY KEY,
    name      TEXT    NOT NULL UNIQUE,
    received  INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0), -- records that have a receipt
    complete  INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1))
) STRICT;

-- One row per evidence file that is on disk and synced and whose records all have receipts. A file that has no row here
-- was being written when the keeper died: nobody was promised anything, and it is moved aside at the next start.
CREATE TABLE segments (
    id      INTEGER PRIMARY KEY,
    epoch   INTEGER NOT NULL REFERENCES epochs (number),
    name    TEXT    NOT NULL, -- evidence-NNNN.parquet
    records INTEGER NOT NULL CHECK (records >= 1),
    sha256  BLOB    NOT NULL CHECK (length(sha256) = 32),
    UNIQUE (epoch, name)
) STRICT;

-- One row per record received. Replays have their own: the rules decide what a replay is worth, not the door. Bytes that
-- are no proof have one too, so that their sender gets an answer, and end in the rejected set.
CREATE TABLE receipts (
    id             INTEGER PRIMARY KEY, -- order of receipt
    record_id      BLOB    NOT NULL CHECK (length(record_id) = 32), -- proof id; of bytes that are no proof their SHA-256
    segment        INTEGER NOT NULL REFERENCES segments (id),
    row            INTEGER NOT NULL CHECK (row >= 0), -- row inside the segment
    source         INTEGER NOT NULL REFERENCES sources (id),
    received_at_ms INTEGER NOT NULL,
    malformed      TEXT -- why the bytes are no proof; NULL for a proof
) STRICT;
CREATE INDEX receipts_by_record ON receipts (record_id);

-- Finalised points of the chain this keeper saw itself; proofs carry one as the lower bound of their age.
CREATE TABLE anchors (
    slot    INTEGER PRIMARY KEY CHECK (slot >= 0),
    hash    BLOB    NOT NULL CHECK (length(hash) = 32),
    unix_ms INTEGER NOT NULL
) STRICT;

-- One row per transaction, written and synced before the first submission.
--   pending  may land until its blockhash expires: resolved before anything else is signed
--   landed   seen on chain without error
--   failed   seen on chain with an error: it changed nothing
--   expired  its blockhash is too old and the chain does not know it: it can never land
--   lost     was seen landed, then disappeared with its fork and can not land any more
CREATE TABLE submissions (
    id            INTEGER PRIMARY KEY,
    pool          TEXT    NOT NULL,
    epoch         INTEGER NOT NULL,
    attempt       INTEGER NOT NULL,
    action        TEXT    NOT NULL CHECK (action IN ('propose', 'put_canopy', 'attest', 'activate')),
    part          INTEGER NOT NULL DEFAULT 0, -- first canopy node of a put_canopy, else 0
    part_len      INTEGER NOT NULL DEFAULT 0, -- nodes of a put_canopy, else 0
    manifest_hash BLOB    NOT NULL CHECK (length(manifest_hash) = 32),
    signature     TEXT    NOT NULL UNIQUE,
    signed        TEXT    NOT NULL, -- JSON: the signed bytes and the last block height at which they may land
    state         TEXT    NOT NULL CHECK (state IN ('pending', 'landed', 'failed', 'expired', 'lost')),
    slot          INTEGER, -- of landing
    problem       TEXT    -- why, of a failed one
) STRICT;
-- No batch starts while one is unresolved: the database itself refuses a second pending transaction.
CREATE UNIQUE INDEX one_pending_submission ON submissions (state) WHERE state = 'pending';
CREATE INDEX submissions_by_epoch ON submissions (pool, epoch);

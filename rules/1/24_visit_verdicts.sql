-- One verdict for each visit: of what a validator is paid for in an epoch at least half was drawn. Its own choices count in their
-- order, as many as there are visits that it was sent to.
--
-- The validator is paid, and the device's owner for letting it in.
WITH sent AS (
    SELECT validator_id, SUM(assigned) AS visits
    FROM visit_facts
    WHERE fault IS NULL
    GROUP BY validator_id
),
chosen AS (
    SELECT
        n,
        CAST(ROW_NUMBER() OVER (PARTITION BY validator_id ORDER BY n) AS BIGINT) AS choice
    FROM visit_facts
    WHERE fault IS NULL AND assigned = 0
)
SELECT
    f.n,
    f.device,
    f.validator_id,
    f.hour,
    f.fault,
    f.validator_owner,
    f.owner,
    CASE
        WHEN f.fault IS NOT NULL THEN f.fault
        WHEN c.choice > s.visits THEN $reason_cap_user
        ELSE $reason_ok
    END AS reason,
    CASE
        WHEN f.fault = $reason_cluster THEN f.registration
        WHEN f.fault = $reason_low_trust THEN f.validator_hours
        WHEN f.fault = $reason_duplicate THEN f.hours_apart
        WHEN f.fault IS NULL AND c.choice > s.visits THEN c.choice
    END AS found,
    CASE
        WHEN f.fault = $reason_cluster THEN 1
        WHEN f.fault = $reason_low_trust THEN $validator_age_hours
        WHEN f.fault = $reason_duplicate THEN $visit_pair_hours
        WHEN f.fault IS NULL AND c.choice > s.visits THEN s.visits
    END AS bound
FROM visit_facts AS f
LEFT JOIN sent AS s ON s.validator_id = f.validator_id
LEFT JOIN chosen AS c ON c.n = f.n

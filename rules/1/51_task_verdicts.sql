-- One verdict for each completed task, and the data credits it grants.
--
-- What a task grants in an epoch is bounded: a carrier's key that is stolen, or that signs for people who are none, can grant no
-- more. First come, first served; who came too late is not counted as having completed it, and can be signed for again.
WITH budgeted AS (
    SELECT
        n,
        credits * CAST(ROW_NUMBER() OVER (PARTITION BY task ORDER BY n) AS BIGINT) AS spent
    FROM task_facts
    WHERE fault IS NULL
)
SELECT
    f.n,
    f.task,
    f.nullifier_id,
    f.subject_id,
    CASE
        WHEN f.fault IS NOT NULL THEN f.fault
        WHEN b.spent > f.credits_per_epoch THEN $reason_no_payer_funds
        ELSE $reason_ok
    END AS reason,
    CASE
        WHEN f.fault = $reason_duplicate THEN f.of_person
        WHEN b.spent > f.credits_per_epoch THEN b.spent
    END AS found,
    CASE
        WHEN f.fault = $reason_duplicate THEN 1
        WHEN b.spent > f.credits_per_epoch THEN f.credits_per_epoch
    END AS bound,
    CASE WHEN b.spent <= f.credits_per_epoch THEN f.credits ELSE 0 END AS credits
FROM task_facts AS f
LEFT JOIN budgeted AS b ON b.n = f.n

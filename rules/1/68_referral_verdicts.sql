-- One verdict for each referral: faults of its own first, then how many somebody brings in an epoch, then who came first. One beyond
-- the limit is not remembered, and can be signed for again in the next epoch.
WITH counted AS (
    SELECT
        n,
        invitee_id,
        CAST(ROW_NUMBER() OVER (PARTITION BY inviter_id ORDER BY n) AS BIGINT) AS of_epoch
    FROM referral_facts
    WHERE fault IS NULL
),
firsts AS (
    SELECT
        n,
        CAST(ROW_NUMBER() OVER (PARTITION BY invitee_id ORDER BY n) AS BIGINT) AS in_line
    FROM counted
    WHERE of_epoch <= $referral_per_inviter_max
)
SELECT
    f.n,
    f.inviter_id,
    f.invitee_id,
    f.observed_at_ms,
    CASE
        WHEN f.fault IS NOT NULL THEN f.fault
        WHEN c.of_epoch > $referral_per_inviter_max THEN $reason_cap_user
        WHEN l.in_line > 1 THEN $reason_duplicate
        ELSE $reason_ok
    END AS reason,
    CASE
        WHEN f.fault = $reason_low_trust THEN f.accepted
        WHEN f.fault IS NOT NULL THEN NULL
        WHEN c.of_epoch > $referral_per_inviter_max THEN c.of_epoch
        WHEN l.in_line > 1 THEN l.in_line
    END AS found,
    CASE
        WHEN f.fault = $reason_low_trust THEN $check_in_trust_known_after
        WHEN f.fault IS NOT NULL THEN NULL
        WHEN c.of_epoch > $referral_per_inviter_max THEN $referral_per_inviter_max
        WHEN l.in_line > 1 THEN 1
    END AS bound
FROM referral_facts AS f
LEFT JOIN counted AS c ON c.n = f.n
LEFT JOIN firsts AS l ON l.n = f.n

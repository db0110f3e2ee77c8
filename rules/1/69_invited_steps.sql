-- What people who were invited did since: each check-in that earned them something, on what day and in which cell.
--
-- Where the inviter owns the access point, or owners of the same machines do, nothing counts: an inviter would do his invitees' work
-- at home.
WITH waiting AS (
    SELECT invitee_id, inviter_id, -1 AS since_n FROM invited WHERE paid_hour IS NULL
    UNION ALL
    SELECT invitee_id, inviter_id, n AS since_n FROM referral_verdicts WHERE reason = $reason_ok
),
owners AS (
    SELECT d.owner, d.cluster FROM devices AS d GROUP BY d.owner, d.cluster
)
SELECT
    w.invitee_id,
    v.n,
    v.observed_at_ms / 86400000 AS day,
    d.cell
FROM waiting AS w
JOIN check_in_verdicts AS v ON v.user_id = w.invitee_id AND v.n > w.since_n
JOIN check_in_pay AS p ON p.n = v.n
JOIN devices AS d ON d.device = v.device
LEFT JOIN owners AS o ON o.owner = w.inviter_id
WHERE v.reason = $reason_ok
    AND mul_div(p.base, p.share, p.whole) > 0
    AND d.owner <> w.inviter_id
    AND (o.cluster IS NULL OR d.cluster <> o.cluster)

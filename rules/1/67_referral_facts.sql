-- What each referral is judged by: whether the one who invites has a history, and the one invited has none.
--
-- Who invites is known, who is invited is new. So nobody is invited who came by himself, and no ring of people can have invited each
-- other: whoever stands in one would have been known before he was new. One inviter for each invitee, for ever.
SELECT
    r.n,
    r.subject_id AS inviter_id,
    r.invitee_id,
    r.observed_at_ms,
    COALESCE(u.accepted, 0) AS accepted,
    CASE
        WHEN r.invitee_id = r.subject_id OR r.invitee_cluster = r.subject_cluster THEN $reason_self_deal
        WHEN k.invitee_id IS NOT NULL OR COALESCE(v.accepted, 0) > 0 THEN $reason_duplicate
        WHEN COALESCE(u.accepted, 0) < $check_in_trust_known_after THEN $reason_low_trust
    END AS fault
FROM referrals AS r
LEFT JOIN users AS u ON u.user_id = r.subject_id
LEFT JOIN users AS v ON v.user_id = r.invitee_id
LEFT JOIN invited AS k ON k.invitee_id = r.invitee_id

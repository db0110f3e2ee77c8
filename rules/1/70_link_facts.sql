-- What each link is judged by: whether the identity is somebody's already. A wallet is its own from the first proof that it signed, and what
-- was linked stays linked: whoever learns of a person's address or finds a phone can not take what was earned before.
SELECT
    l.n,
    l.subject_id AS identity_id,
    l.wallet_id,
    CASE WHEN k.identity_id IS NOT NULL THEN $reason_duplicate END AS fault
FROM links AS l
LEFT JOIN linked AS k ON k.identity_id = l.subject_id

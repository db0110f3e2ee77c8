-- Each accepted check-in's share of its access point's budget.
--
--   charge = hours since the access point last paid, at most a week (never paid: since the registry shows it)
--   share  = floor(budget × charge / 168 × w / max(Σ w, one whole weight)),  w = trust(user) × attestation
--
-- The budget belongs to the access point: a swarm of accounts divides it and earns no more than one honest visitor
-- would.
-- Rounded once. pay = floor(base × share / whole).
WITH accepted AS (
    SELECT
        v.n,
        v.user_id,
        v.device,
        CASE
            WHEN COALESCE(u.accepted, 0) >= $check_in_trust_known_after THEN $check_in_trust_known_permille
            ELSE $check_in_trust_new_permille
        END * $check_in_attestation_permille / 1000 AS weight
    FROM check_in_verdicts AS v
    LEFT JOIN users AS u ON u.user_id = v.user_id
    WHERE v.reason = $reason_ok
),
weighed AS (
    SELECT
        device,
        GREATEST(SUM(weight), $check_in_weight_whole) AS whole
    FROM accepted
    GROUP BY device
),
charged AS (
    SELECT
        d.device,
        GREATEST(
            LEAST(
                $epoch_end_hour - COALESCE(p.last_paid_hour, d.since_hour),
                $check_in_charge_hours_max
            ),
            0
        ) AS charge_hours
    FROM devices AS d
    LEFT JOIN access_points AS p ON p.device = d.device
)
SELECT
    a.n,
    a.user_id,
    a.device,
    $check_in_budget_milli_points * c.charge_hours AS base,
    a.weight AS share,
    $check_in_charge_hours_max * w.whole AS whole
FROM accepted AS a
JOIN weighed AS w ON w.device = a.device
JOIN charged AS c ON c.device = a.device

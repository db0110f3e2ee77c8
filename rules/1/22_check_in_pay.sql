-- Each accepted check-in's share of its access point's budget.
--
--   charge = hours since the access point last paid, at most a week (never paid: since the registry shows it)
--   share  = floor(budget × charge / 168 × w / max(Σ w, one whole weight)),  w = trust(user) × attestation
--
-- The budget belongs to the access point: a swarm of accounts divides it and earns no more than one honest visitor would.
-- Users without history weigh, all of them together, no more than one known user: what theirs add up to beyond that they
-- divide among themselves. Rounded once. pay = floor(base × share / whole).
WITH accepted AS (
    SELECT
        v.n,
        v.user_id,
        v.device,
        CASE WHEN v.newcomer IS NULL THEN 0 ELSE 1 END AS is_new,
        CASE
            WHEN v.newcomer IS NULL THEN $check_in_trust_known_permille
            ELSE $check_in_trust_new_permille
        END * $check_in_attestation_permille / 1000 AS weight
    FROM check_in_verdicts AS v
    WHERE v.reason = $reason_ok
),
crowds AS (
    SELECT
        device,
        SUM(CASE WHEN is_new = 1 THEN 0 ELSE weight END) AS known_weight,
        SUM(CASE WHEN is_new = 1 THEN weight ELSE 0 END) AS new_weight
    FROM accepted
    GROUP BY device
),
weighed AS (
    SELECT
        device,
        GREATEST(
            known_weight + LEAST(new_weight, $check_in_newcomers_weight_max),
            $check_in_weight_whole
        ) AS whole,
        CASE WHEN new_weight > $check_in_newcomers_weight_max THEN $check_in_newcomers_weight_max ELSE 1 END AS new_part,
        CASE WHEN new_weight > $check_in_newcomers_weight_max THEN new_weight ELSE 1 END AS new_whole
    FROM crowds
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
    a.weight * CASE WHEN a.is_new = 1 THEN w.new_part ELSE 1 END AS share,
    $check_in_charge_hours_max * w.whole * CASE WHEN a.is_new = 1 THEN w.new_whole ELSE 1 END AS whole
FROM accepted AS a
JOIN weighed AS w ON w.device = a.device
JOIN charged AS c ON c.device = a.device

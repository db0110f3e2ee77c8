-- What the place and the owner leave of a device's pay, in the order: too near to an older device, rank in the cell,
-- rank among the owner's devices.
WITH spaced AS (
    SELECT
        a.*,
        c.apart_m
    FROM active_devices AS a
    LEFT JOIN crowded_devices AS c ON c.device = a.device
),
ranked AS (
    SELECT
        device,
        CAST(ROW_NUMBER() OVER (PARTITION BY cell ORDER BY uptime DESC, seniority) AS BIGINT) AS cell_rank
    FROM spaced
    WHERE apart_m IS NULL
),
owned AS (
    SELECT
        s.device,
        CAST(ROW_NUMBER() OVER (PARTITION BY s.cluster ORDER BY s.seniority) AS BIGINT) AS owner_rank
    FROM spaced AS s
    JOIN ranked AS r ON r.device = s.device
    WHERE r.cell_rank <= $cell_ranks_paid
),
parts AS (
    SELECT
        s.device,
        s.apart_m,
        r.cell_rank,
        o.owner_rank,
        CASE r.cell_rank
            WHEN 1 THEN $cell_rank_1_permille
            WHEN 2 THEN $cell_rank_2_permille
            WHEN 3 THEN $cell_rank_3_permille
            ELSE 0
        END AS cell_permille,
        CASE
            WHEN o.owner_rank <= $owner_tier_1_devices THEN $owner_tier_1_permille
            WHEN o.owner_rank <= $owner_tier_2_devices THEN $owner_tier_2_permille
            ELSE $owner_tier_3_permille
        END AS owner_permille
    FROM spaced AS s
    LEFT JOIN ranked AS r ON r.device = s.device
    LEFT JOIN owned AS o ON o.device = s.device
)
SELECT
    device,
    cell_permille,
    owner_permille,
    CASE
        WHEN apart_m IS NOT NULL THEN $reason_cap_cell
        WHEN cell_rank > $cell_ranks_paid OR cell_permille = 0 THEN $reason_cap_cell
        WHEN owner_permille = 0 THEN $reason_cap_owner
    END AS refusal,
    CASE
        WHEN apart_m IS NOT NULL THEN apart_m
        WHEN cell_rank > $cell_ranks_paid OR cell_permille = 0 THEN cell_rank
        WHEN owner_permille = 0 THEN owner_rank - 1
    END AS found,
    CASE
        WHEN apart_m IS NOT NULL THEN $cell_apart_m
        WHEN cell_rank > $cell_ranks_paid OR cell_permille = 0 THEN $cell_ranks_paid
        WHEN owner_permille = 0 THEN $owner_tier_2_devices
    END AS bound
FROM parts

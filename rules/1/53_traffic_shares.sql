-- How much of each good session counts at its point: one subscriber is no more than a part of what a point carries, once that is a
-- gigabyte. Whoever fakes traffic is few people with much of it.
WITH good AS (
    SELECT n, device, payer, subscriber_id, units
    FROM traffic_facts
    WHERE fault IS NULL
),
points AS (
    SELECT device, SUM(units) AS units
    FROM good
    GROUP BY device
),
running AS (
    SELECT
        n,
        SUM(units) OVER (
            PARTITION BY device, subscriber_id ORDER BY n
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS of_subscriber
    FROM good
),
bounded AS (
    SELECT
        g.n,
        g.payer,
        g.units,
        r.of_subscriber,
        GREATEST($traffic_free_units, mul_div(p.units, $traffic_subscriber_permille, 1000)) AS most
    FROM good AS g
    JOIN running AS r ON r.n = g.n
    JOIN points AS p ON p.device = g.device
)
SELECT
    n,
    payer,
    units,
    of_subscriber,
    most,
    GREATEST(LEAST(units, most - (of_subscriber - units)), 0) AS counted
FROM bounded

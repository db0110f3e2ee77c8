-- What each metric is judged by: its place and hour, the meter, the daily ceiling.
--
-- A meter never runs backwards: each good reading of a device's stream must be above all earlier good ones, those of
-- earlier epochs included. What one row alone claims is held against the ceiling before anything is summed.
WITH known AS (
    SELECT
        m.*,
        d.owner,
        d.cell AS device_cell,
        h.registration,
        s.daily_ceiling,
        s.rate_milli_points,
        m.hour / 24 AS day
    FROM metrics AS m
    JOIN devices AS d ON d.device = m.device
    JOIN hardware AS h ON h.device = m.device
    JOIN streams AS s ON s.stream = m.stream
),
judged AS (
    SELECT
        k.*,
        CASE
            WHEN k.device_cell = 0 THEN $reason_not_asserted
            WHEN COALESCE(cell_resolution(k.cell), -1) <> $cell_resolution OR k.cell <> k.device_cell THEN $reason_bad_cell
            WHEN k.hour < $epoch_start_hour THEN $reason_late
            WHEN k.hour > k.observed_at_ms / 3600000 THEN $reason_future
            WHEN k.registration > 1 THEN $reason_cluster
            WHEN k.quality_permille < $metric_quality_min_permille THEN $reason_qos_fail
            WHEN k.quantity > k.daily_ceiling THEN $reason_cap_device
        END AS refusal
    FROM known AS k
),
firsts AS (
    SELECT
        *,
        CAST(ROW_NUMBER() OVER (PARTITION BY device, stream, hour ORDER BY n) AS BIGINT) AS of_hour
    FROM judged
    WHERE refusal IS NULL
),
metered AS (
    SELECT
        f.*,
        GREATEST(
            COALESCE(
                MAX(f.counter) OVER (
                    PARTITION BY f.device, f.stream ORDER BY f.hour, f.n
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ),
                -1
            ),
            COALESCE(c.counter, -1)
        ) AS read_before
    FROM firsts AS f
    LEFT JOIN counters AS c ON c.device = f.device AND c.stream = f.stream
    WHERE f.of_hour = 1
),
delivered AS (
    SELECT
        n,
        SUM(quantity) OVER (
            PARTITION BY device, stream, day ORDER BY hour, n
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS of_day
    FROM metered
    WHERE counter > read_before
)
SELECT
    j.*,
    f.of_hour,
    m.read_before,
    d.of_day,
    CASE
        WHEN j.refusal IS NOT NULL THEN j.refusal
        WHEN f.of_hour > 1 THEN $reason_duplicate
        WHEN j.counter <= m.read_before THEN $reason_replay_seq
        WHEN d.of_day > j.daily_ceiling THEN $reason_cap_device
    END AS fault
FROM judged AS j
LEFT JOIN firsts AS f ON f.n = j.n
LEFT JOIN metered AS m ON m.n = j.n
LEFT JOIN delivered AS d ON d.n = j.n

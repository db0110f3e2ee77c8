-- What the next epoch knows of the cells in which people who were invited have earned: as many as their inviter's pay asks for, until it
-- is paid.
WITH known AS (
    SELECT invitee_id, cell FROM invited_cells
    UNION ALL
    SELECT invitee_id, cell FROM invited_steps
),
counted AS (
    SELECT
        k.invitee_id,
        k.cell,
        CAST(ROW_NUMBER() OVER (PARTITION BY k.invitee_id ORDER BY k.cell) AS BIGINT) AS in_line
    FROM known AS k
    JOIN invited_work AS w ON w.invitee_id = k.invitee_id
    WHERE w.paid_n IS NULL
    GROUP BY k.invitee_id, k.cell
)
SELECT invitee_id, cell
FROM counted
WHERE in_line <= $referral_cells_min
ORDER BY invitee_id, cell

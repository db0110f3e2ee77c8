-- What a device counts in a day for which nobody has measured it: one row. Where there is no validator, nobody could have.
SELECT
    CASE WHEN COUNT(*) = 0 THEN $quality_unvalidated_permille ELSE $quality_unmeasured_permille END AS permille
FROM devices
WHERE validates = 1 AND $epoch_start_hour - since_hour >= $validator_age_hours

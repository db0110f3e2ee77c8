-- Which registration of the same machine a device is.
--
-- A fingerprint that two devices share is one machine under two keys. The registration that the registry showed first earns, later
-- ones are refused as CLUSTER. A device without a fingerprint (null) is taken for a machine of its own. A move
-- does not make it younger here: the copy would become the original.
SELECT
    device,
    CASE
        WHEN hardware IS NULL THEN 1
        ELSE CAST(ROW_NUMBER() OVER (PARTITION BY hardware ORDER BY since_hour, position) AS BIGINT)
    END AS registration
FROM devices

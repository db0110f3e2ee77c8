-- What each completed task is judged by: whether the person completed it before, under whatever key.
WITH firsts AS (
    SELECT
        n,
        CAST(ROW_NUMBER() OVER (PARTITION BY task, nullifier_id ORDER BY n) AS BIGINT) AS of_person
    FROM esim_tasks
)
SELECT
    e.n,
    e.task,
    e.nullifier_id,
    e.subject_id,
    t.credits,
    t.credits_per_epoch,
    f.of_person + CASE WHEN c.task IS NULL THEN 0 ELSE 1 END AS of_person,
    CASE WHEN f.of_person > 1 OR c.task IS NOT NULL THEN $reason_duplicate END AS fault
FROM esim_tasks AS e
JOIN tasks AS t ON t.task = e.task
JOIN firsts AS f ON f.n = e.n
LEFT JOIN completions AS c ON c.task = e.task AND c.nullifier_id = e.nullifier_id

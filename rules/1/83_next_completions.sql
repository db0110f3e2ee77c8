-- What the next epoch knows of each task: who has completed it. Forgotten with the task itself, whose number no other one is given.
WITH known AS (
    SELECT task, nullifier_id FROM completions
    UNION ALL
    SELECT task, nullifier_id FROM task_verdicts WHERE reason = $reason_ok
)
SELECT
    k.task,
    k.nullifier_id
FROM known AS k
JOIN tasks AS t ON t.task = k.task
ORDER BY task, nullifier_id

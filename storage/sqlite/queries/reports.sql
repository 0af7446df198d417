-- Reports of wrong text, and corrections with their history.

-- name: known_report
SELECT id FROM report
WHERE tenant = :tenant AND segment_id = :segment AND reported_by = :user AND reason = :reason
AND status = 'open'

-- name: add_report
INSERT INTO report (tenant, segment_id, reason, comment, reported_by, reported_at)
VALUES (:tenant, :segment, :reason, :comment, :user, :at)

-- name: add_comment
-- A second word from the same person on the same thing stands below the first.
UPDATE report SET comment = trim(comment || char(10) || :comment, char(10))
WHERE id = :report AND instr(comment, :comment) = 0 AND length(comment) < 4000

-- name: report_columns
r.id, r.tenant, r.segment_id, r.reason, r.comment, r.reported_by, r.reported_at, r.status,
coalesce(own.title, pub.title, s.title), s.at

-- name: report_source
report AS r
JOIN segment AS s ON s.id = r.segment_id
LEFT JOIN correction AS own
    ON own.tenant = r.tenant AND own.segment_id = s.id AND own.in_force = 1
LEFT JOIN correction AS pub
    ON pub.tenant = 'public' AND pub.segment_id = s.id AND pub.in_force = 1

-- name: reports
SELECT {report_columns} FROM {report_source}
WHERE (:tenant IS NULL OR r.tenant = :tenant) AND (:status IS NULL OR r.status = :status)
ORDER BY r.id

-- name: report
SELECT {report_columns} FROM {report_source} WHERE r.id = :report

-- name: close_report
UPDATE report SET status = :status, closed_by = :by, closed_at = :at
WHERE id = :report AND status = 'open'

-- name: report_of_segment
-- A correction for all closes anybody's report, a tenant's own correction its own.
SELECT id FROM report
WHERE id = :report AND segment_id = :segment AND (tenant = :tenant OR :tenant = 'public')

-- name: supersede_correction
UPDATE correction SET in_force = 0
WHERE tenant = :tenant AND segment_id = :segment AND in_force = 1

-- name: add_correction
INSERT INTO correction (
    tenant, segment_id, title, text, corrected_by, corrected_at, report_id
) VALUES (
    :tenant, :segment, :title, :text, :by, :at, :report
)

-- name: history
SELECT c.id, c.tenant, c.segment_id, c.title, c.text, c.corrected_by, c.corrected_at, c.report_id
FROM correction AS c
JOIN segment AS s ON s.id = c.segment_id
JOIN episode AS e ON e.id = s.episode_id AND e.tenant IN (:tenant, 'public')
WHERE c.segment_id = :segment AND c.tenant IN (:tenant, 'public')
ORDER BY c.id

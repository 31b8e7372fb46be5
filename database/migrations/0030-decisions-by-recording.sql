-- A closing looks for decisions that came since the last one.
create index contribution_decisions_by_recording on contribution_decisions using brin (recorded_at);

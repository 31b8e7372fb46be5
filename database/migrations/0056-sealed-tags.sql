-- Values of tags of high sensitivity are sealed at rest (docs/tag-values.md, ADR 0038), under data keys that the master key
-- wraps. A key is renewed while reads and imports go on; the one before is gone once no value is sealed under it.
create table tag_keys (
  version integer not null,
  cipher text not null,
  -- encrypted under the master key
  wrapped bytea,
  begun_by text not null,
  begun_at timestamptz not null,
  retired_at timestamptz,
  constraint tag_keys_pkey primary key (version),
  constraint tag_keys_count check (version > 0),
  constraint tag_keys_cipher check (cipher in ('AES-256-GCM', 'SM4')),
  constraint tag_keys_gone_when_retired check ((wrapped is null) = (retired_at is not null))
);
grant update (wrapped, retired_at) on tag_keys to tributary_app;

-- What is plain stays so until it is sealed in its place.
alter table tags
  alter column value drop not null,
  add column sealed bytea,
  add column key_version integer,
  add constraint tags_plain_or_sealed check (
    num_nonnulls(value, sealed) = 1 and (sealed is null) = (key_version is null)
  );
grant update (sealed, key_version) on tags to tributary_app;

-- A key that a value needs is kept, and one that is gone stays gone.
create function refuse_retiring() returns trigger language plpgsql as $$
begin
  if old.retired_at is not null or new.wrapped is not null
    or exists (select from tags t where t.key_version = old.version) then
    raise exception 'key % of tags cannot be changed, or is needed yet', old.version
      using errcode = 'restrict_violation', constraint = 'tag_keys_retire_once_unused';
  end if;
  return new;
end
$$;
create trigger tag_keys_retire_once_unused before update on tag_keys
  for each row execute function refuse_retiring();

-- From now on nothing sensitive is written in the clear, whoever writes it. By statement, since an import writes millions.
create function refuse_plain_values() returns trigger language plpgsql as $$
begin
  if exists (
    select from written w join tag_definitions d on d.key = w.tag_key
    where w.value is not null and d.sensitivity = 'HIGH'
  ) then
    raise exception 'values of tags of high sensitivity are sealed'
      using errcode = 'restrict_violation', constraint = 'tags_sealed';
  end if;
  return null;
end
$$;
create trigger tags_sealed_when_added after insert on tags
  referencing new table as written for each statement execute function refuse_plain_values();
create trigger tags_sealed_when_changed after update on tags
  referencing new table as written for each statement execute function refuse_plain_values();

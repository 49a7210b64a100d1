-- A phone that asked for new tokens and lost the reply asks again with the old token: for half
-- a minute that gives the same generation once more.  Later it is reuse, and ends the session;
-- so does the thief's or the owner's next use, if somebody else had the token in between.
alter table session add renewed_at bigint;

create or replace function renew_session(p_session bigint, p_generation integer)
returns table (outcome integer, generation integer, person bigint, name text)
language plpgsql as $$
#variable_conflict use_column
declare
    v session;
    v_outcome integer;
    v_generation integer;
begin
    select * into v from session s where s.id = p_session for update;
    if v.id is null then
        return;
    end if;
    v_outcome := case when v.revoked_at is not null then 3
                      when v.expires_at <= now_ms() then 4
                      when v.generation = p_generation then 1
                      when v.generation = p_generation + 1
                           and v.renewed_at > now_ms() - 30000 then 1
                      else 2 end;
    v_generation := case when v.generation = p_generation then v.generation + 1
                         else v.generation end;
    if v_outcome = 1 and v.generation = p_generation then
        update session s set generation = v_generation, renewed_at = now_ms()
         where s.id = p_session;
    elsif v_outcome = 2 then
        perform end_session(p_session);
    end if;
    return query select v_outcome, v_generation, p.id, p.name
                   from person p where p.id = v.person;
end $$;

//! What the catalogue must say, and what is wrong when it says something else.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;

use super::{GRANTS, POLICY, POLICY_NAME, SCHEMAS, TRUSTED};
use crate::pool::ServiceRole;

/// The wall between tenants is not what it must be.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It has holes, and these are they.
    #[error("the database does not keep compacts apart, so nothing is served from it: {}", .0.join("; "))]
    Holes(Vec<String>),
    /// The catalogue could not be read.
    #[error("the database's catalogue could not be read")]
    Database(#[from] sqlx::Error),
}

/// Proves that this connection works as `role`, that the role can do what it must and no more, and that every table
/// which bears a ledger's id shows it only the ledgers in scope.
///
/// # Errors
/// [`Broken::Holes`] with every hole that was found, in words that say what to mend.
pub async fn prove(connection: &mut PgConnection, role: ServiceRole) -> Result<(), Broken> {
    let mut holes = signed_in(connection, role).await?;
    holes.extend(tables(connection).await?);
    holes.extend(rights(connection).await?);
    holes.extend(ways_round(connection).await?);
    if holes.is_empty() {
        Ok(())
    } else {
        Err(Broken::Holes(holes))
    }
}

/// Whether the connection is signed in as the role, and whether the role has powers of its own.
async fn signed_in(
    connection: &mut PgConnection,
    role: ServiceRole,
) -> Result<Vec<String>, sqlx::Error> {
    let Some(name) = role.name() else {
        return Ok(vec!["the owner of the tables is no service".to_owned()]);
    };
    let mut holes = Vec::new();
    let (session, current): (String, String) =
        sqlx::query_as("select session_user::text, current_user::text")
            .fetch_one(&mut *connection)
            .await?;
    if session != name || current != name {
        holes.push(format!(
            "the service must sign in as {name}, and is signed in as {session} working as {current}"
        ));
    }
    let powers: Vec<String> = sqlx::query_scalar(
        "select what from pg_roles r cross join lateral (values
             (r.rolsuper, 'is a superuser'), (r.rolbypassrls, 'may bypass row security'),
             (r.rolcreaterole, 'may make roles'), (r.rolcreatedb, 'may make databases'),
             (r.rolreplication, 'may replicate'),
             (exists (select from pg_auth_members m where m.member = r.oid), 'is a member of another role'),
             (exists (select from pg_shdepend d where d.refclassid = 'pg_authid'::regclass
                 and d.refobjid = r.oid and d.deptype = 'o'), 'owns something'),
             (exists (select from unnest($2::text[]) as n (schema)
                 where has_schema_privilege(r.rolname, schema, 'create')), 'may make tables'),
             (coalesce(current_setting('compacts.ledgers', true), '') <> '',
                 'is about ledgers before it has named any'),
             (has_schema_privilege(r.rolname, 'view_rebuild', 'usage'), 'may look at what is being rebuilt')
         ) as power (has, what)
         where r.rolname = $1 and power.has order by what",
    )
    .bind(name)
    .bind(&SCHEMAS[..])
    .fetch_all(connection)
    .await?;
    holes.extend(powers.into_iter().map(|what| format!("{name} {what}")));
    Ok(holes)
}

/// Whether every table that bears a ledger's id has the one policy, forced, and keys that begin with that id.
async fn tables(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "with bearing as (
             select c.oid, c.oid::regclass::text as name, c.relname, c.relowner, c.relrowsecurity,
                 c.relforcerowsecurity, a.attnum
             from pg_class c
             join pg_attribute a on a.attrelid = c.oid and a.attname = 'ledger_id' and not a.attisdropped
             where c.relkind in ('r', 'p') and c.relnamespace = any($1::regnamespace[])
                 -- What a rebuild has laid out is dressed when it is put in its place; until then no service gets there.
                 and not (c.relnamespace = 'view_rebuild'::regnamespace
                     and to_regclass('public.' || c.relname) is not null)
         )
         select name || ' has no row security' from bearing where not relrowsecurity
         union all
         select name || ' lets its owner past row security' from bearing where not relforcerowsecurity
         union all
         select name || ' has no policy ' || $2 from bearing
         where not exists (select from pg_policy p where p.polrelid = bearing.oid and p.polname = $2)
         union all
         select name || ' has a policy of its own, ' || p.polname from bearing
         join pg_policy p on p.polrelid = bearing.oid
         where p.polname <> $2
             and not (p.polname = 'listed_by_owner' and relname = 'ledger_head' and p.polcmd = 'r'
                 and p.polroles = array[relowner])
         union all
         select name || ' has another policy ' || p.polname || ' than all others' from bearing
         join pg_policy p on p.polrelid = bearing.oid and p.polname = $2
         where p.polcmd <> '*' or not p.polpermissive or p.polroles <> array[0::oid]
             or pg_get_expr(p.polqual, p.polrelid) is distinct from $3
             or pg_get_expr(p.polwithcheck, p.polrelid) is distinct from $3
         union all
         select name || ' has a key that does not begin with the ledger: ' || i.indexrelid::regclass
         from bearing join pg_index i on i.indrelid = bearing.oid
         where i.indisunique and i.indkey[0] <> attnum
         order by 1",
    )
    .bind(&SCHEMAS[..])
    .bind(POLICY_NAME)
    .bind(POLICY)
    .fetch_all(connection)
    .await
}

/// A privilege as the catalogue has it.
#[derive(sqlx::FromRow)]
struct Right {
    on_table: String,
    grantee: String,
    privilege: String,
}

/// Whether every table is written down, and every role may do with it what is written down and no more.
async fn rights(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    let found: Vec<String> = sqlx::query_scalar(
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname = any($1) order by 1",
    )
    .bind(&SCHEMAS[..])
    .fetch_all(&mut *connection)
    .await?;
    let granted: Vec<Right> = sqlx::query_as(
        "select n.nspname || '.' || c.relname as on_table,
             coalesce(r.rolname::text, 'everyone') as grantee, given.privilege
         from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         cross join lateral (
             select grantee, privilege_type as privilege from aclexplode(c.relacl)
             union all
             select part.grantee, part.privilege_type || ' (' || a.attname || ')'
             from pg_attribute a cross join lateral aclexplode(a.attacl) part where a.attrelid = c.oid
         ) given
         left join pg_roles r on r.oid = given.grantee
         where n.nspname = any($1) and given.grantee <> c.relowner
         order by 1, 2, 3",
    )
    .bind(&SCHEMAS[..])
    .fetch_all(connection)
    .await?;
    let due = due();
    let mut holes = Vec::new();
    for table in &found {
        // A table a rebuild has laid out is the twin of one that is listed.
        let twin = table.replacen("view_rebuild.", "public.", 1);
        if !due.contains_key(table.as_str()) && !due.contains_key(twin.as_str()) {
            holes.push(format!(
                "nobody has said who may do what with {table}: list it"
            ));
        }
    }
    let mut left = due;
    for right in &granted {
        let what = (right.grantee.as_str(), right.privilege.as_str());
        let table = right.on_table.as_str();
        if !left.get_mut(table).is_some_and(|due| due.remove(&what)) {
            let Right {
                on_table,
                grantee,
                privilege,
            } = right;
            holes.push(format!("{grantee} must not have {privilege} on {on_table}"));
        }
    }
    for (table, missing) in left {
        for (role, privilege) in missing {
            holes.push(format!("{role} lacks {privilege} on {table}"));
        }
    }
    Ok(holes)
}

/// What must be granted: by table, role and privilege.
fn due() -> BTreeMap<&'static str, BTreeSet<(&'static str, &'static str)>> {
    let tables = GRANTS.iter().map(|(table, granted)| {
        let rights = granted.iter().flat_map(|(role, privileges)| {
            let name = role.name().unwrap_or_default();
            privileges.iter().map(move |privilege| (name, *privilege))
        });
        (*table, rights.collect())
    });
    tables.collect()
}

/// What gets round row security without anybody being granted anything: code that runs with its owner's
/// rights, and views that read with theirs.
async fn ways_round(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select p.oid::regprocedure || ' runs with its owner''s rights' from pg_proc p
         where p.pronamespace = any($1::regnamespace[]) and p.prosecdef
             and p.oid::regprocedure::text <> all ($2)
         union all
         select c.oid::regclass || ' reads with its owner''s rights' from pg_class c
         where c.relnamespace = any($1::regnamespace[]) and (c.relkind = 'm' or c.relkind = 'v'
             and not coalesce('security_invoker=true' = any(c.reloptions), false))
         union all
         select 'every_ledger() gives more than ids' where pg_get_function_result('every_ledger()'::regprocedure)
             <> 'SETOF uuid'
         order by 1",
    )
    .bind(&SCHEMAS[..])
    .bind(TRUSTED)
    .fetch_all(connection)
    .await
}

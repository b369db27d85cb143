//! Makes the changes of a plan, and looks whether the tenant is then as the file says.

use crate::{
    actual::{self, Wanted},
    management_api::{ApiError, Entity, ManagementApi, route},
    object::{Actual, CREATED, Key, Kind, Link, Object},
    plan::{Conflict, Plan, Step, plan},
    progress::Progress,
};
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// How often changes are made. More than once only if somebody else changes the tenant at the same time.
const ROUNDS: u32 = 3;
/// How often a tenant is read again in which two objects have one name: another run may be about to remove its own.
const SETTLING: u32 = 5;
const SETTLING_PAUSE: Duration = Duration::from_millis(400);

/// A tenant that is as the file says.
pub(crate) struct Applied {
    pub(crate) actual: Actual,
    /// How many steps were made.
    pub(crate) changes: usize,
}

/// Why the tenant is not as the file says.
pub(crate) enum ApplyError {
    /// Nothing was changed because of them.
    Conflicts(Plan),
    /// A call failed after this many changes.
    Api { error: ApiError, changes: usize },
    /// It still differs after all rounds.
    Unsettled(Plan),
}

/// Makes the tenant equal to `desired`. `show` gets each plan that has steps, before its first step.
pub(crate) async fn apply(
    api: &mut ManagementApi,
    desired: &[Object],
    adopt: bool,
    mut show: impl FnMut(&Plan),
) -> Result<Applied, ApplyError> {
    let mut run = Run {
        api,
        ids: BTreeMap::new(),
        created: BTreeSet::new(),
        changes: 0,
    };
    let result = run.rounds(desired, adopt, &mut show).await;
    let changes = run.changes;
    result.map_err(|stop| match stop {
        Stop::Conflicts(plan) => ApplyError::Conflicts(plan),
        Stop::Unsettled(plan) => ApplyError::Unsettled(plan),
        Stop::Api(error) => ApplyError::Api { error, changes },
    })
}

enum Stop {
    Conflicts(Plan),
    Unsettled(Plan),
    Api(ApiError),
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

/// Whether a step was made.
enum Made {
    Yes,
    /// Somebody else was faster: the next round finds what is left to do.
    Overtaken(ApiError),
    /// An object that it refers to was not made in this round.
    Postponed,
}

struct Run<'a> {
    api: &'a mut ManagementApi,
    /// The ids of objects, as far as they are known.
    ids: BTreeMap<Key, String>,
    /// Ids of objects that this run created: the only ones that it may delete.
    created: BTreeSet<String>,
    changes: usize,
}

impl Run<'_> {
    async fn rounds(
        &mut self,
        desired: &[Object],
        adopt: bool,
        show: &mut impl FnMut(&Plan),
    ) -> Result<Applied, Stop> {
        let mut overtaken = None;
        for _ in 0..ROUNDS {
            let (actual, plan) = self.look(desired, adopt).await?;
            if !plan.conflicts.is_empty() {
                return Err(Stop::Conflicts(plan));
            }
            if plan.steps.is_empty() {
                return Ok(Applied {
                    actual,
                    changes: self.changes,
                });
            }
            show(&plan);
            overtaken = self.make(&plan).await?;
        }
        let (actual, plan) = self.look(desired, adopt).await?;
        if plan.steps.is_empty() && plan.conflicts.is_empty() {
            let changes = self.changes;
            return Ok(Applied { actual, changes });
        }
        match overtaken {
            Some(error) => Err(Stop::Api(error)),
            None => Err(Stop::Unsettled(plan)),
        }
    }

    /// Reads the tenant and compares. Of two objects with one name the younger goes, if this run created it.
    async fn look(&mut self, desired: &[Object], adopt: bool) -> Result<(Actual, Plan), ApiError> {
        let mut attempts = 0;
        loop {
            let mut actual = actual::read(self.api, Wanted::For(desired)).await?;
            self.remove_doubles(&mut actual).await?;
            let plan = plan(desired, &actual, adopt);
            let is_ambiguous = |conflict: &Conflict| matches!(conflict, Conflict::Ambiguous { .. });
            if attempts == SETTLING || !plan.conflicts.iter().any(is_ambiguous) {
                self.ids = ids(&actual);
                return Ok((actual, plan));
            }
            attempts += 1;
            tokio::time::sleep(SETTLING_PAUSE).await;
        }
    }

    async fn remove_doubles(&mut self, actual: &mut Actual) -> Result<(), ApiError> {
        let is_double = |created: &BTreeSet<String>, index: usize| {
            let ours = &actual.objects[index];
            created.contains(&ours.id)
                && actual.objects.iter().any(|other| {
                    other.object.key == ours.object.key && actual::age(other) < actual::age(ours)
                })
        };
        let (doubles, _): (Vec<_>, Vec<_>) =
            (0..actual.objects.len()).partition(|&index| is_double(&self.created, index));
        for index in doubles.into_iter().rev() {
            let double = actual.objects.remove(index);
            self.delete_ours(double.object.key.kind, &double.id).await?;
        }
        Ok(())
    }

    /// Makes every step that can be made. Returns why one could not.
    async fn make(&mut self, plan: &Plan) -> Result<Option<ApiError>, ApiError> {
        let mut progress = Progress::of(plan.steps.len());
        let mut overtaken = None;
        for step in &plan.steps {
            progress.step(&step.title());
            match self.step(step).await? {
                Made::Yes => self.changes += 1,
                Made::Overtaken(error) => overtaken = overtaken.or(Some(error)),
                Made::Postponed => {}
            }
        }
        Ok(overtaken)
    }

    async fn step(&mut self, step: &Step) -> Result<Made, ApiError> {
        let made = match step {
            Step::Record { id, created, .. } => self.record(id, created).await.map(|()| Made::Yes),
            Step::Create(object) => self.create(object).await,
            Step::Update { key, id, body, .. } => self.update(key, id, body).await,
            Step::SetLinks {
                key,
                link,
                add,
                remove,
                wanted,
            } => self.set_links(key, *link, add, remove, wanted).await,
        };
        let is_of_unique_name =
            matches!(step, Step::Create(object) if object.key.kind.has_unique_name());
        match made {
            Err(error) if error.is_overtaken() => Ok(Made::Overtaken(error)),
            Err(error) if is_of_unique_name && error.is_unnamed_fault() => {
                Ok(Made::Overtaken(error))
            }
            made => made,
        }
    }

    async fn record(&mut self, id: &str, created: &BTreeSet<String>) -> Result<(), ApiError> {
        let path = ["applications", id, "custom-data"];
        let body = json!({ CREATED: { "created": created } });
        self.api.write(Method::PATCH, &path, Some(&body)).await
    }

    async fn create(&mut self, object: &Object) -> Result<Made, ApiError> {
        let Some(path) = self.list_path(&object.key) else {
            return Ok(Made::Postponed);
        };
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        let body = Value::Object(object.fields.clone());
        let entity: Entity = self.api.post(&path, &body).await?;
        self.created.insert(entity.id.clone());
        let id = if object.key.kind.has_unique_name() {
            entity.id
        } else {
            self.oldest(&object.key, entity.id).await?
        };
        self.ids.insert(object.key.clone(), id);
        Ok(Made::Yes)
    }

    /// Another run may have created an object of this name at the same time. Both runs keep the older one.
    async fn oldest(&mut self, key: &Key, ours: String) -> Result<String, ApiError> {
        let same = actual::of_name(self.api, key).await?;
        let oldest = same.into_iter().next().map(|oldest| oldest.id);
        match oldest {
            Some(oldest) if oldest != ours => {
                self.delete_ours(key.kind, &ours).await?;
                Ok(oldest)
            }
            _ => Ok(ours),
        }
    }

    /// Deletes an object that this run created.
    async fn delete_ours(&mut self, kind: Kind, id: &str) -> Result<(), ApiError> {
        let Some(path) = route::path(kind).filter(|_| self.created.remove(id)) else {
            return Ok(());
        };
        self.api.write(Method::DELETE, &[path, id], None).await
    }

    async fn update(
        &mut self,
        key: &Key,
        id: &str,
        body: &Map<String, Value>,
    ) -> Result<Made, ApiError> {
        let Some(mut path) = self.list_path(key) else {
            return Ok(Made::Postponed);
        };
        if !key.kind.is_single() {
            path.push(id.to_owned());
        }
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        let body = Value::Object(body.clone());
        self.api.write(Method::PATCH, &path, Some(&body)).await?;
        Ok(Made::Yes)
    }

    async fn set_links(
        &mut self,
        key: &Key,
        link: Link,
        add: &BTreeSet<Key>,
        remove: &BTreeSet<Key>,
        wanted: &BTreeSet<Key>,
    ) -> Result<Made, ApiError> {
        let route = route::link(link);
        let (Some(id), Some(kind)) = (self.ids.get(key).cloned(), route::path(key.kind)) else {
            return Ok(Made::Postponed);
        };
        let path = [&[kind, &id], route.path].concat();
        if route.has_put {
            let Some(ids) = self.ids_of(wanted) else {
                return Ok(Made::Postponed);
            };
            let body = json!({ route.member: ids });
            self.api.write(Method::PUT, &path, Some(&body)).await?;
            return Ok(Made::Yes);
        }
        let (Some(add), Some(remove)) = (self.ids_of(add), self.ids_of(remove)) else {
            return Ok(Made::Postponed);
        };
        if !add.is_empty() {
            let body = json!({ route.member: add });
            self.api.write(Method::POST, &path, Some(&body)).await?;
        }
        for id in &remove {
            let path = [&path, &[id.as_str()][..]].concat();
            self.api.write(Method::DELETE, &path, None).await?;
        }
        Ok(Made::Yes)
    }

    /// `None` if one of them is not known.
    fn ids_of(&self, keys: &BTreeSet<Key>) -> Option<Vec<String>> {
        let id = |key: &Key| match key.kind {
            Kind::EmailDomain => Some(key.name.clone()),
            _ => self.ids.get(key).cloned(),
        };
        keys.iter().map(id).collect()
    }

    /// The path that objects of a kind are created at. `None` if the resource of a scope is not known.
    fn list_path(&self, key: &Key) -> Option<Vec<String>> {
        match &key.parent {
            Some(indicator) => {
                let resource = self.ids.get(&Key::new(Kind::Resource, indicator))?;
                Some(vec![
                    "resources".to_owned(),
                    resource.clone(),
                    "scopes".to_owned(),
                ])
            }
            None => Some(vec![route::path(key.kind)?.to_owned()]),
        }
    }
}

/// Of several objects with one key the one with this program's mark, as in a plan.
fn ids(actual: &Actual) -> BTreeMap<Key, String> {
    let (marked, others): (Vec<_>, Vec<_>) = actual
        .objects
        .iter()
        .partition(|existing| existing.mark().is_some());
    let pairs = others
        .into_iter()
        .chain(marked) // the last one of a key counts
        .map(|existing| (existing.object.key.clone(), existing.id.clone()));
    pairs.collect()
}

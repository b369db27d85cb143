//! The shape of a request's body, and everything that is wrong with a body, in the words of Logto's validation (Zod 3).
//! Members that a shape does not have are left out.

use serde_json::{Map, Value, json};
use url::Url;

/// What a value must be.
pub(crate) enum Shape {
    Bool,
    /// A text of at least so many characters.
    Text(usize),
    /// One or more digits.
    Digits,
    /// A number without a fraction, from the first to the second.
    Integer(i64, i64),
    OneOf(&'static [&'static str]),
    /// An absolute address.
    Url,
    /// An absolute address of any scheme, as an app on a phone has it.
    RedirectUri,
    /// An absolute address of http or https.
    WebUrl,
    /// `#abc` or `#aabbcc`.
    Color,
    /// A language that Logto knows.
    Language,
    /// An object with any members.
    Record,
    Object(&'static [Member]),
    /// At least so many of this shape.
    List(usize, &'static Shape),
    Nullable(&'static Shape),
    /// The shape, or an empty text, which means `null`.
    OrEmpty(&'static Shape),
    /// Either shape.
    Either(&'static Shape, &'static Shape),
}

/// A member of an object.
pub(crate) struct Member {
    name: &'static str,
    shape: Shape,
    is_required: bool,
}

/// A member that must be there.
pub(crate) const fn required(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        shape,
        is_required: true,
    }
}

/// A member that may be absent.
pub(crate) const fn optional(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        shape,
        is_required: false,
    }
}

/// Everything that is wrong with a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Issues(Vec<Issue>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Issue {
    path: Vec<Value>,
    /// The members beside `path`, with `code` and `message`.
    members: Map<String, Value>,
    details: String,
}

impl Issues {
    /// One issue that a rule beyond the shape has found.
    pub(crate) fn custom(path: &[&str], message: &str) -> Self {
        let mut issues = Self::default();
        let path: Vec<Value> = path.iter().copied().map(Value::from).collect();
        issues.add(
            &path,
            json!({"code": "custom", "message": message}),
            message,
        );
        issues
    }

    /// The member `data` of an error.
    pub(crate) fn data(&self) -> Value {
        let issues = self.0.iter().map(|issue| {
            let mut members = issue.members.clone();
            members.insert("path".to_owned(), issue.path.clone().into());
            Value::from(members)
        });
        json!({"issues": issues.collect::<Vec<_>>(), "name": "ZodError"})
    }

    /// The member `details` of an error.
    pub(crate) fn details(&self) -> String {
        let lines = self.0.iter().map(|issue| {
            let key: Vec<String> = issue.path.iter().map(shown).collect();
            let code = shown(&issue.members["code"]);
            format!(
                "Error in key path \"{}\": ({code}) {}",
                key.join("."),
                issue.details
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn add(&mut self, path: &[Value], members: Value, details: &str) {
        let Value::Object(members) = members else {
            return;
        };
        self.0.push(Issue {
            path: path.to_vec(),
            members,
            details: details.to_owned(),
        });
    }

    fn wrong_type(&mut self, path: &[Value], expected: &str, found: Option<&Value>) {
        let received = kind(found);
        let message = match found {
            None => "Required".to_owned(),
            Some(_) => format!("Expected {expected}, received {received}"),
        };
        let issue = json!({
            "code": "invalid_type",
            "expected": expected,
            "received": received,
            "message": message,
        });
        self.add(
            path,
            issue,
            &format!("Expected {expected} but received {received}."),
        );
    }

    fn wrong_text(&mut self, path: &[Value], validation: &str, message: &str) {
        let issue = json!({"validation": validation, "code": "invalid_string", "message": message});
        self.add(path, issue, message);
    }

    fn invalid_input(&mut self, path: &[Value]) {
        let message = "Invalid input";
        self.add(path, json!({"code": "custom", "message": message}), message);
    }

    fn too_small(&mut self, path: &[Value], kind: &str, minimum: i64, message: &str) {
        let issue = json!({
            "code": "too_small",
            "minimum": minimum,
            "type": kind,
            "inclusive": true,
            "exact": false,
            "message": message,
        });
        self.add(path, issue, message);
    }
}

/// Checks a body. Returns its members that the object has.
pub(crate) fn check(
    members: &'static [Member],
    body: &Value,
) -> Result<Map<String, Value>, Issues> {
    let mut issues = Issues::default();
    let mut path = Vec::new();
    let checked = object(members, Some(body), &mut path, &mut issues);
    match checked {
        Value::Object(checked) if issues.0.is_empty() => Ok(checked),
        _ => Err(issues),
    }
}

/// The texts of a checked list. None if there is no list.
pub(crate) fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|item| Some(item.as_str()?.to_owned()))
        .collect()
}

/// The checked value. It has no meaning if there are issues.
fn value(
    shape: &Shape,
    found: Option<&Value>,
    path: &mut Vec<Value>,
    issues: &mut Issues,
) -> Value {
    match (shape, found) {
        (Shape::Nullable(_) | Shape::OrEmpty(_), Some(Value::Null)) => Value::Null,
        (Shape::OrEmpty(_), Some(Value::String(text))) if text.is_empty() => Value::Null,
        (Shape::Nullable(inner) | Shape::OrEmpty(inner), _) => value(inner, found, path, issues),
        (Shape::Either(first, second), _) => either(first, second, found, path, issues),
        (Shape::Object(members), _) => object(members, found, path, issues),
        (Shape::List(least, inner), _) => list(*least, inner, found, path, issues),
        _ => {
            scalar(shape, found, path, issues);
            found.cloned().unwrap_or_default()
        }
    }
}

fn either(
    first: &Shape,
    second: &Shape,
    found: Option<&Value>,
    path: &mut Vec<Value>,
    issues: &mut Issues,
) -> Value {
    for shape in [first, second] {
        let mut own = Issues::default();
        let checked = value(shape, found, path, &mut own);
        if own.0.is_empty() {
            return checked;
        }
    }
    let issue = json!({"code": "invalid_union", "message": "Invalid input"});
    issues.add(path, issue, "Invalid input");
    Value::Null
}

fn object(
    members: &[Member],
    found: Option<&Value>,
    path: &mut Vec<Value>,
    issues: &mut Issues,
) -> Value {
    let Some(Value::Object(found)) = found else {
        issues.wrong_type(path, "object", found);
        return Value::Null;
    };
    let mut checked = Map::new();
    for member in members {
        let found = found.get(member.name);
        if found.is_none() && !member.is_required {
            continue;
        }
        path.push(member.name.into());
        let value = value(&member.shape, found, path, issues);
        path.pop();
        checked.insert(member.name.to_owned(), value);
    }
    checked.into()
}

fn list(
    least: usize,
    inner: &Shape,
    found: Option<&Value>,
    path: &mut Vec<Value>,
    issues: &mut Issues,
) -> Value {
    let Some(Value::Array(items)) = found else {
        issues.wrong_type(path, "array", found);
        return Value::Null;
    };
    if items.len() < least {
        let message = format!("Array must contain at least {least} element(s)");
        issues.too_small(path, "array", 1, &message);
    }
    let mut checked = Vec::new();
    for (index, item) in items.iter().enumerate() {
        path.push(index.into());
        checked.push(value(inner, Some(item), path, issues));
        path.pop();
    }
    checked.into()
}

fn scalar(shape: &Shape, found: Option<&Value>, path: &[Value], issues: &mut Issues) {
    match (shape, found) {
        (Shape::Bool, Some(Value::Bool(_))) | (Shape::Record, Some(Value::Object(_))) => {}
        (Shape::Integer(least, most), Some(Value::Number(number))) => {
            integer(number.as_i64(), *least, *most, path, issues);
        }
        (Shape::OneOf(options), Some(Value::String(text))) => {
            one_of(options, text, path, issues);
        }
        (Shape::Bool, _) => issues.wrong_type(path, "boolean", found),
        (Shape::Integer(..), _) => issues.wrong_type(path, "number", found),
        (Shape::Record, _) => issues.wrong_type(path, "object", found),
        (_, Some(Value::String(text))) => content(shape, text, path, issues),
        _ => issues.wrong_type(path, "string", found),
    }
}

fn integer(number: Option<i64>, least: i64, most: i64, path: &[Value], issues: &mut Issues) {
    match number {
        None => {
            let message = "Expected integer, received float";
            issues.add(path, json!({"code": "invalid_type", "expected": "integer", "received": "float", "message": message}), message);
        }
        Some(number) if number < least => {
            let message = format!("Number must be greater than or equal to {least}");
            issues.too_small(path, "number", least, &message);
        }
        Some(number) if number > most => {
            let message = format!("Number must be less than or equal to {most}");
            let issue = json!({
                "code": "too_big",
                "maximum": most,
                "type": "number",
                "inclusive": true,
                "exact": false,
                "message": message,
            });
            issues.add(path, issue, &message);
        }
        Some(_) => {}
    }
}

fn one_of(options: &[&str], found: &str, path: &[Value], issues: &mut Issues) {
    if options.contains(&found) {
        return;
    }
    let quoted: Vec<String> = options.iter().map(|option| format!("'{option}'")).collect();
    let message = format!(
        "Invalid enum value. Expected {}, received '{found}'",
        quoted.join(" | ")
    );
    let issue = json!({
        "received": found,
        "code": "invalid_enum_value",
        "options": options,
        "message": message,
    });
    issues.add(path, issue, &message);
}

/// Checks the content of a text.
fn content(shape: &Shape, text: &str, path: &[Value], issues: &mut Issues) {
    match shape {
        Shape::Text(least) if text.chars().count() < *least => {
            let message = format!("String must contain at least {least} character(s)");
            issues.too_small(path, "string", 1, &message);
        }
        Shape::Digits if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            issues.wrong_text(path, "regex", "Invalid");
        }
        Shape::Color if !is_color(text) => issues.wrong_text(path, "regex", "Invalid"),
        Shape::Url if Url::parse(text).is_err() => {
            issues.wrong_text(path, "url", "Invalid url");
        }
        Shape::RedirectUri if Url::parse(text).is_err() => issues.invalid_input(path),
        Shape::Language if !is_language(text) => issues.invalid_input(path),
        Shape::WebUrl if !is_web_url(text) => issues.invalid_input(path),
        _ => {}
    }
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Logto has a list, in which most tags have a region. Here, any region will do.
fn is_language(tag: &str) -> bool {
    const WITHOUT_REGION: [&str; 12] = [
        "ar", "de", "en", "es", "fi", "fr", "it", "ja", "ko", "pt", "ru", "zh",
    ];
    WITHOUT_REGION.contains(&tag)
        || tag.split_once('-').is_some_and(|(language, region)| {
            language.len() == 2
                && region.len() == 2
                && region.bytes().all(|byte| byte.is_ascii_uppercase())
        })
}

fn is_web_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn kind(found: Option<&Value>) -> &'static str {
    match found {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}

fn shown(part: &Value) -> String {
    part.as_str()
        .map_or_else(|| part.to_string(), str::to_owned)
}

//! Follows advice as its reader does: changes the text of a document by the words of the advice
//! alone, without the library's types.

use serde_json::Value;

/// Carries out advice about a document: clauses joined with `, and `, as
/// [`Edit::in_form`](cors_advice::edit::Edit::in_form) writes them. Clauses about the page's request
/// and a caution in brackets at the end are passed over.
///
/// # Errors
///
/// What the document does not have, or a clause that cannot be followed.
///
/// # Examples
///
/// ```
/// use conformance::follow::follow;
///
/// let document = r#"[{"origin": ["*"], "method": ["GET"]}]"#;
/// let followed = follow(document, "add \"PUT\" to method of rule 1").unwrap();
/// assert_eq!(followed, r#"[{"method":["GET","PUT"],"origin":["*"]}]"#);
///
/// let document = "<CORSConfiguration><CORSRule></CORSRule></CORSConfiguration>";
/// let followed = follow(document, "remove rule 1").unwrap();
/// assert_eq!(followed, "<CORSConfiguration></CORSConfiguration>");
/// assert!(follow(document, "be careful").is_err());
/// ```
pub fn follow(document: &str, advice: &str) -> Result<String, String> {
    let mut text: Box<dyn Text> = if document.trim_start().starts_with(['{', '[']) {
        let value = serde_json::from_str(document).map_err(|error| error.to_string())?;
        Box::new(Json(value))
    } else {
        Box::new(Xml(Element::parse(document)?))
    };
    let mut rest = advice.split(" (").next().unwrap_or_default();
    while !rest.is_empty() {
        // A rule may contain anything, so it is the rest of the advice.
        let is_rule = rest.starts_with("add a rule as ");
        let (clause, after) = match rest.split_once(", and ") {
            Some(parts) if !is_rule => parts,
            _ => (
                if is_rule {
                    of_whole(advice, rest)
                } else {
                    rest
                },
                "",
            ),
        };
        let about_the_page = ["take ", "send ", "leave ", "make the page "];
        if !about_the_page.iter().any(|start| clause.starts_with(start)) {
            one(text.as_mut(), clause).ok_or_else(|| format!("cannot follow: {clause}"))?;
        }
        rest = after;
    }
    Ok(text.written())
}

/// The end of the advice from where its shortened text begins.
fn of_whole<'a>(advice: &'a str, shortened: &str) -> &'a str {
    advice
        .find(shortened)
        .and_then(|at| advice.get(at..))
        .unwrap_or_default()
}

/// A document that can be changed.
trait Text {
    fn insert_rule(&mut self, index: usize, rule: &str) -> Option<()>;
    fn remove_rule(&mut self, index: usize) -> Option<()>;
    /// Replaces `old` items, spelled as in the document, with `new` ones; without old ones, adds.
    fn change(&mut self, place: &Place<'_>, old: Option<&str>, new: &[&str]) -> Option<()>;
    fn set(&mut self, place: &Place<'_>, item: &str) -> Option<()>;
    fn written(&self) -> String;
}

/// Where a value belongs: a list, and a rule counted from 0; without a rule, the root.
struct Place<'a> {
    list: Option<&'a str>,
    rule: Option<usize>,
}

impl<'a> Place<'a> {
    fn parse(text: &'a str) -> Option<Place<'a>> {
        let (list, rule) = match text.split_once(" of ") {
            Some((list, rule)) => (Some(list), rule),
            None => (None, text),
        };
        let rule = match rule.strip_prefix("rule ") {
            Some(number) => Some(index(number)?),
            None => None,
        };
        Some(Place { list, rule })
    }
}

fn index(number: &str) -> Option<usize> {
    number.parse::<usize>().ok()?.checked_sub(1)
}

fn one(text: &mut dyn Text, clause: &str) -> Option<()> {
    if let Some(rest) = clause.strip_prefix("add a rule as rule ") {
        let (number, rule) = rest.split_once(": ")?;
        return text.insert_rule(index(number)?, rule);
    }
    if let Some(number) = clause.strip_prefix("remove rule ") {
        return text.remove_rule(index(number)?);
    }
    let (verb, rest) = clause.split_once(' ')?;
    match verb {
        "add" => {
            let (items, place) = rest.rsplit_once(" to ")?;
            let items: Vec<&str> = items.split(", ").collect();
            text.change(&Place::parse(place)?, None, &items)
        }
        "remove" => {
            let (item, place) = rest.rsplit_once(" from ")?;
            text.change(&Place::parse(place)?, Some(item), &[])
        }
        "in" => {
            let (place, rest) = rest.split_once(", replace ")?;
            let (item, items) = rest.split_once(" with ")?;
            let items: Vec<&str> = items.split(", ").collect();
            text.change(&Place::parse(place)?, Some(item), &items)
        }
        "set" => {
            let (item, place) = rest.rsplit_once(" in ")?;
            text.set(&Place::parse(place)?, item)
        }
        _ => None,
    }
}

struct Json(Value);

impl Json {
    /// The array of rules: the root, or the first array in it.
    fn rules(&mut self) -> Option<&mut Vec<Value>> {
        match &mut self.0 {
            Value::Array(rules) => Some(rules),
            Value::Object(members) => members.values_mut().find_map(Value::as_array_mut),
            _ => None,
        }
    }

    /// The value at `a` or `a.b` of a rule, null if it is new.
    fn at(&mut self, place: &Place<'_>) -> Option<&mut Value> {
        let mut value = self.rules()?.get_mut(place.rule?)?;
        for name in place.list?.split('.') {
            if value.is_null() {
                *value = Value::Object(serde_json::Map::default());
            }
            value = value.as_object_mut()?.entry(name).or_insert(Value::Null);
        }
        Some(value)
    }
}

impl Text for Json {
    fn insert_rule(&mut self, index: usize, rule: &str) -> Option<()> {
        let rule = serde_json::from_str(rule).ok()?;
        let rules = self.rules()?;
        rules.get(..index)?;
        rules.insert(index, rule);
        Some(())
    }

    fn remove_rule(&mut self, index: usize) -> Option<()> {
        let rules = self.rules()?;
        rules.get(index)?;
        rules.remove(index);
        Some(())
    }

    fn change(&mut self, place: &Place<'_>, old: Option<&str>, new: &[&str]) -> Option<()> {
        let value = self.at(place)?;
        // A list that is joined in one string has bare items.
        if new.iter().chain(&old).any(|item| !item.starts_with('"')) {
            let joined = value.as_str().unwrap_or_default().to_owned();
            let mut list: Vec<&str> = joined.split(',').map(str::trim).collect();
            list.retain(|item| !item.is_empty());
            splice(&mut list, old, new.to_vec())?;
            *value = list.join(",").into();
            return Some(());
        }
        *value = match value.take() {
            Value::Null => Value::Array(Vec::new()),
            Value::String(one) => Value::Array(vec![one.into()]),
            list => list,
        };
        let list = value.as_array_mut()?;
        let new: Result<Vec<Value>, _> =
            new.iter().map(|item| serde_json::from_str(item)).collect();
        splice(
            list,
            old.map(serde_json::from_str).transpose().ok()?,
            new.ok()?,
        )
    }

    fn set(&mut self, place: &Place<'_>, item: &str) -> Option<()> {
        *self.at(place)? = serde_json::from_str(item).ok()?;
        Some(())
    }

    fn written(&self) -> String {
        self.0.to_string()
    }
}

/// Replaces the last `old` item with new ones; without an old one, adds them at the end.
fn splice<T: PartialEq>(list: &mut Vec<T>, old: Option<T>, new: Vec<T>) -> Option<()> {
    let range = match old {
        Some(old) => {
            let at = list.iter().rposition(|item| *item == old)?;
            at..at.checked_add(1)?
        }
        None => list.len()..list.len(),
    };
    list.splice(range, new);
    Some(())
}

struct Xml(Element);

/// An element of a document without white space, comments and attributes other than the root's.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Element {
    name: String,
    attributes: String,
    /// Escaped, as written.
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn parse(document: &str) -> Result<Element, String> {
        let start = document.find("?>").and_then(|at| document.get(at + 2..));
        let (element, _) = Element::read(start.unwrap_or(document).trim()).ok_or("not XML")?;
        Ok(element)
    }

    /// Reads an element, and returns what follows it.
    fn read(text: &str) -> Option<(Element, &str)> {
        let (tag, mut rest) = text.strip_prefix('<')?.split_once('>')?;
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut element = Element {
            name: name.to_owned(),
            attributes: attributes.to_owned(),
            text: String::new(),
            children: Vec::new(),
        };
        loop {
            let (before, after) = rest.split_at(rest.find('<')?);
            element.text.push_str(before);
            if let Some(end) = after.strip_prefix("</") {
                let (closed, rest) = end.split_once('>')?;
                return (closed == name).then_some((element, rest));
            }
            let (child, after) = Element::read(after)?;
            element.children.push(child);
            rest = after;
        }
    }

    fn write(&self, out: &mut String) {
        let Element {
            name,
            attributes,
            text,
            children,
        } = self;
        let space = if attributes.is_empty() { "" } else { " " };
        out.extend(["<", name, space, attributes, ">", text]);
        for child in children {
            child.write(out);
        }
        out.extend(["</", name, ">"]);
    }

    /// The child with this name, which is added if there is none.
    fn child(&mut self, name: &str) -> Option<&mut Element> {
        let found = self.children.iter().position(|child| child.name == name);
        let at = found.unwrap_or(self.children.len());
        if found.is_none() {
            let (empty, _) = Element::read(&format!("<{name}></{name}>"))?;
            self.children.push(empty);
        }
        self.children.get_mut(at)
    }
}

impl Xml {
    /// Where the rule is among the children of the root: a rule has children of its own.
    fn rule_at(&self, index: usize) -> Option<usize> {
        let children = self.0.children.iter().enumerate();
        let mut rules = children.filter(|(_, child)| child.name != "ResponseVary");
        rules.nth(index).map(|(at, _)| at)
    }

    fn rule(&mut self, index: usize) -> Option<&mut Element> {
        let at = self.rule_at(index)?;
        self.0.children.get_mut(at)
    }
}

impl Text for Xml {
    fn insert_rule(&mut self, index: usize, rule: &str) -> Option<()> {
        let (rule, _) = Element::read(rule)?;
        let at = match index.checked_sub(1) {
            None => 0,
            Some(before) => self.rule_at(before)?.checked_add(1)?,
        };
        self.0.children.insert(at, rule);
        Some(())
    }

    fn remove_rule(&mut self, index: usize) -> Option<()> {
        let at = self.rule_at(index)?;
        self.0.children.remove(at);
        Some(())
    }

    fn change(&mut self, place: &Place<'_>, old: Option<&str>, new: &[&str]) -> Option<()> {
        let rule = self.rule(place.rule?)?;
        let list = match place.list {
            Some(name) => rule.child(name.strip_prefix('<')?.strip_suffix('>')?)?,
            None => rule,
        };
        let is_joined = new.iter().chain(&old).all(|item| !item.starts_with('<'));
        if is_joined {
            let mut items: Vec<&str> = list
                .text
                .split(',')
                .filter(|item| !item.is_empty())
                .collect();
            splice(&mut items, old, new.to_vec())?;
            list.text = items.join(",");
            return Some(());
        }
        let read = |item: &&str| Some(Element::read(item)?.0);
        let new: Option<Vec<Element>> = new.iter().map(read).collect();
        let old = match old {
            Some(old) => Some(Element::read(old)?.0),
            None => None,
        };
        splice(&mut list.children, old, new?)
    }

    fn set(&mut self, place: &Place<'_>, item: &str) -> Option<()> {
        let (item, _) = Element::read(item)?;
        let parent = match place.rule {
            Some(rule) => self.rule(rule)?,
            None => &mut self.0,
        };
        let old = parent.child(&item.name)?;
        *old = item;
        Some(())
    }

    fn written(&self) -> String {
        let mut out = String::new();
        self.0.write(&mut out);
        out
    }
}

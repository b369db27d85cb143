//! One page of a list.

use crate::domain::management::error::ManagementError;
use std::ops::Range;

/// The pairs of a query, decoded.
pub(crate) type Query = Vec<(String, String)>;

const DEFAULT_SIZE: usize = 20;
const LARGEST_SIZE: usize = 100;

/// A page, by its number and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    number: usize,
    size: usize,
}

impl Page {
    /// The page that a query asks for. `None` if it asks for the whole list.
    pub(crate) fn of(query: &Query) -> Result<Option<Self>, ManagementError> {
        let value = |name| query.iter().find(|(known, _)| known == name);
        let (number, size) = (value("page"), value("page_size"));
        if number.is_none() && size.is_none() {
            return Ok(None);
        }
        let parsed = |pair: Option<&(String, String)>, default| match pair {
            None => Ok(default),
            Some((_, text)) => text.parse().map_err(|_| ManagementError::InvalidPage),
        };
        let page = Self {
            number: parsed(number, 1)?,
            size: parsed(size, DEFAULT_SIZE)?,
        };
        if page.number == 0 || page.size == 0 || page.size > LARGEST_SIZE {
            return Err(ManagementError::InvalidPage);
        }
        Ok(Some(page))
    }

    /// The indexes of the page in a list of this length.
    pub(crate) fn range(self, total: usize) -> Range<usize> {
        let begin = (self.number - 1).saturating_mul(self.size).min(total);
        begin..(begin + self.size).min(total)
    }

    /// The values of the headers `Link`. `address` is that of the list. As in Logto, it lacks `/api`.
    pub(crate) fn links(self, address: &str, query: &Query, total: usize) -> Vec<String> {
        let last = total.div_ceil(self.size).max(1);
        let mut pages = vec![(1, "first")];
        if self.number > 1 {
            pages.push((self.number - 1, "prev"));
        }
        if self.number < last {
            pages.extend([(last, "last"), (self.number + 1, "next")]);
        }
        let link = |(number, relation): (usize, &str)| {
            let query = with_page(query, number);
            format!("<{address}?{query}>; rel=\"{relation}\"")
        };
        pages.into_iter().map(link).collect()
    }
}

fn with_page(query: &Query, number: usize) -> String {
    let number = number.to_string();
    let mut changed = url::form_urlencoded::Serializer::new(String::new());
    let mut has_page = false;
    for (name, value) in query {
        let is_page = name == "page";
        has_page |= is_page;
        changed.append_pair(name, if is_page { &number } else { value });
    }
    if !has_page {
        changed.append_pair("page", &number);
    }
    changed.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> (Query, Result<Option<Page>, ManagementError>) {
        let query: Query = url::form_urlencoded::parse(text.as_bytes())
            .into_owned()
            .collect();
        let page = Page::of(&query);
        (query, page)
    }

    #[test]
    fn a_page_has_at_most_a_hundred() {
        for wrong in [
            "page=0",
            "page=a",
            "page=-1",
            "page=1&page_size=0",
            "page_size=101",
        ] {
            assert_eq!(page(wrong).1, Err(ManagementError::InvalidPage), "{wrong}");
        }
        assert_eq!(page("search=x").1, Ok(None));
        let (_, found) = page("page=2&page_size=100");
        assert_eq!(found.unwrap().unwrap().range(150), 100..150);
        let (_, found) = page("page=9");
        assert_eq!(found.unwrap().unwrap().range(7), 7..7);
    }

    #[test]
    fn links_are_those_of_logto() {
        let (query, found) = page("page=2&page_size=3");
        let links = found.unwrap().unwrap().links("http://h/users", &query, 7);
        assert_eq!(
            links,
            [
                "<http://h/users?page=1&page_size=3>; rel=\"first\"",
                "<http://h/users?page=1&page_size=3>; rel=\"prev\"",
                "<http://h/users?page=3&page_size=3>; rel=\"last\"",
                "<http://h/users?page=3&page_size=3>; rel=\"next\"",
            ]
        );
    }
}

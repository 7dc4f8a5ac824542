//! What is said of a file that cannot be walked on.

use super::{Refusal, Xml};
use crate::model::{Finding, FindingCode};
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::Event;

impl Xml<'_> {
    pub(super) fn content_fault(&self, what: &str) -> Refusal {
        self.refuse_at(self.at, FindingCode::XmlContent, vec![what.to_owned()])
    }

    pub(super) fn syntax(&self, what: &str) -> Refusal {
        self.refuse_at(self.at, FindingCode::XmlSyntax, vec![what.to_owned()])
    }

    pub(super) fn refuse_at(&self, offset: usize, code: FindingCode, args: Vec<String>) -> Refusal {
        Box::new(Finding::error(code, self.source(offset), args))
    }

    pub(super) fn doctype(&self, definition: &str) -> Refusal {
        let is_page = definition
            .trim()
            .get(..4)
            .is_some_and(|name| name.eq_ignore_ascii_case("html"));
        if is_page {
            return self.refuse_at(self.at, FindingCode::NotAStatement, vec!["an HTML page".into()]);
        }
        self.refuse_at(self.at, FindingCode::XmlDoctype, vec![])
    }

    pub(super) fn misplaced(&self, event: &Event<'_>) -> Refusal {
        match event {
            Event::DocType(definition) => self.doctype(definition),
            Event::Decl(_) => self.syntax("an XML declaration stands inside the document"),
            _ => self.syntax("this cannot stand here"),
        }
    }

    pub(super) fn outside(&self, shown: String) -> Refusal {
        let is_begun = !self.text[..self.at].trim().is_empty();
        if is_begun {
            return self.refuse_at(self.at, FindingCode::XmlAfterRoot, vec![shown]);
        }
        self.syntax(&format!("`{shown}` stands before the document"))
    }

    pub(super) fn truncated(&self) -> Refusal {
        let name = self.open.last().map_or("the prolog", |open| open.name);
        self.refuse_at(self.text.len(), FindingCode::XmlTruncated, vec![name.to_owned()])
    }

    pub(super) fn broken(&self, offset: usize, error: &Error) -> Refusal {
        let what = match error {
            Error::Syntax(_) if self.position >= self.text.len() => return self.truncated(),
            Error::IllFormed(IllFormedError::UnclosedReference) => "a `&` begins no reference".to_owned(),
            other => other.to_string(),
        };
        self.refuse_at(offset.min(self.text.len()), FindingCode::XmlSyntax, vec![what])
    }
}

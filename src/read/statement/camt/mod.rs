//! camt.052, camt.053, camt.054 of every version, by local names: one file per group of elements.
//!
//! Finds the message in any envelope. A file is all or nothing; what was read before a fault is only shown.

mod amounts;
mod balance;
mod details;
mod entry;
mod parties;
mod remittance;
mod statement;
mod values;

use super::{FileReading, Options};
use crate::model::statement::{Page, StatementKind};
use crate::model::{Finding, FindingCode, Source, Statement};
use crate::read::xml::{Element, Refusal, Xml, decode};
use std::sync::Arc;
use values::Scan;

/// Newest version that was seen.
const VERSION_MAX: u32 = 14;

/// What the message says about all of its statements (`GrpHdr`).
#[derive(Default)]
struct Header {
    created: Option<String>,
    page: Option<Page>,
}

/// Reads an XML file. Never fails: a refusal is part of what is returned.
pub(super) fn read(name: &str, bytes: &[u8], options: &Options) -> FileReading {
    let file: Arc<str> = name.into();
    let mut reading = FileReading::new(name);
    let mut decoded = match decode(&file, bytes) {
        Ok(decoded) => decoded,
        Err(refusal) => {
            reading.refusal = Some(*refusal);
            return reading;
        }
    };
    reading.findings.append(&mut decoded.findings);
    let mut scan = Scan::new(Xml::new(&file, &decoded), options.as_of);
    if let Err(refusal) = documents(&mut scan, &mut reading) {
        reading.refusal = Some(*refusal);
    }
    reading.findings.append(&mut scan.findings);
    reading
}

/// Reads all documents of a file: one, or several that were written one after the other.
fn documents<'a>(scan: &mut Scan<'a>, reading: &mut FileReading) -> Result<(), Refusal> {
    let mut count = 0_u64;
    while let Some(root) = scan.xml.root()? {
        let before = reading.statements.len();
        let mut what = Envelope::default();
        if root.name.eq_ignore_ascii_case("html") {
            what.name = Some("an HTML page".to_owned());
        } else {
            envelope(scan, &root, &mut what, reading)?;
        }
        if reading.statements.len() == before {
            return Err(foreign(scan, &root, what, count));
        }
        count += 1;
    }
    if count == 0 {
        return Err(scan.xml.refuse(FindingCode::XmlTruncated, vec!["the prolog".into()]));
    }
    if count > 1 {
        let source = Source::file(&reading.file);
        let finding = Finding::warning(FindingCode::SeveralDocuments, source, vec![count.to_string()]);
        scan.findings.push(finding);
    }
    Ok(())
}

/// What a document was found to be, where it is no statement.
#[derive(Default)]
struct Envelope {
    name: Option<String>,
}

/// Returns the refusal of a document without a statement.
fn foreign(scan: &Scan<'_>, root: &Element<'_>, what: Envelope, earlier: u64) -> Refusal {
    let name = what.name.unwrap_or_else(|| root.name.to_owned());
    let code = if earlier > 0 {
        FindingCode::XmlAfterRoot
    } else {
        FindingCode::NotAStatement
    };
    Box::new(Finding::error(code, scan.xml.place(root), vec![name]))
}

/// Looks for messages at any depth: SOAP and business headers wrap them.
fn envelope<'a>(
    scan: &mut Scan<'a>,
    element: &Element<'a>,
    what: &mut Envelope,
    reading: &mut FileReading,
) -> Result<(), Refusal> {
    if element.name.starts_with("BkToCstmr") {
        return message(scan, element, what, reading);
    }
    if element.name == "Document" && what.name.is_none() {
        let namespace = scan.xml.namespace_of(element);
        let last = namespace.rsplit(':').next().filter(|last| !last.is_empty());
        what.name = last.map(str::to_owned);
    }
    while let Some(child) = scan.xml.child()? {
        if element.name == "Document" && what.name.is_none() {
            what.name = Some(child.name.to_owned());
        }
        envelope(scan, &child, what, reading)?;
    }
    Ok(())
}

/// Reads one message (`BkToCstmrStmt, BkToCstmrAcctRpt, BkToCstmrDbtCdtNtfctn`).
fn message<'a>(
    scan: &mut Scan<'a>,
    element: &Element<'a>,
    what: &mut Envelope,
    reading: &mut FileReading,
) -> Result<(), Refusal> {
    let family = match element.name {
        name if name.starts_with("BkToCstmrAcctRpt") => "camt.052",
        name if name.starts_with("BkToCstmrDbtCdtNtfctn") => "camt.054",
        _ => "camt.053",
    };
    let namespace = scan.xml.enter_message(element, &ESSENTIAL);
    let message = named(scan, element, &namespace, family);
    reading.message.get_or_insert(message);
    let mut header = Header::default();
    let before = reading.statements.len();
    while let Some(child) = scan.xml.child()? {
        let kind = match child.name {
            "Stmt" => StatementKind::Statement,
            "Rpt" => StatementKind::Report,
            "Ntfctn" => StatementKind::Notification,
            "GrpHdr" => {
                group_header(scan, &mut header)?;
                continue;
            }
            _ => {
                scan.xml.skip()?;
                continue;
            }
        };
        // A report that calls itself a statement would post, and the other way round it would not.
        if kind.message() != family {
            return Err(scan.xml.unexpected(&child));
        }
        let statements: &mut Vec<Statement> = &mut reading.statements;
        statement::statement(scan, kind, &header, statements)?;
    }
    if reading.statements.len() == before {
        what.name = Some(format!("{} without a statement", element.name));
    }
    if let Some(foreign) = scan.xml.leave_message() {
        let args = vec![foreign, "an extension, which was passed over".to_owned()];
        scan.warn_once(FindingCode::NamespaceUnknown, args, element);
    }
    Ok(())
}

/// Returns the message's name by its namespace, else by its element; warns of namespaces and versions that are not known.
fn named<'a>(scan: &mut Scan<'a>, element: &Element<'a>, namespace: &str, family: &str) -> String {
    if namespace.is_empty() {
        return family.to_owned();
    }
    let known = namespace.strip_prefix("urn:iso:std:iso:20022:tech:xsd:");
    let version = known
        .and_then(|name| name.strip_prefix(family))
        .and_then(|rest| rest.strip_prefix(".001."))
        .filter(|digits| digits.len() == 2)
        .and_then(|digits| digits.parse::<u32>().ok());
    let Some(version) = version else {
        let args = vec![namespace.to_owned(), family.to_owned()];
        scan.warn_once(FindingCode::NamespaceUnknown, args, element);
        let last = namespace.rsplit(':').next().unwrap_or_default();
        return if last.starts_with("camt.05") {
            last.to_owned()
        } else {
            family.to_owned()
        };
    };
    let name = known.unwrap_or(family).to_owned();
    if version == 0 || version > VERSION_MAX {
        let args = vec![name.clone(), family.to_owned()];
        scan.warn_once(FindingCode::VersionUnknown, args, element);
    }
    name
}

/// What moves money or proves it: where one stands in the wrong place, the file is another one than it seems.
const ESSENTIAL: [&str; 5] = ["Stmt", "Rpt", "Ntfctn", "Ntry", "TxDtls"];

fn group_header(scan: &mut Scan<'_>, header: &mut Header) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "CreDtTm" => scan.keep(&mut header.created)?,
            "MsgPgntn" => header.page = statement::page(scan)?,
            _ => scan.xml.skip()?,
        }
    }
    Ok(())
}

//! What the payer says that is paid (`RmtInf`).

use super::values::{Code, Scan};
use crate::model::reference::{CreditorReference, ReferredAmount, ReferredDocument, Remittance};
use crate::model::{FindingCode, date};
use crate::read::xml::{Content, Element, Refusal};

/// Reads RmtInf.
pub(super) fn remittance(scan: &mut Scan<'_>, found: &mut Remittance) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Ustrd" => {
                if found.unstructured.is_empty() {
                    found.unstructured.reserve_exact(1);
                }
                found.unstructured.extend(scan.kept()?);
            }
            "Strd" => structured(scan, found)?,
            _ => scan.xml.skip()?,
        }
    }
    Ok(())
}

/// Reads one Strd. Its amounts belong to its document where it names exactly one.
fn structured(scan: &mut Scan<'_>, found: &mut Remittance) -> Result<(), Refusal> {
    let mut documents: Vec<ReferredDocument> = Vec::new();
    let mut amounts: Vec<ReferredAmount> = Vec::new();
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "RfrdDocInf" => documents.push(document(scan)?),
            "RfrdDocRltdDt" => {
                let date = related_date(scan)?;
                if let Some(last) = documents.last_mut() {
                    last.date = date;
                }
            }
            "RfrdDocAmt" => document_amounts(scan, &mut amounts)?,
            "CdtrRefInf" => found.creditor_references.extend(creditor_reference(scan)?),
            "AddtlRmtInf" => found.additional.extend(scan.kept()?),
            _ => scan.xml.skip()?,
        }
    }
    match documents.as_mut_slice() {
        [single] => single.amounts = amounts,
        _ => found.referred_amounts.append(&mut amounts),
    }
    found.referred_documents.append(&mut documents);
    Ok(())
}

fn document(scan: &mut Scan<'_>) -> Result<ReferredDocument, Refusal> {
    let mut document = ReferredDocument::default();
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Tp" | "RfrdDocTp" => document.kind = scan.code()?.either(),
            "Nb" | "RfrdDocNb" => scan.keep(&mut document.number)?,
            "RltdDt" => document.date = related_date(scan)?,
            _ => scan.xml.skip()?,
        }
    }
    Ok(document)
}

/// Returns the date of a document: written directly, or below a type since version 10.
fn related_date(scan: &mut Scan<'_>) -> Result<Option<crate::model::NaiveDate>, Refusal> {
    let mut written = None;
    match scan.xml.content()? {
        Content::Text(text) => written = (!text.is_empty()).then(|| text.into_owned()),
        Content::Child(first) => {
            let mut next = Some(first);
            while let Some(child) = next {
                match child.name {
                    "Dt" => scan.keep(&mut written)?,
                    _ => scan.xml.skip()?,
                }
                next = scan.xml.child()?;
            }
        }
    }
    let Some(written) = written else { return Ok(None) };
    let date = date::parse_iso_with_time(&written);
    if date.is_none() {
        return Err(scan
            .xml
            .refuse(FindingCode::DateFormat, vec![written, "YYYY-MM-DD".into()]));
    }
    Ok(date)
}

fn document_amounts(scan: &mut Scan<'_>, amounts: &mut Vec<ReferredAmount>) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        if !child.name.ends_with("Amt") && child.name != "AdjstmntAmtAndRsn" {
            scan.xml.skip()?;
            continue;
        }
        amounts.extend(document_amount(scan, &child)?);
    }
    Ok(())
}

/// Reads one amount: flat with its currency, or with type and amount inside.
fn document_amount<'a>(scan: &mut Scan<'a>, element: &Element<'a>) -> Result<Option<ReferredAmount>, Refusal> {
    if scan.xml.attribute(element, "Ccy")?.is_some() {
        return Ok(Some(ReferredAmount {
            element: element.name.to_owned(),
            amount: scan.amount(element)?,
            side: None,
            reason: None,
        }));
    }
    let (mut amount, mut side, mut reason) = (None, None, None);
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Amt" | "RmtdAmt" => {
                let read = scan.amount(&child)?;
                scan.once(&mut amount, read, "Amt")?;
            }
            "CdtDbtInd" => side = Some(scan.side()?),
            "Rsn" => reason = scan.code()?.either().map(String::from),
            _ => scan.xml.skip()?,
        }
    }
    Ok(amount.map(|amount| ReferredAmount {
        element: element.name.to_owned(),
        amount,
        side,
        reason,
    }))
}

fn creditor_reference(scan: &mut Scan<'_>) -> Result<Option<CreditorReference>, Refusal> {
    let mut kind = Code::default();
    let mut reference = None;
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Tp" | "CdtrRefTp" => kind = scan.code()?,
            "Ref" | "CdtrRef" => scan.keep(&mut reference)?,
            _ => scan.xml.skip()?,
        }
    }
    let is_proprietary = kind.code.is_none() && kind.proprietary.is_some();
    Ok(reference.map(|reference| CreditorReference {
        reference,
        issuer: kind.issuer.take(),
        kind: kind.either(),
        is_proprietary,
    }))
}

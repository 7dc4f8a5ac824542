//! Amounts beside the booked one (`AmtDtls`) and charges (`Chrgs`).

use super::values::Scan;
use crate::model::Amount;
use crate::model::statement::{AmountDetails, Charge, ConvertedAmount};
use crate::read::xml::{Element, Refusal};

/// Reads AmtDtls.
pub(super) fn details(scan: &mut Scan<'_>, amounts: &mut AmountDetails) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "InstdAmt" => amounts.instructed = converted(scan)?.1.map(Box::new),
            "TxAmt" => amounts.transaction = converted(scan)?.1.map(Box::new),
            "CntrValAmt" => amounts.counter_value = converted(scan)?.1.map(Box::new),
            "AnncdPstngAmt" => amounts.announced_posting = converted(scan)?.1.map(Box::new),
            "PrtryAmt" => {
                if let (kind, Some(amount)) = converted(scan)? {
                    amounts.proprietary.push((kind.unwrap_or_default(), amount));
                }
            }
            _ => scan.xml.skip()?,
        }
    }
    Ok(())
}

/// Reads one amount with its rate; returns its type, where it has one.
fn converted(scan: &mut Scan<'_>) -> Result<(Option<String>, Option<ConvertedAmount>), Refusal> {
    let mut kind = None;
    let mut amount = None;
    let mut exchange = Exchange::default();
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Amt" => {
                let read = scan.amount(&child)?;
                scan.once(&mut amount, read, "Amt")?;
            }
            "Tp" => scan.keep(&mut kind)?,
            "CcyXchg" => rate(scan, &mut exchange)?,
            _ => scan.xml.skip()?,
        }
    }
    let converted = amount.map(|amount| ConvertedAmount {
        amount,
        source_currency: exchange.source,
        target_currency: exchange.target,
        unit_currency: exchange.unit,
        rate: exchange.rate,
        quoted: exchange.quoted,
    });
    Ok((kind, converted))
}

#[derive(Default)]
struct Exchange {
    source: Option<String>,
    target: Option<String>,
    unit: Option<String>,
    rate: Option<String>,
    quoted: Option<String>,
}

fn rate(scan: &mut Scan<'_>, exchange: &mut Exchange) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "SrcCcy" => scan.keep(&mut exchange.source)?,
            "TrgtCcy" => scan.keep(&mut exchange.target)?,
            "UnitCcy" => scan.keep(&mut exchange.unit)?,
            "XchgRate" => scan.keep(&mut exchange.rate)?,
            "QtnDt" => scan.keep(&mut exchange.quoted)?,
            _ => scan.xml.skip()?,
        }
    }
    Ok(())
}

/// One charge while it is read.
#[derive(Default)]
struct Record {
    amount: Option<Amount>,
    side: Option<crate::model::Side>,
    is_included: Option<bool>,
    kind: Option<String>,
    bearer: Option<String>,
}

impl Record {
    fn read(&mut self, scan: &mut Scan<'_>, child: &Element<'_>, amount: Option<Amount>) -> Result<(), Refusal> {
        match child.name {
            "Amt" => {
                if let Some(amount) = amount {
                    scan.once(&mut self.amount, amount, "Amt")?;
                }
            }
            "CdtDbtInd" => {
                let side = scan.side()?;
                scan.once(&mut self.side, side, "CdtDbtInd")?;
            }
            "ChrgInclInd" => self.is_included = Some(scan.flag()?),
            "Tp" => self.kind = scan.code()?.either().map(String::from),
            "Br" => scan.keep(&mut self.bearer)?,
            _ => scan.xml.skip()?,
        }
        Ok(())
    }

    fn charge(self) -> Option<Charge> {
        Some(Charge {
            amount: self.amount?,
            is_total: false,
            side: self.side,
            is_included: self.is_included,
            kind: self.kind,
            bearer: self.bearer,
        })
    }
}

/// Reads Chrgs: flat up to version 03, in records since.
pub(super) fn charges(scan: &mut Scan<'_>, charges: &mut Vec<Charge>) -> Result<(), Refusal> {
    let mut flat = Record::default();
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "TtlChrgsAndTaxAmt" => charges.push(Charge {
                amount: scan.amount(&child)?,
                is_total: true,
                side: None,
                is_included: None,
                kind: None,
                bearer: None,
            }),
            "Rcrd" => {
                let mut record = Record::default();
                while let Some(part) = scan.xml.child()? {
                    let amount = if part.name == "Amt" {
                        Some(scan.amount(&part)?)
                    } else {
                        None
                    };
                    record.read(scan, &part, amount)?;
                }
                charges.extend(record.charge());
            }
            _ => {
                let amount = if child.name == "Amt" {
                    Some(scan.amount(&child)?)
                } else {
                    None
                };
                flat.read(scan, &child, amount)?;
            }
        }
    }
    charges.extend(flat.charge());
    Ok(())
}

//! One line of a statement (`Ntry`).

use super::values::Scan;
use super::{amounts, details};
use crate::model::statement::{AmountDetails, BankCode, Batch, Charge, EntryStatus};
use crate::model::{Amount, At, Entry, FindingCode, Label, NaiveDate, Side, Source, TransactionDetails};
use crate::read::xml::{Content, Element, Refusal};

/// An entry while it is read.
#[derive(Default)]
struct Parts {
    reference: Option<Label>,
    servicer_reference: Option<Label>,
    amount: Option<Amount>,
    side: Option<Side>,
    is_reversal: Option<bool>,
    status: Option<EntryStatus>,
    booking_date: Option<Option<NaiveDate>>,
    value_date: Option<Option<NaiveDate>>,
    code: BankCode,
    charges: Vec<Charge>,
    batches: Vec<Batch>,
    amounts: AmountDetails,
    additional_information: Option<String>,
    details: Vec<TransactionDetails>,
    /// Details that take the entry's side, by index.
    without_side: Vec<usize>,
}

/// Reads Ntry onto the end of `entries`. Refuses one without amount or side.
pub(super) fn entry<'a>(
    scan: &mut Scan<'a>,
    element: &Element<'a>,
    statement: u32,
    entries: &mut Vec<Entry>,
) -> Result<(), Refusal> {
    let mut parts = Parts::default();
    while let Some(child) = scan.xml.child()? {
        parts.read(scan, &child)?;
    }
    let missing = |code, args| Box::new(crate::model::Finding::error(code, scan.xml.place(element), args));
    let Some(amount) = parts.amount else {
        return Err(missing(FindingCode::AmountMissing, vec![]));
    };
    let Some(side) = parts.side else {
        return Err(missing(FindingCode::SideMissing, vec!["(nothing)".into()]));
    };
    for at in parts.without_side {
        parts.details[at].side = side;
    }
    let number = entries.len() as u32 + 1;
    let booking_date = parts.booking_date.flatten();
    if entries.len() == entries.capacity() {
        // Room for four times as many: entries are large, to grow is to copy them, and what is not used costs nothing.
        entries.reserve_exact(entries.len() * 3 + 1);
    }
    entries.push(Entry {
        reference: parts.reference,
        servicer_reference: parts.servicer_reference,
        amount,
        side,
        is_reversal: parts.is_reversal.unwrap_or(false),
        status: parts.status,
        booking_date,
        value_date: parts.value_date.flatten(),
        effective_date: booking_date,
        code: parts.code,
        charges: parts.charges,
        batches: parts.batches,
        amounts: parts.amounts,
        additional_information: parts.additional_information,
        details: parts.details,
        source: Source {
            file: scan.xml.file().clone(),
            at: At::Entry {
                statement,
                entry: number,
                detail: 0,
            },
        },
    });
    Ok(())
}

impl Parts {
    fn read<'a>(&mut self, scan: &mut Scan<'a>, child: &Element<'a>) -> Result<(), Refusal> {
        match child.name {
            "NtryRef" => scan.keep(&mut self.reference)?,
            "Amt" => {
                let amount = scan.amount(child)?;
                scan.once(&mut self.amount, amount, "Amt")?;
            }
            "CdtDbtInd" => {
                let side = scan.side()?;
                scan.once(&mut self.side, side, "CdtDbtInd")?;
            }
            "RvslInd" => {
                let is_reversal = scan.flag()?;
                scan.once(&mut self.is_reversal, is_reversal, "RvslInd")?;
            }
            "Sts" => {
                // An empty status is not "no status": it is one that is not known, and never posts.
                let code = scan.code()?.either().unwrap_or_default();
                scan.once(&mut self.status, EntryStatus::from_code(&code), "Sts")?;
            }
            "BookgDt" => {
                let date = scan.plausible_date()?;
                scan.once(&mut self.booking_date, date, "BookgDt")?;
            }
            "ValDt" => {
                let date = scan.plausible_date()?;
                scan.once(&mut self.value_date, date, "ValDt")?;
            }
            "AcctSvcrRef" => scan.keep(&mut self.servicer_reference)?,
            "BkTxCd" => details::bank_code(scan, &mut self.code)?,
            "AmtDtls" => amounts::details(scan, &mut self.amounts)?,
            "Chrgs" => amounts::charges(scan, &mut self.charges)?,
            "AddtlNtryInf" => scan.keep(&mut self.additional_information)?,
            "NtryDtls" => self.details(scan)?,
            // Version 01 has no NtryDtls around them.
            "TxDtls" => self.transaction(scan)?,
            "Btch" => self.batches.push(batch(scan)?),
            _ => scan.xml.skip()?,
        }
        Ok(())
    }

    fn details(&mut self, scan: &mut Scan<'_>) -> Result<(), Refusal> {
        let mut next = match scan.xml.content()? {
            Content::Text(_) => return Ok(()),
            Content::Child(first) => Some(first),
        };
        while let Some(child) = next {
            match child.name {
                "TxDtls" => self.transaction(scan)?,
                "Btch" => self.batches.push(batch(scan)?),
                _ => scan.xml.skip()?,
            }
            next = scan.xml.child()?;
        }
        Ok(())
    }

    fn transaction(&mut self, scan: &mut Scan<'_>) -> Result<(), Refusal> {
        let at = self.details.len();
        let own_side = details::transaction(scan, self.side, &mut self.details)?;
        if own_side.is_none() {
            self.without_side.push(at);
        }
        Ok(())
    }
}

fn batch(scan: &mut Scan<'_>) -> Result<Batch, Refusal> {
    let mut batch = Batch::default();
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "MsgId" => scan.keep(&mut batch.message_id)?,
            "PmtInfId" => scan.keep(&mut batch.payment_information_id)?,
            "NbOfTxs" => batch.count = scan.number()?,
            "TtlAmt" => batch.total = Some(scan.amount(&child)?),
            "CdtDbtInd" => batch.side = Some(scan.side()?),
            _ => scan.xml.skip()?,
        }
    }
    Ok(batch)
}

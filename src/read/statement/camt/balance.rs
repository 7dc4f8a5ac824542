//! Balances (`Bal`) and the bank's own totals (`TxsSummry`).

use super::values::{Code, Scan};
use crate::model::money::{AmountError, parse_signed};
use crate::model::statement::{BalanceKind, ControlTotal};
use crate::model::{Balance, Currency, Finding, FindingCode, Side, Source, date};
use crate::read::xml::{Element, Refusal};

/// Reads Bal.
pub(super) fn balance<'a>(scan: &mut Scan<'a>, element: &Element<'a>, statement: &Source) -> Result<Balance, Refusal> {
    let mut kind = Code::default();
    let mut sub_kind = None;
    let (mut amount, mut side, mut day) = (None, None, None);
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Tp" => {
                while let Some(part) = scan.xml.child()? {
                    match part.name {
                        "SubTp" => sub_kind = scan.code()?.either().map(String::from),
                        _ => scan.code_part(&part, &mut kind)?,
                    }
                }
            }
            "Amt" => {
                let read = scan.amount(&child)?;
                scan.once(&mut amount, read, "Amt")?;
            }
            "CdtDbtInd" => {
                let read = scan.side()?;
                scan.once(&mut side, read, "CdtDbtInd")?;
            }
            "Dt" => {
                day = scan.date()?;
                if let Some(odd) = day.filter(|day| !date::is_plausible_bank_date(*day, scan.as_of)) {
                    let args = scan.implausible(odd);
                    let place = statement.clone();
                    scan.findings
                        .push(Finding::warning(FindingCode::BalanceDateImplausible, place, args));
                }
            }
            _ => scan.xml.skip()?,
        }
    }
    let Some(amount) = amount else {
        let place = scan.xml.place(element);
        return Err(Box::new(Finding::error(FindingCode::AmountMissing, place, vec![])));
    };
    Ok(Balance {
        kind: BalanceKind::from_code(&kind.either().unwrap_or_default()),
        sub_kind,
        amount,
        side,
        date: day,
    })
}

/// One total as written; its currency is known when the statement is read.
pub(super) struct Total {
    side: Option<Side>,
    count: Option<u64>,
    sum: Option<String>,
    source: Source,
}

/// Reads TxsSummry.
pub(super) fn summary(scan: &mut Scan<'_>, statement: &Source, totals: &mut Vec<Total>) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        let side = match child.name {
            "TtlNtries" => None,
            "TtlCdtNtries" => Some(Side::Credit),
            "TtlDbtNtries" => Some(Side::Debit),
            _ => {
                scan.xml.skip()?;
                continue;
            }
        };
        let mut total = Total {
            side,
            count: None,
            sum: None,
            source: statement.clone(),
        };
        while let Some(part) = scan.xml.child()? {
            match part.name {
                "NbOfNtries" => total.count = scan.number()?,
                "Sum" => scan.keep(&mut total.sum)?,
                _ => scan.xml.skip()?,
            }
        }
        totals.push(total);
    }
    Ok(())
}

/// Returns the control totals in minor units of the statement's currency. A sum with a sign or with float noise is known from
/// banks: the sign is dropped, the noise makes it no sum.
pub(super) fn control_totals(totals: Vec<Total>, currency: Option<Currency>) -> Result<Vec<ControlTotal>, Refusal> {
    let mut control = Vec::with_capacity(totals.len());
    for total in totals {
        let decimals = currency.map_or(2, |currency| currency.decimals());
        let sum = match total.sum.as_deref().map(|written| parse_signed(written, decimals)) {
            None | Some(Err(AmountError::TooPrecise | AmountError::TooLong)) => None,
            Some(Ok(sum)) => Some(sum.abs()),
            Some(Err(AmountError::Empty | AmountError::Malformed)) => {
                let args = vec![total.sum.unwrap_or_default()];
                return Err(Box::new(Finding::error(FindingCode::AmountFormat, total.source, args)));
            }
        };
        control.push(ControlTotal {
            side: total.side,
            count: total.count,
            sum,
            source: total.source,
        });
    }
    Ok(control)
}

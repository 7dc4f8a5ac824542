//! One transaction inside an entry (`TxDtls`).

use super::values::Scan;
use super::{amounts, parties, remittance};
use crate::model::statement::{AmountDetails, AmountOrigin, BankCode, ReturnInformation, Side, TransactionDetails};
use crate::model::{Label, Parties, References, Remittance};
use crate::read::xml::{Element, Refusal};

/// Returns details that say nothing yet.
fn blank(side: Side) -> TransactionDetails {
    TransactionDetails {
        references: References::default(),
        amount: None,
        amount_origin: None,
        side,
        amounts: AmountDetails::default(),
        parties: Parties::default(),
        remittance: Remittance::default(),
        purpose: None,
        code: BankCode::default(),
        return_information: None,
        charges: Vec::new(),
        additional_information: None,
    }
}

/// Reads TxDtls onto the end of `details`; returns its own side where it is written.
pub(super) fn transaction(
    scan: &mut Scan<'_>,
    entry_side: Option<Side>,
    details: &mut Vec<TransactionDetails>,
) -> Result<Option<Side>, Refusal> {
    // Filled in its place: details are large, and a statement has many. Most entries have one.
    if details.is_empty() {
        details.reserve_exact(1);
    }
    details.push(blank(entry_side.unwrap_or(Side::Credit)));
    let Some(found) = details.last_mut() else {
        return Ok(None);
    };
    let mut own_side = None;
    while let Some(child) = scan.xml.child()? {
        part(scan, &child, found, &mut own_side)?;
    }
    if let Some(side) = own_side {
        found.side = side;
    }
    if found.amount.is_some() {
        found.amount_origin = Some(AmountOrigin::Detail);
    } else if let Some(transaction) = &found.amounts.transaction {
        found.amount = Some(transaction.amount);
        found.amount_origin = Some(AmountOrigin::TransactionAmount);
    } else if let Some(instructed) = &found.amounts.instructed {
        found.amount = Some(instructed.amount);
        found.amount_origin = Some(AmountOrigin::InstructedAmount);
    }
    Ok(own_side)
}

fn part<'a>(
    scan: &mut Scan<'a>,
    child: &Element<'a>,
    found: &mut TransactionDetails,
    own_side: &mut Option<Side>,
) -> Result<(), Refusal> {
    match child.name {
        "Refs" => references(scan, &mut found.references),
        "Amt" => {
            let amount = scan.amount(child)?;
            scan.once(&mut found.amount, amount, "Amt")
        }
        "CdtDbtInd" => {
            let side = scan.side()?;
            scan.once(own_side, side, "CdtDbtInd")
        }
        "AmtDtls" => amounts::details(scan, &mut found.amounts),
        "BkTxCd" => bank_code(scan, &mut found.code),
        "Chrgs" => amounts::charges(scan, &mut found.charges),
        "RltdPties" => parties::related(scan, &mut found.parties),
        "RltdAgts" => parties::agents(scan, &mut found.parties),
        "Purp" => {
            found.purpose = scan.code()?.either();
            Ok(())
        }
        "RmtInf" => remittance::remittance(scan, &mut found.remittance),
        "RtrInf" => return_information(scan, found.return_information.get_or_insert_default()),
        "AddtlTxInf" => scan.keep(&mut found.additional_information),
        _ => scan.xml.skip(),
    }
}

/// Reads Refs. An unknown reference is kept under its element's name.
fn references(scan: &mut Scan<'_>, found: &mut References) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "MsgId" => scan.keep(&mut found.message_id)?,
            "AcctSvcrRef" => scan.keep(&mut found.servicer_reference)?,
            "PmtInfId" => scan.keep(&mut found.payment_information_id)?,
            "InstrId" => scan.keep(&mut found.instruction_id)?,
            "EndToEndId" => scan.keep(&mut found.end_to_end_id)?,
            "TxId" => scan.keep(&mut found.transaction_id)?,
            "UETR" => scan.keep(&mut found.uetr)?,
            "MndtId" => scan.keep(&mut found.mandate_id)?,
            "ClrSysRef" => scan.keep(&mut found.clearing_reference)?,
            "ChqNb" => scan.keep(&mut found.cheque_number)?,
            "Prtry" => {
                let (mut kind, mut reference) = (None, None);
                while let Some(part) = scan.xml.child()? {
                    match part.name {
                        "Tp" => scan.keep(&mut kind)?,
                        "Ref" => scan.keep(&mut reference)?,
                        _ => scan.xml.skip()?,
                    }
                }
                found.proprietary.extend(reference.map(|reference| (kind, reference)));
            }
            other => {
                let text = scan.kept()?;
                found.others.extend(text.map(|text| (other.into(), text)));
            }
        }
    }
    Ok(())
}

/// Reads BkTxCd.
pub(super) fn bank_code(scan: &mut Scan<'_>, found: &mut BankCode) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Domn" => {
                let mut domain = Label::default();
                domain_code(scan, &mut domain)?;
                found.domain = (!domain.is_empty()).then_some(domain);
            }
            "Prtry" => {
                while let Some(part) = scan.xml.child()? {
                    match part.name {
                        "Cd" => scan.keep(&mut found.proprietary)?,
                        "Issr" => scan.keep(&mut found.issuer)?,
                        _ => scan.xml.skip()?,
                    }
                }
            }
            _ => scan.xml.skip()?,
        }
    }
    Ok(())
}

fn domain_code(scan: &mut Scan<'_>, domain: &mut Label) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Cd" | "SubFmlyCd" => {
                let code = scan.xml.text()?;
                if !domain.is_empty() && !code.is_empty() {
                    domain.push('/');
                }
                domain.push_str(&code);
            }
            "Fmly" => domain_code(scan, domain)?,
            _ => scan.xml.skip()?,
        }
    }
    Ok(())
}

fn return_information(scan: &mut Scan<'_>, found: &mut ReturnInformation) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "OrgnlBkTxCd" => {
                let mut code = BankCode::default();
                bank_code(scan, &mut code)?;
                found.original_code = code.domain.or(code.proprietary).map(String::from);
            }
            "Rsn" | "RtrRsn" => {
                let code = scan.code()?;
                found.code = code.code.map(String::from);
                found.proprietary = code.proprietary.map(String::from);
            }
            "AddtlInf" | "AddtlRtrRsnInf" => found.information.extend(scan.kept()?),
            _ => scan.xml.skip()?,
        }
    }
    Ok(())
}

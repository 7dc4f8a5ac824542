//! Who pays and who is paid: parties of both shapes (with and without Pty), agents, accounts.

use super::values::Scan;
use crate::model::{Account, Label, Parties, Party};
use crate::read::xml::{Content, Element, Refusal};

/// Reads RltdPties.
pub(super) fn related(scan: &mut Scan<'_>, parties: &mut Parties) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "InitgPty" => party(scan, parties.initiating_party.get_or_insert_default())?,
            "Dbtr" => party(scan, parties.debtor.get_or_insert_default())?,
            "DbtrAcct" => account(scan, parties.debtor_account.get_or_insert_default())?,
            "UltmtDbtr" => party(scan, parties.ultimate_debtor.get_or_insert_default())?,
            "Cdtr" => party(scan, parties.creditor.get_or_insert_default())?,
            "CdtrAcct" => account(scan, parties.creditor_account.get_or_insert_default())?,
            "UltmtCdtr" => party(scan, parties.ultimate_creditor.get_or_insert_default())?,
            _ => scan.xml.skip()?,
        }
    }
    let is_said = |party: Box<Party>| (!party.is_empty()).then_some(party);
    parties.initiating_party = parties.initiating_party.take().and_then(is_said);
    parties.debtor = parties.debtor.take().and_then(is_said);
    parties.ultimate_debtor = parties.ultimate_debtor.take().and_then(is_said);
    parties.creditor = parties.creditor.take().and_then(is_said);
    parties.ultimate_creditor = parties.ultimate_creditor.take().and_then(is_said);
    parties.debtor_account = parties.debtor_account.take().filter(|account| !account.is_empty());
    parties.creditor_account = parties.creditor_account.take().filter(|account| !account.is_empty());
    Ok(())
}

/// Reads RltdAgts.
pub(super) fn agents(scan: &mut Scan<'_>, parties: &mut Parties) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "DbtrAgt" => agent(scan, parties.debtor_agent.get_or_insert_default())?,
            "CdtrAgt" => agent(scan, parties.creditor_agent.get_or_insert_default())?,
            _ => scan.xml.skip()?,
        }
    }
    parties.debtor_agent = parties.debtor_agent.take().filter(|agent| !agent.is_empty());
    parties.creditor_agent = parties.creditor_agent.take().filter(|agent| !agent.is_empty());
    Ok(())
}

/// Reads a party: names directly, or below Pty or Agt since version 08.
pub(super) fn party(scan: &mut Scan<'_>, found: &mut Party) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Nm" => scan.keep(&mut found.name)?,
            "PstlAdr" => address(scan, found)?,
            "Id" => identifications(scan, found)?,
            "Pty" => party(scan, found)?,
            "Agt" | "FinInstnId" => agent(scan, found)?,
            _ => scan.xml.skip()?,
        }
    }
    Ok(())
}

/// Reads an agent: a bank.
pub(super) fn agent(scan: &mut Scan<'_>, found: &mut Party) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "BIC" | "BICFI" => scan.keep(&mut found.bic)?,
            "Nm" => scan.keep(&mut found.name)?,
            "PstlAdr" => address(scan, found)?,
            "FinInstnId" | "CmbndId" | "NmAndAdr" => agent(scan, found)?,
            "ClrSysMmbId" => {
                while let Some(part) = scan.xml.child()? {
                    match part.name {
                        "MmbId" => scan.keep(&mut found.member_id)?,
                        _ => scan.xml.skip()?,
                    }
                }
            }
            "Othr" | "PrtryId" => other_identification(scan, found)?,
            "LEI" => identifier(scan, &child, found)?,
            _ => scan.xml.skip()?,
        }
    }
    Ok(())
}

fn address(scan: &mut Scan<'_>, found: &mut Party) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "AdrLine" => found.address_lines.extend(scan.kept()?),
            "AdrTp" => scan.xml.skip()?,
            _ => match scan.xml.content()? {
                Content::Text(text) if text.is_empty() => {}
                Content::Text(text) => found.address_parts.push(text.into_owned()),
                Content::Child(_) => leave(scan)?,
            },
        }
    }
    Ok(())
}

/// Passes over a child that was opened, and the rest of its parent.
fn leave(scan: &mut Scan<'_>) -> Result<(), Refusal> {
    scan.xml.skip()?;
    scan.xml.skip()
}

/// Reads Id of a party: OrgId or PrvtId with its schemes.
fn identifications(scan: &mut Scan<'_>, found: &mut Party) -> Result<(), Refusal> {
    let first = match scan.xml.content()? {
        Content::Text(text) => {
            if !text.is_empty() {
                found.ids.push((None, text.into()));
            }
            return Ok(());
        }
        Content::Child(first) => first,
    };
    let mut next = Some(first);
    while let Some(child) = next {
        match child.name {
            "OrgId" | "PrvtId" => {
                while let Some(part) = scan.xml.child()? {
                    identification(scan, &part, found)?;
                }
            }
            _ => identification(scan, &child, found)?,
        }
        next = scan.xml.child()?;
    }
    Ok(())
}

fn identification<'a>(scan: &mut Scan<'a>, child: &Element<'a>, found: &mut Party) -> Result<(), Refusal> {
    match child.name {
        "Othr" | "OthrId" | "PrtryId" => other_identification(scan, found),
        "DtAndPlcOfBirth" => scan.xml.skip(),
        _ => identifier(scan, child, found),
    }
}

/// Keeps an identifier under its element's name: AnyBIC, BICOrBEI, LEI, TaxIdNb …
fn identifier<'a>(scan: &mut Scan<'a>, child: &Element<'a>, found: &mut Party) -> Result<(), Refusal> {
    match scan.xml.content()? {
        Content::Text(text) if text.is_empty() => {}
        Content::Text(text) => {
            if matches!(child.name, "AnyBIC" | "BICOrBEI" | "BIC") && found.bic.is_none() {
                found.bic = Some((&*text).into());
            }
            found.ids.push((Some(child.name.into()), text.into()));
        }
        Content::Child(_) => leave(scan)?,
    }
    Ok(())
}

fn other_identification(scan: &mut Scan<'_>, found: &mut Party) -> Result<(), Refusal> {
    let (mut id, mut scheme) = (None, None);
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Id" => scan.keep(&mut id)?,
            "SchmeNm" => scheme = scan.code()?.either(),
            "IdTp" => scan.keep(&mut scheme)?,
            _ => scan.xml.skip()?,
        }
    }
    found.ids.extend(id.map(|id| (scheme, id)));
    Ok(())
}

/// Reads an account of a party.
pub(super) fn account(scan: &mut Scan<'_>, found: &mut Account) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        account_part(scan, &child, found)?;
    }
    Ok(())
}

/// Reads one child of an account.
pub(super) fn account_part<'a>(scan: &mut Scan<'a>, child: &Element<'a>, found: &mut Account) -> Result<(), Refusal> {
    match child.name {
        "Id" => account_identification(scan, found),
        "Ccy" => scan.keep(&mut found.currency),
        "Nm" => scan.keep(&mut found.name),
        _ => scan.xml.skip(),
    }
}

fn account_identification(scan: &mut Scan<'_>, found: &mut Account) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "IBAN" => {
                let iban = scan.kept::<Label>()?;
                let iban = iban.map(|text| text.split_whitespace().collect::<Label>());
                found.iban = iban.or(found.iban.take());
            }
            "BBAN" | "UPIC" => {
                found.other = scan.kept()?;
                found.scheme = Some(child.name.into());
            }
            "Othr" | "PrtryAcct" => {
                while let Some(part) = scan.xml.child()? {
                    match part.name {
                        "Id" => scan.keep(&mut found.other)?,
                        "SchmeNm" => found.scheme = scan.code()?.either(),
                        _ => scan.xml.skip()?,
                    }
                }
            }
            _ => scan.xml.skip()?,
        }
    }
    Ok(())
}

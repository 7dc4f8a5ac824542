//! The counterparty of a row: name, account and bank, in the place that the side gives it.

use super::entry::optional;
use super::profile::{Resolved, Role};
use crate::model::party::account_number;
use crate::model::{Account, Parties, Party, Side};
use crate::read::table::Row;
use crate::read::table::cell;

/// Returns the counterparty in the place that the side gives it: who pays money in, who is paid money out.
pub fn parties(resolved: &Resolved<'_>, row: Row<'_>, side: Side, texts: &[String]) -> Parties {
    let (name_role, account_role) = match side {
        Side::Credit => (Role::PayerName, Role::PayerAccount),
        Side::Debit => (Role::PayeeName, Role::PayeeAccount),
    };
    let named = resolved
        .names
        .iter()
        .map(|column| row.cell(*column))
        .find(|name| !name.is_empty());
    let written = Some(super::cell(resolved, row, name_role))
        .filter(|name| !name.is_empty())
        .or(named)
        .unwrap_or("");
    let number = [account_role, Role::Account]
        .iter()
        .map(|role| super::cell(resolved, row, *role))
        .find(|text| !text.is_empty() && !cell::is_mangled(text));
    let number = number.map(str::to_owned).or_else(|| account_in(resolved, texts));
    let party = party(resolved, written);
    let bank = super::cell(resolved, row, Role::Agent);
    let agent = (!bank.is_empty()).then(|| {
        let is_bic = matches!(bank.len(), 8 | 11)
            && bank
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if is_bic {
            Party {
                bic: Some(bank.into()),
                ..Party::default()
            }
        } else {
            Party {
                name: Some(bank.into()),
                ..Party::default()
            }
        }
    });
    let account = number.as_deref().map(account).filter(|account| !account.is_empty());
    let (party, agent, account) = (party.map(Box::new), agent.map(Box::new), account.map(Box::new));
    match side {
        Side::Credit => Parties {
            debtor: party,
            debtor_account: account,
            debtor_agent: agent,
            ..Parties::default()
        },
        Side::Debit => Parties {
            creditor: party,
            creditor_account: account,
            creditor_agent: agent,
            ..Parties::default()
        },
    }
}

/// Returns the party of a name cell; an address behind the name is taken off.
fn party(resolved: &Resolved<'_>, written: &str) -> Option<Party> {
    let ends = &resolved.profile.name_ends_at;
    let marked = written.find(|c: char| ends.contains(&c)).unwrap_or(written.len());
    let end = written.find("   ").unwrap_or(written.len()).min(marked);
    let name = written[..end].trim();
    let address = written[end..].trim_start_matches(|c: char| ends.contains(&c)).trim();
    (!name.is_empty()).then(|| Party {
        name: Some(name.into()),
        address_lines: optional(address).into_iter().collect(),
        ..Party::default()
    })
}

/// Returns a valid IBAN that stands behind one of the layout's labels in the text.
fn account_in(resolved: &Resolved<'_>, texts: &[String]) -> Option<String> {
    let labels = &resolved.profile.account_in_text;
    let mut behind = texts.iter().flat_map(|text| {
        labels.iter().filter_map(|label| {
            text.find(label.as_str())
                .map(|at| text[at + label.len()..].trim_start())
        })
    });
    behind.find_map(|text| {
        let end = text
            .find(|c: char| !c.is_ascii_alphanumeric() && c != ' ')
            .unwrap_or(text.len());
        let number = account_number(&text[..end]);
        number.parse::<iban::Iban>().is_ok().then_some(number)
    })
}

/// Returns the account of a written number: IBAN where it looks like one.
pub fn account(written: &str) -> Account {
    let number = account_number(written);
    let bytes = number.as_bytes();
    let is_iban = (15..=34).contains(&bytes.len())
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit);
    match (number.is_empty(), is_iban) {
        (true, _) => Account::default(),
        (false, true) => Account {
            iban: Some(number.into()),
            ..Account::default()
        },
        (false, false) => Account {
            other: Some(number.into()),
            ..Account::default()
        },
    }
}

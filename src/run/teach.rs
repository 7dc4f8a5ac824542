//! What a confirmed payment teaches.

use crate::model::Knowledge;
use crate::model::knowledge::ConfirmedPayment;
use crate::text::{name_form, pays_for_many};

/// Learns from a confirmed payment. A payment provider or a factoring firm pays for many customers: neither its name nor its account is learned as
/// one customer's, however pure the past was.
pub fn teach(knowledge: &mut Knowledge, confirmed: &ConfirmedPayment) {
    let name = &confirmed.payer_name;
    // A name that was learned before is no provider's.
    if knowledge.aliases.contains_key(name) || !pays_for_many(&name_form(name)) {
        knowledge.learn(confirmed);
    } else if !confirmed.payer_account.is_empty() {
        knowledge.shared_accounts.insert(confirmed.payer_account.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::{Amount, Currency};
    use crate::model::{NaiveDate, Source};

    #[test]
    fn a_provider_is_never_one_customer() {
        let mut knowledge = Knowledge::default();
        for name in [
            "PayPal Europe S.a.r.l. et Cie S.C.A.",
            "Kontor Factoring AG",
            "Nordwind GmbH",
        ] {
            let confirmed = ConfirmedPayment {
                date: NaiveDate::MIN,
                payer_name: name.to_owned(),
                payer_account: format!("ACCOUNT OF {name}"),
                remittance: String::new(),
                amount: Amount::new(100, Currency::new("EUR").unwrap()),
                customer_id: "C1".to_owned(),
                document_numbers: Vec::new(),
                deduction: 0,
                source: Source::file("history.csv"),
            };
            teach(&mut knowledge, &confirmed);
            teach(&mut knowledge, &confirmed);
        }
        assert_eq!(knowledge.aliases.keys().collect::<Vec<_>>(), ["Nordwind GmbH"]);
        assert_eq!(
            knowledge.accounts.keys().collect::<Vec<_>>(),
            ["ACCOUNT OF Nordwind GmbH"]
        );
        assert_eq!(knowledge.shared_accounts.len(), 2);
    }
}

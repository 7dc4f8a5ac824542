//! A night of many exceptions, for speed and for looking at the page.

use super::night::{EURO_ACCOUNT, LVBANG, NORDWIND, YUAN_ACCOUNT, add_totals, candidate, judged, night, payment};
use paymatch::model::run::Totals;
use paymatch::model::{Night, Outcome, Reason};

/// Returns a night of `count` exceptions: reasons, ages and currencies vary by position.
pub fn large_night(count: usize) -> Night {
    const REASONS: [Reason; 12] = [
        Reason::AmbiguousInvoice,
        Reason::AmountShort,
        Reason::UnknownPayer,
        Reason::NoReferenceNoName,
        Reason::ChargesSuspected,
        Reason::ReferenceClosedInvoice,
        Reason::ThirdPartyPayer,
        Reason::DuplicateSuspect,
        Reason::NameConflict,
        Reason::AmountOver,
        Reason::BatchWithoutDetails,
        Reason::LowConfidence,
    ];
    let mut night = night();
    night.run.totals = Totals::default();
    for position in 0..count {
        let spread = position * position % 97;
        let (account, code, customer) = match position % 3 {
            0 => (YUAN_ACCOUNT, "CNY", LVBANG),
            _ => (EURO_ACCOUNT, "EUR", NORDWIND),
        };
        let minor = (spread as i64 + 1) * 13_577 + position as i64;
        let payer = if code == "CNY" {
            "苏州绿邦实业有限公司"
        } else {
            "Nordwind Beispiel GmbH & Co. KG"
        };
        let text = "Rechnung RE-1001 vom 12.02.2026 abzgl. 2 % Skonto, Kundennr. 4711, danke für die Lieferung";
        let payment = payment(&format!("P{:06}", position + 100), account, minor, code, payer, text);
        let reason = REASONS[(spread * spread / 97 + position % 3) % REASONS.len()];
        let numbers = [format!("RE-{}", 1001 + spread), format!("RE-{}", 2001 + spread)];
        let candidates = (0..position % 4)
            .map(|rank| {
                let items = [(numbers[rank % 2].as_str(), minor + 1500, minor)];
                candidate(customer, &items, code, 900_000 >> rank)
            })
            .collect::<Vec<_>>();
        let outcome = if candidates.len() == 3 {
            Outcome::Proposed(reason)
        } else {
            Outcome::Exception(reason)
        };
        night
            .payments
            .push(judged(payment, outcome, candidates, (spread * spread / 60) as i64));
    }
    add_totals(&mut night);
    night
}

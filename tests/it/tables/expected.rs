//! What the tables must give, counted and added up by hand.

/// File, layout, and for each statement: account, currency, entries, sum, proof.
pub type Expected = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str, usize, &'static str, &'static str)],
);

/// Counted and added up by hand.
pub const FIXTURES: &[Expected] = &[
    (
        "generic.csv",
        "generic",
        &[("DE02120300000000202051", "EUR", 4, "2225.50", "Proved")],
    ),
    (
        "sparkasse.csv",
        "sparkasse",
        &[("DE02120300000000202051", "EUR", 4, "1006.90", "Unproved")],
    ),
    (
        "dkb.csv",
        "dkb",
        &[("DE02120300000000202051", "EUR", 2, "1166.84", "Unproved")],
    ),
    (
        "ubs.csv",
        "ubs",
        &[("CH9300762011623852957", "CHF", 3, "2405.35", "Proved")],
    ),
    (
        "ubs_debit_credit.csv",
        "ubs_debit_credit",
        &[("CH9300762011623852957", "CHF", 2, "650.00", "Proved")],
    ),
    (
        "ubs_wealth.csv",
        "ubs_wealth",
        &[("CH9300762011623852957", "CHF", 2, "2405.35", "Proved")],
    ),
    (
        "icbc.csv",
        "icbc",
        &[("4000023019200000001", "CNY", 3, "-1000.00", "Proved")],
    ),
    (
        "icbc_personal.csv",
        "icbc_personal",
        &[("6222****9876", "CNY", 2, "1221.16", "Proved")],
    ),
    (
        "deutsche_bank.csv",
        "deutsche_bank",
        &[("1001234567", "EUR", 3, "-42.33", "Proved")],
    ),
    (
        "commerzbank.csv",
        "commerzbank",
        &[("DE02120300000000202051", "EUR", 2, "107.12", "Unproved")],
    ),
    (
        "vr_bank.csv",
        "vr_bank",
        &[("1008800049", "EUR", 2, "178.00", "Proved")],
    ),
    (
        "vr_bank_online.csv",
        "vr_bank_online",
        &[("DE02120300000000202051", "EUR", 2, "19.00", "Proved")],
    ),
    (
        "ing_de.csv",
        "ing_de",
        &[("DE02120300000000202051", "EUR", 2, "119.00", "Proved")],
    ),
    ("n26.csv", "n26", &[("MAINACCOUNT", "EUR", 2, "108.50", "Unproved")]),
    (
        "postfinance.csv",
        "postfinance",
        &[("CH9300762011623852957", "CHF", 4, "228.00", "Proved")],
    ),
    ("zkb.csv", "zkb", &[("", "CHF", 2, "17012.55", "Proved")]),
    (
        "raiffeisen_ch.csv",
        "raiffeisen_ch",
        &[("CH9300762011623852957", "CHF", 2, "497.50", "Proved")],
    ),
    (
        "ing_nl.csv",
        "ing_nl",
        &[("NL91ABNA0417164300", "EUR", 2, "1019.00", "Proved")],
    ),
    ("kbc.csv", "kbc", &[("BE68539007547034", "EUR", 2, "100.00", "Proved")]),
    (
        "revolut_business.csv",
        "revolut_business",
        &[("EURMAIN", "EUR", 2, "109.00", "Proved")],
    ),
    ("wise.csv", "wise", &[("", "USD", 2, "118.00", "Proved")]),
    (
        "ccb.csv",
        "ccb",
        &[("44050100200300499", "CNY", 3, "229000.00", "Proved")],
    ),
    (
        "boc.csv",
        "boc",
        &[
            ("100200300499", "CNY", 2, "217.10", "Proved"),
            ("100200300499", "USD", 1, "1250.00", "Proved"),
        ],
    ),
    (
        "boc_utf16.csv",
        "boc",
        &[
            ("100200300499", "CNY", 2, "217.10", "Proved"),
            ("100200300499", "USD", 1, "1250.00", "Proved"),
        ],
    ),
    (
        "boc_personal.csv",
        "boc_personal",
        &[("3167", "CNY", 2, "674.00", "Proved")],
    ),
    ("abc.csv", "abc", &[("", "CNY", 2, "9990.00", "Proved")]),
    (
        "cmb.csv",
        "cmb",
        &[("6226100110000099", "CNY", 2, "998999.50", "Proved")],
    ),
    (
        "cmb_personal.csv",
        "cmb_personal",
        &[("", "CNY", 2, "234.00", "Proved")],
    ),
    ("bocom.csv", "bocom", &[("", "CNY", 2, "1331.42", "Proved")]),
    (
        "alipay_merchant.csv",
        "alipay_merchant",
        &[("20880000000000000199", "CNY", 2, "2260.36", "Proved")],
    ),
    (
        "wechat_merchant.csv",
        "wechat_merchant",
        // 1190.00 − 7.14 + 0.10 − 100.00 + 0.60 − 0.10: two orders and two refunds, two fees.
        &[("9900000001", "CNY", 6, "1083.46", "Proved")],
    ),
    (
        "wechat_fundflow.csv",
        "wechat_fundflow",
        &[("", "CNY", 3, "1083.46", "Proved")],
    ),
];

//! Names, row by row: what people write, and what it agrees with.

use super::*;
use proptest::prelude::*;

fn agreement(payer: &str, customer: &str) -> NameAgreement {
    compare_names(&name_form(payer), &name_form(customer))
}

/// One row: payer, customer, level, contradiction.
fn check_rows(rows: &[(&str, &str, NameLevel, Option<Contradiction>)]) {
    let mut wrong = Vec::new();
    for (payer, customer, level, contradiction) in rows {
        let found = agreement(payer, customer);
        if (found.level, found.contradiction) != (*level, *contradiction) {
            wrong.push(format!(
                "{payer} | {customer}: {found:?}, expected {level:?} {contradiction:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

use Contradiction as Against;
use NameLevel::{Alike, Different, Equal, EqualButForm, Permuted, Prefix, Weak};

#[test]
fn german_names() {
    check_rows(&[
        ("NORDWIND GMBH", "Nordwind GmbH", Equal, None),
        ("Nordwind G.m.b.H.", "Nordwind GmbH", Equal, None),
        (
            "Nordwind Gesellschaft mit beschränkter Haftung",
            "Nordwind GmbH",
            Equal,
            None,
        ),
        (
            "Nordwind Gesellschaft mit beschraenkter Haftung",
            "Nordwind mbH",
            Equal,
            None,
        ),
        ("Nordwind GmbH u. Co KG", "NORDWIND GmbH & Co. KG", Equal, None),
        ("Nordwind GmbH und Co. KG", "NORDWIND GmbH & Co. KG", Equal, None),
        ("Nordwind GmbH & Co", "NORDWIND GmbH & Co. KG", Equal, None),
        ("Nordwind", "Nordwind GmbH", EqualButForm, None),
        ("Nordwind GmbH", "Nordwind AG", EqualButForm, Some(Against::LegalForm)),
        (
            "Nordwind GmbH",
            "Nordwind GmbH & Co. KG",
            EqualButForm,
            Some(Against::LegalForm),
        ),
        ("Nordwind KG", "Nordwind OHG", EqualButForm, Some(Against::LegalForm)),
        ("Nordwind UG (haftungsbeschraenkt)", "Nordwind UG", Equal, None),
        ("Nordwind e.K.", "Nordwind eK", Equal, None),
        ("Nordwind e.K. Inh. Karla Nebel", "Nordwind e.K.", Equal, None),
        ("Mueller Bau GmbH", "Müller Bau GmbH", Equal, None),
        ("Muller Bau GmbH", "Müller Bau GmbH", Equal, None),
        ("MÜLLER BAU GMBH", "Mueller Bau GmbH", Equal, None),
        ("Bau Müller GmbH", "Müller Bau GmbH", Permuted, None),
        ("Müller & Schäfer OHG", "Mueller und Schaefer OHG", Equal, None),
        ("Gebr. Quast Holz GmbH", "Gebrüder Quast Holz GmbH", Equal, None),
        ("Gebrueder Quast Holz GmbH", "Gebr. Quast Holz GmbH", Equal, None),
        ("Nord-Wind Technik GmbH", "Nordwind Technik GmbH", Equal, None),
        (
            "Quastholz Handels GmbH",
            "Quastholz Handelsgesellschaft mbH",
            Equal,
            None,
        ),
        ("Nordwnid Anlagenbau GmbH", "Nordwind Anlagenbau GmbH", Alike, None),
        ("Nordwind Anlagenbau", "Nordwind Anlagenbau GmbH", EqualButForm, None),
        ("Nordwind Anlagen", "Nordwind Anlagenbau GmbH", Alike, None),
        ("Müller Bau GmbH", "Müller Handel GmbH", Weak, Some(Against::Industry)),
        ("Müller Bau GmbH", "Schmidtke Bau GmbH", Different, None),
        (
            "Nordwind GmbH Werk 1",
            "Nordwind GmbH Werk 2",
            Alike,
            Some(Against::Number),
        ),
        (
            "Windpark Quast II GmbH",
            "Windpark Quast III GmbH",
            Alike,
            Some(Against::Number),
        ),
        (
            "Nordwind GmbH Niederlassung Hamburg",
            "Nordwind GmbH",
            Alike,
            Some(Against::Branch),
        ),
        ("Nordwind GmbH NL Hamburg", "Nordwind GmbH", Alike, None),
        ("Nordwind GmbH, Hafenweg 1, 20457 Hamburg", "Nordwind GmbH", Alike, None),
        ("Müller Bau GmbH Quastrode", "Mueller Bau GmbH", Alike, None),
        (
            "Müller Bau GmbH Quastrode",
            "Mueller Bau AG",
            Weak,
            Some(Against::LegalForm),
        ),
        ("Nordwind AG Quastrode", "Nordwind", Alike, None),
        ("M Bau", "Bau", Weak, None),
        ("ING Quast", "Quast", Weak, None),
        ("Dipl.-Ing. Karl Nebel", "Karl Nebel", Equal, None),
        ("Dr. med. Karla Nebel", "Karla Nebel", Equal, None),
        ("M P Nebel", "P Nebel", Alike, None),
        ("Firma Nordwind GmbH", "Nordwind GmbH", Equal, None),
        ("Nebel, Karla", "Karla Nebel", Permuted, None),
        ("Frau Dr. Karla Nebel", "Karla Nebel", Equal, None),
        ("Herr Karl Nebel", "Karl Nebel", Equal, None),
        ("K. Nebel", "Karla Nebel", Weak, None),
        ("Eheleute Karl und Karla Nebel", "Karl und Karla Nebel", Equal, None),
        ("Stadtwerke Quastrode", "Stadtwerke Nebelheim", Different, None),
        ("Meier GmbH", "Maier GmbH", Different, None),
        ("Sankt Quast Stiftung", "St. Quast Stiftung", Equal, None),
        ("AOK", "AOK Nebelland", Weak, None),
        ("GmbH", "GmbH", Equal, None),
        ("", "Nordwind GmbH", Different, None),
        ("///", "///", Different, None),
    ]);
}

#[test]
fn names_cut_at_a_field() {
    check_rows(&[
        // 35 characters
        (
            "Nordwind Anlagenbau und Montagegese",
            "Nordwind Anlagenbau und Montagegesellschaft mbH",
            Prefix,
            None,
        ),
        // 27 characters
        (
            "Quastholz Gartenmoebel Herst",
            "Quastholz Gartenmöbel Herstellung GmbH",
            Alike,
            None,
        ),
        (
            "Quastholz Gartenmoebel Hers",
            "Quastholz Gartenmöbel Herstellung GmbH",
            Prefix,
            None,
        ),
        // 35 with the form spelled out
        ("Nordwind Bau Gesellschaft mit besch", "Nordwind Bau GmbH", Prefix, None),
        ("Nordwind Anlagen", "Nordwind Anlagenverleih GmbH", Alike, None),
    ]);
}

#[test]
fn dutch_french_italian_names() {
    check_rows(&[
        ("Noordenwind B.V.", "Noordenwind BV", Equal, None),
        ("Noordenwind Besloten Vennootschap", "Noordenwind BV", Equal, None),
        (
            "Noordenwind NV",
            "Noordenwind B.V.",
            EqualButForm,
            Some(Against::LegalForm),
        ),
        ("Gebr. van der Quast B.V.", "Gebroeders van der Quast BV", Equal, None),
        ("van der Quast en Zonen B.V.", "Van der Quast Zonen BV", Alike, None),
        ("V.O.F. De Quast", "De Quast VOF", Equal, None),
        ("Société Ventdunord SARL", "Ventdunord S.A.R.L.", Alike, None),
        ("VENT DU NORD S.A.S.", "Vent du Nord SAS", Equal, None),
        ("SARL VENT DU NORD", "Vent du Nord SARL", Equal, None),
        (
            "Vent du Nord SARL",
            "Vent du Nord SAS",
            EqualButForm,
            Some(Against::LegalForm),
        ),
        ("Boulangerie Quénet et Fils", "BOULANGERIE QUENET & FILS", Equal, None),
        ("Ets Quénet SA", "Etablissements Quénet S.A.", Equal, None),
        ("Ventonord S.p.A.", "VENTONORD SPA", Equal, None),
        ("Ventonord S.r.l.", "Ventonord SRL", Equal, None),
        ("Ventonord Srl", "Ventonord SpA", EqualButForm, Some(Against::LegalForm)),
        ("F.lli Quasti Snc", "Fratelli Quasti S.n.c.", Equal, None),
        (
            "Ventonord Società a responsabilità limitata",
            "Ventonord S.r.l.",
            Equal,
            None,
        ),
        ("Nordwind AG", "Nordwind SA", EqualButForm, None),
        ("Nordwind GmbH", "Nordwind Sàrl", EqualButForm, None),
        ("M. Jean Quénet", "Quénet Jean", Permuted, None),
    ]);
}

#[test]
fn polish_nordic_turkish_czech_names() {
    check_rows(&[
        ("Północny Wiatr Sp. z o.o.", "POLNOCNY WIATR SP Z OO", Equal, None),
        (
            "Północny Wiatr Spółka z ograniczoną odpowiedzialnością",
            "Polnocny Wiatr Sp. z o.o.",
            Equal,
            None,
        ),
        (
            "Kwast Sp. z o.o. Sp. k.",
            "Kwast Sp. z o.o.",
            EqualButForm,
            Some(Against::LegalForm),
        ),
        ("Kwast i Syn Sp.j.", "Kwast & Syn Sp. j.", Equal, None),
        ("Severní vítr s.r.o.", "SEVERNI VITR SRO", Equal, None),
        (
            "Severní vítr a.s.",
            "Severni Vitr s.r.o.",
            EqualButForm,
            Some(Against::LegalForm),
        ),
        ("Északi Szél Kft.", "Eszaki Szel KFT", Equal, None),
        ("Nordanvind Aktiebolag", "Nordanvind AB", Equal, None),
        ("AB Nordanvind", "Nordanvind AB", Equal, None),
        ("Nordenvind A/S", "NORDENVIND AS", Equal, None),
        (
            "Nordenvind ApS",
            "Nordenvind A/S",
            EqualButForm,
            Some(Against::LegalForm),
        ),
        ("Sømand Trælast ApS", "Soemand Traelast ApS", Equal, None),
        ("Pohjoistuuli Oy", "POHJOISTUULI OY AB", Equal, None),
        (
            "Pohjoistuuli Oyj",
            "Pohjoistuuli Oy",
            EqualButForm,
            Some(Against::LegalForm),
        ),
        (
            "KUZEYRÜZGARI TEKSTİL SAN. VE TİC. A.Ş.",
            "Kuzeyrüzgarı Tekstil Sanayi ve Ticaret A.S.",
            Equal,
            None,
        ),
        (
            "İstanbul Kuzey Ltd. Şti.",
            "ISTANBUL KUZEY LIMITED SIRKETI",
            Equal,
            None,
        ),
        ("Severni Veter d.o.o.", "SEVERNI VETER DOO", Equal, None),
    ]);
}

#[test]
fn english_names() {
    check_rows(&[
        ("Northwind Ltd", "Northwind Limited", Equal, None),
        ("Northwind Co., Ltd.", "Northwind Limited", Equal, None),
        ("Northwind Trading LLC", "Northwind Trading L.L.C.", Equal, None),
        ("Northwind PLC", "Northwind Ltd", EqualButForm, Some(Against::LegalForm)),
        ("Northwind Inc", "Northwind Incorporated", Equal, None),
        ("Quast Bros Ltd", "Quast Brothers Limited", Equal, None),
        ("Quast and Sons Ltd", "Quast & Sons Limited", Equal, None),
        ("Quast & Sons", "Quast", Alike, None),
        ("The Northwind Company", "Northwind Co", Equal, None),
        ("Northwind International Ltd", "Northwind Intl Limited", Equal, None),
        ("O'Quast Catering Ltd", "OQuast Catering Limited", Equal, None),
        (
            "Northwind Trading Ltd",
            "Northwind Handel GmbH",
            Alike,
            Some(Against::LegalForm),
        ),
        ("Northwnd Logistics Ltd", "Northwind Logistics Ltd", Alike, None),
        ("Southwind Logistics Ltd", "Northwind Logistics Ltd", Different, None),
        ("Mr John Quast", "John Quast", Equal, None),
        ("QUAST JOHN", "John Quast", Permuted, None),
        ("Northwind Pte Ltd", "Northwind Private Limited", Equal, None),
    ]);
}

#[test]
fn chinese_names() {
    check_rows(&[
        ("綠邦實業有限公司", "绿邦实业有限公司", Equal, None),
        ("绿邦实业有限责任公司", "绿邦实业有限公司", Equal, None),
        ("绿邦实业", "绿邦实业有限公司", EqualButForm, None),
        ("绿源实业有限公司", "绿邦实业有限公司", Different, Some(Against::Brand)),
        (
            "上海绿源实业有限公司",
            "上海绿邦实业有限公司",
            Different,
            Some(Against::Brand),
        ),
        (
            "新绿邦实业有限公司",
            "绿邦实业有限公司",
            Different,
            Some(Against::Brand),
        ),
        (
            "上海绿邦实业有限公司",
            "北京绿邦实业有限公司",
            Alike,
            Some(Against::Region),
        ),
        ("上海绿邦实业有限公司", "绿邦实业有限公司", Alike, None),
        (
            "绿邦（上海）实业有限公司",
            "绿邦(北京)实业有限公司",
            Alike,
            Some(Against::Region),
        ),
        (
            "绿邦（上海）实业有限公司",
            "绿邦实业有限公司",
            Alike,
            Some(Against::Region),
        ),
        ("绿邦实业（上海）有限公司", "绿邦(上海)实业有限公司", Equal, None),
        ("绿邦（上海）实业有限公司", "上海绿邦实业有限公司", Alike, None),
        (
            "绿邦实业有限公司上海分公司",
            "绿邦实业有限公司",
            Alike,
            Some(Against::Branch),
        ),
        (
            "绿邦实业有限公司上海分公司",
            "绿邦实业有限公司北京分公司",
            Alike,
            Some(Against::Branch),
        ),
        (
            "绿邦实业有限公司",
            "绿邦实业股份有限公司",
            EqualButForm,
            Some(Against::LegalForm),
        ),
        ("绿邦实业有限公司", "绿邦贸易有限公司", Weak, Some(Against::Industry)),
        ("绿邦", "绿邦实业有限公司", Alike, None),
        ("绿邦实业 有限公司", "绿邦实业有限公司", Equal, None),
        ("上海市绿邦实业有限公司", "上海绿邦实业有限公司", Alike, None),
        ("王小明", "王小明", Equal, None),
        ("王小红", "王小明", Different, Some(Against::Brand)),
        ("禾丰食品商行（个体工商户）", "禾丰食品商行", EqualButForm, None),
    ]);
}

#[test]
fn chinese_names_in_latin_letters() {
    check_rows(&[
        (
            "Beijing Lvbang Shiye Youxian Gongsi",
            "北京绿邦实业有限公司",
            Alike,
            None,
        ),
        ("BEIJING LVBANG INDUSTRIAL CO.,LTD", "北京绿邦实业有限公司", Alike, None),
        ("LVBANG INDUSTRIAL CO LTD", "绿邦实业有限公司", Alike, None),
        ("LYUBANG INDUSTRY CO LTD", "北京绿邦实业有限公司", Alike, None),
        ("LV BANG INDUSTRIAL CO LTD", "绿邦实业有限公司", Alike, None),
        (
            "SHANGHAI LVBANG INDUSTRIAL CO LTD",
            "北京绿邦实业有限公司",
            Weak,
            Some(Against::Region),
        ),
        ("LVYUAN INDUSTRIAL CO LTD", "绿邦实业有限公司", Different, None),
        ("LVBANG LOGISTICS CO LTD", "绿邦实业有限公司", Weak, None),
        (
            "LVBANG (SHANGHAI) TRADING CO LTD",
            "绿邦（上海）贸易有限公司",
            Alike,
            None,
        ),
        ("CHONGQING HEFENG FOOD CO LTD", "重庆禾丰食品有限公司", Alike, None),
        ("WANG XIAOMING", "王小明", Alike, None),
        ("Xiaoming Wang", "王小明", Alike, None),
        ("Nordwind GmbH", "绿邦实业有限公司", Different, None),
    ]);
}

#[test]
fn japanese_names() {
    check_rows(&[
        ("ｶ)ｻｸﾗｼﾖｳｼﾞ", "カブシキガイシャサクラショウジ", Equal, None),
        ("カ）サクラシヨウジ", "サクラショウジ（カ", Equal, None),
        ("ｻｸﾗｼﾖｳｼﾞ(ｶ", "サクラショウジ", EqualButForm, None),
        (
            "ユ）サクラシヨウジ",
            "カ）サクラシヨウジ",
            EqualButForm,
            Some(Against::LegalForm),
        ),
        ("株式会社山田製作所", "山田製作所（株）", Equal, None),
        ("㈱山田製作所", "株式會社山田製作所", Equal, None),
        (
            "有限会社山田製作所",
            "株式会社山田製作所",
            EqualButForm,
            Some(Against::LegalForm),
        ),
        ("ガ）ハナ", "カ）ハナ", Weak, None),
        ("SAKURA SHOUJI", "サクラシヨウジ", Alike, None),
        ("カ）ツバキ", "カ）サクラ", Different, None),
        ("山田製作所 大阪支店", "山田製作所", Alike, Some(Against::Branch)),
    ]);
}

#[test]
fn rarity_comes_from_the_caller() {
    let (payer, customer) = (name_form("Quast Solar Nebelheim"), name_form("Quast Wasser Nebelheim"));
    let place_is_common = |word: &str| {
        if word == "nebelheim" || word == "quast" {
            1
        } else {
            1_000
        }
    };
    let place_is_rare = |word: &str| {
        if word == "nebelheim" || word == "quast" {
            1_000
        } else {
            1
        }
    };
    let low = compare_names_with(&payer, &customer, &place_is_common).score;
    let high = compare_names_with(&payer, &customer, &place_is_rare).score;
    assert!(low < 400 && high > 800, "{low} {high}");
}

#[test]
fn look_alike_letters_are_seen() {
    for (name, expected) in [
        ("Nordwind GmbH", false),
        ("N\u{43E}rdwind GmbH", true),
        ("NORDW\u{399}ND", true),
        ("N0rdwind GmbH", true),
        ("Nordw1nd", true),
        ("B2B Handel", false),
        ("Nord\u{200B}wind", true),
        ("Nord\u{202E}wind", true),
        ("Северный ветер", false),
        ("Северный Wind", false),
        ("1und1", false),
        ("Ｎｏｒｄｗｉｎｄ", false),
    ] {
        assert_eq!(name_form(name).has_confusables, expected, "name: {name}");
    }
}

#[test]
fn keys_in_latin_letters_meet() {
    let chinese = pinyin_keys(&name_form("北京绿邦实业有限公司"));
    for latin in ["LVBANG INDUSTRIAL CO LTD", "Lv Bang Industrial Co., Ltd"] {
        let keys = pinyin_keys(&name_form(latin));
        assert!(
            keys.iter().any(|key| chinese.contains(key)),
            "{latin}: {keys:?} {chinese:?}"
        );
    }
}

#[test]
fn long_texts_are_read_to_their_end_or_limit() {
    for piece in [
        "1 ",
        "+1(",
        "RF18 ",
        "a",
        "有限公司",
        "（上海",
        "EUR 1,",
        "и",
        "ｶ)",
        "                 1",
    ] {
        let text = piece.repeat(5_000);
        let form = name_form(&text);
        assert_eq!(
            compare_names(&form, &form).level == Equal,
            !form.tokens.is_empty(),
            "{piece}"
        );
        assert!(tokens::scan(&text).len() <= 6 * text.len(), "{piece}");
        assert!(recognise(&text).len() <= text.len(), "{piece}");
    }
}

proptest! {
    #[test]
    fn any_two_names_compare(a in "\\PC{0,40}", b in "\\PC{0,40}") {
        let (a, b) = (name_form(&a), name_form(&b));
        let (forth, back) = (compare_names(&a, &b), compare_names(&b, &a));
        prop_assert_eq!(forth.level == Equal, back.level == Equal);
        prop_assert_eq!(forth.contradiction, back.contradiction);
        prop_assert!(forth.score <= 1_000);
        let itself = compare_names(&a, &a);
        prop_assert!(itself.level == Equal || a.tokens.is_empty());
        let _ = (pinyin_keys(&a), platform::is_platform(&a), is_personal_name(&a));
    }

    #[test]
    fn any_two_firms_compare(
        a in "(上海|北京)?(绿邦|绿源|禾丰)(（上海）)?(实业|贸易)?(有限公司|股份有限公司)?(上海分公司)?",
        b in "(上海|北京)?(绿邦|绿源|禾丰)(（上海）)?(实业|贸易)?(有限公司|股份有限公司)?(上海分公司)?",
    ) {
        let (forth, back) = (agreement(&a, &b), agreement(&b, &a));
        prop_assert_eq!(forth, back);
        prop_assert_eq!(forth.level == Equal, a == b, "{} {}", a, b);
    }
}

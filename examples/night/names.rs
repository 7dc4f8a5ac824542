//! Invented names of firms in a dozen languages, and what payers' banks make of them.

use super::random::Random;

/// Country, share in percent, beginnings, endings, trades, legal forms. A name is beginning + ending, trade, form.
type Language = (
    &'static str,
    usize,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const LANGUAGES: &[Language] = &[
    (
        "DE",
        36,
        &[
            "Tann", "Birk", "Quell", "Hage", "Weiden", "Eisen", "Fähr", "Moor", "Silber", "Wolken", "Glas", "Holz",
            "Korn", "Stein", "Rot", "Grün", "Sonn", "Nord", "Kräuter", "Löwen",
        ],
        &[
            "häger", "rode", "grund", "busch", "fels", "moor", "mann", "land", "bach", "stein", "hütte", "hof",
            "speicher", "brück", "dorn", "span", "halde", "wind", "wald", "tal",
        ],
        &[
            "Anlagenbau",
            "Logistik",
            "Metallbau",
            "Feinkost",
            "Kunststofftechnik",
            "Pumpen",
            "Getränke",
            "Zahnräder",
            "Möbel",
            "Optik",
            "Bau",
            "Fördertechnik",
            "Handel",
            "Elektro",
        ],
        &["GmbH", "GmbH", "GmbH & Co. KG", "AG", "KG", "e.K.", "OHG"],
    ),
    (
        "NL",
        8,
        &["Veen", "Tulp", "Molen", "Polder", "Duin", "Schel", "IJssel", "Ooster"],
        &["stroom", "veld", "kamp", "licht", "rand", "vis", "hout", "waard"],
        &["Pompen", "Handelsmij", "Zuivel", "Armaturen", "Techniek", "Meubelen"],
        &["B.V.", "B.V.", "N.V.", "V.O.F."],
    ),
    (
        "GB",
        12,
        &[
            "Lark", "Copper", "Thistle", "Marrow", "Ox", "Wind", "Juniper", "Salt", "Red", "Prairie",
        ],
        &[
            "hill", "beech", "down", "field", "bow", "lass", "hollow", "grass", "water", "lantern",
        ],
        &[
            "Instruments",
            "Foundry",
            "Textiles",
            "Hydraulics",
            "Marine Services",
            "Controls",
            "Tools",
        ],
        &["Ltd", "Limited", "plc", "LLP"],
    ),
    (
        "FR",
        8,
        &["Clair", "Vau", "Roche", "Chante", "Mont", "Saint-Au", "Val", "Bois"],
        &[
            "fontenay", "quelois", "brune", "lune", "corbeau", "brac", "ombrelle", "noir",
        ],
        &[
            "Mécanique",
            "Verrerie",
            "Transports",
            "Papeterie",
            "Fromagerie",
            "Établissements",
        ],
        &["SARL", "SAS", "SA"],
    ),
    (
        "IT",
        4,
        &["Val", "Pietra", "Monte", "Fonte"],
        &["dombra", "rossa", "lupo", "chiara"],
        &["Officine", "Ceramiche", "Trasporti"],
        &["S.r.l.", "S.p.A."],
    ),
    (
        "ES",
        4,
        &["Río", "Sierra", "Puerto", "Campo"],
        &["escondido", "blanca", "lindo", "verde"],
        &["Talleres", "Conservas", "Maderas"],
        &["S.L.", "S.A."],
    ),
    (
        "PL",
        4,
        &["Srebrny ", "Zielony ", "Cichy ", "Stary "],
        &["Bór", "Staw", "Młyn", "Gaj"],
        &["Wytwórnia", "Zakłady", "Hurtownia"],
        &["Sp. z o.o.", "S.A."],
    ),
    (
        "SE",
        3,
        &["Björk", "Sjö", "Älv", "Norr"],
        &["hagen", "strand", "dal", "berg"],
        &["Mekaniska", "Trävaru"],
        &["AB"],
    ),
    (
        "TR",
        4,
        &["İncir", "Çınar", "Gümüş", "Yeşil"],
        &["dere", "lık", "su", "tepe"],
        &["Tekstil", "Makina", "Gıda"],
        &["A.Ş.", "Ltd. Şti."],
    ),
    (
        "TW",
        2,
        &["雲", "鷺", "礪", "錦", "嵐", "澄"],
        &["硯", "碩", "衡", "嶼", "澤", "禮"],
        &["實業", "電子", "儀錶", "國際貿易", "紡織"],
        &["有限公司", "股份有限公司"],
    ),
    (
        "JP",
        3,
        &["田中", "桜井", "青葉", "北沢", "宮本", "白石", "藤川", "若松"],
        &["精機", "製作所", "商事", "化学", "電工", "紙業"],
        &[""],
        &["株式会社", "有限会社"],
    ),
    (
        "CN",
        12,
        &[
            "沐", "珞", "云", "澄", "鹭", "霁", "禾", "砺", "翎", "峤", "楠", "飒", "湄", "锦", "璟", "苍", "知", "岚",
            "晏", "泠",
        ],
        &[
            "砚", "岚", "岫", "硕", "汀", "珩", "笙", "衡", "羽", "石", "洲", "朗", "岸", "蘅", "曜", "舟", "榆", "澈",
            "筠", "礼",
        ],
        &[
            "实业",
            "科技",
            "精密机械",
            "电子",
            "包装材料",
            "食品",
            "仪表",
            "纺织",
            "建材",
            "医疗器械",
            "国际贸易",
        ],
        &["有限公司", "有限公司", "股份有限公司", "有限责任公司"],
    ),
];

/// Returns country and name of a firm.
pub fn firm(random: &mut Random) -> (&'static str, String) {
    let mut share = random.below(100);
    let mut language = &LANGUAGES[0];
    for candidate in LANGUAGES {
        language = candidate;
        if share < candidate.1 {
            break;
        }
        share -= candidate.1;
    }
    let (country, _, beginnings, endings, trades, forms) = language;
    let brand = format!("{}{}", random.pick(beginnings), random.pick(endings));
    let (trade, form) = (random.pick(trades), random.pick(forms));
    let name = match *country {
        "CN" => format!(
            "{}{brand}{trade}{form}",
            random.pick(&["样城市", "例州", "例州市", "样城", ""])
        ),
        "TW" => format!("{brand}{trade}{form}"),
        "JP" => format!("{form}{brand}"),
        "FR" | "IT" | "ES" | "PL" => format!("{trade} {brand} {form}"),
        _ => format!("{brand} {trade} {form}"),
    };
    (country, name)
}

/// Japanese words with their kana, as banks transmit them: half-width, no small ones.
const KANA: &[(&str, &str)] = &[
    ("田中", "ﾀﾅｶ"),
    ("桜井", "ｻｸﾗｲ"),
    ("青葉", "ｱｵﾊﾞ"),
    ("北沢", "ｷﾀｻﾞﾜ"),
    ("宮本", "ﾐﾔﾓﾄ"),
    ("白石", "ｼﾗｲｼ"),
    ("藤川", "ﾌｼﾞｶﾜ"),
    ("若松", "ﾜｶﾏﾂ"),
    ("精機", "ｾｲｷ"),
    ("製作所", "ｾｲｻｸｼﾖ"),
    ("商事", "ｼﾖｳｼﾞ"),
    ("化学", "ｶｶﾞｸ"),
    ("電工", "ﾃﾞﾝｺｳ"),
    ("紙業", "ｼｷﾞﾖｳ"),
    ("株式会社", "ｶ)"),
    ("有限会社", "ﾕ)"),
];

/// Traditional characters with the simplified ones that a bank on the mainland writes.
const SIMPLIFIED: &[(&str, &str)] = &[
    ("雲", "云"),
    ("鷺", "鹭"),
    ("礪", "砺"),
    ("錦", "锦"),
    ("嵐", "岚"),
    ("硯", "砚"),
    ("碩", "硕"),
    ("嶼", "屿"),
    ("澤", "泽"),
    ("禮", "礼"),
    ("實業", "实业"),
    ("電子", "电子"),
    ("儀錶", "仪表"),
    ("國際貿易", "国际贸易"),
    ("紡織", "纺织"),
];

fn replaced(name: &str, words: &[(&str, &str)]) -> String {
    let mut written = name.to_owned();
    for (from, to) in words {
        written = written.replace(from, to);
    }
    written
}

/// Returns a Japanese firm's name in half-width kana; an empty text for any other name.
pub fn kana(name: &str) -> String {
    let written = replaced(name, KANA);
    let is_kana = |character: char| matches!(character, '\u{ff61}'..='\u{ff9f}' | ')');
    if written.chars().all(is_kana) {
        written
    } else {
        String::new()
    }
}

/// Returns the name as it arrives: in capitals, cut, without its legal form, without umlauts; in kana, or in simplified characters.
pub fn as_it_arrives(name: &str, random: &mut Random) -> String {
    if !name.is_ascii() && name.chars().all(|c| !c.is_ascii_alphabetic()) {
        let kana = kana(name);
        return if kana.is_empty() {
            replaced(name, SIMPLIFIED)
        } else {
            kana
        };
    }
    match random.below(10) {
        0..=2 => name.to_uppercase(),
        3 => name.chars().take(27).collect(),
        4 => name.rsplit_once(' ').map_or(name, |(head, _)| head).to_owned(),
        5 => {
            let mut written = name.to_owned();
            for (from, to) in [
                ("ä", "ae"),
                ("ö", "oe"),
                ("ü", "ue"),
                ("ß", "ss"),
                ("Ä", "Ae"),
                ("Ö", "Oe"),
                ("Ü", "Ue"),
            ] {
                written = written.replace(from, to);
            }
            written
        }
        _ => name.to_owned(),
    }
}

//! Chinese and Japanese names in their parts: [region][brand][industry][legal form](`branch`), regions in brackets.

use super::LegalForm;
use super::data::data;
use super::fold::{fold, is_han, is_invisible, joined};
use super::legal;
use super::name::Pinyin;
use pinyin::ToPinyinMulti;
use unicode_normalization::UnicodeNormalization;

/// At most so many readings are spelled out.
const READINGS_MAX: usize = 8;

/// Characters that are spelled out: longer brands and cores are not found by their sound.
const READ_MAX: usize = 40;

/// What a branch of a firm is called at its end.
const BRANCH_ENDS: [&str; 16] = [
    "分公司",
    "分店",
    "分厂",
    "分行",
    "支行",
    "分社",
    "办事处",
    "营业部",
    "营业厅",
    "门市部",
    "项目部",
    "分部",
    "支店",
    "营业所",
    "事业部",
    "子公司",
];

/// Parts of a name with Chinese characters, folded, without blanks.
#[derive(Default, Debug)]
pub(crate) struct Parts {
    pub(crate) core: String,
    pub(crate) legal: Option<LegalForm>,
    pub(crate) region: Option<String>,
    pub(crate) bracket_region: Option<String>,
    pub(crate) brand: Option<String>,
    pub(crate) industry: Option<String>,
    pub(crate) branch: Option<String>,
}

/// Takes a name with Chinese characters apart.
pub(crate) fn parts(text: &str) -> Parts {
    let mut parts = Parts::default();
    let mut rest = unbracket(text, &mut parts);
    cut_branch_and_form(&mut rest, &mut parts);
    if rest.is_empty() {
        rest = joined(&fold(text));
    }
    parts.core.clone_from(&rest);
    let after_region = cut_region(&rest, &mut parts);
    let (brand, industry) = cut_industry(after_region);
    parts.brand = Some(brand.to_owned());
    parts.industry = (!industry.is_empty()).then(|| industry.to_owned());
    parts
}

/// Takes brackets out: regions and legal forms go to their parts, anything else stays where it is.
fn unbracket(text: &str, parts: &mut Parts) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut inner: Option<String> = None;
    let mut outer = String::with_capacity(text.len());
    let mut pieces: Vec<(bool, String)> = Vec::new();
    for c in text.nfkc().filter(|c| !is_invisible(*c)) {
        match c {
            '(' | '[' | '【' | '〔' | '〈' | '{' if inner.is_none() => {
                pieces.push((false, std::mem::take(&mut outer)));
                inner = Some(String::new());
            }
            ')' | ']' | '】' | '〕' | '〉' | '}' => match inner.take() {
                Some(content) => pieces.push((true, content)),
                None => outer.push(' '),
            },
            c => inner.as_mut().unwrap_or(&mut outer).push(c),
        }
    }
    pieces.push((false, outer));
    if let Some(open) = inner {
        pieces.push((true, open));
    }
    for (is_bracketed, piece) in &pieces {
        let folded = joined(&fold(piece));
        if !is_bracketed {
            plain.push_str(&folded);
        } else if let Some(region) = whole_region(&folded) {
            parts.bracket_region.get_or_insert(region);
        } else if let Some(form) = bracket_form(&folded) {
            parts.legal.get_or_insert(form);
        } else {
            plain.push_str(&folded);
        }
    }
    plain
}

fn bracket_form(content: &str) -> Option<LegalForm> {
    let class = match content {
        "株" => "kk",
        "有" => "yk",
        "同" | "合" => "godo",
        "资" => "goshi",
        "名" => "gomei",
        "社" | "财" => "ippan",
        "医" => "iryo",
        "学" => "gakko",
        _ => {
            return legal::find_han(content)
                .filter(|f| f.start == 0 && f.end == content.len())
                .map(|f| f.form);
        }
    };
    Some(LegalForm { class })
}

fn cut_branch_and_form(rest: &mut String, parts: &mut Parts) {
    let found = legal::find_han(rest);
    let (mut core, mut branch) = (rest.clone(), String::new());
    if let Some(found) = found {
        let before = rest.get(..found.start).unwrap_or("").to_owned();
        let after = rest.get(found.end..).unwrap_or("").to_owned();
        parts.legal = Some(joined_form(parts.legal, found.form));
        if before.is_empty() {
            core = after;
        } else {
            core = before;
            branch = after;
        }
    }
    if branch.is_empty()
        && let Some(end) = BRANCH_ENDS.iter().find(|end| core.ends_with(*end))
    {
        let head = core.get(..core.len() - end.len()).unwrap_or("").to_owned();
        let start = region_at_end(&head).filter(|start| *start > 0).unwrap_or(head.len());
        if head.chars().count() >= 2 {
            branch = core.get(start..).unwrap_or("").to_owned();
            core = head.get(..start).unwrap_or("").to_owned();
        }
    }
    parts.branch = (!branch.is_empty()).then_some(branch);
    *rest = core;
}

/// （集团）有限公司 is 集团有限公司.
fn joined_form(bracketed: Option<LegalForm>, found: LegalForm) -> LegalForm {
    match (bracketed.map(|form| form.class), found.class) {
        (Some("group_cn"), "limited_cn" | "company_cn") => LegalForm { class: "group_cn" },
        (Some("group_cn"), "stock_cn") => LegalForm {
            class: "group_stock_cn",
        },
        (Some("individual_cn" | "partner_cn" | "sole_cn"), "company_cn") => bracketed.unwrap_or(found),
        _ => found,
    }
}

fn is_area_end(c: char) -> bool {
    matches!(c, '省' | '市' | '区' | '县' | '镇')
}

/// Returns the region when the whole text is one: 上海, 上海市.
fn whole_region(text: &str) -> Option<String> {
    let bare = text
        .strip_suffix("自治区")
        .unwrap_or(text)
        .trim_end_matches(is_area_end);
    data().regions.contains(bare).then(|| bare.to_owned())
}

/// Returns the byte length of the longest region that the text begins with.
fn region_length(text: &str) -> Option<usize> {
    let ends = text.char_indices().map(|(place, c)| place + c.len_utf8()).take(5);
    ends.filter(|end| text.get(..*end).is_some_and(|head| data().regions.contains(head)))
        .last()
}

/// Returns where a region begins with which the text ends.
fn region_at_end(text: &str) -> Option<usize> {
    text.char_indices()
        .map(|(place, _)| place)
        .find(|start| text.get(*start..).is_some_and(|tail| whole_region(tail).is_some()))
}

/// Cuts regions from the front as long as two characters stay for a brand: 浙江省杭州市绿邦 → 绿邦.
fn cut_region<'a>(core: &'a str, parts: &mut Parts) -> &'a str {
    let mut rest = core;
    let mut region = String::new();
    for _ in 0..3 {
        let Some(length) = region_length(rest) else { break };
        let (name, mut after) = rest.split_at(length);
        for end in ["自治区", "特别行政区", "省", "市", "区", "县"] {
            if let Some(shorter) = after.strip_prefix(end).filter(|s| s.chars().count() >= 2) {
                after = shorter;
                break;
            }
        }
        if after.chars().count() < 2 {
            break;
        }
        region.push_str(name);
        rest = after;
    }
    parts.region = (!region.is_empty()).then_some(region);
    rest
}

/// Splits brand and industry: the shortest brand of two characters or more whose rest is all industry words,
/// else the brand up to the first industry word, else all is brand.
fn cut_industry(text: &str) -> (&str, &str) {
    let cuts: Vec<usize> = text
        .char_indices()
        .map(|(place, _)| place)
        .chain([text.len()])
        .collect();
    if cuts.len() > 64 {
        return (text, "");
    }
    // covered[i]: the text from cut i on is all industry words.
    let mut covered = vec![false; cuts.len()];
    if let Some(last) = covered.last_mut() {
        *last = true;
    }
    let mut begins = vec![false; cuts.len()];
    for i in (0..cuts.len().saturating_sub(1)).rev() {
        for j in i + 1..cuts.len().min(i + 8) {
            let is_word = text
                .get(cuts[i]..cuts[j])
                .is_some_and(|word| data().industries.contains_key(word));
            begins[i] |= is_word && j > i + 1;
            covered[i] |= is_word && covered[j];
        }
    }
    let brand_end = (2..cuts.len().saturating_sub(1))
        .find(|i| covered[*i])
        .or_else(|| (2..cuts.len().saturating_sub(1)).find(|i| begins[*i]));
    match brand_end.and_then(|i| cuts.get(i)) {
        Some(place) => text.split_at(*place),
        None => (text, ""),
    }
}

/// Returns the readings of one character in Latin letters, ü as v; empty for other characters.
pub(crate) fn readings(c: char) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain().replace('ü', "v");
        if !found.contains(&plain) {
            found.push(plain);
        }
    }
    found
}

/// Returns the readings of core and brand, most usual first.
pub(crate) fn pinyin(core: &str, brand: Option<&str>) -> Option<Pinyin> {
    core.chars().any(is_han).then(|| Pinyin {
        core: spellings(core),
        brand: brand.map(spellings).unwrap_or_default(),
    })
}

fn spellings(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for c in text.chars().take(READ_MAX) {
        let readings = readings(c);
        if readings.is_empty() {
            all.iter_mut().for_each(|spelled| spelled.push(c));
            continue;
        }
        // The usual reading of all comes first; others as long as there is room.
        let room = (READINGS_MAX / all.len()).max(1);
        all = readings
            .iter()
            .take(room)
            .flat_map(|reading| all.iter().map(move |spelled| [spelled, reading.as_str()].concat()))
            .collect();
    }
    all
}

/// Returns true when Latin letters can be read as these characters, every reading allowed, ü as v, u or yu.
pub(crate) fn can_be_read(characters: &str, latin: &str) -> bool {
    let mut ends = vec![0_usize];
    for c in characters.chars() {
        let mut next: Vec<usize> = Vec::new();
        let readings = readings(c);
        for end in &ends {
            let Some(rest) = latin.get(*end..) else { continue };
            if readings.is_empty() && rest.starts_with(c) {
                next.push(end + c.len_utf8());
            }
            for reading in &readings {
                next.extend(lengths(reading, rest).map(|length| end + length));
            }
        }
        next.sort_unstable();
        next.dedup();
        ends = next;
        if ends.is_empty() {
            return false;
        }
    }
    ends.contains(&latin.len())
}

/// Byte lengths of the ways to write a reading with which the text begins.
fn lengths<'a>(reading: &'a str, text: &'a str) -> impl Iterator<Item = usize> + 'a {
    let with_u = reading.strip_prefix(['l', 'n']).filter(|tail| tail.starts_with('v'));
    let others = with_u.into_iter().flat_map(move |tail| {
        let (initial, tail) = (&reading[..1], &tail[1..]);
        ["u", "yu", "ue"]
            .into_iter()
            .map(move |vowel| format!("{initial}{vowel}{tail}"))
    });
    std::iter::once(reading.to_owned())
        .chain(others)
        .filter(|way| text.starts_with(way.as_str()))
        .map(|way| way.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_chinese_name() {
        // name | region | bracket region | brand | industry | legal form | branch
        for (name, expected) in [
            ("北京绿邦实业有限公司", "北京|-|绿邦|实业|limited_cn|-"),
            ("绿邦（上海）实业有限公司", "-|上海|绿邦|实业|limited_cn|-"),
            ("绿邦实业(上海)有限责任公司", "-|上海|绿邦|实业|limited_cn|-"),
            ("上海綠邦實業有限公司", "上海|-|绿邦|实业|limited_cn|-"),
            (
                "浙江省杭州市绿邦信息技术股份有限公司",
                "浙江杭州|-|绿邦|信息技术|stock_cn|-",
            ),
            ("绿邦实业有限公司上海分公司", "-|-|绿邦|实业|limited_cn|上海分公司"),
            ("绿邦实业上海分公司", "-|-|绿邦|实业|-|上海分公司"),
            ("绿邦集团有限公司", "-|-|绿邦|-|group_cn|-"),
            ("绿邦（集团）有限公司", "-|-|绿邦|-|group_cn|-"),
            ("绿邦(集团)股份有限公司", "-|-|绿邦|-|group_stock_cn|-"),
            (
                "广州市白云区禾丰食品商行（个体工商户）",
                "广州|-|白云区禾丰|食品商行|individual_cn|-",
            ),
            ("深圳市禾丰投资合伙企业（有限合伙）", "深圳|-|禾丰|投资|partner_cn|-"),
            ("王小明", "-|-|王小明|-|-|-"),
            ("欧阳小明", "-|-|欧阳小明|-|-|-"),
            ("株式会社サクラ工業", "-|-|サクラ|工业|kk|-"),
            ("㈱山田製作所", "-|-|山田|制作所|kk|-"),
            ("山田商事株式会社 大阪支店", "-|-|山田|商事|kk|大阪支店"),
            ("ABC电子（苏州）有限公司", "-|苏州|abc|电子|limited_cn|-"),
            ("上海有限公司", "-|-|上海|-|limited_cn|-"),
            ("有限公司", "-|-|有限公司|-|limited_cn|-"),
            ("绿邦新能源科技", "-|-|绿邦|新能源科技|-|-"),
            ("中国绿邦建设工程公司", "中国|-|绿邦|建设工程|company_cn|-"),
            ("绿邦实业有限公司（", "-|-|绿邦|实业|limited_cn|-"),
        ] {
            let parts = parts(name);
            let show = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
            let found = format!(
                "{}|{}|{}|{}|{}|{}",
                show(&parts.region),
                show(&parts.bracket_region),
                show(&parts.brand),
                show(&parts.industry),
                parts.legal.map_or("-", |form| form.class),
                show(&parts.branch)
            );
            assert_eq!(found, expected, "name: {name}");
        }
    }

    #[test]
    fn readings_in_latin_letters() {
        for (characters, latin, expected) in [
            ("绿邦", "lvbang", true),
            ("绿邦", "lubang", true),
            ("绿邦", "lyubang", true),
            ("绿邦", "lvyuan", false),
            ("重庆", "chongqing", true),
            ("重庆", "zhongqing", true),
            ("绿邦", "lvbangx", false),
            ("abc电子", "abcdianzi", true),
            ("", "", true),
        ] {
            assert_eq!(can_be_read(characters, latin), expected, "{characters} as {latin}");
        }
        let pinyin = pinyin("重庆绿邦", Some("绿邦")).expect("Chinese");
        assert!(pinyin.brand.contains(&"lvbang".to_owned()), "{pinyin:?}");
        assert!(pinyin.core.contains(&"chongqinglvbang".to_owned()), "{pinyin:?}");
        assert!(pinyin.core.len() <= 8);
    }
}

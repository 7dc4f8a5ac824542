//! Where an element stands: found by a second walk, so that the first one needs no names.

use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;

/// Elements that stand in numbers, and are counted in a path even when they stand alone.
const COUNTED: [&str; 7] = ["Stmt", "Rpt", "Ntfctn", "Ntry", "TxDtls", "Bal", "Strd"];

/// Steps of a path that are written out; no statement goes deeper.
const STEPS_SHOWN: usize = 16;

/// Returns the path of the element whose start tag begins at `offset`, or of the innermost one that is open there:
/// `Stmt[1]/Ntry[7]/Amt`, below the message where there is one.
pub fn path_at(text: &str, offset: usize) -> String {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<(String, u32)> = Vec::new();
    let mut seen: Vec<BTreeMap<String, u32>> = vec![BTreeMap::new()];
    loop {
        let start = reader.buffer_position() as usize;
        if start > offset {
            break;
        }
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = tag.local_name().as_ref().to_owned();
                let count = seen.last_mut().map_or(1, |names| {
                    let count = names.entry(name.clone()).or_insert(0);
                    *count += 1;
                    *count
                });
                open.push((name, count));
                seen.push(BTreeMap::new());
                if start == offset {
                    break;
                }
            }
            Ok(Event::End(_)) => {
                if start == offset {
                    break;
                }
                open.pop();
                seen.pop();
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    written(&open)
}

fn written(open: &[(String, u32)]) -> String {
    let message = open.iter().position(|(name, _)| name.starts_with("BkToCstmr"));
    let below = message.map_or(0, |at| (at + 1).min(open.len().saturating_sub(1)));
    let steps: Vec<String> = open[below.min(open.len())..]
        .iter()
        .map(|(name, count)| {
            if *count > 1 || COUNTED.contains(&name.as_str()) {
                format!("{name}[{count}]")
            } else {
                name.clone()
            }
        })
        .collect();
    if steps.len() > STEPS_SHOWN {
        let (first, last) = (&steps[..3], &steps[steps.len() - 3..]);
        return format!("{}/…/{}", first.join("/"), last.join("/"));
    }
    steps.join("/")
}

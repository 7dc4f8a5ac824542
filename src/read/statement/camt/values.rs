//! The smallest parts: texts, amounts, sides, flags, dates, codes. Strict, and the same for all elements.

use crate::model::money::{AmountError, parse_unsigned};
use crate::model::{Amount, Currency, Finding, FindingCode, Label, NaiveDate, Side, date};
use crate::read::xml::{Content, Element, Refusal, Xml};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Warnings of one file that name line and path; each costs a second walk.
const PLACED_WARNINGS_MAX: usize = 20;

/// The walk over one file, with what was noticed on the way.
pub(super) struct Scan<'a> {
    /// The walk.
    pub xml: Xml<'a>,
    /// The day of the run.
    pub as_of: NaiveDate,
    /// Notes and warnings so far.
    pub findings: Vec<Finding>,
    currency: Option<Currency>,
    warned: BTreeSet<(FindingCode, Vec<String>)>,
}

/// A code of a list, or one that the bank agreed with itself.
#[derive(Default, Debug)]
pub(super) struct Code {
    /// Cd.
    pub code: Option<Label>,
    /// Prtry.
    pub proprietary: Option<Label>,
    /// Issr.
    pub issuer: Option<Label>,
}

impl Code {
    /// Returns the code, else the proprietary one.
    pub fn either(self) -> Option<Label> {
        self.code.or(self.proprietary)
    }
}

impl<'a> Scan<'a> {
    /// Begins.
    pub fn new(xml: Xml<'a>, as_of: NaiveDate) -> Scan<'a> {
        Scan {
            xml,
            as_of,
            findings: Vec::new(),
            currency: None,
            warned: BTreeSet::new(),
        }
    }

    /// Warns of something at an element; of the same thing once, and of so many things at most that the search for their places
    /// cannot be made to last.
    pub fn warn_once(&mut self, code: FindingCode, args: Vec<String>, element: &Element<'a>) {
        if self.warned.len() < PLACED_WARNINGS_MAX && self.warned.insert((code, args.clone())) {
            let finding = Finding::warning(code, self.xml.place(element), args);
            self.findings.push(finding);
        }
    }

    /// Returns the text of the current element; nothing where it is empty.
    pub fn kept<T: for<'t> From<Cow<'t, str>>>(&mut self) -> Result<Option<T>, Refusal> {
        let text = self.xml.text()?;
        Ok((!text.is_empty()).then(|| text.into()))
    }

    /// Puts the text of the current element into its place; a second one is added behind a blank.
    pub fn keep<T>(&mut self, slot: &mut Option<T>) -> Result<(), Refusal>
    where
        T: for<'t> From<Cow<'t, str>> + for<'t> Extend<&'t str>,
    {
        let text = self.xml.text()?;
        match slot {
            _ if text.is_empty() => {}
            Some(kept) => kept.extend([" ", &text]),
            None => *slot = Some(text.into()),
        }
        Ok(())
    }

    /// Puts a value into its place. Refuses a second one: nobody could say which counts.
    pub fn once<T>(&self, slot: &mut Option<T>, value: T, name: &str) -> Result<(), Refusal> {
        if slot.is_some() {
            return Err(self.xml.refuse(FindingCode::ElementTwice, vec![name.to_owned()]));
        }
        *slot = Some(value);
        Ok(())
    }

    /// Returns the amount of the current element with the currency of its attribute `Ccy`.
    pub fn amount(&mut self, element: &Element<'a>) -> Result<Amount, Refusal> {
        let currency = self.currency_of(element)?;
        let text = self.xml.text()?;
        let minor = parse_unsigned(&text, currency.decimals()).map_err(|error| {
            let (code, args) = match error {
                AmountError::Empty => (FindingCode::AmountMissing, vec![]),
                AmountError::Malformed => (FindingCode::AmountFormat, vec![text.to_string()]),
                AmountError::TooLong => (FindingCode::AmountTooLarge, vec![text.to_string()]),
                AmountError::TooPrecise => {
                    let args = vec![text.to_string(), currency.code().to_owned()];
                    (FindingCode::AmountPrecision, args)
                }
            };
            self.xml.refuse(code, args)
        })?;
        Ok(Amount::new(minor, currency))
    }

    fn currency_of(&mut self, element: &Element<'a>) -> Result<Currency, Refusal> {
        let written = self.xml.attribute(element, "Ccy")?;
        let Some(written) = written.filter(|code| !code.is_empty()) else {
            return Err(self.xml.refuse(FindingCode::CurrencyMissing, vec![]));
        };
        // One currency after the other is the same: spare the look into the list.
        if let Some(last) = self.currency.filter(|last| last.code() == written) {
            return Ok(last);
        }
        let Some(currency) = Currency::new(&written) else {
            return Err(self
                .xml
                .refuse(FindingCode::CurrencyUnknown, vec![written.into_owned()]));
        };
        if !currency.is_known() {
            self.warn_once(FindingCode::CurrencyUnlisted, vec![written.to_string()], element);
        }
        self.currency = Some(currency);
        Ok(currency)
    }

    /// Returns the side of the current element: CRDT or DBIT, nothing else.
    pub fn side(&mut self) -> Result<Side, Refusal> {
        let text = self.xml.text()?;
        match &*text {
            "CRDT" => Ok(Side::Credit),
            "DBIT" => Ok(Side::Debit),
            other => Err(self.xml.refuse(FindingCode::SideMissing, vec![other.to_owned()])),
        }
    }

    /// Returns the truth value of the current element.
    pub fn flag(&mut self) -> Result<bool, Refusal> {
        let text = self.xml.text()?;
        match &*text {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other => Err(self.xml.refuse(FindingCode::FlagFormat, vec![other.to_owned()])),
        }
    }

    /// Returns the whole number of the current element; nothing where it is empty.
    pub fn number(&mut self) -> Result<Option<u64>, Refusal> {
        let text = self.xml.text()?;
        if text.is_empty() {
            return Ok(None);
        }
        let is_number = text.bytes().all(|b| b.is_ascii_digit());
        let number = if is_number { text.parse().ok() } else { None };
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(self.xml.refuse(FindingCode::NumberFormat, vec![text.into_owned()])),
        }
    }

    /// Returns the local date of the current element: `Dt`, else `DtTm`, else its text; nothing where it has no content.
    pub fn date(&mut self) -> Result<Option<NaiveDate>, Refusal> {
        let first = match self.xml.content()? {
            Content::Text(text) if text.is_empty() => return Ok(None),
            Content::Text(text) => return self.parsed_date(&text).map(Some),
            Content::Child(first) => first,
        };
        let (mut day, mut moment) = (None, None);
        let mut next = Some(first);
        while let Some(child) = next {
            match child.name {
                "Dt" => {
                    let text = self.xml.text()?;
                    let date = self.parsed_date(&text)?;
                    self.once(&mut day, date, "Dt")?;
                }
                "DtTm" => {
                    let text = self.xml.text()?;
                    let date = self.parsed_date(&text)?;
                    self.once(&mut moment, date, "DtTm")?;
                }
                _ => self.xml.skip()?,
            }
            next = self.xml.child()?;
        }
        if day.is_some() && moment.is_some() && day != moment {
            let args = vec!["another day in `DtTm`".to_owned()];
            return Err(self.xml.refuse(FindingCode::XmlContent, args));
        }
        Ok(day.or(moment))
    }

    fn parsed_date(&self, text: &str) -> Result<NaiveDate, Refusal> {
        date::parse_iso_with_time(text).ok_or_else(|| {
            let args = vec![text.to_owned(), "YYYY-MM-DD".to_owned()];
            self.xml.refuse(FindingCode::DateFormat, args)
        })
    }

    /// Returns the date of the current element, refused outside of 1990 to 400 days after the run.
    pub fn plausible_date(&mut self) -> Result<Option<NaiveDate>, Refusal> {
        let found = self.date()?;
        if let Some(found) = found.filter(|found| !date::is_plausible_bank_date(*found, self.as_of)) {
            return Err(self.xml.refuse(FindingCode::DateImplausible, self.implausible(found)));
        }
        Ok(found)
    }

    /// Returns what the sentence about an implausible date names.
    pub fn implausible(&self, found: NaiveDate) -> Vec<String> {
        let last = self.as_of.checked_add_days(date::Days::new(400)).unwrap_or(self.as_of);
        vec![found.to_string(), "1990-01-01".into(), last.to_string()]
    }

    /// Returns the code of the current element: `Cd`, `Prtry` or both below `CdOrPrtry`, or its text.
    pub fn code(&mut self) -> Result<Code, Refusal> {
        let mut code = Code::default();
        match self.xml.content()? {
            Content::Text(text) if text.is_empty() => {}
            Content::Text(text) => code.code = Some(text.into()),
            Content::Child(first) => {
                let mut next = Some(first);
                while let Some(child) = next {
                    self.code_part(&child, &mut code)?;
                    next = self.xml.child()?;
                }
            }
        }
        Ok(code)
    }

    /// Reads one child of an element that holds a code.
    pub fn code_part(&mut self, child: &Element<'a>, code: &mut Code) -> Result<(), Refusal> {
        match child.name {
            "Cd" => self.keep(&mut code.code),
            "Issr" => self.keep(&mut code.issuer),
            "Prtry" => self.proprietary(code),
            "CdOrPrtry" => {
                while let Some(inner) = self.xml.child()? {
                    self.code_part(&inner, code)?;
                }
                Ok(())
            }
            _ => self.xml.skip(),
        }
    }

    fn proprietary(&mut self, code: &mut Code) -> Result<(), Refusal> {
        let first = match self.xml.content()? {
            Content::Text(text) => {
                if !text.is_empty() {
                    code.proprietary = Some(text.into());
                }
                return Ok(());
            }
            Content::Child(first) => first,
        };
        let mut next = Some(first);
        while let Some(child) = next {
            match child.name {
                "Id" | "Cd" => self.keep(&mut code.proprietary)?,
                "Issr" => self.keep(&mut code.issuer)?,
                _ => self.xml.skip()?,
            }
            next = self.xml.child()?;
        }
        Ok(())
    }
}

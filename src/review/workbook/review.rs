//! The sheet `Review`.

use super::style::{Style, height};
use crate::model::{Action, Night};
use crate::review::cells::Cell;
use crate::review::columns::{COUNT, Column};
use crate::review::sheet::ExceptionRow;
use crate::words::catalogue::{Words, say};
use crate::words::{action, header};
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, Format, FormatBorder, Formula,
    IgnoreError, Worksheet, XlsxError, utility::column_number_to_name,
};

/// Empty rows below the last exception that have the drop-down too.
const LAST_ROW_MIN: u32 = 50;

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    night: &Night,
    rows: &[ExceptionRow],
    style: &Style,
) -> Result<(), XlsxError> {
    let words = Words::of(night.language);
    sheet.set_name(words.text("sheet.review"))?;
    for (position, column) in Column::ALL.into_iter().enumerate() {
        let position = position as u16;
        let format = if is_input(column) {
            &style.header_input
        } else {
            &style.header
        };
        let name = header::bilingual(words, column.header());
        sheet.write_string_with_format(0, position, name, format)?;
        sheet.set_column_width(position, width(column))?;
        sheet.set_column_format(position, column_format(column, style))?;
    }
    sheet.set_row_height(0, 30)?;
    let status_word = |cell: &Cell| match cell {
        Cell::Text(code) => words.find(&format!("status.{code}")).map(Cell::text),
        _ => None,
    };
    for (row, exception) in (1_u32..).zip(rows) {
        for (column, cell) in Column::ALL.into_iter().zip(exception.cells()) {
            let word = (column == Column::Status).then(|| status_word(cell)).flatten();
            let cell = word.unwrap_or_else(|| cell.clone());
            style.put(sheet, (row, column as u16), cell, column_format(column, style))?;
        }
        sheet.set_row_height(row, row_height(exception))?;
    }
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX).max(1);
    sheet.autofilter(0, 0, last, COUNT as u16 - 1)?;
    sheet.set_freeze_panes(1, 1)?;
    add_validations(sheet, words, last.max(LAST_ROW_MIN))?;
    add_colours(sheet, words, last)?;
    sheet.ignore_error_range(1, 0, last, COUNT as u16 - 1, IgnoreError::NumberStoredAsText)?;
    set_up_print(sheet, words, night, last)
}

fn is_input(column: Column) -> bool {
    column <= Column::DecidedBy
}

/// Returns the format of a column's cells.
fn column_format(column: Column, style: &Style) -> &Format {
    match column {
        Column::TargetAmount => &style.input_amount,
        Column::Target | Column::DecidedBy => &style.input_text,
        Column::Decision
        | Column::Note
        | Column::ReasonText
        | Column::Suggestion
        | Column::PayerName
        | Column::Remittance
        | Column::CustomerName
        | Column::LastResult => &style.wrapped,
        Column::BookingDate | Column::ValueDate => &style.date,
        Column::Amount | Column::CustomerOpen => &style.amounts[2],
        Column::AgeDays | Column::TimesSeen | Column::FirstRun | Column::Run => &style.count,
        Column::Probability => &style.rate,
        column if Column::CANDIDATES.contains(&column) => &style.wrapped,
        _ => &style.text,
    }
}

fn width(column: Column) -> f64 {
    match column {
        Column::Decision => 17.0,
        Column::Target | Column::Note => 24.0,
        Column::TargetAmount | Column::Amount | Column::CustomerOpen => 14.0,
        Column::Candidate1 => 62.0,
        Column::Candidate2 | Column::Candidate3 | Column::Candidate4 | Column::Candidate5 => 48.0,
        Column::ReasonText | Column::Suggestion | Column::Remittance => 38.0,
        Column::PayerName | Column::CustomerName | Column::LastResult => 28.0,
        Column::Reason | Column::PayerAccount | Column::Account => 25.0,
        Column::PaymentId => 27.0,
        Column::BankRef => 22.0,
        Column::RowHash => 19.0,
        Column::DecidedBy | Column::Salesperson | Column::CustomerId => 13.0,
        Column::Probability | Column::BookingDate | Column::ValueDate => 13.5,
        Column::Status => 16.0,
        Column::Currency | Column::AgeDays | Column::TimesSeen | Column::FirstRun | Column::Run => 9.0,
    }
}

/// Returns a row's height in points that shows its longest wrapped text, up to eight lines, and two lines at least.
fn row_height(exception: &ExceptionRow) -> f64 {
    let cells = Column::ALL.into_iter().zip(exception.cells());
    let heights = cells.filter_map(|(column, cell)| match cell {
        Cell::Text(text) | Cell::Marked { text, .. } if !is_input(column) => Some(height(text, width(column), 8)),
        _ => None,
    });
    heights.fold(27.0, f64::max)
}

/// A list for `decision`; for `target` the row's own candidates, as a warning only: free text stays possible.
fn add_validations(sheet: &mut Worksheet, words: Words, last: u32) -> Result<(), XlsxError> {
    let decision = DataValidation::new()
        .allow_list_strings(&Action::ALL.map(|action| action::word(words, action)))?
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title(words.text("sheet.decision"))?
        .set_error_message(words.text("sheet.decision_unknown"))?
        .set_input_title(words.text("sheet.decision"))?
        .set_input_message(words.text("sheet.decision_hint"))?;
    sheet.add_data_validation(1, Column::Decision as u16, last, Column::Decision as u16, &decision)?;
    let first = column_number_to_name(Column::Candidate1 as u16);
    let fifth = column_number_to_name(Column::Candidate5 as u16);
    let target = DataValidation::new()
        .allow_list_formula(Formula::new(format!("=${first}2:${fifth}2")))
        .set_error_style(DataValidationErrorStyle::Information)
        .set_error_title(words.text("sheet.target"))?
        .set_error_message(words.text("sheet.target_unknown"))?;
    sheet.add_data_validation(1, Column::Target as u16, last, Column::Target as u16, &target)?;
    Ok(())
}

/// Colours beside the words of `status`: never the only signal. Lines and the ground of the cells to fill in come
/// the same way, so that they end with the rows.
fn add_colours(sheet: &mut Worksheet, words: Words, last: u32) -> Result<(), XlsxError> {
    let status = column_number_to_name(Column::Status as u16);
    let key = column_number_to_name(Column::PaymentId as u16);
    let is_row = format!("=LEN(${key}2)>0");
    let fill = |color: u32| Format::new().set_background_color(Color::RGB(color));
    let lined = |format: Format| {
        format
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(Color::RGB(0xD0_D7_DE))
    };
    let inputs = (0, Column::DecidedBy as u16);
    let of = |column: Column| (column as u16, column as u16);
    for ((first, to), rule, format) in [
        (
            of(Column::Decision),
            "=LEN($A2)>0".to_owned(),
            fill(0xC9_DF_F5).set_bold(),
        ),
        (inputs, is_row.clone(), fill(0xFF_F8_DC)),
        (
            of(Column::Status),
            format!("=${status}2=\"{}\"", words.text("status.proposed")),
            fill(0xDD_EE_DD).set_font_color(Color::RGB(0x1E_5C_2B)).set_bold(),
        ),
        (
            of(Column::Status),
            format!("=${status}2=\"{}\"", words.text("status.open")),
            fill(0xFC_E4_D6).set_font_color(Color::RGB(0x8A_3B_0C)).set_bold(),
        ),
        ((inputs.1 + 2, COUNT as u16 - 1), is_row.clone(), Format::new()),
    ] {
        let rule = ConditionalFormatFormula::new()
            .set_rule(Formula::new(rule))
            .set_format(lined(format));
        sheet.add_conditional_format(1, first, last, to, &rule)?;
    }
    Ok(())
}

fn set_up_print(sheet: &mut Worksheet, words: Words, night: &Night, last: u32) -> Result<(), XlsxError> {
    sheet.set_landscape();
    // On paper: what is decided, why it waits and the best candidate, on two A3 pages side by side, one after the other.
    sheet.set_page_order(false);
    sheet.set_paper_size(8);
    sheet.set_print_area(0, 0, last, Column::Candidate1 as u16)?;
    sheet.set_print_fit_to_pages(2, 0);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    let title = say!(words, "sheet.title", run = night.run.number.to_string());
    let as_of = say!(words, "sheet.as_of", day = night.run.as_of);
    sheet.set_header(format!("&L{title}&R{as_of}"));
    sheet.set_footer(format!("&Lpaymatch&R{}", words.text("sheet.page")));
    sheet.set_zoom(90);
    Ok(())
}

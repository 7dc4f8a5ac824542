//! What the payments of a night show, how often, and whether the data decide it.

macro_rules! situations {
    ($($name:ident, $code:literal, $share:literal, $items:literal, $is_decidable:literal;)*) => {
        /// What a payment shows. Source: MATCHING, situations of a labelled night.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Situation {
            $($name,)*
        }

        impl Situation {
            /// All, with their share and the least number of items that they need. What has no share only comes with another.
            pub const ALL: &[(Situation, usize, usize)] = &[$((Situation::$name, $share, $items),)*];

            /// Returns the word of the truth list.
            pub fn code(self) -> &'static str {
                match self {
                    $(Situation::$name => $code,)*
                }
            }

            /// Returns true when the data decide it: it should be posted.
            pub fn is_decidable(self) -> bool {
                match self {
                    $(Situation::$name => $is_decidable,)*
                }
            }
        }
    };
}

situations! {
    NumberExact, "number_exact", 300, 1, true;
    NumberReformatted, "number_reformatted", 110, 1, true;
    NumberInNoise, "number_in_noise", 60, 1, true;
    NumberBroken, "number_broken_by_line", 20, 1, true;
    NumberTypo, "number_typo", 14, 1, true;
    NumberCut, "number_cut", 10, 1, true;
    EndToEndOnly, "end_to_end_id_only", 30, 1, true;
    CreditorReference, "creditor_reference", 50, 1, true;
    OrderNumber, "order_number", 20, 1, true;
    SwissReference, "qr_reference", 15, 1, true;
    List, "list", 60, 2, true;
    LongList, "long_list_cut", 4, 11, true;
    Range, "range", 8, 5, true;
    DueRun, "due_run", 8, 5, true;
    Discount, "discount_in_time", 50, 1, true;
    DiscountList, "several_with_discount", 6, 2, true;
    LateDiscount, "discount_late", 6, 1, true;
    ChargesStated, "charges_stated", 6, 1, true;
    // What a bank kept without a word looks like a short payment that nothing explains.
    ChargesKept, "charges_kept", 6, 1, false;
    PartPayment, "part_payment", 14, 1, true;
    Instalment, "instalment", 6, 1, true;
    Halves, "invoice_in_two_payments", 5, 1, true;
    Overpayment, "overpayment", 8, 1, true;
    CreditNote, "credit_note_netted", 10, 2, true;
    CreditUnnamed, "credit_note_unnamed", 4, 2, true;
    Joint, "joint_payment", 4, 2, true;
    ThirdParty, "third_party_with_number", 12, 1, true;
    ThirdPartyKnown, "third_party_from_history", 5, 1, true;
    Factor, "factor_with_number", 8, 1, true;
    ForeignCurrency, "foreign_currency", 8, 1, true;
    AccountAndAmount, "account_and_amount", 25, 1, true;
    NameAndAmount, "name_and_amount", 20, 1, true;
    EqualAmounts, "equal_amounts_oldest", 6, 2, true;
    Subset, "subset_unique", 5, 5, true;
    Structured, "structured_remittance", 14, 2, true;
    Homonyms, "homonyms_equal_amounts", 4, 2, false;
    OtherCustomer, "number_of_other_customer", 5, 2, false;
    Short, "short_unexplained", 8, 1, false;
    Converted, "converted_without_details", 4, 1, false;
    Debit, "outgoing_debit", 60, 0, false;
    Tax, "tax", 4, 0, false;
    Interest, "interest", 2, 0, false;
    Insurance, "insurance", 3, 0, false;
    CardSettlement, "card_settlement", 3, 0, false;
    RoundSum, "round_sum_on_account", 4, 0, false;
    OwnReturned, "own_payment_returned", 3, 0, false;
    Unknown, "unknown_payer", 14, 0, false;
    UnknownByChance, "unknown_payer_amount_by_chance", 4, 1, false;
    BeforeDouble, "paid_the_day_before_again", 0, 1, true;
    Double, "double_payment", 5, 1, false;
    Closed, "closed_item", 6, 1, false;
    Lump, "batch_without_details", 3, 0, false;
    OwnTransfer, "own_transfer", 3, 0, false;
    Returned, "returned_debit", 4, 1, false;
    Prepayment, "prepayment", 5, 0, false;
    Platform, "platform_payout", 4, 0, false;
    Pending, "pending", 3, 0, false;
}

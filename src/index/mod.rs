//! Who could it be: open items by document number, by amount, by account, by name.
//!
//! Only finds. How much a find is worth is said in [`crate::evidence`]; nothing here knows a payment's outcome.

pub mod accounts;
pub mod amounts;
pub mod claims;
pub mod customer_numbers;
pub mod ledger;
pub mod lengths;
pub mod names;
pub mod numbers;
pub mod shapes;

pub use accounts::{AccountHolder, Accounts};
pub use amounts::Amounts;
pub use claims::{Claims, Said};
pub use customer_numbers::CustomerNumbers;
pub use ledger::{Debtor, DebtorNo, Glance, Granted, ItemNo, Ledger, Open, Order, is_of_company};
pub use lengths::Lengths;
pub use names::{NameFound, Names};
pub use numbers::{Entry, Field, Form, Numbers};
pub use shapes::Shapes;

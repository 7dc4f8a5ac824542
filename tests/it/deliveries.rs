//! What banks deliver night after night: details of batches, early and late; statements that are missing, and come.

mod bank;
mod claims;
mod corrections;
mod gaps;
mod in_flight;
mod known;
mod notices;
mod reminders;

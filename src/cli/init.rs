//! `init`: a folder to start with.

use crate::cli::{exit, output};
use std::path::Path;

/// Makes the folder with commented settings and the folders that they name; changes nothing that is there.
pub fn run(folder: &Path) -> u8 {
    match make(folder) {
        Ok(()) => {
            output::text(&format!(
                "Made {0}.\n\n\
                 Next:\n  \
                 1. put your bank's statements into {0}/inbox\n  \
                 2. export the open items to {0}/open_items.csv and, if you can, the customers to {0}/customers.csv\n  \
                 3. cd {0} && paymatch run (or: paymatch run --config {0}/config/paymatch.toml)\n\n\
                 The settings begin in shadow mode: everything is proposed, nothing is posted, until you set mode = \"post\".\n\
                 Then only what is booked from today on is posted: `post_from` says so.",
                folder.display()
            ));
            exit::DONE
        }
        Err(error) => {
            output::error(&format!("error: {}: {}", error.0, error.1));
            match error.1.kind() {
                std::io::ErrorKind::PermissionDenied => exit::PERMISSION,
                _ => exit::CANNOT_CREATE,
            }
        }
    }
}

fn make(folder: &Path) -> Result<(), (String, std::io::Error)> {
    let named = |path: &Path, error| (path.display().to_string(), error);
    let settings = folder.join("config/paymatch.toml");
    if settings.exists() {
        let error = std::io::Error::new(
            std::io::ErrorKind::AlreadyExists,
            "there are settings already; nothing was changed",
        );
        return Err(named(&settings, error));
    }
    for name in ["config", "inbox", "decisions", "out", "outbox", "state"] {
        let path = folder.join(name);
        std::fs::create_dir_all(&path).map_err(|error| named(&path, error))?;
    }
    let text = text(&crate::cli::run::today("Europe/Berlin").to_string());
    std::fs::write(&settings, text).map_err(|error| named(&settings, error))
}

/// The shipped settings with the paths of the new folder, in shadow mode, posting from `today` on.
fn text(today: &str) -> String {
    let first_day = format!("post_from = \"{today}\"");
    let own = [
        ("../fixtures/demo/statements", "../inbox"),
        ("../fixtures/demo/", "../"),
        (
            "# Paths are relative to this file. As it stands, it runs the demo: `paymatch run`.",
            "# Paths are relative to this file. Run it from the folder above: `paymatch run`.",
        ),
        ("mode = \"post\"", "mode = \"shadow\""),
        ("post_from = \"\"", first_day.as_str()),
    ];
    own.iter()
        .fold(crate::settings::SHIPPED.to_owned(), |text, (from, to)| {
            text.replace(from, to)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_settings_are_good_settings() {
        let settings =
            crate::settings::parse("paymatch.toml", &text("2026-03-01"), Path::new("x")).expect("good settings");
        assert_eq!(settings.inputs.statements, [Path::new("x").join("../inbox")]);
        assert_eq!(settings.run.mode, crate::settings::Mode::Shadow);
        assert_eq!(
            settings.post_from.map(|day| day.to_string()).as_deref(),
            Some("2026-03-01")
        );
    }
}

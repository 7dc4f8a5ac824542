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
                 1. put your bank's statements into {0}/statements\n  \
                 2. export the open items to {0}/open_items.csv and, if you can, the customers to {0}/customers.csv\n  \
                 3. paymatch run --config {0}/paymatch.toml\n\n\
                 The settings begin in shadow mode: everything is proposed, nothing is posted, until you set mode = \"post\".",
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
    let settings = folder.join("paymatch.toml");
    if settings.exists() {
        let error = std::io::Error::new(
            std::io::ErrorKind::AlreadyExists,
            "there are settings already; nothing was changed",
        );
        return Err(named(&settings, error));
    }
    for name in ["statements", "decisions", "out", "outbox", "state"] {
        let path = folder.join(name);
        std::fs::create_dir_all(&path).map_err(|error| named(&path, error))?;
    }
    std::fs::write(&settings, text()).map_err(|error| named(&settings, error))
}

/// The shipped settings with the paths of the new folder, in shadow mode.
fn text() -> String {
    let own = [
        ("../fixtures/demo/", ""),
        ("\"../", "\""),
        (
            "As it stands, it runs the demo: `paymatch run`.",
            "Run: `paymatch run --config` and this file.",
        ),
        ("mode = \"post\"", "mode = \"shadow\""),
        ("customers = \"customers.csv\"", "customers = \"\""),
        ("history = \"history.csv\"", "history = \"\""),
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
        let settings = crate::settings::parse("paymatch.toml", &text(), Path::new("x")).expect("good settings");
        assert_eq!(settings.inputs.statements, [Path::new("x").join("statements")]);
        assert_eq!(settings.run.mode, crate::settings::Mode::Shadow);
        assert_eq!(settings.inputs.history, None);
    }
}

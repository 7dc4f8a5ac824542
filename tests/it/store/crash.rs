use super::night::{Folders, Night, content_of};
use paymatch::run::publish::{self, Places, PublishError, Step};
use paymatch::store::Store;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs the first night until the step with that number, which fails as if the machine had stopped; returns whether it got through.
fn run_until(folders: &Folders, limit: usize) -> bool {
    let steps = AtomicUsize::new(0);
    let watch = |_: &Step<'_>| match steps.fetch_add(1, Ordering::SeqCst) {
        step if step >= limit => Err(io::Error::other("the machine stopped")),
        _ => Ok(()),
    };
    let (out, outbox) = (folders.out(), folders.outbox());
    let places = Places {
        out: &out,
        outbox: &outbox,
        watch: &watch,
    };
    let mut store = folders.open().expect("store");
    let night = Night::first();
    let Ok(outputs) = night.write(&store, &places) else {
        return false;
    };
    // The commit is one step of its own.
    if steps.fetch_add(1, Ordering::SeqCst) >= limit {
        return false;
    }
    night.commit_outputs(&mut store, &outputs).expect("committed");
    match publish::publish(&mut store, &places) {
        Ok(published) => published.is_some(),
        Err(PublishError::Io { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

/// What an undisturbed night leaves.
fn undisturbed() -> [std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>; 2] {
    let folders = Folders::new();
    Night::first().run(&folders, 1);
    [content_of(&folders.out()), content_of(&folders.outbox())]
}

#[test]
fn a_crash_at_any_step_leaves_nothing_or_everything() {
    let expected = undisturbed();
    let (mut absent, mut completed) = (0, 0);
    for limit in 0.. {
        let folders = Folders::new();
        if run_until(&folders, limit) {
            assert!(
                limit > 20 && absent > 5 && completed > 5,
                "{limit} steps, {absent} absent, {completed} completed"
            );
            break;
        }
        let mut store = folders.open().expect("the next start needs nobody");
        let was_committed = store.next_run().expect("number") == 2;
        let recovered = publish::recover(&mut store, &folders.places()).expect("recovered");
        assert_eq!(recovered.is_some(), was_committed, "step {limit}");
        if was_committed {
            completed += 1;
        } else {
            absent += 1;
            assert!(
                !folders.out().join("1").exists(),
                "step {limit}: published before the commit"
            );
            assert!(
                !folders.outbox().join("postings-1.csv").exists(),
                "step {limit}: delivered before the commit"
            );
            Night::first().run_with(&mut store, &folders, 1);
        }
        let left = [content_of(&folders.out()), content_of(&folders.outbox())];
        assert!(
            left == expected,
            "step {limit}: {:?} {:?}",
            left[0].keys(),
            left[1].keys()
        );
        assert!(store.unpublished().expect("publication").is_none(), "step {limit}");
        drop(store);
        let report = paymatch::run::check::check(&folders.state(), &folders.out(), &folders.outbox());
        assert!(report.is_fine(), "step {limit}: {report:?}");
    }
}

#[test]
fn a_crash_while_recovering_is_recovered_too() {
    let expected = undisturbed();
    for limit in 0.. {
        let folders = Folders::new();
        Night::first()
            .commit(&mut folders.open().expect("store"), &folders)
            .expect("committed");
        std::fs::remove_dir_all(folders.out().join(".1")).expect("lost");
        let steps = AtomicUsize::new(0);
        let watch = |_: &Step<'_>| match steps.fetch_add(1, Ordering::SeqCst) {
            step if step >= limit => Err(io::Error::other("the machine stopped")),
            _ => Ok(()),
        };
        let (out, outbox) = (folders.out(), folders.outbox());
        let places = Places {
            out: &out,
            outbox: &outbox,
            watch: &watch,
        };
        let is_through = publish::recover(&mut folders.open().expect("store"), &places).is_ok();
        publish::recover(&mut folders.open().expect("store"), &folders.places()).expect("recovered");
        assert!([content_of(&out), content_of(&outbox)] == expected, "step {limit}");
        if is_through {
            assert!(limit > 15, "{limit}");
            break;
        }
    }
}

#[test]
fn the_erp_never_gets_a_file_twice() {
    let mut unseen = 0;
    for limit in 0.. {
        let folders = Folders::new();
        let is_through = run_until(&folders, limit);
        // The ERP takes what it sees, and puts it nowhere that we know.
        let placed = folders.outbox().join("postings-1.csv");
        let is_taken = std::fs::remove_file(&placed).is_ok();
        let mut store: Store = folders.open().expect("store");
        let recovered = publish::recover(&mut store, &folders.places()).expect("recovered");
        if is_taken {
            assert!(!placed.exists(), "step {limit}: delivered again");
            unseen += usize::from(recovered.is_some_and(|published| !published.is_delivery_seen));
        } else if store.next_run().expect("number") == 2 {
            assert!(placed.exists(), "step {limit}: never delivered");
        }
        if is_through {
            assert!(is_taken && unseen > 0, "a crash right after the rename is told");
            break;
        }
    }
}

#[test]
fn a_delivery_that_the_erp_is_done_with_stays_there() {
    let folders = Folders::new();
    Night::first()
        .commit(&mut folders.open().expect("store"), &folders)
        .expect("committed");
    let done = folders.outbox().join("done");
    std::fs::create_dir_all(&done).expect("folder");
    std::fs::write(done.join("postings-1.csv"), "posting_id\n1-1\n").expect("as the run wrote it");
    let mut store = folders.open().expect("store");
    let published = publish::recover(&mut store, &folders.places())
        .expect("recovered")
        .expect("run");
    assert!(published.is_delivery_seen);
    assert!(!folders.outbox().join("postings-1.csv").exists());
}

#[test]
fn a_damaged_folder_is_made_again_from_the_store() {
    let expected = undisturbed();
    type Harm = (&'static str, fn(&std::path::Path));
    let harms: [Harm; 5] = [
        ("gone", |folder| std::fs::remove_dir_all(folder).expect("removed")),
        ("a file gone", |folder| {
            std::fs::remove_file(folder.join("report.html")).expect("removed")
        }),
        ("a byte flipped", |folder| {
            std::fs::write(folder.join("postings.csv"), "posting_id\n1-2\n").expect("written")
        }),
        ("a file too many", |folder| {
            std::fs::write(folder.join("core"), "").expect("written")
        }),
        ("cut", |folder| {
            let file = std::fs::File::options()
                .write(true)
                .open(folder.join("report.html"))
                .expect("file");
            file.set_len(4_096).expect("cut");
        }),
    ];
    for (name, harm) in harms {
        for is_renamed in [false, true] {
            let folders = Folders::new();
            Night::first()
                .commit(&mut folders.open().expect("store"), &folders)
                .expect("committed");
            let mut folder = folders.out().join(".1");
            if is_renamed {
                std::fs::rename(&folder, folders.out().join("1")).expect("renamed");
                folder = folders.out().join("1");
            }
            harm(&folder);
            let mut store = folders.open().expect("store");
            let published = publish::recover(&mut store, &folders.places())
                .expect(name)
                .expect(name);
            assert!(published.is_rebuilt, "{name}");
            assert!(
                [content_of(&folders.out()), content_of(&folders.outbox())] == expected,
                "{name}"
            );
        }
    }
}

#[test]
fn what_stands_in_the_way_is_named_before_anything_is_committed() {
    for way in [
        "out/1/x",
        "outbox/postings-1.csv",
        "outbox/done/postings-1.csv",
        "out/latest/x",
    ] {
        let folders = Folders::new();
        let store = folders.open().expect("store");
        let path = folders.root().join(way);
        std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        std::fs::write(&path, "something").expect("file");
        let error = Night::first().write(&store, &folders.places()).expect_err(way);
        assert!(matches!(error, PublishError::Occupied { .. }), "{error}");
        assert_eq!(error.exit_code(), 73);
        assert_eq!(std::fs::read(&path).expect("still there"), b"something");
    }
}

#[test]
fn a_full_disk_is_told_with_its_path() {
    let folders = Folders::new();
    let full = |step: &Step<'_>| match step.path.ends_with("report.html") {
        true => Err(io::Error::from(io::ErrorKind::StorageFull)),
        false => Ok(()),
    };
    let (out, outbox) = (folders.out(), folders.outbox());
    let places = Places {
        out: &out,
        outbox: &outbox,
        watch: &full,
    };
    let error = Night::first()
        .write(&folders.open().expect("store"), &places)
        .expect_err("full");
    assert!(error.to_string().contains("out/.1/report.html"), "{error}");
    assert_eq!(error.exit_code(), 74);
    assert!(error.remedy().contains("disk is full"));
    Night::first()
        .write(&folders.open().expect("store"), &folders.places())
        .expect("the leftover is removed");
}

#[test]
fn names_never_lead_out_of_the_folder() {
    let folders = Folders::new();
    let draft = publish::prepare_folder(&folders.open().expect("store"), &folders.places()).expect("folder");
    for name in ["", "..", "../x", "/x", "a/../x", "a\\x", "./x", "a/"] {
        let written = draft.write(name, |_| io::Result::Ok(()));
        assert!(matches!(written, Err(PublishError::Name { .. })), "{name}");
    }
    let failed = draft.write("x", |_| Err("no such font"));
    assert_eq!(failed.expect_err("render").exit_code(), 70);
}

//! Reads the manifests of the whole workspace and fails when a rule about who may depend on whom is broken:
//! invariants 1 and 2 of `ARCHITECTURE.md`, and the licences, sources and bans of `deny.toml`.
#![allow(clippy::disallowed_methods)] // the test starts cargo

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// The component's own tree, linked crates and what runs while building counted alike. A new dependency there must
/// earn its line: raise the number in the commit that adds it, and say there why. Seven of them are the courier's token,
/// which phones must be able to check and ring is not made for: `miandan-courier`, Ed25519 (3), ChaCha20-Poly1305 (3).
const COMPONENT_TREE: usize = 97;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: String,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    license: Option<String>,
    source: Option<String>,
    dependencies: Vec<Dependency>,
    features: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    features: Vec<String>,
}

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

fn metadata() -> Metadata {
    serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--locked"]))
        .expect("metadata is JSON")
}

/// What a feature brings is shipped where the feature is on.
fn with_all_features() -> Metadata {
    let metadata = cargo(&["metadata", "--format-version", "1", "--locked", "--all-features"]);
    serde_json::from_str(&metadata).expect("metadata is JSON")
}

impl Metadata {
    fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_none())
    }

    /// Who in the workspace names a crate, in whatever way.
    fn dependents(&self, name: &str) -> BTreeSet<&str> {
        let depends =
            |package: &&Package| package.dependencies.iter().any(|dependency| dependency.name == name);
        self.ours().filter(depends).map(|package| package.name.as_str()).collect()
    }

    fn deny(&self) -> Deny {
        let text = fs::read_to_string(Path::new(&self.workspace_root).join("deny.toml")).expect("deny.toml");
        toml::from_str(&text).expect("deny.toml is as expected")
    }
}

/// Everything that a package links or builds with, as cargo resolves it for this package alone.
fn tree(package: &str) -> BTreeSet<String> {
    let text =
        cargo(&["tree", "--locked", "--package", package, "--edges", "normal,build", "--prefix", "none"]);
    text.lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The text of a constant `MARKER`, read from its source so that this test depends on no crate that has one.
fn marker(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let text = fs::read_to_string(path).expect("the source with the marker");
    let line = text.lines().find(|line| line.contains("pub const MARKER")).expect("a marker");
    let marker = line.split('"').nth(1).expect("the marker is a string on one line").as_bytes();
    assert!(marker.len() >= 16);
    marker.to_vec()
}

fn contains(program: &str, marker: &[u8]) -> bool {
    let bytes = fs::read(program).expect("the program was built");
    bytes.windows(marker.len()).any(|window| window == marker)
}

#[test]
fn invariant_1_hosts_can_neither_open_nor_mask_nor_seal() {
    for host in ["miandan-print", "miandan-protocol", "miandan-agent", "miandan-fleet", "miandan-capi"] {
        let tree = tree(host);
        for forbidden in ["miandan-unseal", "miandan-component", "miandan-mask", "hpke", "argon2"] {
            assert!(!tree.contains(forbidden), "{host} must not depend on {forbidden}");
        }
        assert!(tree.contains("miandan-core"), "the tree was read");
    }
    assert!(!tree("miandan-seal").contains("miandan-unseal"), "miandan-seal holds no decryption key");
}

#[test]
fn invariant_1_only_the_install_package_has_the_sealing_half() {
    let metadata = metadata();
    let seal = metadata.ours().find(|package| package.name == "miandan-seal").expect("miandan-seal");
    assert!(seal.features.contains_key("issue"), "the sealing half is behind a feature");
    assert!(
        !seal.features.get("default").is_some_and(|features| features.iter().any(|name| name == "issue"))
    );
    let with_issue: BTreeSet<_> = metadata
        .ours()
        .filter(|package| {
            package.dependencies.iter().any(|dependency| {
                dependency.name == "miandan-seal"
                    && dependency.kind.as_deref() != Some("dev")
                    && dependency.features.iter().any(|feature| feature == "issue")
            })
        })
        .map(|package| package.name.as_str())
        .collect();
    assert_eq!(with_issue, BTreeSet::from(["miandan"]));
}

/// The component knows one way to mask. Built by itself, as `cargo test -p miandan-component` builds it, it has no other:
/// a line that named one would not compile. In the install package cargo builds the masker once, for both programs,
/// with all that either asks for; there, what no code of the component names is not linked.
#[test]
fn invariant_3_the_component_knows_one_profile() {
    let metadata = metadata();
    let mask = metadata.ours().find(|package| package.name == "miandan-mask").expect("miandan-mask");
    assert_eq!(mask.features.keys().collect::<Vec<_>>(), ["profiles"], "no default feature");
    let asking = |package: &&Package| {
        let asks =
            |dependency: &Dependency| dependency.name == "miandan-mask" && !dependency.features.is_empty();
        package.dependencies.iter().any(asks)
    };
    let asking: BTreeSet<_> = metadata.ours().filter(asking).map(|package| package.name.as_str()).collect();
    assert_eq!(asking, BTreeSet::from(["miandan"]), "who asks for other profiles than gbt41833");
    let features =
        cargo(&["tree", "--locked", "-p", "miandan-component", "-e", "normal,features", "--prefix", "none"]);
    assert!(features.contains("miandan-mask") && !features.contains("\"profiles\""), "{features}");

    let marker = marker("miandan-mask/src/profile.rs");
    assert!(contains(env!("CARGO_BIN_EXE_miandan"), &marker), "the marker is where the profiles are");
    assert!(!contains(env!("CARGO_BIN_EXE_miandan-component"), &marker), "the component has other profiles");
}

#[test]
fn invariant_2_the_opening_code_has_one_way_out() {
    let metadata = metadata();
    assert_eq!(metadata.dependents("miandan-unseal"), BTreeSet::from(["miandan-component"]));
    assert_eq!(metadata.dependents("miandan-component"), BTreeSet::from(["miandan"]));
}

#[test]
fn invariant_2_the_public_api_of_the_component_is_main() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../miandan-component/src/lib.rs");
    let text = fs::read_to_string(library).expect("the component's lib.rs");
    // Behind the feature `attacks` there is the test's attacker, which opens nothing.
    let shipped =
        text.replace("#[cfg(all(feature = \"attacks\", target_os = \"linux\"))]\npub mod attack;", "");
    assert_ne!(shipped, text, "the attacker is behind its feature");
    let public: Vec<_> = shipped.lines().filter(|line| line.trim_start().starts_with("pub ")).collect();
    assert_eq!(public.len(), 1, "{public:?}");
    assert!(public[0].starts_with("pub fn main()"), "{public:?}");
}

#[test]
fn programs_that_are_shipped_have_no_attacker() {
    let metadata = metadata();
    let component =
        metadata.ours().find(|package| package.name == "miandan-component").expect("the component");
    assert_eq!(component.features.keys().collect::<Vec<_>>(), ["attacks"], "no default feature");
    let asked = metadata.ours().flat_map(|package| &package.dependencies);
    let asked: Vec<_> = asked.filter(|dependency| dependency.name == "miandan-component").collect();
    assert!(!asked.is_empty() && asked.iter().all(|dependency| dependency.features.is_empty()));
    let bytes = fs::read(env!("CARGO_BIN_EXE_miandan-component")).expect("the program was built");
    for act in [&b"execute_set_user_id"[..], b"memory_bomb"] {
        assert!(!bytes.windows(act.len()).any(|window| window == act), "the attacker is in the program");
    }
}

#[test]
fn invariant_2_host_programs_do_not_contain_the_opening_code() {
    let marker = marker("miandan-unseal/src/lib.rs");
    assert!(
        contains(env!("CARGO_BIN_EXE_miandan-component"), &marker),
        "the marker is where the opening code is"
    );
    assert!(!contains(env!("CARGO_BIN_EXE_miandan"), &marker), "the command line contains the opening code");
    assert!(!contains(env!("CARGO_BIN_EXE_miandan-agent"), &marker), "the agent contains the opening code");
}

/// In the install package cargo builds the renderer once for both programs; there, what no code of the component names is
/// not linked.
#[test]
fn the_second_writer_of_pdf_is_in_the_host_alone_and_only_where_it_is_asked_for() {
    let metadata = metadata();
    assert_eq!(metadata.dependents("printpdf"), BTreeSet::from(["miandan-render"]));
    for package in metadata.ours() {
        let default = package.features.get("default");
        assert!(default.is_none_or(|features| features.iter().all(|name| name != "printpdf")));
        let asks = |dependency: &Dependency| dependency.features.iter().any(|name| name == "printpdf");
        assert!(!package.dependencies.iter().any(asks), "{}", package.name);
    }
    for package in ["miandan-component", "miandan-print", "miandan-agent", "miandan"] {
        assert!(!tree(package).contains("printpdf"), "{package} has printpdf in its tree");
    }
    let names = cargo(&[
        "tree",
        "--locked",
        "-p",
        "miandan-component",
        "--all-features",
        "-f",
        "{lib}",
        "--prefix",
        "none",
    ]);
    let named = |name: &str| names.lines().any(|line| line.trim() == name);
    assert!(named("miandan_render") && !named("printpdf"), "no feature of the component brings it");
    // What the files of the second writer say of themselves.
    let producer = concat!("Miandan ", env!("CARGO_PKG_VERSION"), " (printpdf)").as_bytes();
    assert_eq!(contains(env!("CARGO_BIN_EXE_miandan"), producer), cfg!(feature = "printpdf"));
    assert!(!contains(env!("CARGO_BIN_EXE_miandan-component"), producer));
}

#[test]
fn the_tree_of_the_component_stays_short() {
    let tree = tree("miandan-component");
    assert!(tree.len() <= COMPONENT_TREE, "{} crates: {tree:#?}", tree.len());
    // A component works on one thread; parallelism is several processes.
    assert!(!tree.contains("rayon") && !tree.contains("tokio"), "{tree:#?}");
}

#[test]
fn licences_are_permissive() {
    let metadata = with_all_features();
    let deny = metadata.deny();
    let allowed: Vec<_> = deny
        .licenses
        .allow
        .iter()
        .map(|text| spdx::Licensee::parse(text).expect("a licence in deny.toml"))
        .collect();
    for package in &metadata.packages {
        let license =
            package.license.as_deref().unwrap_or_else(|| panic!("{} names no licence", package.name));
        // Older manifests write a slash for OR.
        let expression = spdx::Expression::parse_mode(license, spdx::ParseMode::LAX)
            .unwrap_or_else(|error| panic!("{}: {license}: {error}", package.name));
        let fits =
            expression.evaluate(|requirement| allowed.iter().any(|licensee| licensee.satisfies(requirement)));
        assert!(fits, "{} is under {license}", package.name);
    }
}

#[test]
fn sources_are_one_registry_and_nothing_is_banned() {
    let metadata = with_all_features();
    let sources: BTreeSet<_> =
        metadata.packages.iter().filter_map(|package| package.source.as_deref()).collect();
    assert_eq!(sources.len(), 1, "{sources:?}");
    assert!(sources.iter().all(|source| source.starts_with("registry+")), "{sources:?}");
    let banned: BTreeSet<_> = metadata.deny().bans.deny.into_iter().map(|banned| banned.name).collect();
    assert!(!banned.is_empty());
    let found: Vec<_> = metadata.packages.iter().filter(|package| banned.contains(&package.name)).collect();
    assert!(found.is_empty(), "{:?}", found.iter().map(|package| &package.name).collect::<Vec<_>>());
}

//! Landlock: no file, no TCP port, no signal and no abstract socket outside. Nothing is allowed, so there are no
//! rules.

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope};
use miandan_core::sandbox::LayerState;

/// The newest version that we have tested. An older kernel enforces what it knows, which is reported as partial.
const TESTED: ABI = ABI::V7;

/// Denies everything that Landlock knows of. Files that are open stay open.
pub(crate) fn deny_all() -> LayerState {
    match restrict() {
        Ok(RulesetStatus::FullyEnforced) => LayerState::On,
        Ok(RulesetStatus::PartiallyEnforced) => LayerState::Partial,
        Ok(RulesetStatus::NotEnforced) | Err(_) => LayerState::Unavailable,
    }
}

fn restrict() -> Result<RulesetStatus, RulesetError> {
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(TESTED))?
        .handle_access(AccessNet::from_all(TESTED))?
        .scope(Scope::from_all(TESTED))?
        .create()?
        .restrict_self()?;
    Ok(status.ruleset)
}

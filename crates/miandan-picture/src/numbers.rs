//! x
use crate::ink::Ink;
use crate::page::Area;
/// x
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// x
    pub text: String,
    /// x
    pub area: Area,
}
pub(crate) fn read(_ink: &Ink) -> Vec<Number> {
    vec![]
}

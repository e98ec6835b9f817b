//! The value of an expression: variables, data of the order, and what is made of them.

use super::Problem;
use super::data::{Leaf, kilograms, personal, yuan};
use super::evaluate::Machine;
use super::expression::{Expression, Unary};
use super::value::Value;

impl<'a> Machine<'a> {
    pub(super) fn value(&mut self, expression: &'a Expression) -> Result<Value<'a>, Problem> {
        self.step(0)?;
        Ok(match expression {
            Expression::Undefined => Value::Undefined,
            Expression::Null => Value::Null,
            Expression::Boolean(value) => Value::Boolean(*value),
            Expression::Number(number) => Value::Number(*number),
            Expression::Text(text) => Value::Borrowed(text),
            Expression::List(elements) => {
                let elements =
                    elements.iter().map(|element| self.value(element)).collect::<Result<Vec<_>, _>>()?;
                self.new_list(elements)?
            }
            Expression::Object(members) => {
                let object = self.new_object()?;
                for (name, value) in members {
                    let value = self.value(value)?;
                    let key = self.key(&Value::Borrowed(name))?;
                    self.set(&object, &key, value)?;
                }
                object
            }
            Expression::Date => self.new_date()?,
            Expression::Leaf(leaf) => self.leaf(*leaf),
            Expression::Group(group) if group.is_present(self.waybill, self.named) => Value::Boolean(true),
            Expression::Group(_) => Value::Undefined,
            Expression::Items => Value::Items,
            Expression::Data => self.data.clone(),
            Expression::DocumentNumber => count(self.waybill.number.map_or(0, |number| number.index)),
            Expression::DocumentCount => count(self.waybill.number.map_or(0, |number| number.count)),
            Expression::RunningNumber => match self.waybill.running {
                Some(running) => self.made(running.to_string())?,
                None => Value::Absent,
            },
            Expression::Copy => Value::Number(f64::from(self.waybill.copy)),
            Expression::Variable(slot) => self.slots[self.place(*slot)].clone(),
            Expression::Assign(slot, value) => {
                let value = self.value(value)?;
                let place = self.place(*slot);
                self.slots[place] = value.clone();
                value
            }
            Expression::Step { slot, by, prefix } => {
                let place = self.place(*slot);
                let before = match &self.slots[place] {
                    Value::Number(before) => *before,
                    other => self.number(other.clone())?,
                };
                self.slots[place] = Value::Number(before + by);
                Value::Number(if *prefix { before + by } else { before })
            }
            Expression::AssignMember(operator, parts) => {
                let [object, key, value] = &**parts;
                let (object, key) = (self.value(object)?, self.value(key)?);
                let value = match operator {
                    None => self.value(value)?,
                    Some(operator) => {
                        let name = self.key(&key)?;
                        let before = self.get(&object, &name)?;
                        let value = self.value(value)?;
                        self.binary(*operator, before, value)?
                    }
                };
                let key = self.key(&key)?;
                self.set(&object, &key, value.clone())?;
                value
            }
            Expression::StepMember { target, by, prefix } => {
                let (object, key) = (self.value(&target[0])?, self.value(&target[1])?);
                let key = self.key(&key)?;
                let before = self.get(&object, &key)?;
                let before = self.number(before)?;
                self.set(&object, &key, Value::Number(before + by))?;
                Value::Number(if *prefix { before + by } else { before })
            }
            Expression::Delete(target) => {
                let (object, key) = (self.value(&target[0])?, self.value(&target[1])?);
                let key = self.key(&key)?;
                self.delete(&object, &key)?;
                Value::Boolean(true)
            }
            Expression::Unary(operator, operand) => {
                let value = self.value(operand)?;
                match operator {
                    Unary::Not => Value::Boolean(!value.is_true()),
                    Unary::Plus => Value::Number(self.number(value)?),
                    Unary::TypeOf => Value::Borrowed(value.type_name()),
                    Unary::Minus => Value::Number(-self.number(value)?),
                }
            }
            Expression::Binary(operator, operands) => {
                let left = self.value(&operands[0])?;
                let right = self.value(&operands[1])?;
                self.binary(*operator, left, right)?
            }
            Expression::And(operands) => {
                let left = self.value(&operands[0])?;
                if left.is_true() { self.value(&operands[1])? } else { left }
            }
            Expression::Or(operands) => {
                let left = self.value(&operands[0])?;
                if left.is_true() { left } else { self.value(&operands[1])? }
            }
            Expression::Conditional(parts) => {
                let [test, then, otherwise] = &**parts;
                if self.value(test)?.is_true() { self.value(then)? } else { self.value(otherwise)? }
            }
            Expression::Sequence(parts) => {
                let mut last = Value::Undefined;
                for part in parts {
                    last = self.value(part)?;
                }
                last
            }
            Expression::Member(member, object) => {
                let object = self.value(object)?;
                self.get_named(&object, member)?
            }
            Expression::Index(pair) => {
                let object = self.value(&pair[0])?;
                let index = self.value(&pair[1])?;
                let key = self.key(&index)?;
                self.get(&object, &key)?
            }
            Expression::Method(method, operands) => {
                let values =
                    operands.iter().map(|operand| self.value(operand)).collect::<Result<Vec<_>, _>>()?;
                let (object, arguments) = values.split_first().ok_or(Problem::WrongType)?;
                self.method(*method, object, arguments)?
            }
            Expression::Function(function, arguments) => {
                let arguments =
                    arguments.iter().map(|argument| self.value(argument)).collect::<Result<Vec<_>, _>>()?;
                self.function(*function, &arguments)?
            }
            Expression::SortBy(routine, list) => {
                let list = self.value(list)?;
                self.sort_by(&list, *routine)?;
                list
            }
            Expression::Call(index, arguments) => self.call(*index, arguments)?,
        })
    }

    fn leaf(&self, leaf: Leaf) -> Value<'a> {
        let waybill = self.waybill;
        let text = match leaf {
            Leaf::WaybillNumber => &waybill.waybill_no,
            Leaf::CourierToken => &waybill.courier_token,
            Leaf::Carrier => &waybill.carrier,
            Leaf::OrderId => &waybill.order_id,
            Leaf::PaymentId => &waybill.payment_id,
            Leaf::Service => &waybill.service,
            Leaf::RouteCode => &waybill.routing.code,
            Leaf::Sortation => &waybill.routing.sortation,
            Leaf::ConsolidationName => &waybill.routing.consolidation_name,
            Leaf::ConsolidationCode => &waybill.routing.consolidation_code,
            Leaf::OriginName => &waybill.routing.origin_name,
            Leaf::OriginCode => &waybill.routing.origin_code,
            Leaf::Memo => waybill.memo.as_str(),
            Leaf::Personal(id) => personal(waybill, id).map_or("", |masked| masked.as_str()),
            Leaf::ParcelIndex => return count(waybill.parcel.index),
            Leaf::ParcelCount => return count(waybill.parcel.count),
            Leaf::TotalCount => {
                let total: u64 = waybill.items.iter().map(|item| u64::from(item.count)).sum();
                return if total == 0 { Value::Absent } else { Value::Number(total as f64) };
            }
            Leaf::Weight if waybill.parcel.weight_g > 0 => {
                return Value::text(kilograms(waybill.parcel.weight_g));
            }
            Leaf::CashOnDelivery if waybill.parcel.cod_fen > 0 => {
                return Value::text(yuan(waybill.parcel.cod_fen));
            }
            Leaf::InsuredValue if waybill.parcel.insured_fen > 0 => {
                return Value::text(yuan(waybill.parcel.insured_fen));
            }
            Leaf::Weight | Leaf::CashOnDelivery | Leaf::InsuredValue => "",
        };
        Value::of_order(text)
    }
}

/// A count of an order, which says 0 for what it does not know.
fn count<'a>(count: u32) -> Value<'a> {
    if count == 0 { Value::Absent } else { Value::Number(f64::from(count)) }
}

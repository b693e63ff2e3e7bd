//! Smaller inputs with the same fault.

use std::time::{Duration, Instant};

use serde_json::Value;

/// How long one input may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Leaves out entries of a tree as long as the fault stays.
pub fn tree(mut value: Value, stays: &dyn Fn(&Value) -> bool) -> Value {
    let start = Instant::now();
    let mut next = 0;
    while start.elapsed() < PATIENCE {
        match without(&value, &mut next.clone()) {
            None => return value,
            Some(smaller) if stays(&smaller) => value = smaller,
            Some(_) => next += 1,
        }
    }
    value
}

/// The tree without its entry of this number, in depth-first order, or nothing if it has not so many.
fn without(value: &Value, number: &mut usize) -> Option<Value> {
    let children: Vec<(usize, &Value)> = match value {
        Value::Array(list) => list.iter().enumerate().collect(),
        Value::Object(map) => map.values().enumerate().collect(),
        _ => return None,
    };
    for (place, child) in children {
        if *number == 0 {
            return Some(left_out(value, place));
        }
        *number -= 1;
        if let Some(smaller) = without(child, number) {
            return Some(replaced(value, place, smaller));
        }
    }
    None
}

fn left_out(value: &Value, place: usize) -> Value {
    let others = |at: &usize| *at != place;
    match value {
        Value::Array(list) => {
            let kept = list.iter().enumerate().filter(|(at, _)| others(at));
            kept.map(|(_, child)| child.clone()).collect()
        }
        Value::Object(map) => {
            let kept = map.iter().enumerate().filter(|(at, _)| others(at));
            let kept = kept.map(|(_, (key, child))| (key.clone(), child.clone()));
            Value::Object(kept.collect())
        }
        other => other.clone(),
    }
}

fn replaced(value: &Value, place: usize, new: Value) -> Value {
    let mut value = value.clone();
    let slot = match &mut value {
        Value::Array(list) => list.get_mut(place),
        Value::Object(map) => map.values_mut().nth(place),
        _ => None,
    };
    if let Some(slot) = slot {
        *slot = new;
    }
    value
}

/// Leaves out characters, first many and then few, as long as the fault stays.
pub fn text(text: &str, stays: &dyn Fn(&str) -> bool) -> String {
    let start = Instant::now();
    let mut kept: Vec<char> = text.chars().collect();
    let mut size = kept.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < kept.len() {
            if start.elapsed() > PATIENCE {
                return kept.into_iter().collect();
            }
            let end = (at + size).min(kept.len());
            let smaller: String = kept[..at].iter().chain(&kept[end..]).collect();
            if stays(&smaller) {
                kept.drain(at..end);
            } else {
                at = end;
            }
        }
        size /= 2;
    }
    kept.into_iter().collect()
}

//! The order people expect of refs: "2" before "10", "ii" before "v", "1a" before "1b".

/// How many digits a number is padded to. A ref has at most twelve characters.
const DIGITS: usize = 12;

/// A spelling of `label` whose byte order is the order people expect.
///
/// Numbers are padded with zeros, and so is a label that is a Roman numeral as a whole. A lone "i", "v"
/// or "x" is taken for a numeral: lists lettered that far have not been seen.
pub fn ref_order(label: &str) -> String {
    let label = label.trim().to_lowercase();
    match roman(&label) {
        Some(number) => format!("{number:0DIGITS$}"),
        None => padded(&label),
    }
}

fn padded(label: &str) -> String {
    let mut order = String::with_capacity(label.len() + DIGITS);
    let mut rest = label;
    while let Some(first) = rest.chars().next() {
        let numeric = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != numeric)
            .unwrap_or(rest.len());
        let (part, next) = rest.split_at(end);
        if numeric {
            let number = part.trim_start_matches('0');
            order.extend(std::iter::repeat_n(
                '0',
                DIGITS.saturating_sub(number.len()),
            ));
            order.push_str(number);
        } else {
            order.push_str(part);
        }
        rest = next;
    }
    order
}

/// The number a label stands for, if it is a Roman numeral up to thirty-nine.
fn roman(label: &str) -> Option<u32> {
    (1..40).find(|number| in_roman(*number) == label)
}

fn in_roman(number: u32) -> String {
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    const TENS: [&str; 4] = ["", "x", "xx", "xxx"];
    let digit = |value: u32| usize::try_from(value).unwrap_or_default();
    format!("{}{}", TENS[digit(number / 10)], ONES[digit(number % 10)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refs_sort_as_people_count() {
        for order in [
            vec!["1", "2", "9", "10", "11", "100"],
            vec!["i", "ii", "iii", "iv", "v", "ix", "x", "xi", "xxxix"],
            vec!["1a", "1b", "2", "2.1", "2.2", "2.10", "10"],
            vec!["A1", "a2", "B1"],
        ] {
            let mut sorted = order.clone();
            sorted.reverse();
            sorted.sort_by_key(|label| ref_order(label));
            assert_eq!(sorted, order);
        }
    }
}

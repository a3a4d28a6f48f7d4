//! Random requests about a policy, seeded: what generated cases ask, and what proxies get wrong, written as clients never would.

use conformance::generate;
use proptest::test_runner::TestRunner;

use crate::policies::{Policy, runner, sample};
use crate::raw::{Field, Raw};

/// Random requests: the same for the same seed.
pub(crate) struct Requests {
    runner: TestRunner,
    dice: Dice,
}

impl Requests {
    pub(crate) fn new(seed: u64) -> Requests {
        Requests {
            runner: runner(seed),
            dice: Dice(seed),
        }
    }

    /// Returns a policy and a request for it.
    ///
    /// # Errors
    ///
    /// A strategy that has no value.
    pub(crate) fn next<'p>(&mut self, policies: &'p [Policy]) -> Result<(&'p Policy, Raw), String> {
        let policy = self.dice.pick(policies).ok_or("there are no policies")?;
        let request = sample(&generate::request(&policy.configuration), &mut self.runner)?;
        let mut raw = Raw::plain(&request, format!("/{}/object", policy.name));
        self.twist(&mut raw);
        Ok((policy, raw))
    }

    /// Changes how a request is written, and now and then what it says.
    fn twist(&mut self, raw: &mut Raw) {
        let dice = &mut self.dice;
        if dice.one_in(12) {
            raw.method.make_ascii_lowercase();
        }
        if dice.one_in(60) {
            raw.method = dice
                .pick(&METHODS)
                .map_or(Vec::new(), |text| text.as_bytes().to_vec());
        }
        for field in &mut raw.fields {
            twist_value(dice, field);
        }
        if dice.one_in(15) {
            let copy = dice.pick(&raw.fields).cloned();
            raw.fields.extend(copy);
        }
        let names = |value: Vec<u8>| Field {
            name: "Access-Control-Request-Headers".to_owned(),
            before: " ",
            value,
            after: "",
        };
        if dice.one_in(20) {
            raw.fields.push(names(b"x-not-allowed-by-anybody".to_vec()));
        }
        if dice.one_in(40) {
            // Around the 32 lines that are read.
            let lines = 29_usize.saturating_add(dice.below(6));
            raw.fields
                .extend((0..lines).map(|_| names(b"x-a".to_vec())));
        }
        if dice.one_in(40) {
            let count = dice.below(300);
            let list: Vec<String> = (0..count).map(|number| format!("x-a-{number}")).collect();
            raw.fields.push(names(list.join(",").into_bytes()));
        }
        if dice.one_in(10) {
            // Names that only look like the ones that are read.
            let name = dice.pick(&OTHERS).copied().unwrap_or_default();
            raw.fields.push(Field {
                name: name.to_owned(),
                value: b"https://elsewhere.example".to_vec(),
                ..Field::default()
            });
        }
        if dice.one_in(2) {
            dice.shuffle(&mut raw.fields);
        }
        for field in &mut raw.fields {
            field.before = dice.pick(&SPACES).copied().unwrap_or_default();
            field.after = dice.pick(&SPACES).copied().unwrap_or_default();
            match dice.below(4) {
                0 => field.name.make_ascii_lowercase(),
                1 => field.name.make_ascii_uppercase(),
                _ => {}
            }
        }
    }
}

fn twist_value(dice: &mut Dice, field: &mut Field) {
    if dice.one_in(40) {
        field.value.clear();
    }
    if dice.one_in(30) {
        field.value.push(0xFF);
    }
    if dice.one_in(150) {
        field.value.push(0);
    }
    if dice.one_in(40) {
        field.value.resize(5000, b'a');
    }
}

const METHODS: [&str; 6] = ["TRACE", "CONNECT", "HEAD", "PROPFIND", "X-A", "OPTIONSX"];
const OTHERS: [&str; 5] = [
    "X-Origin",
    "Origi",
    "Originn",
    "Access-Control-Request-Header",
    "Access-Control-Request-Headers-X",
];
const SPACES: [&str; 8] = [" ", " ", " ", " ", "", "\t", "  ", " \t "];

/// `SplitMix64` (Steele, Lea and Flood, 2014): which of the changes are made.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, or 0.
    fn below(&mut self, bound: usize) -> usize {
        let number = usize::try_from(self.next() >> 33).unwrap_or(0);
        number.checked_rem(bound).unwrap_or(0)
    }

    fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == 0
    }

    fn pick<'t, T>(&mut self, items: &'t [T]) -> Option<&'t T> {
        items.get(self.below(items.len()))
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last.saturating_add(1)));
        }
    }
}

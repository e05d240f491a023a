// SPDX-License-Identifier: MIT
//! Work for an allocator: vectors, strings and maps in three threads; Rust's own default is malloc.
use std::collections::{BTreeMap, HashMap};
use std::thread;

fn work(seed: u64, count: u64) -> u64 {
    let mut x = seed;
    let mut groups: HashMap<u64, Vec<String>> = HashMap::new();
    for i in 0..count {
        x = (x * 1103515245 + 12345) & 0x7fff_ffff;
        groups.entry(x % 5003).or_default().push(format!("value {} {}", i, "v".repeat((x % 97) as usize)));
    }
    let sorted: BTreeMap<_, _> = groups.into_iter().map(|(key, texts)| (key, texts.join(","))).collect();
    sorted.iter().fold(0, |sum: u64, (key, text)| {
        text.bytes().fold(sum ^ key, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte as u64))
    })
}

fn main() {
    let count = std::env::args().nth(1).unwrap().parse().unwrap();
    let threads: Vec<_> = (1..4).map(|seed| thread::spawn(move || work(seed, count))).collect();
    for thread in threads {
        println!("{}", thread.join().unwrap());
    }
}

//! `make bench-web`, its last part: the same asked of our gateway and of `PostGraphile` over the same PostgreSQL, in turns.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::ask::{Asked, Asker};
use crate::tally::Tally;

/// How many turns each gets.
const ROUNDS: usize = 5;

/// One question, as each of the two is asked.
struct Pair {
    name: &'static str,
    ours: &'static str,
    theirs: &'static str,
    /// Where both lists stand: as many of one as of the other must be there.
    lists: (&'static str, &'static str),
    /// How many times as many requests a second ours is to answer.
    aim: f64,
}

const PAIRS: [Pair; 2] = [
    Pair {
        name: "a compact with its plans",
        ours: include_str!("../queries/whole.graphql"),
        theirs: include_str!("../../graphql-peer/questions/whole.graphql"),
        lists: (
            "/data/compact/actionPlans/nodes",
            "/data/compactBySlug/actionPlansByCompactId/nodes",
        ),
        aim: 10.0,
    },
    Pair {
        name: "twenty open actions",
        ours: include_str!("../queries/twenty.graphql"),
        theirs: include_str!("../../graphql-peer/questions/twenty.graphql"),
        lists: (
            "/data/compact/actions/nodes",
            "/data/compactBySlug/actionsByCompactId/nodes",
        ),
        aim: 6.0,
    },
];

/// Asks both in turns, and prints how many times as many requests a second ours answers: the median over the rounds.
///
/// # Errors
/// When one of them does not answer, or they do not answer alike.
pub async fn compare(
    (ours, theirs): (&Asker, &Asker),
    connections: usize,
    time: Duration,
) -> anyhow::Result<()> {
    let compacts = slugs(ours).await?;
    println!("{connections} connections; {ROUNDS} rounds in turns");
    println!("{}", Tally::HEAD);
    for pair in &PAIRS {
        let about: Vec<Value> = compacts
            .iter()
            .map(|slug| json!({ "slug": slug }))
            .collect();
        alike((ours, theirs), pair, &about).await?;
        let mut ratios: [Vec<f64>; 2] = Default::default();
        let mut last: [Tally; 3] = Default::default();
        for _ in 0..ROUNDS {
            let turns = [
                (theirs, Asked::TheSame(pair.theirs, &about)),
                (ours, Asked::TheSame(pair.ours, &about)),
                (ours, Asked::Anew(pair.ours, &about)),
            ];
            for (tally, (asker, asked)) in last.iter_mut().zip(turns) {
                *tally = asker.keep_asking(asked, connections, time).await?;
            }
            let [theirs, again, anew] = &last;
            ratios[0].push(again.rate() / theirs.rate());
            ratios[1].push(anew.rate() / theirs.rate());
        }
        let [theirs, again, anew] = &last;
        println!("{}", again.line(pair.name));
        println!("{}", anew.line("  the same, made anew each time"));
        println!("{}", theirs.line("  the same by PostGraphile"));
        let [again, anew] = ratios.map(median);
        let short = if again < pair.aim { ": short" } else { "" };
        println!(
            "  {again:.2} times as many requests a second (aim {}{short}); made anew {anew:.2}",
            pair.aim
        );
    }
    Ok(())
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ROUNDS / 2]
}

async fn slugs(asker: &Asker) -> anyhow::Result<Vec<String>> {
    let answer = asker
        .ask("{ compacts(first: 50) { nodes { slug } } }", &json!({}))
        .await?;
    let nodes = answer["data"]["compacts"]["nodes"].as_array();
    let slugs = nodes.context("no compacts")?.iter();
    Ok(slugs
        .filter_map(|node| node["slug"].as_str().map(str::to_owned))
        .collect())
}

/// Whether both tell as much of every compact: who answers less is faster for nothing.
async fn alike(
    (ours, theirs): (&Asker, &Asker),
    pair: &Pair,
    about: &[Value],
) -> anyhow::Result<()> {
    for variables in about {
        let count = |answer: &Value, list: &str| {
            let nodes = answer.pointer(list).and_then(Value::as_array);
            nodes
                .map(Vec::len)
                .with_context(|| format!("nothing at {list} in {answer}"))
        };
        let told = count(&ours.ask(pair.ours, variables).await?, pair.lists.0)?;
        let told_by_peer = count(&theirs.ask(pair.theirs, variables).await?, pair.lists.1)?;
        ensure!(
            told == told_by_peer && told > 0,
            "{}: ours tells {told} for {variables}, PostGraphile {told_by_peer}",
            pair.name
        );
    }
    Ok(())
}

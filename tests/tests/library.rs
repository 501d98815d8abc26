//! What the price library says of its figures.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use planner_tests::repository;

#[test]
fn every_machine_says_what_is_published_of_it_and_what_is_not() {
    let mut rows = csv::Reader::from_path(repository().join("site-data/library/asics.csv")).unwrap();
    let mut coolings = std::collections::BTreeMap::<String, Vec<String>>::new();
    for row in rows.records() {
        let row = row.unwrap();
        let [model, cooling, source, confidence] = [0, 3, 5, 7].map(|at| row[at].to_owned());
        assert!(source.contains("published: ") || source.contains("unverified"), "{model}: {source}");
        assert!(source.contains("failure rate assumed"), "{model}: {source}");
        assert_eq!(confidence, "estimated", "{model}: published and assumed figures stand together");
        let maker = model.split(' ').next().unwrap().to_owned();
        coolings.entry(maker).or_default().push(cooling);
    }
    assert_eq!(coolings["Teraflux"], ["air", "immersion", "hydro"], "Auradine's, of which MARA owns a part");
}

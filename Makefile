# One profile (release) and one target folder throughout: HiGHS takes about five
# CPU minutes to compile per profile.

CARGO := . target/tools.env && cargo
PLANNER := target/release/planner
MDBOOK := 0.5.4

.PHONY: help build demo test test-long bless bless-long book tools bench ci fmt clippy docs clean prerequisites

help:
	@echo "make demo       build, plan site-data/keel-2026, print the decision page"
	@echo "make test       all tests"
	@echo "make build      leave the binary at $(PLANNER)"
	@echo "make test-long  tests that take longer; some bring solvers from PyPI and tools from npm"
	@echo "make bless      write tests/snapshots, planner-core/schemas and what documents print, to be reviewed as a difference"
	@echo "make bless-long the same for printed commands that take minutes"
	@echo "make book       the book as pages in docs/book, with mdBook from the crate registry"
	@echo "make bench      where the time goes, on the shipped portfolios"
	@echo "make ci         formatting, lints, tests, docs"

prerequisites:
	@.ci/prerequisites

build: prerequisites
	$(CARGO) build --release --locked

demo: build
	@mkdir -p target/demo
	$(PLANNER) plan site-data/keel-2026 --out target/demo/plan.json --force

test: build
	$(CARGO) test --release --locked --workspace

test-long: build book
	$(CARGO) test --release --locked --workspace -- --include-ignored

bless: build
	BLESS=1 $(CARGO) test --release --locked --workspace --test formulation
	BLESS=1 $(CARGO) test --release --locked --workspace --lib schemas
	BLESS=1 $(CARGO) test --release --locked --workspace --test book --test printed

bless-long: build
	BLESS=1 $(CARGO) test --release --locked --workspace --test printed -- --ignored

book: tools
	target/tools/bin/mdbook build docs

tools:
	@test -x target/tools/bin/mdbook || cargo install mdbook --locked --version $(MDBOOK) --root target/tools

bench: build
	@mkdir -p target/bench
	@for portfolio in first-look keel-2026; do \
	  $(PLANNER) plan site-data/$$portfolio --out target/bench/$$portfolio.json --force --timings --quiet; \
	done

fmt:
	cargo fmt --all --check

clippy: prerequisites
	$(CARGO) clippy --release --locked --workspace --all-targets -- -D warnings

docs: prerequisites
	$(CARGO) doc --release --locked --workspace --no-deps

ci: export RUSTDOCFLAGS = -D warnings
ci: fmt clippy test docs

clean:
	cargo clean

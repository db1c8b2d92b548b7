# The door to fairlead. `make help` lists what it opens.

SHELL := /bin/bash
.DEFAULT_GOAL := help
ROOT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))

# Maven may be started by any JDK from 17 on; with 25 the formatter can run in it too.
JDK := $(shell $(ROOT)scripts/find-jdk)
MVN := JAVA_HOME=$(JDK) MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" \
       mvn --batch-mode --file $(ROOT)pom.xml

# How the agents of the demo and of the lab serve Services; IPVS needs a kernel that has it.
PROXY := nftables
IN_KERNEL := $(if $(filter ipvs,$(PROXY)),$(ROOT)scripts/lab-kernel run)

.PHONY: help packages dist image demo test test-lab lab lab-kernel edge-cases bench bench-quick counts soak fuzz \
  chaos manifests format lint clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(ROOT)Makefile

packages: ## Install the Debian packages that are missing
	@$(ROOT)scripts/install-packages

dist: packages ## Build a runnable tree at target/fairlead: bin/fairlead, cni/fairlead, lib/, share/sbom.json
	@$(MVN) --quiet package -Psbom -DskipTests -Dspotless.check.skip
	@$(ROOT)scripts/train-cache
	@echo "built target/fairlead: $$(du -sh $(ROOT)target/fairlead | cut -f1)"

image: dist ## Build the container image target/image/fairlead.tar, without Docker (IMAGE=name:tag)
	@IMAGE=$(IMAGE) $(ROOT)deploy/image/build

demo: dist ## Two nodes, two agents, four pods, a Service, a policy: checked with packets (PROXY=iptables, ipvs)
	@$(IN_KERNEL) $(ROOT)scripts/bench -XX:TieredStopAtLevel=1 io.fairlead.bench.demo.DemoMain proxy-mode=$(PROXY)

test: packages ## Build everything, check it and run all tests, also in the lab kernel (what CI runs)
	@log=$$(mktemp); $(ROOT)scripts/lab-kernel build >$$log 2>&1 & built=$$!; status=0; \
	  $(MVN) verify -Psbom --fail-at-end --threads 1C || status=$$?; \
	  wait $$built || status=$$?; cat $$log; rm -f $$log; \
	  $(ROOT)scripts/lab-kernel test || status=$$?; $(ROOT)scripts/count-tests; exit $$status

test-lab: ## Run the kernel tests in the lab kernel, with the classes that are compiled already
	@$(ROOT)scripts/lab-kernel test

lab-kernel: ## Build the lab kernel: IPVS, dummy devices and SCTP as a process (make test does it)
	@$(ROOT)scripts/lab-kernel build

lab: dist ## Keep two nodes with pods up until Ctrl-C, and print how to enter them
	@$(ROOT)scripts/bench io.fairlead.bench.lab.LabMain proxy-mode=$(PROXY)

edge-cases: ## Print the edge cases that are promised, each with the tests that name it
	@$(ROOT)scripts/edge-cases

# BENCH="--only overlay,start" takes some of it, BENCH=--list says what there is; docs/benchmark.md has the rest.
bench: dist ## Measure everything beside its rivals, in less than 30 minutes: target/bench/report.html, report.md, results.json
	@$(ROOT)scripts/lab-kernel build || echo "without the lab kernel, what needs it is missing from the report" >&2
	@$(ROOT)target/fairlead/bin/fairlead-bench all --output $(ROOT)target/bench $(BENCH)

bench-quick: dist ## The same in small sizes, without the lab kernel, in less than 5 minutes
	@$(ROOT)target/fairlead/bin/fairlead-bench all --quick --output $(ROOT)target/bench $(BENCH)

counts: dist ## Take anew the counts that a test holds changes to (docs/regression.md); look at git diff then
	@$(ROOT)target/fairlead/bin/fairlead-bench effort --small --json $(ROOT)bench/src/test/resources/counts.json
	@$(ROOT)scripts/lab-kernel run $(ROOT)target/fairlead/bin/fairlead-bench effort --small --backend ipvs \
	  --json $(ROOT)bench/src/test/resources/counts-ipvs.json

# make soak SOAK="--pods 500 --seed 7"
soak: dist ## Attach 5,000 pods while agent and CNI binary are killed, and look for what is left; target/soak.json
	@$(ROOT)target/fairlead/bin/fairlead-bench soak --json $(ROOT)target/soak.json $(SOAK)

# make chaos CHAOS="--seed 7 --duration 5m"
chaos: dist ## Break everything around agents under traffic, in a seed's order, for 15 minutes; target/chaos/report.md
	@$(ROOT)target/fairlead/bin/fairlead-bench chaos --output $(ROOT)target/chaos $(CHAOS)

manifests: ## Render deploy/manifests from the chart anew (docs/deploy.md); look at git diff then
	@$(MVN) --quiet --also-make --projects deploy test -DskipImage -Dtest=ManifestsTest -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dfairlead.manifests.write=true

# make fuzz FUZZ="300 RouteInputs": seconds for each target, and part of the targets' names
FUZZ := 60
fuzz: packages ## Look for inputs that the decoders do not bear, a minute each; what is found joins the tests' inputs
	@$(MVN) --quiet test-compile -Dspotless.check.skip
	@$(ROOT)scripts/fuzz $(FUZZ)

format: ## Format the Java sources
	@$(MVN) --quiet spotless:apply

lint: ## Compile with all warnings as errors and check the formatting, without tests
	@$(MVN) --quiet verify -DskipTests

clean: ## Remove everything that was built
	@$(MVN) --quiet clean

package io.fairlead.bench.policy.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.testing.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What the kernel does to every packet of nine pods is what policies mean, whatever Services go
 * through: policy 6, faults 31. A subclass per Service backend.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PolicyMatrixBehaviour {

  /** A broken lab would fail everything; so many sentences are enough to see it. */
  private static final int ENOUGH = 60;

  private @Nullable PolicyMatrix matrix;

  /** How many random sets of policies are tried. */
  protected abstract int randomSets();

  /** To be called before all tests. */
  final void open(NodeServices.Mode services) throws Exception {
    matrix = PolicyMatrix.open(services);
  }

  @AfterAll
  void close() throws IOException {
    if (matrix != null) {
      matrix.close();
    }
  }

  final PolicyMatrix matrix() {
    return Objects.requireNonNull(matrix);
  }

  private void check(String what, List<PolicyCase> cases) throws IOException {
    long start = System.nanoTime();
    List<String> failures = new ArrayList<>();
    matrix().resetFigures();
    for (PolicyCase story : cases) {
      failures.addAll(matrix().check(story));
      if (failures.size() > ENOUGH) {
        break;
      }
    }
    failures.addAll(matrix().strays());
    System.out.printf(
        "%s: %s: %d cases in %.1f s: %s%n",
        getClass().getSimpleName(),
        what,
        cases.size(),
        (System.nanoTime() - start) / 1e9,
        matrix().figures());
    assertThat(failures).isEmpty();
  }

  @Test
  @DisplayName("the catalogue: policy 5, policy 6, policy 13, faults 26, faults 31, faults 33")
  void catalogue() throws IOException {
    List<PolicyCase> cases = Catalogue.all();
    System.out.println("cases by tag: " + Catalogue.counts(cases));
    check("catalogue", cases);
  }

  @Test
  @DisplayName("the situations of the upstream suite")
  void upstream() throws IOException {
    check("upstream", UpstreamCases.all());
  }

  @Test
  @DisplayName("policies by chance, each set from a seed of its own")
  void random() throws IOException {
    RandomGenerator seeds = Seed.generator(getClass().getSimpleName());
    List<PolicyCase> cases = new ArrayList<>();
    for (int i = 0; i < randomSets(); i++) {
      cases.add(RandomPolicies.ofSeed(seeds.nextLong()));
    }
    System.out.println(
        cases.size() + " sets, \"" + cases.getFirst().name() + "\" to \"" + cases.getLast().name());
    check("random", cases);
  }

  @Test
  @DisplayName("IPv6 alone isolates as IPv4 does")
  void dualStack() throws IOException {
    List<PolicyCase> cases = new ArrayList<>();
    List<PolicyCase> all = new ArrayList<>(UpstreamCases.all());
    all.addAll(ChangeCases.all());
    all.addAll(PortCases.all());
    for (int i = 0; i < all.size(); i += 3) {
      cases.add(all.get(i).by(EnumSet.of(AddressFamily.IPV6)));
    }
    check("IPv6", cases);
  }
}

package io.fairlead.bench.effort;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.policy.Change;
import io.fairlead.bench.policy.Changes;
import io.fairlead.bench.policy.ClusterObjects;
import io.fairlead.bench.policy.FairleadContender;
import io.fairlead.bench.policy.Population;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** A cluster with NetworkPolicies; what is counted begins with the records in hand. */
public final class PolicySubject implements Subject {

  private static final long SEED = 20_260_107;

  private final Population population;
  private final ClusterObjects cluster;
  private final Changes changes;
  private final FairleadContender contender;
  private final long thread;

  private PolicySubject(Population population, FairleadContender contender, long thread) {
    this.population = population;
    this.cluster = ClusterObjects.of(population);
    this.changes = new Changes(population, SEED);
    this.contender = contender;
    this.thread = thread;
  }

  public static PolicySubject create(Population population, EffortMeter meter)
      throws IOException, InterruptedException {
    LabNamespace namespace = LabNamespace.create("effort-policy");
    FairleadContender contender;
    long thread;
    try {
      thread = namespace.call(() -> Thread.currentThread().threadId());
      contender = FairleadContender.open(namespace);
    } catch (IOException | InterruptedException | RuntimeException e) {
      namespace.close();
      throw e;
    }
    PolicySubject made = new PolicySubject(population, contender, thread);
    try {
      made.count(meter, "first sync", () -> contender.load(made.cluster));
      return made;
    } catch (IOException | InterruptedException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  @Override
  public String title() {
    return "fairlead policies, " + population.title();
  }

  /** Two rounds of {@link Changes}, the second of which takes back the first. */
  @Override
  public void round(EffortMeter meter) throws IOException, InterruptedException {
    for (int i = 0; i < 2; i++) {
      for (Change change : changes.nextRound()) {
        cluster.apply(change);
        count(meter, change.kind().title(), () -> contender.change(cluster, change));
      }
    }
  }

  /** What is counted, and returns a time that is not of interest here. */
  @FunctionalInterface
  private interface Timed {
    long run() throws IOException, InterruptedException;
  }

  private void count(EffortMeter meter, String change, Timed timed)
      throws IOException, InterruptedException {
    long before = contender.effort().operations();
    Map<String, String> parameters = new TreeMap<>(population.parameters());
    parameters.put("contender", "fairlead policies");
    meter.change(
        thread,
        parameters,
        change,
        () -> {
          timed.run();
          return contender.effort().operations() - before;
        });
  }

  @Override
  public void close() {
    contender.close();
  }
}

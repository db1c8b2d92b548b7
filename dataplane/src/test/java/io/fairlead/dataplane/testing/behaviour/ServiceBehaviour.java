package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.testing.behaviour.Matrix.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a Service backend must do to packets, whichever it is: a subclass per backend. Each case of
 * the matrix is a client, a path, a Service, a family and a protocol; all Services of a matrix are
 * in the kernel at once. All that is wrong is printed as a table.
 */
public abstract class ServiceBehaviour extends ServiceScenarios {

  private int cases;

  @TestFactory
  @DisplayName(
      "Policies and endpoints, pods known by their networks"
          + " (services 12, 13, 15, 16, 23, 24, 25, 26, 27, 29, 33)")
  Stream<DynamicTest> policiesAndEndpoints() throws Exception {
    return matrix(Situation.USUAL, services(List.of(EndpointMix.values())));
  }

  @TestFactory
  @DisplayName("Source ranges hold for load balancers' addresses only (services 9, 30)")
  Stream<DynamicTest> sourceRanges() throws Exception {
    List<Variant> services = new ArrayList<>();
    for (TrafficPolicy external : TrafficPolicy.values()) {
      for (Sources sources : Sources.values()) {
        services.add(
            new Variant(number(), TrafficPolicy.CLUSTER, external, EndpointMix.BOTH, sources, 0));
      }
    }
    return matrix(Situation.USUAL, services);
  }

  @TestFactory
  @DisplayName("A client with affinity stays with its endpoint, by every path and policy")
  Stream<DynamicTest> affinity() throws Exception {
    List<Variant> services =
        services(List.of(EndpointMix.LOCAL, EndpointMix.BOTH)).stream()
            .map(service -> service.withAffinity(300))
            .toList();
    return matrix(Situation.USUAL, services);
  }

  @TestFactory
  @DisplayName("Pods cannot be told from others: nobody is short-circuited (services 28)")
  Stream<DynamicTest> unknownPods() throws Exception {
    return matrix(Situation.of(new LocalPods.Unknown()), fewServices());
  }

  @TestFactory
  @DisplayName("Pods are known by the bridge that they come in through (services 25, 26, 27)")
  Stream<DynamicTest> podsBehindAnInterface() throws Exception {
    return matrix(Situation.of(new LocalPods.Interface(BehaviourLab.BRIDGE)), fewServices());
  }

  @TestFactory
  @DisplayName("Pods are known by the beginning of an interface's name (services 25, 26, 27)")
  Stream<DynamicTest> podsBehindInterfaces() throws Exception {
    return matrix(Situation.of(new LocalPods.InterfacePrefix("pods")), fewServices());
  }

  @TestFactory
  @DisplayName(
      "Pods are known by the cluster's networks: other nodes' pods count (services 25, 27)")
  Stream<DynamicTest> podsOfTheCluster() throws Exception {
    return matrix(Situation.of(new LocalPods.Networks(BehaviourLab.CLUSTER_PODS)), fewServices());
  }

  @TestFactory
  @DisplayName("Everybody is masqueraded on the way to a cluster IP (services 27)")
  Stream<DynamicTest> everybodyIsMasqueraded() throws Exception {
    return matrix(
        new Situation(new LocalPods.Networks(BehaviourLab.LOCAL_PODS), true, List.of()),
        fewServices());
  }

  @TestFactory
  @DisplayName("Node ports on the addresses of one network (services 35)")
  Stream<DynamicTest> nodePortAddresses() throws Exception {
    return matrix(
        new Situation(
            new LocalPods.Networks(BehaviourLab.LOCAL_PODS),
            false,
            List.of(Cidr.parse("192.0.2.0/24"))),
        fewServices());
  }

  private List<Variant> fewServices() {
    return services(List.of(EndpointMix.NONE, EndpointMix.REMOTE, EndpointMix.BOTH));
  }

  /** The four combinations of policies with each set of endpoints. */
  private List<Variant> services(List<EndpointMix> mixes) {
    List<Variant> services = new ArrayList<>();
    for (EndpointMix mix : mixes) {
      for (TrafficPolicy internal : TrafficPolicy.values()) {
        for (TrafficPolicy external : TrafficPolicy.values()) {
          services.add(new Variant(number(), internal, external, mix));
        }
      }
    }
    return services;
  }

  private Stream<DynamicTest> matrix(Situation situation, List<Variant> services) throws Exception {
    start(situation);
    for (Variant service : services) {
      // Something else listens there: node ports come first, whatever becomes of them.
      lab().servers.answer(Host.NODE, node(), service.nodePort(), service.nodePort());
    }
    commit(services.toArray(Variant[]::new));
    List<Outcome> outcomes = new Matrix(services, new Oracle(situation)).run(probes());
    cases += outcomes.size();
    String table = Matrix.table(outcomes);
    if (!table.isEmpty()) {
      System.out.println("behaviour: " + name() + " differs:\n" + table);
    }
    return outcomes.stream()
        .map(outcome ->
            DynamicTest.dynamicTest(
                outcome.name(),
                () -> {
                  if (!outcome.mismatches().isEmpty()) {
                    throw new AssertionError("but " + outcome.mismatches());
                  }
                }));
  }

  @AfterAll
  void count() {
    System.out.printf("behaviour: %s %,d cases%n", name(), cases);
  }
}

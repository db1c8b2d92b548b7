package io.fairlead.dataplane.testing.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * One lab for all tests of a class, and a backend that each test starts anew. Services are numbered
 * through, so that no test meets the connections of another.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BackendLab {

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private @Nullable BehaviourLab openLab;
  private @Nullable Probes openProbes;
  private @Nullable ServiceBackend openBackend;
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private AddressClaims claims = new AddressClaims();
  private Situation situation = Situation.USUAL;
  private int numbers;

  /** The name of the backend in reports: "nftables". */
  protected abstract String name();

  /**
   * The backend under test, in the namespace of {@link #node()}. It must masquerade nothing but
   * what Services ask for. What it does not close itself goes to {@link #closeAfter}.
   */
  protected abstract ServiceBackend backend(AddressClaims claims, ServiceSettings settings)
      throws Exception;

  /**
   * Called after each commit: what has to be done or waited for until it has taken effect, where
   * that is not so at once.
   */
  protected void settle(ServiceBackend backend) throws Exception {}

  /**
   * Whether a client is forgotten when its affinity is over, even if that was cut short and
   * although its connections were closed just now.
   */
  protected boolean forgetsClients() {
    return true;
  }

  /** The addresses by which the cluster knows the node, best first: not its pods' gateways. */
  protected static List<IpAddress> knownAddresses() {
    return BehaviourLab.nodeAddresses().stream()
        .filter(own -> BehaviourLab.LOCAL_PODS.stream().noneMatch(pods -> pods.contains(own)))
        .toList();
  }

  /** The namespace of the node. */
  protected final TestNamespace node() {
    return lab().node();
  }

  @BeforeAll
  void openLab() throws Exception {
    openLab = BehaviourLab.create();
    openProbes = new Probes(openLab);
    openProbes.warmUp();
  }

  @AfterAll
  void closeLab() throws Exception {
    lab().close();
    descriptors.assertNoneAdded();
  }

  /** Closes a socket after the backend that uses it. */
  protected final <T extends AutoCloseable> T closeAfter(T resource) {
    resources.addFirst(resource);
    return resource;
  }

  @AfterEach
  void removeBackend() throws Exception {
    try {
      if (openBackend != null) {
        backend().remove();
        backend().close();
      }
    } finally {
      openBackend = null;
      for (AutoCloseable resource : resources) {
        resource.close();
      }
      resources.clear();
    }
  }

  final BehaviourLab lab() {
    return Objects.requireNonNull(openLab);
  }

  final Probes probes() {
    return Objects.requireNonNull(openProbes);
  }

  final ServiceBackend backend() {
    return Objects.requireNonNull(openBackend);
  }

  /** A number that no Service has had. */
  final int number() {
    return ++numbers;
  }

  /** Starts the backend without Services; nothing is committed yet. */
  final void start(Situation wanted) throws Exception {
    claims = new AddressClaims();
    situation = wanted;
    openBackend = backend(claims, wanted.settings());
  }

  /** Starts the backend again over what it left in the kernel, with the same Services. */
  final void restart() throws Exception {
    backend().close();
    openBackend = backend(claims, situation.settings());
  }

  final void update(Variant service) {
    update(service.record(), service.slices());
  }

  /** A Service with fields that no variant has. */
  final void update(ServiceRecord record, List<EndpointSliceRecord> slices) {
    ServiceFragment fragment = ServiceFragment.of(record, slices, situation.node());
    backend().update(claims.update(record.key(), fragment));
  }

  final void delete(ObjectKey service) {
    backend().update(claims.update(service, null));
  }

  /** Returns what it took. */
  final List<String> commit(Variant... services) throws Exception {
    for (Variant service : services) {
      update(service);
    }
    List<String> texts = backend().commit();
    settle(backend());
    return texts;
  }

  /** Reconfigures the node; its Services have to be updated. */
  final void reconfigure(Situation wanted) {
    situation = wanted;
    backend().settings(wanted.settings());
  }

  /** What a client meets that should meet something. */
  final Observation ask(Host client, Protocol protocol, IpAddress address, int port)
      throws Exception {
    return probes().run(List.of(new Probe(client, protocol, address, port, true))).getFirst();
  }

  final Observation ask(
      Host client, Variant service, Path path, AddressFamily family, Protocol protocol)
      throws Exception {
    return ask(client, protocol, service.address(path, family), service.port(path));
  }

  /** What a client meets that should meet silence. */
  final Observation askInVain(Host client, Protocol protocol, IpAddress address, int port)
      throws Exception {
    return probes().run(List.of(new Probe(client, protocol, address, port, false))).getFirst();
  }

  /** Everything that a client meets in {@code times} connections at once, in no order. */
  final Set<Observation> askOften(
      int times, Host client, Variant service, Path path, AddressFamily family, Protocol protocol)
      throws Exception {
    Probe probe = new Case(service, client, path, family, protocol).probe(true);
    return new LinkedHashSet<>(probes().run(Collections.nCopies(times, probe)));
  }

  /** Who answers in {@code times} connections at once; somebody must in each. */
  final Set<Host> servers(
      int times, Host client, Variant service, Path path, AddressFamily family, Protocol protocol)
      throws Exception {
    Set<Host> servers = EnumSet.noneOf(Host.class);
    for (Observation seen : askOften(times, client, service, path, family, protocol)) {
      servers.add(server(seen));
    }
    return servers;
  }

  /** Who answered. */
  static Host server(Observation seen) {
    assertThat(seen).isInstanceOf(Observation.Answered.class);
    return ((Observation.Answered) seen).server();
  }

  /** A check of one family and protocol. */
  interface Check {
    void of(AddressFamily family, Protocol protocol) throws Exception;
  }

  static void forEachFamilyAndProtocol(Check check) throws Exception {
    for (AddressFamily family : AddressFamily.values()) {
      for (Protocol protocol : Matrix.PROTOCOLS) {
        check.of(family, protocol);
      }
    }
  }
}

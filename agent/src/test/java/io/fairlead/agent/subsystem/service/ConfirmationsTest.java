package io.fairlead.agent.subsystem.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.PolicyObjects;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceFragment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When and of what followers are told; each state of a Service is a letter. */
class ConfirmationsTest {

  private static final ObjectKey WEB = new ObjectKey("default", "web");
  private static final ObjectKey DNS = new ObjectKey("kube-system", "dns");

  /** Services that are known by their slices' names only. */
  private static final class Slices implements ClusterView {
    final Map<ObjectKey, String> names = new HashMap<>();

    @Override
    public PolicyObjects policyObjects() {
      throw new AssertionError("services ask for no policies");
    }

    @Override
    public @Nullable ServiceRecord service(ObjectKey key) {
      return null;
    }

    @Override
    public Collection<ServiceRecord> services() {
      return List.of();
    }

    @Override
    public Collection<EndpointSliceRecord> slices(ObjectKey key) {
      ObjectKey slice = new ObjectKey("slices", names.getOrDefault(key, "none"));
      return List.of(new EndpointSliceRecord(slice, key, AddressFamily.IPV4, List.of(), List.of()));
    }

    @Override
    public @Nullable NodeRecord node(String name) {
      return null;
    }

    @Override
    public Collection<NodeRecord> nodes() {
      return List.of();
    }
  }

  private final Slices cluster = new Slices();
  private final List<Runnable> underWay = new ArrayList<>();
  private final RecordingBackend backend = new RecordingBackend("iptables", new ArrayList<>());
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<String> told = new ArrayList<>();
  private final Confirmations confirmations =
      new Confirmations(backend::whenInKernel, tasks::add, this::tell);

  private void tell(List<ServiceChange> changes, ClusterView view) {
    List<String> texts = new ArrayList<>();
    for (ServiceChange change : changes) {
      String slice = view.slices(change.service()).iterator().next().key().name();
      texts.add(
          change.service().name()
              + " "
              + letter(change.before())
              + letter(change.after())
              + " sees "
              + slice);
    }
    told.add(String.join(", ", texts));
  }

  private static String letter(@Nullable ServiceFragment fragment) {
    return fragment == null ? "-" : Character.toString((char) fragment.created());
  }

  private static @Nullable ServiceFragment fragment(ObjectKey service, char letter) {
    return letter == '-' ? null : new ServiceFragment(service, letter, List.of());
  }

  /** Commits a change from the first letter to the second; slices have the second's name. */
  private void commit(ObjectKey service, String letters) {
    cluster.names.put(service, letters.substring(1));
    confirmations.committed(
        List.of(
            new ServiceChange(
                service,
                fragment(service, letters.charAt(0)),
                fragment(service, letters.charAt(1)),
                Set.of())),
        cluster);
  }

  /** The kernel confirms one of the commits, on a thread of its own. */
  private void confirm(int number) throws InterruptedException {
    Thread.ofPlatform().start(underWay.get(number)).join();
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Test
  @DisplayName("a commit that is complete when it returns is told of at once")
  void atOnce() {
    commit(WEB, "-a");
    assertThat(told).containsExactly("web -a sees a");
    assertThat(tasks).isEmpty();
  }

  @Test
  @DisplayName("one under way is told of when the kernel has it, on the reconciling thread")
  void later() throws Exception {
    backend.underWay = underWay;
    commit(WEB, "-a");
    assertThat(told).isEmpty();
    confirm(0);
    assertThat(told).isEmpty();
    runTasks();
    assertThat(told).containsExactly("web -a sees a");
  }

  @Test
  @DisplayName("each commit is told of in its turn, as the cluster was when it was made")
  void inTurn() throws Exception {
    backend.underWay = underWay;
    commit(WEB, "-a");
    commit(WEB, "ab");
    confirm(0);
    runTasks();
    assertThat(told).containsExactly("web -a sees a");
    confirm(1);
    runTasks();
    assertThat(told).containsExactly("web -a sees a", "web ab sees b");
  }

  @Test
  @DisplayName("confirmations in the wrong order tell of the changes once, as one")
  void outOfOrder() throws Exception {
    backend.underWay = underWay;
    commit(WEB, "-a");
    commit(WEB, "ab");
    confirm(1);
    confirm(0);
    runTasks();
    assertThat(told).containsExactly("web -b sees b");
  }

  @Test
  @DisplayName("what was refused is told of with the commit that made up for it (services 42)")
  void refused() throws Exception {
    backend.underWay = underWay;
    commit(DNS, "-x");
    commit(WEB, "-a");
    commit(WEB, "ab");
    confirm(2);
    runTasks();
    assertThat(told).containsExactly("dns -x sees x, web -b sees b");
  }

  @Test
  @DisplayName("a repair without changes tells of what was refused before (services 42)")
  void repaired() throws Exception {
    backend.underWay = underWay;
    commit(WEB, "-a");
    confirmations.askAgain();
    confirm(1);
    runTasks();
    assertThat(told).containsExactly("web -a sees a");
    backend.underWay = null;
    confirmations.askAgain();
    assertThat(told).hasSize(1);
  }

  @Test
  @DisplayName("behind a slow commit later ones are joined, and told of after the last of them")
  void joined() throws Exception {
    backend.underWay = underWay;
    commit(WEB, "-a");
    commit(WEB, "ab");
    commit(DNS, "-x");
    commit(WEB, "bc");
    cluster.names.put(WEB, "d");
    confirm(0);
    runTasks();
    assertThat(told).containsExactly("web -a sees a");
    confirm(1);
    confirm(2);
    runTasks();
    assertThat(told).hasSize(1);
    confirm(3);
    runTasks();
    assertThat(told).containsExactly("web -a sees a", "web ac sees c, dns -x sees x");
  }
}

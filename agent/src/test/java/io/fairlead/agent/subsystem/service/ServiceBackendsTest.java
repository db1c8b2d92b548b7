package io.fairlead.agent.subsystem.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.config.ProxyMode;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServiceBackendsTest {

  private final List<String> calls = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final RecordingBackend table = new RecordingBackend("table", calls);
  private final RecordingBackend iptables = new RecordingBackend("iptables", calls);
  private final RecordingBackend ipvs = new RecordingBackend("ipvs", calls);
  private @Nullable IOException unavailable;

  private ServiceBackends backends(ProxyMode mode) {
    return new ServiceBackends(
        table,
        Map.of(
            ProxyMode.IPTABLES,
            new FakeOpener("iptables", iptables),
            ProxyMode.IPVS,
            new FakeOpener("ipvs", ipvs)),
        ServiceSettings.ofPods(List.of()),
        mode,
        problems::add,
        () -> calls.add("commit wanted"));
  }

  private final class FakeOpener implements ServiceBackends.Opener {

    private final String name;
    private final RecordingBackend backend;

    FakeOpener(String name, RecordingBackend backend) {
      this.name = name;
      this.backend = backend;
    }

    @Override
    public ServiceBackend open(ServiceSettings settings) throws IOException {
      calls.add("open " + name);
      IOException refused = unavailable;
      if (refused != null) {
        throw refused;
      }
      return backend;
    }

    @Override
    public void removeLeftovers() throws IOException {
      backend.remove();
    }
  }

  @Test
  @DisplayName("what an earlier run left of the other mode goes at the first commit (services 57)")
  void leftoversGoOnce() throws IOException {
    ServiceBackends backends = backends(ProxyMode.NFTABLES);
    assertThat(backends.commit()).containsExactly("table changed");
    backends.commit();
    assertThat(calls)
        .containsExactlyInAnyOrder("table commit", "iptables remove", "ipvs remove", "table commit")
        .startsWith("table commit")
        .endsWith("table commit");
  }

  @Test
  @DisplayName("the new mode is complete before the old one goes, both ways (services 57)")
  void newBeforeOld() throws IOException {
    ServiceBackends backends = backends(ProxyMode.NFTABLES);
    backends.commit();
    calls.clear();

    backends.mode(ProxyMode.IPTABLES);
    assertThat(backends.isPending()).isTrue();
    backends.commit();
    assertThat(calls)
        .containsExactly("open iptables", "iptables commit", "table base only", "table commit");
    assertThat(backends.isPending()).isFalse();
    calls.clear();

    backends.mode(ProxyMode.NFTABLES);
    backends.commit();
    assertThat(calls)
        .containsExactly("table serve", "table commit", "iptables remove", "iptables close");
    assertThat(backends.isPending()).isFalse();
  }

  @Test
  void evidenceIsOfTheModeThatServes() throws IOException {
    FrontendAddress web = new VirtualAddress(IpAddress.parse("10.96.0.10"), Protocol.TCP, 80);
    ServiceBackends backends = backends(ProxyMode.IPTABLES);
    assertThat(backends.evidence(web))
        .containsExactly(KernelObject.present("table", "10.96.0.10:80/tcp"));
    backends.commit();
    assertThat(backends.evidence(web))
        .containsExactly(KernelObject.present("iptables", "10.96.0.10:80/tcp"));
  }

  @Test
  @DisplayName("the old mode stays for its connections, and its return takes over (services 57)")
  void connectionsAreWaitedFor() throws IOException {
    ServiceBackends backends = backends(ProxyMode.IPVS);
    backends.commit();
    calls.clear();
    ipvs.hasConnections = true;
    backends.mode(ProxyMode.NFTABLES);
    backends.commit();
    assertThat(calls)
        .containsSubsequence("table serve", "table commit", "ipvs retire")
        .doesNotContain("ipvs close");
    assertThat(backends.isPending()).isFalse();

    ipvs.distrust();
    assertThat(backends.isPending()).isTrue();
    calls.clear();
    ipvs.hasConnections = false;
    backends.commit();
    assertThat(calls).containsExactly("table commit", "ipvs remove", "ipvs close");

    backends.mode(ProxyMode.IPVS);
    backends.commit();
    ipvs.hasConnections = true;
    backends.mode(ProxyMode.NFTABLES);
    backends.commit();
    calls.clear();
    backends.mode(ProxyMode.IPVS);
    backends.commit();
    assertThat(calls).startsWith("ipvs close", "open ipvs", "ipvs commit");
  }

  @Test
  @DisplayName("what retired, and could not be opened again, does not stay (services 57)")
  void returnFails() throws IOException {
    ServiceBackends backends = backends(ProxyMode.IPVS);
    backends.commit();
    ipvs.hasConnections = true;
    backends.mode(ProxyMode.NFTABLES);
    backends.commit();
    assertThat(backends.retiring()).containsExactly(ProxyMode.IPVS);
    unavailable = new IOException("no more sockets");
    backends.mode(ProxyMode.IPVS);
    assertThatThrownBy(backends::commit).hasMessage("no more sockets");
    calls.clear();
    backends.mode(ProxyMode.NFTABLES);
    backends.commit();
    assertThat(calls).containsExactly("table commit", "ipvs remove");
    assertThat(backends.retiring()).isEmpty();
  }

  @Test
  @DisplayName(
      "the old mode stays while the new one fails, and pods' table is kept up all the same")
  void oldModeStaysUntilTheNewOneWorks() throws IOException {
    ServiceBackends backends = backends(ProxyMode.NFTABLES);
    backends.commit();
    calls.clear();
    backends.mode(ProxyMode.IPTABLES);
    iptables.failure = new IOException("iptables-nft is not installed");
    assertThatThrownBy(backends::commit).hasMessage("iptables-nft is not installed");
    assertThat(calls).containsExactly("open iptables", "iptables commit", "table commit");
    assertThat(backends.isPending()).isTrue();

    iptables.failure = null;
    calls.clear();
    backends.commit();
    assertThat(calls).containsExactly("iptables commit", "table base only", "table commit");
  }

  @Test
  @DisplayName("between modes that are not the table's, too, the new one comes first (services 57)")
  void newBeforeOldBesideTheTable() throws IOException {
    ServiceBackends backends = backends(ProxyMode.IPTABLES);
    assertThat(backends.serving()).isEqualTo(ProxyMode.NFTABLES);
    backends.commit();
    assertThat(calls)
        .containsExactly(
            "open iptables", "iptables commit", "table base only", "table commit", "ipvs remove");
    assertThat(backends.serving()).isEqualTo(ProxyMode.IPTABLES);
    calls.clear();

    backends.mode(ProxyMode.IPVS);
    backends.commit();
    assertThat(calls)
        .containsExactly(
            "open ipvs", "ipvs commit", "table commit", "iptables remove", "iptables close");
    calls.clear();

    backends.mode(ProxyMode.IPTABLES);
    backends.commit();
    assertThat(calls)
        .containsExactly(
            "open iptables", "iptables commit", "table commit", "ipvs remove", "ipvs close");
    calls.clear();

    backends.mode(ProxyMode.NONE);
    backends.commit();
    assertThat(calls).containsExactly("table commit", "iptables remove", "iptables close");
  }

  @Test
  @DisplayName("where the kernel lacks what the mode needs, the table serves Services (faults 25)")
  void tableServesWhereTheModeCannot() throws IOException {
    unavailable = new IOException("this kernel has no IPVS");
    ServiceBackends backends = backends(ProxyMode.IPVS);
    assertThatThrownBy(backends::commit).hasMessage("this kernel has no IPVS");
    assertThat(calls).containsExactly("open ipvs", "table commit");
    assertThat(backends.serving()).isEqualTo(ProxyMode.NFTABLES);
    assertThat(backends.isPending()).isTrue();
    calls.clear();

    unavailable = null;
    backends.commit();
    assertThat(calls)
        .containsExactly(
            "open ipvs", "ipvs commit", "table base only", "table commit", "iptables remove");
    assertThat(backends.serving()).isEqualTo(ProxyMode.IPVS);
  }

  @Test
  @DisplayName("a mode that served goes on with what changes until the new one works")
  void oldModeIsKeptUp() throws IOException {
    ServiceBackends backends = backends(ProxyMode.IPTABLES);
    backends.commit();
    calls.clear();
    backends.mode(ProxyMode.IPVS);
    unavailable = new IOException("this kernel has no IPVS");
    assertThatThrownBy(backends::commit).hasMessage("this kernel has no IPVS");
    assertThat(calls).containsExactly("open ipvs", "iptables commit", "table commit");
    assertThat(backends.serving()).isEqualTo(ProxyMode.IPTABLES);
    calls.clear();

    iptables.failure = new IOException("iptables is broken as well");
    assertThatThrownBy(backends::commit)
        .hasMessage("this kernel has no IPVS")
        .hasSuppressedException(iptables.failure);
    assertThat(calls).containsExactly("open ipvs", "iptables commit", "table commit");
  }

  @Test
  @DisplayName("leftovers that cannot be removed are told and do not keep Services from working")
  void leftoverProblemIsTold() throws IOException {
    iptables.failure = new IOException("no right to look");
    assertThat(backends(ProxyMode.NFTABLES).commit()).containsExactly("table changed");
    assertThat(problems).containsExactly("no right to look");
  }

  @Test
  @DisplayName("the kernel holds what the slowest backend in use has committed")
  void whenInKernel() throws IOException {
    ServiceBackends backends = backends(ProxyMode.NFTABLES);
    List<Runnable> underWay = new ArrayList<>();
    iptables.underWay = underWay;
    List<String> held = new ArrayList<>();
    backends.commit();
    backends.whenInKernel(() -> held.add("first"));
    assertThat(held).containsExactly("first");

    backends.mode(ProxyMode.IPTABLES);
    backends.commit();
    backends.whenInKernel(() -> held.add("second"));
    assertThat(held).containsExactly("first");
    underWay.forEach(Runnable::run);
    assertThat(held).containsExactly("first", "second");
  }

  @Test
  @DisplayName("changes reach every backend in use")
  void changesReachAll() throws IOException {
    ServiceBackends backends = backends(ProxyMode.IPTABLES);
    backends.commit();
    calls.clear();
    ObjectKey key = new ObjectKey("default", "web");
    backends.update(new ServiceChange(key, null, null, Set.of()));
    backends.settings(ServiceSettings.ofPods(List.of()));
    assertThat(calls)
        .containsExactly(
            "table update default/web",
            "iptables update default/web",
            "table settings",
            "iptables settings");
  }

  @Test
  @DisplayName(
      "the table keeps its Services until the other backend's are in the kernel (faults 20)")
  void tableServesMeanwhile() throws Exception {
    ServiceBackends backends = backends(ProxyMode.NFTABLES);
    backends.commit();
    calls.clear();
    List<Runnable> waiting = new ArrayList<>();
    iptables.underWay = waiting;
    backends.mode(ProxyMode.IPTABLES);
    backends.commit();
    assertThat(calls).containsExactly("open iptables", "iptables commit", "table commit");
    calls.clear();

    Thread program = Thread.ofPlatform().start(waiting.getFirst());
    program.join();
    iptables.underWay = null;
    assertThat(calls).containsExactly("commit wanted");
    backends.commit();
    assertThat(calls)
        .containsExactly("commit wanted", "iptables commit", "table base only", "table commit");
  }
}

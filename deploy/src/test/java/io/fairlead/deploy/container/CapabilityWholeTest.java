package io.fairlead.deploy.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Capability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("what the chart gives to the agent's container is needed, and is enough")
@ExtendWith(EngineExtension.class)
class CapabilityWholeTest {

  private static final int PORT = 8080;

  @Test
  @DisplayName("without NET_ADMIN the agent ends at once, and says what it lacks")
  void needsNetAdmin(Engine engine) throws Exception {
    try (Cluster cluster = Cluster.create(engine, 1, "")) {
      assertThat(AgentContainer.capabilities(cluster.machine(1), cluster.pod()))
          .containsExactly(Capability.NET_ADMIN);
      try (AgentContainer agent =
          AgentContainer.startPod(cluster.machine(1), cluster.pod(), Images.FAIRLEAD, Set.of())) {
        assertThat(agent.awaitEnd()).isNotZero();
        assertThat(agent.log()).contains("lacks the capability NET_ADMIN", "capabilities.add");
      }
    }
  }

  @Test
  @DisplayName("with all capabilities but NET_ADMIN, too")
  void nothingElseHelps(Engine engine) throws Exception {
    try (Cluster cluster = Cluster.create(engine, 1, "")) {
      // What Docker's own default would leave to it.
      Set<Capability> usual =
          EnumSet.of(
              Capability.CHOWN,
              Capability.DAC_OVERRIDE,
              Capability.FOWNER,
              Capability.KILL,
              Capability.NET_BIND_SERVICE,
              Capability.NET_RAW,
              Capability.SETGID,
              Capability.SETUID,
              Capability.SYS_CHROOT);
      try (AgentContainer agent =
          AgentContainer.startPod(cluster.machine(1), cluster.pod(), Images.FAIRLEAD, usual)) {
        assertThat(agent.awaitEnd()).isNotZero();
        assertThat(agent.log()).contains("lacks the capability NET_ADMIN");
      }
    }
  }

  @Test
  @DisplayName(
      "iptables-legacy needs NET_RAW, too, which the chart then gives; with it Services work")
  void legacyNeedsNetRaw(Engine engine) throws Exception {
    String legacy = "proxy-mode: iptables\niptables-variant: legacy\n";
    try (Cluster cluster = Cluster.create(engine, 1, legacy)) {
      try (AgentContainer agent =
          AgentContainer.startPod(
              cluster.machine(1), cluster.pod(), Images.FAIRLEAD, Set.of(Capability.NET_ADMIN))) {
        agent.awaitLog("NET_RAW");
        assertThat(agent.run("status").getExitCode()).isNotZero();
      }
      cluster.startAgents();
      ContainerPod client = cluster.addPod(1, "client", "client");
      ContainerPod web = cluster.addPod(1, "web", "web").serve(PORT);
      cluster.api().apply(Manifests.service("web", "10.96.0.80", 30080, web));
      Traffic.awaitAnswer(client, ClusterWholeTest.SERVICE);
    }
  }

  @Test
  @DisplayName("the profile of system calls is in force: the agent may make no namespaces")
  void isFiltered(Engine engine) throws Exception {
    try (Cluster cluster = Cluster.create(engine, 1, "")) {
      cluster.startAgents();
      // A filter (2) and no new privileges, as the kernel shows them of the JVM itself.
      Path status = engine.seen("/proc/" + cluster.agent(1).pid() + "/status");
      assertThat(Files.readString(status))
          .contains("Seccomp:\t2", "NoNewPrivs:\t1", "CapBnd:\t0000000000001000");
    }
  }
}

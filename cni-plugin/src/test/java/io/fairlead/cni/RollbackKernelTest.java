package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.cni.wire.CniResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An ADD that asks for everything, and does not come to its end. */
class RollbackKernelTest extends CniServiceKernelTestBase {

  private static final String EVERYTHING =
      CONFIG.replace(
          "}",
          ",\"mtu\":1400,\"portIsolation\":true,\"hairpinMode\":false,\"runtimeConfig\":{"
              + "\"bandwidth\":{\"ingressRate\":4000000,\"egressRate\":8000000},"
              + "\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80}]}}");

  private final List<String> log = new ArrayList<>();

  private void restart(Path state) throws Exception {
    service.close();
    rules = List.of(new RecordingRules("first", log), new RecordingRules("second", log));
    service = start(state);
    configure("10.1.0.0/24", "fd00:1::/64");
    RecordingRules.take(log);
  }

  private CniResponse addEverything() {
    return request("ADD", "a", "eth0", EVERYTHING);
  }

  /** No link, device, queue, lease, and nobody let in. */
  private void assertNoResidue() {
    assertNoPod();
    assertThat(host.run("ip", "-br", "link", "show", "type", "ifb")).isEmpty();
    assertThat(host.run("tc", "qdisc", "show")).doesNotContain("tbf", "ingress");
    assertThat(service.usage()).allMatch(usage -> usage.used() == 0);
    assertThat(admission.inside()).isEmpty();
  }

  @Test
  @DisplayName("ADD failing at every step leaves nothing (pod-network 4, faults 1)")
  void failureAtEveryStep() throws Exception {
    int step = 0;
    do {
      fault = new FaultyKernel.Fault(step++, false, () -> {});
      restart(folder.resolve("state"));
      CniResponse response = addEverything();
      if (fault.hasStruck()) {
        assertFailed(response, 102, "struck");
        assertNoResidue();
        assertThat(RecordingRules.take(log))
            .as("rules at step %d", step)
            .containsExactly(
                "first prepare a",
                "second prepare a",
                "second leave a",
                "first leave a",
                "second forget a",
                "first forget a");
      }
    } while (fault.hasStruck());
    assertThat(step).as("operations of an ADD").isGreaterThan(13);
    assertThat(service.attachments()).hasSize(1);
    assertThat(RecordingRules.take(log)).containsExactly("first prepare a", "second prepare a");
    fault = new FaultyKernel.Fault(Integer.MAX_VALUE, false, () -> {});
    assertDone(request("DEL", "a", "eth0", CONFIG));
    assertNoResidue();
    assertThat(RecordingRules.take(log))
        .containsExactly("second leave a", "first leave a", "second forget a", "first forget a");
  }

  @Test
  @DisplayName(
      "an agent killed at every step of ADD, then DEL or a restart: zero residue (pod-network 4, faults 1)")
  void killedAtEveryStep() throws Exception {
    int step = 0;
    boolean struck = true;
    while (struck) {
      Path left = folder.resolve("left-" + step);
      Path state = folder.resolve("state-" + step);
      fault = new FaultyKernel.Fault(step, true, () -> copy(state, left));
      restart(state);
      CniResponse response = addEverything();
      struck = fault.hasStruck();
      if (struck) {
        assertThat(response.exitCode()).isEqualTo(1);
        service.close();
        fault = new FaultyKernel.Fault(Integer.MAX_VALUE, false, () -> {});
        restart(left);
        if (step % 2 == 0) {
          assertThat(service.reconcile().adopted()).isEmpty();
        }
        assertDone(request("DEL", "a", "eth0", CONFIG));
        assertNoResidue();
      }
      step++;
    }
    assertThat(step).as("operations of an ADD").isGreaterThan(13);
  }

  private static void copy(Path from, Path to) {
    try {
      Files.createDirectories(to);
      Files.copy(from.resolve("leases.journal"), to.resolve("leases.journal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("rules that refuse an attachment: none is left, nor any link (pod-network 4, 37)")
  void rulesRefuse() throws Exception {
    service.close();
    AttachmentRules refusing =
        new AttachmentRules() {
          @Override
          public void restore(Collection<Lease> leases) {}

          @Override
          public void prepare(Lease lease) throws CniException {
            assertThat(lease.options().hostPorts()).hasSize(1);
            throw new CniException(CniErrorCode.HOST_PORT_TAKEN, "somebody has it");
          }

          @Override
          public void leave(AttachmentKey key) {}

          @Override
          public void forget(AttachmentKey key) {}
        };
    rules = List.of(new RecordingRules("first", log), refusing);
    service = start(folder.resolve("refusing"));
    configure("10.1.0.0/24", "fd00:1::/64");
    assertFailed(addEverything(), 104, "somebody has it");
    assertThat(RecordingRules.take(log))
        .containsExactly("first prepare a", "first leave a", "first forget a");
    assertNoResidue();
  }
}

package io.fairlead.dataplane.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.testing.OpenDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With flows that the kernel begins to track. */
@Timeout(120)
class ConntrackMonitorKernelTest {

  private static final class Flows implements ConntrackMonitor.Listener {

    private final BlockingQueue<ConntrackEntry> entries = new LinkedBlockingQueue<>();

    @Override
    public void began(ConntrackEntry entry) {
      entries.add(entry);
    }

    @Override
    public void overrun() {
      throw new AssertionError("so few flows cannot overrun");
    }

    @Override
    public void problem(IOException cause) {
      throw new AssertionError(cause);
    }

    ConntrackEntry await(TupleFilter wanted) throws InterruptedException {
      while (true) {
        ConntrackEntry entry = entries.poll(20, TimeUnit.SECONDS);
        assertThat(entry).as("a flow %s", wanted).isNotNull();
        if (ConntrackFilter.ALL
            .withProtocol(ConntrackTuple.UDP)
            .withOriginal(wanted)
            .matches(entry)) {
          return entry;
        }
      }
    }
  }

  @Test
  @DisplayName("a flow to a Service is told with what was dialled and where it led")
  void translated() throws Exception {
    OpenDescriptors descriptors = OpenDescriptors.now();
    try (ConntrackLab lab = ConntrackLab.create()) {
      Optional<String> obstacle = lab.server().call(ConntrackMonitor::obstacle);
      assumeTrue(obstacle.isEmpty(), () -> String.valueOf(obstacle));
      Flows flows = new Flows();
      try (ConntrackMonitor monitor = lab.server().call(() -> ConntrackMonitor.start(flows))) {
        assertThat(monitor).isNotNull();
        lab.makeFlows();
        for (AddressFamily family : AddressFamily.values()) {
          ConntrackEntry entry = flows.await(lab.toService(family));
          assertThat(entry.reply().source()).isEqualTo(lab.serverAddress(family));
          assertThat(entry.reply().key())
              .isInstanceOfSatisfying(
                  TransportKey.Ports.class, ports -> assertThat(ports.source()).isEqualTo(5353));
        }
      }
    }
    descriptors.assertNoneAdded();
  }

  @Test
  @DisplayName("a kernel that announces nothing is told with the mend")
  void obstacles(@TempDir Path folder) throws IOException {
    Path setting = folder.resolve("nf_conntrack_events");
    assertThat(ConntrackMonitor.obstacle(setting)).get().asString().contains("nf_conntrack");
    Files.writeString(setting, "0\n");
    assertThat(ConntrackMonitor.obstacle(setting))
        .get()
        .asString()
        .contains("sysctl -w net.netfilter.nf_conntrack_events=1");
    Files.writeString(setting, "2\n");
    assertThat(ConntrackMonitor.obstacle(setting)).isEmpty();
  }
}

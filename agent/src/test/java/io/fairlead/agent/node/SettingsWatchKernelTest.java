package io.fairlead.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.Eventually;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsWatchKernelTest {

  private static final Set<AddressFamily> BOTH = EnumSet.allOf(AddressFamily.class);

  /** Longer than any test: what happens before then happened by an event. */
  private static final Duration NEVER = Duration.ofHours(1);

  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(strings = {"net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"})
  @DisplayName(
      "forwarding that somebody resets is told by the kernel and set again (pod-network 34)")
  void forwarding(String setting) throws Exception {
    OpenDescriptors descriptors = OpenDescriptors.now();
    try (TestNamespace host = TestNamespace.create("host")) {
      HostSettings settings = new HostSettings(Path.of("/proc/sys"), AdvertisedLinks.ofKernel());
      host.call(() -> settings.apply(BOTH));
      Runnable repair = () -> settings.apply(BOTH);
      try (SettingsWatch _ = host.call(() -> SettingsWatch.start(settings, NEVER, repair))) {
        for (int time = 0; time < 3; time++) {
          host.run("sysctl", "-qw", setting + "=0");
          Eventually.holds(
              setting + " is set again",
              () -> host.run("sysctl", "-n", setting).strip().equals("1"));
        }
      }
    }
    descriptors.assertNoneAdded();
  }

  @Test
  @DisplayName(
      "br_netfilter that is reset, unloaded and loaded is noticed, each once (pod-network 34)")
  void bridgeCalls() throws Exception {
    Path bridge = Files.createDirectories(root.resolve("net/bridge"));
    Path calls = Files.writeString(bridge.resolve("bridge-nf-call-iptables"), "1\n");
    HostSettings settings =
        new HostSettings(root, new AdvertisedLinks(root.resolve("r"), root.resolve("l")));
    AtomicInteger told = new AtomicInteger();
    try (TestNamespace host = TestNamespace.create("host");
        SettingsWatch _ =
            host.call(
                () -> SettingsWatch.start(settings, Duration.ofMillis(1), told::incrementAndGet))) {
      Files.writeString(root.resolve("next"), "0\n");
      Files.move(root.resolve("next"), calls, StandardCopyOption.REPLACE_EXISTING);
      Eventually.holds("the reset is told", () -> told.get() == 1);
      Files.delete(calls);
      Eventually.holds("the module's end is told", () -> told.get() == 2);
      assertThat(settings.apply(EnumSet.of(AddressFamily.IPV4)).problems().toString())
          .contains("load the module br_netfilter");
      Files.writeString(root.resolve("next"), "1\n");
      Files.move(root.resolve("next"), calls);
      Eventually.holds("its return is told", () -> told.get() == 3);
    }
  }
}

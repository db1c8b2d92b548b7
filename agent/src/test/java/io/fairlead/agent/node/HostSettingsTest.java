package io.fairlead.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostSettingsTest {

  @TempDir private Path root;

  private Path setting(String path, String value) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, value);
  }

  @Test
  void onlyWhatDiffersIsWritten() throws IOException {
    Path forward = setting("net/ipv4/ip_forward", "0\n");
    setting("net/bridge/bridge-nf-call-iptables", "1\n");
    HostSettings.Result result = new HostSettings(root).apply(EnumSet.of(AddressFamily.IPV4));
    assertThat(result.changed()).containsExactly("net.ipv4.ip_forward = 1");
    assertThat(result.problems()).isEmpty();
    assertThat(forward).hasContent("1");
  }

  @Test
  @DisplayName("a kernel without br_netfilter is named with the mend (pod-network 34)")
  void absentSettingsAreNamed() throws IOException {
    setting("net/ipv6/conf/all/forwarding", "1");
    assertThat(new HostSettings(root).apply(EnumSet.of(AddressFamily.IPV6)).problems())
        .singleElement()
        .asString()
        .contains("bridge-nf-call-ip6tables", "br_netfilter");
  }

  @Test
  void aSettingThatCannotBeWrittenIsAProblemAndNotAnException() throws IOException {
    Files.createDirectories(root.resolve("net/ipv4/ip_forward"));
    setting("net/bridge/bridge-nf-call-iptables", "0");
    HostSettings.Result result = new HostSettings(root).apply(EnumSet.of(AddressFamily.IPV4));
    assertThat(result.problems())
        .singleElement()
        .asString()
        .contains("sysctl -w net.ipv4.ip_forward=1");
    assertThat(result.changed()).containsExactly("net.bridge.bridge-nf-call-iptables = 1");
  }
}

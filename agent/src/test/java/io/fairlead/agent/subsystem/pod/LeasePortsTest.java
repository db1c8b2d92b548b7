package io.fairlead.agent.subsystem.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.attachment.Bandwidth;
import io.fairlead.cni.attachment.HostPort;
import io.fairlead.cni.attachment.PortOptions;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a runtime's host ports mean for the addresses that a pod got. */
class LeasePortsTest {

  static Lease lease(String container, List<String> addresses, HostPort... ports) {
    return new Lease(
        new AttachmentKey("net", container, "eth0"),
        addresses.stream().map(IpAddress::parse).toList(),
        "default/" + container,
        "",
        new AttachmentOptions(PortOptions.DEFAULT, List.of(ports), Bandwidth.UNLIMITED));
  }

  static HostPort port(Protocol protocol, @Nullable String address, int host, int container) {
    return new HostPort(
        protocol, address == null ? null : IpAddress.parse(address), host, container);
  }

  @ParameterizedTest(name = "{0}, pod {1}: {2}")
  @CsvSource(
      nullValues = "-",
      value = {
        "-, 10.244.1.2 fd00::2, '8080/tcp of all IPv4 addresses, 8080/tcp of all IPv6 addresses'",
        "0.0.0.0, 10.244.1.2 fd00::2, 8080/tcp of all IPv4 addresses",
        "::, 10.244.1.2 fd00::2, 8080/tcp of all IPv6 addresses",
        "192.0.2.1, 10.244.1.2 fd00::2, 8080/tcp of 192.0.2.1",
        "2001:db8::1, 10.244.1.2 fd00::2, 8080/tcp of 2001:db8::1",
        "127.0.0.1, 10.244.1.2 fd00::2, 8080/tcp of 127.0.0.1",
        "-, fd00::2, 8080/tcp of all IPv6 addresses",
        "192.0.2.1, fd00::2, ''",
      })
  @DisplayName("Each host port in each family that both sides have (pod-network 37)")
  void families(@Nullable String hostAddress, String addresses, String sockets) {
    Lease lease =
        lease("c", List.of(addresses.split(" ")), port(Protocol.TCP, hostAddress, 8080, 80));

    assertThat(LeasePorts.forwards(lease).stream().map(forward -> forward.at().toString()))
        .containsExactlyElementsOf(
            Stream.of(sockets.split(", ")).filter(s -> !s.isEmpty()).toList());
    assertThat(LeasePorts.unserved(lease)).hasSize(sockets.isEmpty() ? 1 : 0);
  }

  @Test
  @DisplayName("::1 is refused with a sentence (pod-network 37)")
  void ipv6Loopback() {
    Lease lease = lease("c", List.of("fd00::2"), port(Protocol.UDP, "::1", 53, 53));

    assertThatThrownBy(() -> LeasePorts.refuseImpossible(lease))
        .isInstanceOfSatisfying(
            CniException.class, e -> assertThat(e.code()).isEqualTo(CniErrorCode.INVALID_CONFIG))
        .hasMessageContaining("::1")
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void namesPodAndContainer() {
    Lease lease = lease("c1", List.of("10.244.1.2"));
    assertThat(LeasePorts.owner(lease).name()).isEqualTo("default/c1 (container c1)");
    Lease unnamed = new Lease(lease.key(), lease.addresses(), null);
    assertThat(LeasePorts.owner(unnamed).name()).isEqualTo("container c1");
  }
}

package io.fairlead.nftables.hostport;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import java.util.List;
import java.util.stream.Stream;

/** Host ports of pods 10.244.1.N and fd00:244:1::N, which lead to port 80. */
public final class Forwards {

  private Forwards() {}

  /** On all addresses of a family. */
  public static PortForward of(AddressFamily family, Protocol protocol, int hostPort, int pod) {
    return forward(new HostSocket(family, protocol, null, hostPort), pod);
  }

  /** On all addresses of both families. */
  public static List<PortForward> of(Protocol protocol, int hostPort, int pod) {
    return List.of(
        of(AddressFamily.IPV4, protocol, hostPort, pod),
        of(AddressFamily.IPV6, protocol, hostPort, pod));
  }

  /** On one address. */
  public static PortForward at(String text, Protocol protocol, int hostPort, int pod) {
    IpAddress address = IpAddress.parse(text);
    return forward(new HostSocket(address.family(), protocol, address, hostPort), pod);
  }

  /** By TCP and UDP, on one address, or on all if it is empty. */
  public static List<PortForward> both(String address, int hostPort, int pod) {
    return Stream.of(Protocol.TCP, Protocol.UDP)
        .flatMap(protocol ->
            address.isEmpty()
                ? of(protocol, hostPort, pod).stream()
                : Stream.of(at(address, protocol, hostPort, pod)))
        .toList();
  }

  private static PortForward forward(HostSocket at, int pod) {
    String address =
        switch (at.family()) {
          case IPV4 -> "10.244.1." + pod;
          case IPV6 -> "fd00:244:1::" + pod;
        };
    return new PortForward(at, IpAddress.parse(address), 80);
  }
}

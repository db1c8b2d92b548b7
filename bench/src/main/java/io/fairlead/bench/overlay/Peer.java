package io.fairlead.bench.overlay;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import java.util.List;

/**
 * A node of a cluster: 10.100.0.0/16 are the nodes, 10.128.0.0/9 their pods.
 *
 * @param number 1 to 32767
 */
public record Peer(int number) {

  String name() {
    return "node-" + number;
  }

  String address() {
    return "10.100." + (number >> 8) + "." + (number & 255);
  }

  /** The network address of its pods, which flannel and fairlead take for the gateway to them. */
  String gateway() {
    return "10." + (128 + (number >> 8)) + "." + (number & 255) + ".0";
  }

  String podCidr() {
    return gateway() + "/24";
  }

  String mac() {
    return MacAddress.of(new byte[] {0x0a, 0, 0, 0, (byte) (number >> 8), (byte) number})
        .toString();
  }

  NodeRecord record() {
    return new NodeRecord(
        name(),
        List.of(IpAddress.parse(address())),
        List.of(Cidr.parse(podCidr())),
        MacAddress.parse(mac()));
  }
}

package io.fairlead.overlay;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import java.util.Arrays;

/** Node records in few words. */
final class Nodes {

  private Nodes() {}

  /**
   * A node whose addresses and pod CIDRs are told apart by their slashes: {@code node("a",
   * "192.0.2.1", "10.244.1.0/24")}.
   */
  static NodeRecord node(String name, String... addressesAndCidrs) {
    return new NodeRecord(
        name,
        Arrays.stream(addressesAndCidrs)
            .filter(text -> !text.contains("/"))
            .map(IpAddress::parse)
            .toList(),
        Arrays.stream(addressesAndCidrs)
            .filter(text -> text.contains("/"))
            .map(Cidr::parse)
            .toList(),
        null);
  }

  static NodeRecord withMac(NodeRecord node, String mac) {
    return new NodeRecord(node.name(), node.addresses(), node.podCidrs(), MacAddress.parse(mac));
  }

  /** Node number {@code i}, from 1, with both families. */
  static NodeRecord dual(int i) {
    return node(
        "node-" + i,
        "192.0.2." + i,
        "2001:db8::" + i,
        "10.244." + i + ".0/24",
        "fd00:10:244:" + i + "::/64");
  }
}

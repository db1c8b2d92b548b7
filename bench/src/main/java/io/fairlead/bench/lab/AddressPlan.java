package io.fairlead.bench.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * Which addresses a lab uses. All of them live in private namespaces; none is ever routed anywhere.
 * The i-th node, counted from 1, is 192.168.88.(10+i) and owns the pods of 10.244.i.0/24.
 *
 * @param dualStack whether IPv6 is used beside IPv4
 */
record AddressPlan(boolean dualStack) {

  static final String OUTSIDE = "203.0.113.10";
  static final String OUTSIDE_V6 = "2001:db8:113::10";

  List<String> clusterCidrs() {
    return families("10.244.0.0/16", "fd00:10:244::/48");
  }

  List<String> serviceCidrs() {
    return families("10.96.0.0/16", "fd00:10:96::/112");
  }

  List<String> nodeAddresses(int index) {
    return families("192.168.88." + (10 + index), "fd00:88::" + Integer.toHexString(10 + index));
  }

  List<String> podCidrs(int index) {
    return families(
        "10.244." + index + ".0/24", "fd00:10:244:" + Integer.toHexString(index) + "::/64");
  }

  /** Lines of ip-batch that give a node its addresses and its way to the outside. */
  List<String> nodeLines(int index) {
    List<String> lines = new ArrayList<>();
    lines.add("addr add 192.168.88." + (10 + index) + "/24 dev eth0");
    lines.add("link set eth0 up");
    lines.add("route add default via 192.168.88.1");
    if (dualStack) {
      lines.add("addr add fd00:88::" + Integer.toHexString(10 + index) + "/64 dev eth0 nodad");
      lines.add("route add ::/0 via fd00:88::1");
    }
    return lines;
  }

  /** Lines that make the outside the nodes' gateway. It knows no way to a pod, as the internet. */
  List<String> outsideLines() {
    List<String> lines = new ArrayList<>();
    lines.add("addr add 192.168.88.1/24 dev eth0");
    lines.add("addr add " + OUTSIDE + "/32 dev lo");
    lines.add("link set eth0 up");
    if (dualStack) {
      lines.add("addr add fd00:88::1/64 dev eth0 nodad");
      lines.add("addr add " + OUTSIDE_V6 + "/128 dev lo nodad");
    }
    return lines;
  }

  private List<String> families(String v4, String v6) {
    return dualStack ? List.of(v4, v6) : List.of(v4);
  }
}
